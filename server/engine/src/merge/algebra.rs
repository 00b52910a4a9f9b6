//! The algebra of merging, on random people: idempotent, nothing known is lost, empty never wins, consent only
//! tightens, any order of up to six records gives one result, and taking back is exact.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::ids::{CampaignId, ContactId, FieldId, ImportId, LeadId, MergeId};
use domain::merge::{FieldKey, MergeChoices, Side, Survivor};
use domain::{CustomValues, LeadStatus, Origins, Person, PersonField};
use matching::EmailRules;
use store::picture::{
    ContactRow, Key, LeadRow, Picture, SourceRow, SuppressionRow, SuspectRow, TagRow, WaitingRow, pair,
};

use super::back::{Journal, Standing, take_back};
use super::plan::{Facts, all_keys, fields_of, is_blank, order, plan, united};
use crate::people;

/// Cases of the algebra of fields, and of the whole picture with identifiers, which costs more.
const FIELD_CASES: u64 = 100_000;
const PICTURE_CASES: u64 = 1_500;

/// A small generator of our own: a seed gives the same case on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % n.max(1) as u64).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const TEXTS: &[&str] = &["", "", "  ", "\u{a0}\u{200b}", "red", "blue", "green"];

fn contact(random: &mut Random) -> ContactRow {
    let mut person = Person::default();
    for field in [PersonField::FirstName, PersonField::JobTitle, PersonField::City] {
        person.set(field, random.one(TEXTS));
    }
    let mut custom = CustomValues::new();
    for id in [1, 2] {
        if random.chance(50) {
            custom.insert(FieldId(id), random.one(TEXTS).to_owned());
        }
    }
    ContactRow {
        person,
        custom,
        origins: Origins::default(),
        do_not_contact: random.chance(15),
        shared_mailbox: false,
        merged_into: None,
        deleted_at: None,
        // some came in with one file: then the smaller number is the older
        created_at: i64::try_from(random.below(4)).unwrap(),
    }
}

fn text(row: &ContactRow, field: FieldKey) -> &str {
    match field {
        FieldKey::Person(field) => row.person.get(field),
        FieldKey::Custom(id) => row.custom.get(&id).map_or("", String::as_str),
    }
}

/// Merges records in a random order, as a reviewer who chooses nothing would.
fn fold(mut records: Vec<(ContactId, ContactRow)>, random: &mut Random) -> (ContactId, ContactRow) {
    while records.len() > 1 {
        let a = records.remove(random.below(records.len()));
        let b = records.remove(random.below(records.len()));
        let (s, l) = if (a.1.created_at, a.0) <= (b.1.created_at, b.0) { (a, b) } else { (b, a) };
        let (row, _) = united((s.0, &s.1), (l.0, &l.1), &MergeChoices::default());
        for field in fields_of([&s.1, &l.1]) {
            let known = [text(&s.1, field), text(&l.1, field)].into_iter().any(|t| !is_blank(t));
            assert_eq!(known, !is_blank(text(&row, field)), "nothing is lost, nothing is made up: {field}");
        }
        assert_eq!(row.do_not_contact, s.1.do_not_contact || l.1.do_not_contact, "consent only tightens");
        records.push((s.0, row));
    }
    records.remove(0)
}

/// The values that anyone can read: what is blank is not known.
fn known(row: &ContactRow) -> BTreeMap<FieldKey, &str> {
    fields_of([row]).into_iter().map(|f| (f, text(row, f))).filter(|(_, t)| !is_blank(t)).collect()
}

#[test]
fn fields_come_out_alike_in_any_order() {
    println!("seeds 1 to {FIELD_CASES}");
    for seed in 1..=FIELD_CASES {
        let mut random = Random::new(seed);
        let count = 2 + random.below(5);
        let records: Vec<_> = (1..).map(ContactId).take(count).map(|id| (id, contact(&mut random))).collect();
        let newest_first = {
            let mut sorted: Vec<_> = records.iter().collect();
            sorted.sort_by_key(|(id, row)| std::cmp::Reverse((row.created_at, *id)));
            sorted
        };
        let (one_id, one) = fold(records.clone(), &mut random);
        let (other_id, other) = fold(records.clone(), &mut random);
        assert_eq!(one_id, other_id, "seed {seed}");
        assert_eq!(known(&one), known(&other), "seed {seed}");
        assert_eq!(one.do_not_contact, other.do_not_contact, "seed {seed}");
        assert_eq!(Some(&one_id), newest_first.last().map(|(id, _)| id), "the oldest keeps the id: seed {seed}");
        for field in fields_of(records.iter().map(|(_, row)| row)) {
            let expected = newest_first.iter().map(|(_, row)| text(row, field)).find(|t| !is_blank(t));
            assert_eq!(known(&one).get(&field).copied(), expected, "the newest known value: seed {seed}, {field}");
        }
        // a record and its copy are the record
        let (copy, plans) = united((one_id, &one), (ContactId(99), &one), &MergeChoices::default());
        assert_eq!(known(&copy), known(&one), "seed {seed}");
        assert!(plans.iter().all(|p| p.from == Side::Survivor), "seed {seed}");
    }
}

