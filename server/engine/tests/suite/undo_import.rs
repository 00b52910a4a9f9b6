//! R13, I10: an import is taken back exactly when nothing was touched since, and what was touched is kept and listed.

use domain::ids::{CampaignId, ImportId};
use domain::import::{ColumnMapping, ImportState, KeptView, Target, UndoView};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::policy::DeletedRows;
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Outcome, Overwrite, PersonField, ProblemKind, Role};
use store::{Sql, Store, test_database};

use crate::support::{Place, Random, on_both, outcomes};

/// Histories in a normal run, on SQLite and on PostgreSQL.
const HISTORIES: (u64, u64) = (150, 40);

async fn lines(place: &Place) -> anyhow::Result<Vec<String>> {
    let store = Store::open(&place.url).await?;
    let lines = test_database::people(&mut store.read().await?, place.actor.workspace).await?;
    store.close().await;
    Ok(lines)
}

/// Something another part of the product (or an older version) did to the database.
async fn behind_the_scenes(place: &Place, sql: Sql) -> anyhow::Result<()> {
    let store = Store::open(&place.url).await?;
    let mut tx = store.write().await?;
    tx.execute(sql).await?;
    tx.commit().await?;
    store.close().await;
    Ok(())
}

/// Consent only tightens (R8), so it is compared apart. A set of fields stays registered with the keys that `doctor`
/// checks.
fn but_consent(lines: &[String]) -> Vec<String> {
    let calm = |line: &String| line.replace("do_not_contact: true", "do_not_contact: false");
    lines.iter().filter(|l| !l.starts_with("suppression") && !l.starts_with("group_key")).map(calm).collect()
}

fn silent(lines: &[String]) -> Vec<&String> {
    lines.iter().filter(|l| l.starts_with("suppression")).collect()
}

async fn run(place: &Place, campaign: Option<CampaignId>, file: &str) -> anyhow::Result<ImportId> {
    let import = place.draft(campaign, file, |_| {}).await?;
    place.engine.run_import_now(&place.actor, import).await?;
    Ok(import)
}

async fn undo(place: &Place, import: ImportId) -> anyhow::Result<(UndoView, Vec<KeptView>)> {
    let undone = place.engine.undo_import_now(&place.actor, import).await?;
    let mut kept = Vec::new();
    let mut after = None;
    loop {
        let page = place.engine.list_undo_kept(&place.actor, import, after).await?;
        kept.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    anyhow::ensure!(undone.kept == kept.len() as u64, "{undone:?} and {} lines", kept.len());
    Ok((undone, kept))
}

fn told(kept: &[KeptView]) -> Vec<(&str, &str, &str)> {
    kept.iter().map(|k| (k.who.as_str(), k.what.as_str(), k.why.as_str())).collect()
}

#[test]
fn an_import_is_taken_back_as_if_it_had_never_been() {
    on_both(|place| async move {
        let (a, b) = (
            place.engine.create_campaign(&place.actor, "A").await?,
            place.engine.create_campaign(&place.actor, "B").await?,
        );
        let first = "email,linkedin,job title,tags,ice\nann@x.example,,Buyer,old,hi\nbea@x.example,,,,\n";
        run(&place, Some(a), first).await?;
        let before = lines(&place).await?;
        // new people, a repeat, a profile gained, an address replaced, values and variables overwritten, tags
        let second = "email,linkedin,job title,tags,ice\n\
                      ANN@x.example,linkedin.com/in/ann,Owner,\"old,new\",bye\n\
                      new@x.example,linkedin.com/in/new,,fresh,one\n\
                      anna@x.example,linkedin.com/in/ann,Chief,,again\n\
                      new@x.example,,Late,,two\n";
        let import = place.draft(Some(a), second, |s| s.tags = vec!["list".to_owned()]).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let after = lines(&place).await?;
        assert!(after.iter().any(|l| l.contains("anna@x.example")), "the address was replaced");
        let (undone, kept) = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.leads, undone.kept), (1, 1, 0), "{kept:?}");
        assert_eq!(undone.restored, 8, "title and ice twice, the address and the profile, and the repeat's two");
        assert_eq!(lines(&place).await?, before);
        assert!(undone.finished_at.is_some() && undone.by == place.actor.user_name);
        assert_eq!(undone.done, 4);

        let summary = place.engine.get_import_summary(&place.actor, import).await?.import;
        assert_eq!((summary.state, summary.rows), (ImportState::Undone, 4));
        let again = place.import(Some(b), "email\nann@x.example\n", |_| {}).await?;
        assert_eq!(again[0].outcome, Outcome::Created);
        Ok(())
    });
}

