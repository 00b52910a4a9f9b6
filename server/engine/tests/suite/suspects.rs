//! Suspects are found when people come, found again by a full scan, and stay as they were decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::ContactId;
use domain::suspect::{Band, SuspectPair, SuspectQuery, TypedPerson};
use domain::{ProblemKind, Role};
use engine::Actor;

use crate::support::{Place, on_both};

/// Lets the worker do everything that is due.
pub async fn work(place: &Place) -> anyhow::Result<()> {
    let (_keep, go_on) = tokio::sync::watch::channel(false);
    while place.engine.work_once(&go_on).await? {}
    Ok(())
}

/// The open pairs by the addresses of the two.
pub async fn open(place: &Place) -> anyhow::Result<BTreeMap<[String; 2], SuspectPair>> {
    let mut found = BTreeMap::new();
    let mut after = None;
    loop {
        let page = place.engine.open_pairs(&place.actor, after).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = Some((last.first, last.second));
        found.extend(page.into_iter().map(|(pair, emails)| (emails, pair)));
    }
}

pub fn key(one: &str, other: &str) -> [String; 2] {
    [one.to_owned(), other.to_owned()]
}

/// The names that are listed once for many people, with how many, by name.
pub async fn names(place: &Place) -> anyhow::Result<Vec<(String, u64)>> {
    let query = SuspectQuery { band: Some(Band::Name), ..SuspectQuery::default() };
    let page = place.engine.list_suspects(&place.actor, &query).await?;
    let mut names: Vec<_> = page.sections[0].namesakes.iter().map(|n| (n.name.clone(), n.people)).collect();
    names.sort();
    Ok(names)
}

/// A word that looks like no other number's: for companies and towns that nobody takes for each other.
pub fn word(n: usize) -> String {
    // Knuth's multiplicative hash spreads neighbours
    let spread = n.wrapping_mul(2_654_435_761);
    (0..5).fold(String::new(), |word, place| {
        let syllable = (spread >> (6 * place)) % 64;
        word + &"bdfgklmnprstvwzj"[syllable / 4..=syllable / 4] + &"aeiou"[syllable % 4..=syllable % 4]
    })
}

/// A list of people, some of whom come twice in another way; the same number gives the same list.
fn crowd(seed: u64, people: usize) -> String {
    const FIRST: [&str; 12] = [
        "Robert",
        "Katharine",
        "William",
        "Inês",
        "Jürgen",
        "Aoife",
        "Piotr",
        "Sanne",
        "Marek",
        "Lotte",
        "Declan",
        "Yuki",
    ];
    const SHORT: [&str; 12] =
        ["Bob", "Kate", "Bill", "Ines", "Juergen", "Aoife", "Piotr", "Sanne", "Marek", "Lotte", "Declan", "Yuki"];
    const LAST: [&str; 10] =
        ["Allen", "Bergström", "Wieland", "Carvalho", "Brennan", "Zawadzki", "de Wit", "Novak", "Lindgren", "Montoya"];
    let mut state = seed;
    let mut next = move |n: usize| {
        // a linear congruential generator is random enough for names (Knuth's MMIX constants)
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % n
    };
    let mut file = String::from("email,first name,last name,company,phone,city\n");
    for i in 0..people {
        let (f, l, c) = (next(FIRST.len()), next(LAST.len()), next(people / 2 + 1));
        let phone = format!("+46 8 123 {:04}", next(9_000) + 1_000);
        file += &format!("p{i}@firm{c}.example,{},{} {c},Firm {c} AB,{phone},City {}\n", FIRST[f], LAST[l], c % 7);
        match next(4) {
            0 => file += &format!("p{i}.private@mail.example,{},{} {c},Firm {c},{phone},\n", SHORT[f], LAST[l]),
            1 => file += &format!("p{i}+list@firm{c}.example,{},{} {c},,,City {}\n", FIRST[f], LAST[l], c % 7),
            _ => {}
        }
    }
    file
}

#[test]
fn the_same_name_with_another_address_is_always_listed() {
    on_both(|place: Arc<Place>| async move {
        let file = "email,first name,last name,company,phone\n\
                    john@north.example,John,Smith,North Ltd,\n\
                    js@south.example,john,SMITH,South Ltd,\n\
                    hanna.bergstrom@lumen.example,Hanna,Bergström,Lumen Foods AB,+46 70 123 45 67\n\
                    hanna.private@mail.example,Hanna,Bergstrom,Lumen Foods,0046 70 1234567\n\
                    someone@else.example,Piotr,Zawadzki,Zelmet,\n";
        place.import(None, file, |_| {}).await?;
        work(&place).await?;
        let pairs = open(&place).await?;
        assert_eq!(pairs.len(), 2, "{pairs:?}");
        assert_eq!(pairs[&key("john@north.example", "js@south.example")].band, Band::Name);
        let hanna = &pairs[&key("hanna.bergstrom@lumen.example", "hanna.private@mail.example")];
        assert_eq!(hanna.band, Band::Obvious, "{hanna:?}");
        let sum: f64 = hanna.parts.iter().map(|p| p.bits).sum();
        assert!((sum - hanna.bits).abs() < 1e-9, "the parts add up to the score");

        let page = place.engine.list_suspects(&place.actor, &SuspectQuery::default()).await?;
        assert_eq!((page.counts.obvious, page.counts.review, page.counts.name), (1, 0, 1));
        assert_eq!(page.sections[0].entries[0].people[0].name, "Hanna Bergström");
        assert_eq!(place.engine.count_suspects(&place.actor).await?, 2);
        let asked = SuspectQuery { search: "BERGSTRÖM".to_owned(), ..SuspectQuery::default() };
        let found = place.engine.list_suspects(&place.actor, &asked).await?;
        assert_eq!(found.sections.iter().map(|s| s.entries.len()).collect::<Vec<_>>(), [1, 0, 0]);
        Ok(())
    });
}