const RULES: EmailRules = EmailRules { fold_gmail: true };

fn facts(number: i64, guard: bool) -> Facts {
    Facts { rules: RULES, archived: HashSet::from([CampaignId(4)]), guard, now: 1_000 + number }
}

/// A few people with everything that can stand about them.
fn picture(random: &mut Random) -> Picture {
    let mut picture = Picture::default();
    let count = 2 + i64::try_from(random.below(5)).unwrap();
    let mut lead = 0;
    for n in 1..=count {
        let id = ContactId(n);
        let mut row = contact(random);
        if random.chance(80) {
            row.person.set(PersonField::Email, format!("p{n}@x.example"));
        }
        if random.chance(40) {
            row.person.set(PersonField::LinkedinUrl, format!("linkedin.com/in/p{n}"));
        }
        for (_, key) in people::keys(&row.person, RULES) {
            picture.identities.insert(Key(key), id);
            if row.do_not_contact {
                let stop = SuppressionRow { origin: "manual".to_owned(), created_at: 1 };
                picture.suppressions.insert(Key(key), stop);
            }
        }
        for tag in 1..4 {
            if random.chance(40) {
                picture.tags.insert((id, tag), TagRow { import: Some(ImportId(n)) });
            }
        }
        picture.sources.insert((id, "import".to_owned(), n % 3), SourceRow { created_at: n });
        for campaign in 1..5 {
            if random.chance(20) {
                let row = WaitingRow { import: ImportId(n), row: 1, actor: domain::ids::UserId(1), created_at: n };
                picture.waiting.insert((CampaignId(campaign), id), row);
            }
            if random.chance(45) {
                lead += 1;
                let mut variables = BTreeMap::new();
                if random.chance(60) {
                    // on the one nobody disagrees, on the other they may
                    let agreed = format!("of {campaign}");
                    let ice = random.one(&["", " ", agreed.as_str()]).to_owned();
                    variables.insert("ice".to_owned(), ice);
                    variables.insert("pick".to_owned(), random.one(TEXTS).to_owned());
                }
                picture.leads.insert(
                    LeadId(lead),
                    LeadRow {
                        campaign: CampaignId(campaign),
                        contact: id,
                        status: random.one(LeadStatus::ALL),
                        variables,
                        import: Some(ImportId(n)),
                        created_at: i64::try_from(random.below(3)).unwrap(),
                    },
                );
            }
        }
        picture.contacts.insert(id, row);
    }
    for a in 1..=count {
        for b in a + 1..=count {
            if random.chance(30) {
                picture.suspects.insert(
                    pair(ContactId(a), ContactId(b)),
                    SuspectRow {
                        state: "open".to_owned(),
                        reason: "name".to_owned(),
                        import: None,
                        created_at: 1,
                        band: "review".to_owned(),
                        weight: 1,
                        probability: 1,
                        parts: "[]".to_owned(),
                        cluster: a,
                        updated_at: 1,
                        origin: None,
                    },
                );
            }
        }
    }
    picture
}

/// Merges two of the people who are still somebody; `None` when there is one left.
fn step(
    picture: &Picture,
    number: i64,
    choices: &MergeChoices,
    guard: bool,
    random: &mut Random,
) -> Option<(Picture, Standing)> {
    let mut live: Vec<ContactId> = picture.contacts.keys().copied().filter(|id| picture.is_live(*id)).collect();
    if live.len() < 2 {
        return None;
    }
    let a = live.remove(random.below(live.len()));
    let b = live.remove(random.below(live.len()));
    let (survivor, loser) = order(picture, a, b, choices.survivor);
    let done = plan(picture, survivor, loser, choices, &facts(number, guard));
    let journal = Journal::new(Vec::new(), picture, &done.after);
    Some((done.after, Standing { id: MergeId(number), survivor, loser, at: 1_000 + number, journal }))
}