#[test]
fn what_cannot_be_undone_says_so() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        let import = place.draft(Some(campaign), "email\nann@x.example\n", |_| {}).await?;
        let refused = |r: Result<(), engine::Error>| r.unwrap_err().into_problem();
        let draft = refused(place.engine.undo_import(&place.actor, import).await);
        assert!(draft.message.contains("not been started"), "{draft:?}");
        place.engine.run_import(&place.actor, import).await?;
        let busy = refused(place.engine.undo_import(&place.actor, import).await);
        assert!(busy.message.contains("Stop it first"), "{busy:?}");
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}

        let viewer = engine::Actor { role: Role::Viewer, ..place.actor.clone() };
        let forbidden = refused(place.engine.undo_import(&viewer, import).await);
        assert_eq!(forbidden.kind, ProblemKind::Forbidden);
        let stranger = place.engine.owner_of("Another workspace").await?;
        assert_eq!(refused(place.engine.undo_import(&stranger, import).await).kind, ProblemKind::NotFound);

        let old = Sql::new("UPDATE import SET journaled = 0 WHERE id = ").arg(import.0);
        behind_the_scenes(&place, old).await?;
        let old = refused(place.engine.undo_import(&place.actor, import).await);
        assert!(old.message.contains("did not keep"), "{old:?}");
        let shown = place.engine.get_import_summary(&place.actor, import).await?.import.undo_refusal;
        assert_eq!(shown, Some(old.message), "the button says why before it is pressed");
        behind_the_scenes(&place, Sql::new("UPDATE import SET journaled = 1 WHERE id = ").arg(import.0)).await?;

        undo(&place, import).await?;
        let twice = refused(place.engine.undo_import(&place.actor, import).await);
        assert!(twice.message.contains("already") && twice.kind == ProblemKind::Conflict, "{twice:?}");
        assert!(place.engine.resume_import(&place.actor, import).await.is_err(), "it does not go on");
        Ok(())
    });
}