#[test]
fn namesakes_by_the_dozen_are_one_entry() {
    on_both(|place: Arc<Place>| async move {
        let file = (0..30).fold(String::from("email,first name,last name,company\n"), |file, i| {
            file + &format!("d{i}@firm{i}.example,David,Müller,Firm {i}\n")
        });
        place.import(None, &file, |_| {}).await?;
        work(&place).await?;
        let query = SuspectQuery { band: Some(Band::Name), ..SuspectQuery::default() };
        let page = place.engine.list_suspects(&place.actor, &query).await?;
        assert_eq!(page.counts.name, 1, "{:?}", page.counts);
        assert_eq!((page.sections[0].namesakes[0].people, page.sections[0].entries.len()), (30, 0));
        assert_eq!(page.sections[0].namesakes[0].name, "David Müller");

        place.engine.scan_now(&place.actor).await?;
        assert_eq!(place.engine.list_suspects(&place.actor, &query).await?.counts.name, 1);
        Ok(())
    });
}

/// What is found as people come is what a full scan finds.
#[test]
fn a_full_scan_finds_what_was_found_as_people_came() {
    on_both(|place: Arc<Place>| async move {
        let seed = 20_261_121;
        let list = crowd(seed, 150);
        let (header, rows) = list.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().collect();
        for part in rows.chunks(70) {
            place.import(None, &format!("{header}\n{}\n", part.join("\n")), |_| {}).await?;
            work(&place).await?;
        }
        let as_they_came = open(&place).await?;
        let scan = place.engine.scan_now(&place.actor).await?;
        assert_eq!(scan.contacts, rows.len());
        let scanned = open(&place).await?;
        assert!(scanned.len() > 40, "seed {seed}: only {} pairs", scanned.len());
        // what is expected of people here is learned by the scan: before it, only the surest are sure to be found
        let missed: Vec<_> =
            scanned.iter().filter(|(key, pair)| pair.probability > 0.95 && !as_they_came.contains_key(*key)).collect();
        assert!(missed.is_empty(), "seed {seed}: found by the scan only: {missed:?}");

        // with the same counts, comparing each as if they had just come finds the same pairs, and no others
        let store = store::Store::open(&place.url).await?;
        let everyone =
            store::contacts::after(&mut store.read().await?, place.actor.workspace, ContactId(0), 9_999).await?;
        let ids: Vec<ContactId> = everyone.iter().map(|c| c.id).collect();
        let mut tx = store.write().await?;
        store::suspects::want_matching(&mut tx, place.actor.workspace, &ids).await?;
        tx.commit().await?;
        store.close().await;
        work(&place).await?;
        let one_by_one = open(&place).await?;
        assert_eq!(scanned.keys().collect::<Vec<_>>(), one_by_one.keys().collect::<Vec<_>>(), "seed {seed}");
        for (key, pair) in &one_by_one {
            assert!((pair.bits - scanned[key].bits).abs() < 1e-6, "seed {seed}: {key:?} {pair:?} {:?}", scanned[key]);
        }

        // and a second scan changes nothing
        place.engine.scan_now(&place.actor).await?;
        assert_eq!(open(&place).await?, scanned, "seed {seed}");
        Ok(())
    });
}

#[test]
fn why_not_says_the_score_and_its_parts() {
    on_both(|place: Arc<Place>| async move {
        let ann = TypedPerson {
            first_name: "Ann".to_owned(),
            last_name: "Lee".to_owned(),
            email: "ann.lee@acme.example".to_owned(),
            company: "Acme".to_owned(),
            ..TypedPerson::default()
        };
        let same = TypedPerson { email: " ANN.LEE@acme.example".to_owned(), ..TypedPerson::default() };
        let answer = place.engine.why_not(&place.actor, &ann, &same).await?;
        assert_eq!(answer.same_identifier.as_deref(), Some("Email"));
        let other = TypedPerson {
            first_name: "Piotr".to_owned(),
            last_name: "Zawadzki".to_owned(),
            email: "piotr@else.example".to_owned(),
            ..TypedPerson::default()
        };
        let answer = place.engine.why_not(&place.actor, &ann, &other).await?;
        assert_eq!((answer.band, answer.same_identifier, answer.meets), (None, None, false));
        assert!(answer.bits < 0.0);
        assert!((answer.parts.iter().map(|p| p.bits).sum::<f64>() - answer.bits).abs() < 1e-9);
        Ok(())
    });
}

#[test]
fn thresholds_are_the_admins_to_set() {
    on_both(|place: Arc<Place>| async move {
        let refused = place.engine.set_match_thresholds(&place.actor, 0.9, 0.5).await.unwrap_err().into_problem();
        assert_eq!(refused.kind, ProblemKind::Invalid);
        place.engine.set_match_thresholds(&place.actor, 0.7, 0.999).await?;
        let state = place.engine.suspect_state(&place.actor).await?;
        assert_eq!((state.review_from, state.obvious_from), (0.7, 0.999));
        assert!(state.scan.running, "a scan with the new thresholds is asked for");
        let member = Actor { role: Role::Member, ..place.actor.clone() };
        let refused = place.engine.ask_scan(&member).await.unwrap_err().into_problem();
        assert_eq!(refused.kind, ProblemKind::Forbidden);
        work(&place).await
    });
}