/// What must not depend on the order: everything of the last person but when things were noted.
#[derive(Debug, PartialEq)]
struct Outcome {
    id: ContactId,
    values: Vec<(String, String)>,
    keys: BTreeSet<Key>,
    tags: BTreeSet<i64>,
    sources: BTreeSet<(String, i64)>,
    leads: BTreeMap<CampaignId, (LeadId, LeadStatus)>,
    agreed: BTreeMap<CampaignId, BTreeMap<String, String>>,
    suppressed: BTreeSet<Key>,
    silent: bool,
    waits: BTreeSet<CampaignId>,
}

fn outcome(picture: &Picture) -> Outcome {
    let id = picture.contacts.keys().copied().find(|id| picture.is_live(*id)).unwrap();
    let row = &picture.contacts[&id];
    assert!(picture.identities.values().all(|owner| *owner == id), "one owner of everything");
    let agreed = |l: &LeadRow| {
        let known = l.variables.iter().filter(|(name, t)| *name == "ice" && !is_blank(t));
        known.map(|(n, t)| (n.clone(), t.clone())).collect()
    };
    Outcome {
        id,
        values: known(row).into_iter().map(|(f, t)| (f.to_string(), t.to_owned())).collect(),
        keys: all_keys(picture, id, RULES),
        tags: picture.tags.keys().filter(|(c, _)| *c == id).map(|(_, t)| *t).collect(),
        sources: picture.sources.keys().filter(|(c, ..)| *c == id).map(|(_, k, n)| (k.clone(), *n)).collect(),
        leads: picture.leads.iter().map(|(lead, l)| (l.campaign, (*lead, l.status))).collect(),
        agreed: picture.leads.values().map(|l| (l.campaign, agreed(l))).collect(),
        suppressed: picture.suppressions.keys().copied().collect(),
        silent: row.do_not_contact,
        waits: picture.waiting.keys().filter(|(_, c)| *c == id).map(|(campaign, _)| *campaign).collect(),
    }
}

#[test]
fn whole_people_come_out_alike_in_any_order() {
    println!("seeds 1 to {PICTURE_CASES}");
    for seed in 1..=PICTURE_CASES {
        let mut random = Random::new(seed);
        let start = picture(&mut random);
        let mut all = Vec::new();
        for _ in 0..2 {
            let mut now = start.clone();
            let mut number = 0;
            while let Some((next, _)) = step(&now, number, &MergeChoices::default(), false, &mut random) {
                now = next;
                number += 1;
            }
            all.push(outcome(&now));
        }
        assert_eq!(all[0], all[1], "seed {seed}");
        let owned: BTreeSet<Key> = start.identities.keys().copied().collect();
        assert_eq!(all[0].keys, owned, "no identifier is given up: seed {seed}");
        if all[0].silent {
            assert_eq!(all[0].suppressed, owned, "nobody writes to any of them: seed {seed}");
        }
    }
}

#[test]
fn taking_back_is_exact_and_the_guard_holds() {
    println!("seeds 1 to {PICTURE_CASES}");
    for seed in 1..=PICTURE_CASES {
        let mut random = Random::new(seed);
        let start = picture(&mut random);
        let mut pictures = vec![start];
        let mut merges = Vec::new();
        loop {
            let now = &pictures[pictures.len() - 1];
            let mut choices = MergeChoices::default();
            if random.chance(30) {
                let any: Vec<ContactId> = now.contacts.keys().copied().collect();
                choices.survivor = Survivor::Is(random.one(&any));
            }
            if random.chance(30) {
                choices.fields.insert(FieldKey::Person(PersonField::Email), random.one(Side::ALL));
            }
            let number = i64::try_from(merges.len()).unwrap();
            let Some((next, merge)) = step(now, number, &choices, true, &mut random) else { break };
            for id in [merge.survivor, merge.loser] {
                assert!(next.root(id) == merge.survivor, "seed {seed}");
            }
            let moving = |p: &Picture, id: ContactId| {
                let all = p.leads.values().filter(|l| l.contact == id && l.status.is_moving());
                all.filter(|l| l.campaign != CampaignId(4)).map(|l| l.campaign).collect::<BTreeSet<_>>()
            };
            let (ours, theirs) = (moving(now, merge.survivor), moving(now, merge.loser));
            let after = moving(&next, merge.survivor);
            let was_so = after.is_subset(&ours) || after.is_subset(&theirs);
            assert!(after.len() < 2 || was_so, "two campaigns write to one person: seed {seed}");
            assert!(after.is_subset(&(&ours | &theirs)), "merging begins nothing: seed {seed}");
            pictures.push(next);
            merges.push(merge);
        }
        while let Some(merge) = merges.pop() {
            let (back, later) = take_back(&pictures.pop().unwrap(), &merge, RULES);
            assert_eq!(later, [], "seed {seed}");
            assert_eq!(back, pictures[pictures.len() - 1], "seed {seed}");
        }
    }
}