#[test]
fn what_was_changed_since_is_kept_and_listed() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        let other = place.engine.create_campaign(&place.actor, "B").await?;
        let none = run(&place, Some(campaign), "email,title,ice\nold@x.example,Buyer,a\n").await?;
        let file = "email,first name,title,ice\nold@x.example,,Owner,b\nstatus@x.example,Sam,,\nedited@x.example,Eve,,\n\
                    twice@x.example,Tom,,\nelse@x.example,Els,,\nplain@x.example,Pia,,\n";
        let import = run(&place, Some(campaign), file).await?;
        // since then: one value edited, a status changed, a person edited, brought again, and in another campaign
        run(&place, Some(campaign), "email,title\nold@x.example,Chief\ntwice@x.example,\n").await?;
        let rows = place.import(Some(other), "email\nelse@x.example\n", |s| s.mode = ImportMode::CreateOnly).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created]);
        let leads = place.leads(campaign).await?;
        let sam = leads.iter().find(|l| l.person.get(PersonField::FirstName) == "Sam").unwrap();
        let done = LeadChange::Status(LeadStatus::Done);
        place.engine.change_leads(&place.actor, campaign, LeadSelection::Ids(vec![sam.id]), done).await?;
        let edit = Sql::new("UPDATE contact SET city = 'Lund' WHERE email = 'edited@x.example' AND workspace_id = ");
        behind_the_scenes(&place, edit.arg(place.actor.workspace.0)).await?;

        let (undone, kept) = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.leads, undone.restored), (1, 3, 1), "{kept:?}");
        let expected = [
            ("old@x.example", "Job title", "Edited since."),
            ("Sam, status@x.example", "The contact", "Its lead was kept."),
            ("Sam, status@x.example", "The lead", "Its status was changed since."),
            ("Eve, edited@x.example", "The contact", "Edited, or part of a decision, since."),
            ("Tom, twice@x.example", "The contact", "Its lead was kept."),
            ("Tom, twice@x.example", "The lead", "Something else has brought this person in since."),
            ("Els, else@x.example", "The contact", "Something else has brought this person in since."),
        ];
        assert_eq!(told(&kept), expected);
        let left = place.leads(campaign).await?;
        assert_eq!(left.len(), 3, "{left:?}");
        assert_eq!(left[0].person.get(PersonField::JobTitle), "Chief");
        assert_eq!(left[0].variables, [("ice".to_owned(), "a".to_owned())], "what nobody touched is restored");
        // the older one can still be taken back after the newer one, as far as it was not touched
        place.sound().await?;
        undo(&place, none).await?;
        Ok(())
    });
}

#[test]
fn who_was_merged_or_deleted_since_stays_as_they_are() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        run(&place, Some(campaign), "email,title\nsurvivor@x.example,\n").await?;
        let import = run(&place, Some(campaign), "email,title\nmerged@x.example,M\ndeleted@x.example,D\n").await?;
        let survivor = place.leads(campaign).await?[0].contact;
        let merge =
            Sql::new("UPDATE contact SET merged_into = ").arg(survivor.0).push(" WHERE email = 'merged@x.example'");
        behind_the_scenes(&place, merge).await?;
        let delete = Sql::new("UPDATE contact SET deleted_at = 5 WHERE email = 'deleted@x.example'");
        behind_the_scenes(&place, delete).await?;
        let before = lines(&place).await?;
        let (undone, kept) = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.leads, undone.restored), (0, 0, 0));
        let expected = [
            ("merged@x.example", "The contact", "Merged with another contact since."),
            ("deleted@x.example", "The contact", "Deleted since; it stays deleted."),
        ];
        assert_eq!(told(&kept), expected);
        assert_eq!(lines(&place).await?, before);
        let back = Sql::new("UPDATE contact SET merged_into = NULL, deleted_at = NULL");
        behind_the_scenes(&place, back).await
    });
}

#[test]
fn an_edited_address_keeps_the_one_that_the_import_replaced() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        run(&place, Some(campaign), "email,linkedin\none@x.example,linkedin.com/in/p\n").await?;
        let import = run(&place, Some(campaign), "email,linkedin\ntwo@x.example,linkedin.com/in/p\n").await?;
        run(&place, Some(campaign), "email,linkedin\nthree@x.example,linkedin.com/in/p\n").await?;
        let (undone, kept) = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.leads, undone.restored), (0, 0, 0));
        assert_eq!(told(&kept), [("three@x.example", "Email", "Edited since.")]);
        let rows = place.import(Some(campaign), "email\none@x.example\n", |s| s.overwrite = Overwrite::Keep).await?;
        assert_eq!(outcomes(&rows), [Outcome::Unchanged], "the first address still finds the person");
        Ok(())
    });
}

#[test]
fn lifted_tombstones_come_back_and_consent_stays() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        run(&place, Some(campaign), "email\ngone@x.example\n").await?;
        let all = LeadSelection::Matching { filter: LeadFilter::default(), expected: 1 };
        place.engine.change_leads(&place.actor, campaign, all, LeadChange::Delete).await?;
        let before = lines(&place).await?;
        let import = place
            .draft(Some(campaign), "email\ngone@x.example\nsilent@x.example\n", |s| {
                s.deleted = DeletedRows::Restore;
                s.status = LeadStatus::Unsubscribed;
            })
            .await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let (undone, kept) = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.leads), (1, 2));
        let stays = "Nobody is written to again by an undo.";
        let expected = [("gone@x.example", "Do not contact", stays), ("silent@x.example", "Do not contact", stays)];
        assert_eq!(told(&kept), expected);
        assert_eq!(kept[1].contact, None, "the contact is gone, the address stays on the list");
        let after = lines(&place).await?;
        assert_eq!(but_consent(&after), but_consent(&before), "the tombstone is there again");
        assert_eq!(silent(&after).len(), 2);
        let rows = place.import(Some(campaign), "email\ngone@x.example\nsilent@x.example\n", |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::SkippedDeleted, Outcome::Suppressed]);
        Ok(())
    });
}

#[test]
fn an_undo_goes_on_after_the_server_was_closed() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        let file =
            (0..3_000).fold(String::from("email,first name\n"), |file, i| file + &format!("p{i}@x.example,N{i}\n"));
        let import = run(&place, Some(campaign), &file).await?;
        place.engine.undo_import(&place.actor, import).await?;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let engine = place.engine.clone();
        let worker = tokio::spawn(async move { engine.work_once(&stopped).await });
        let undo = || async {
            let undo = place.engine.get_import_summary(&place.actor, import).await?.import.undo;
            anyhow::Ok(undo.unwrap())
        };
        while undo().await?.done == 0 {
            tokio::task::yield_now().await;
        }
        stop.send(true)?;
        worker.await??;
        place.sound().await?;
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        let undo = undo().await?;
        assert_eq!((undo.contacts, undo.leads, undo.done, undo.kept), (3_000, 3_000, 3_000, 0));
        assert!(undo.finished_at.is_some());
        assert!(lines(&place).await?.is_empty());
        Ok(())
    });
}

fn row(random: &mut Random) -> String {
    let email = if random.chance(80) { format!("p{}@x.example", random.below(8)) } else { String::new() };
    let link = if random.chance(40) { format!("linkedin.com/in/p{}", random.below(8)) } else { String::new() };
    let first = random.one(&["", "Ann", "Bea", "Cem"]);
    let title = random.one(&["", "Owner", "Buyer"]);
    let ice = random.one(&["", "hello", "again"]);
    let tags = random.one(&["", "red", "blue", "red;blue"]);
    format!("{email},{link},{first},{title},{ice},{tags}\n")
}

async fn random_import(place: &Place, campaigns: &[CampaignId], random: &mut Random) -> anyhow::Result<ImportId> {
    let campaign = if random.chance(85) { Some(random.one(campaigns)) } else { None };
    let mut file = String::from("Email,LinkedIn,First name,Job title,Icebreaker,Tags\n");
    (0..1 + random.below(9)).for_each(|_| file.push_str(&row(random)));
    let mode = random.one(ImportMode::ALL);
    let policy = random.one(DuplicatePolicy::ALL);
    let overwrite = random.one(Overwrite::ALL);
    let deleted = random.one(DeletedRows::ALL);
    let status =
        random.one(&[LeadStatus::ToLaunch, LeadStatus::InProgress, LeadStatus::Done, LeadStatus::Unsubscribed]);
    let [email, link, name, title] =
        [PersonField::Email, PersonField::LinkedinUrl, PersonField::FirstName, PersonField::JobTitle]
            .map(Target::Field);
    let identifiers = match random.below(10) {
        0 => vec![vec![email]],
        1 => vec![vec![link]],
        2 => vec![vec![email, name]],
        3 => vec![vec![name, title], vec![link]],
        _ => domain::import::usual_identifiers(),
    };
    let import = place
        .draft(campaign, &file, |s| {
            s.identifiers = identifiers;
            (s.mode, s.policy, s.overwrite, s.deleted, s.status) = (mode, policy, overwrite, deleted, status);
            let fields = [PersonField::Email, PersonField::LinkedinUrl, PersonField::FirstName, PersonField::JobTitle];
            s.columns = fields.map(|f| ColumnMapping { target: Target::Field(f), overwrite: None }).to_vec();
            let ice = if campaign.is_some() { Target::Variable("ice".to_owned()) } else { Target::Skip };
            s.columns.extend([ice, Target::Tags].map(|target| ColumnMapping { target, overwrite: None }));
        })
        .await?;
    place.engine.run_import_now(&place.actor, import).await?;
    Ok(import)
}

async fn random_edit(place: &Place, campaigns: &[CampaignId], random: &mut Random) -> anyhow::Result<()> {
    let campaign = random.one(campaigns);
    let leads = place.leads(campaign).await?;
    if leads.is_empty() {
        return Ok(());
    }
    let pick = LeadSelection::Ids(vec![leads[random.below(leads.len())].id]);
    let change = match random.below(4) {
        0 => LeadChange::Delete,
        1 => LeadChange::Status(random.one(&[LeadStatus::Done, LeadStatus::Interested])),
        2 => LeadChange::AddTag("green".to_owned()),
        _ => LeadChange::RemoveTag("red".to_owned()),
    };
    place.engine.change_leads(&place.actor, campaign, pick, change).await?;
    Ok(())
}

/// Imports and edits at random; then everything after the last edit is taken back one by one, each time to the very
/// state before it, and what lies before the edit in any order, which must leave a sound base.
async fn history(place: &Place, seed: u64) -> anyhow::Result<()> {
    let mut random = Random::new(seed);
    let actor = place.engine.owner_of(&format!("Undo {seed}")).await?;
    let place = place.of(actor);
    let mut campaigns = Vec::new();
    for n in 0..2 {
        campaigns.push(place.engine.create_campaign(&place.actor, &format!("C{n}")).await?);
    }
    let mut exact: Vec<(ImportId, Vec<String>)> = Vec::new();
    let mut touched: Vec<ImportId> = Vec::new();
    for _ in 0..2 + random.below(4) {
        if random.chance(25) {
            random_edit(&place, &campaigns, &mut random).await?;
            touched.extend(exact.drain(..).map(|(import, _)| import));
        }
        let before = lines(&place).await?;
        exact.push((random_import(&place, &campaigns, &mut random).await?, before));
    }
    while let Some((import, before)) = exact.pop() {
        let then = lines(&place).await?;
        let (_, kept) = undo(&place, import).await?;
        let after = lines(&place).await?;
        anyhow::ensure!(
            but_consent(&after) == but_consent(&before),
            "seed {seed}, {import}\nbefore {:#?}\nafter {:#?}",
            but_consent(&before),
            but_consent(&after)
        );
        anyhow::ensure!(silent(&after) == silent(&then), "seed {seed}: consent only tightens");
        anyhow::ensure!(kept.iter().all(|k| k.what == "Do not contact"), "seed {seed}: {kept:?}");
    }
    while !touched.is_empty() {
        let import = touched.swap_remove(random.below(touched.len()));
        undo(&place, import).await?;
    }
    Ok(())
}

#[test]
fn random_histories_are_taken_back_exactly() {
    let only: Option<u64> = std::env::var("ONEFOLD_SEED").ok().and_then(|s| s.parse().ok());
    on_both(|place| async move {
        let of = if place.url.starts_with("sqlite") { HISTORIES.0 } else { HISTORIES.1 };
        println!("seeds 1 to {of}; ONEFOLD_SEED=N runs one");
        for seed in (1..=of).filter(|seed| only.is_none_or(|only| only == *seed)) {
            history(&place, seed).await?;
        }
        Ok(())
    });
}
