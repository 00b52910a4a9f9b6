//! Stories of single imports: the acceptance test of the sources, identifiers, values, bad files.

use domain::import::{DryRunState, ImportState};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Outcome, OutcomeCounts, Overwrite, PersonField};

use crate::support::{Place, on_both, outcomes, with};

fn people(range: std::ops::Range<usize>) -> String {
    let mut file = String::from("Email;First name;Last name;Company\n");
    for i in range {
        file.push_str(&format!("person{i}@firm{}.example;First{i};Last{i};Firm {}\n", i % 50, i % 50));
    }
    file
}

fn counts(rows: &[domain::import::RowView]) -> OutcomeCounts {
    let mut counts = OutcomeCounts::default();
    rows.iter().for_each(|r| counts.add(r.outcome));
    counts
}

/// A51: rep 1 imports 500 leads; of them 200 are in progress, 100 finished, the rest not begun. Rep 2's 600 overlap by
/// 350: 200 in progress, 100 finished, 50 not begun.
async fn two_reps(place: &Place) -> anyhow::Result<domain::ids::CampaignId> {
    let outreach = place.engine.create_campaign(&place.actor, "Q4 Outreach Campaign").await?;
    for (range, status) in
        [(0..200, LeadStatus::InProgress), (200..300, LeadStatus::Done), (300..500, LeadStatus::ToLaunch)]
    {
        place.import(Some(outreach), &people(range), with(DuplicatePolicy::Active, status)).await?;
    }
    Ok(place.engine.create_campaign(&place.actor, "Re-engagement Campaign").await?)
}

#[test]
fn five_hundred_and_six_hundred_leads_come_out_exactly_under_each_policy() {
    on_both(|place| async move {
        for (policy, created, active, anywhere) in [
            (DuplicatePolicy::Campaign, 600, 0, 0),
            (DuplicatePolicy::Active, 400, 200, 0),
            (DuplicatePolicy::Workspace, 250, 0, 350),
        ] {
            let actor = place.engine.owner_of(&format!("Team {policy}")).await?;
            let place = place.of(actor);
            let again = two_reps(&place).await?;
            // 0..350 overlap, 1000..1250 are new
            let file = format!("{}{}", people(0..350), people(1000..1250).split_once('\n').unwrap().1);
            let import = place.draft(Some(again), &file, with(policy, LeadStatus::ToLaunch)).await?;
            let dry = place.engine.dry_run_now(&place.actor, import).await?;
            place.engine.run_import_now(&place.actor, import).await?;
            let rows = place.rows(import).await?;
            let found = counts(&rows);
            assert_eq!(found.of(Outcome::Created), created, "{policy}");
            assert_eq!(found.of(Outcome::ActiveElsewhere), active, "{policy}");
            assert_eq!(found.of(Outcome::DuplicateInWorkspace), anywhere, "{policy}");
            assert_eq!(found.total(), 600);
            assert_eq!(dry.of(policy).unwrap().counts, found, "the dry run told the truth");
            let view = place.engine.get_campaign(&place.actor, again).await?;
            assert_eq!(view.row.leads.total(), created);
            if let Some(row) = rows.iter().find(|r| r.outcome == Outcome::ActiveElsewhere) {
                let met = row.met.as_ref().unwrap();
                assert_eq!((met.name.as_str(), met.status), ("Q4 Outreach Campaign", LeadStatus::InProgress));
            }
            let progress = place.engine.get_import_summary(&place.actor, import).await?;
            let pending = if policy == DuplicatePolicy::Workspace { 0 } else { 50 };
            assert_eq!(progress.import.pending_elsewhere, pending, "R15 under {policy}");
            place.sound().await?;
        }
        Ok(())
    });
}

#[test]
fn importing_the_same_file_again_changes_nothing() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "email,linkedin,first name,note\n\
                    Ann@ACME.example ,uk.linkedin.com/in/Ann/,Ann,hi\n\
                    bob@acme.example,,Bob,\n";
        place.import(Some(campaign), file, |_| {}).await?;
        let again = place.import(Some(campaign), file, |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::Unchanged]);
        let other =
            file.replace("Ann@ACME.example ", "ann@acme.example").replace("uk.linkedin.com", "https://linkedin.com");
        let again = place.import(Some(campaign), &other, |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::Unchanged], "only the spelling differs");
        Ok(())
    });
}

/// R5: a second identifier is gained; the primary address is replaced only by `overwrite`, and the old one still
/// identifies the person.
#[test]
fn an_old_address_still_finds_the_person() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let link = "linkedin.com/in/ann";
        place.import(Some(campaign), &format!("email,linkedin\nann@old.example,{link}\n"), |_| {}).await?;
        let moved = place.import(Some(campaign), &format!("email,linkedin\nann@new.example,{link}\n"), |_| {}).await?;
        assert_eq!(outcomes(&moved), [Outcome::Updated]);
        let lead = place.leads(campaign).await?.remove(0);
        assert_eq!(lead.person.get(PersonField::Email), "ann@new.example");
        let panel = place.engine.get_lead(&place.actor, lead.id).await?;
        assert_eq!(panel.addresses, ["ann@old.example"]);
        let keep = place
            .import(Some(campaign), "email,first name\nann@old.example,Ann\n", |s| s.overwrite = Overwrite::FillBlanks)
            .await?;
        assert_eq!(outcomes(&keep), [Outcome::Updated]);
        let lead = place.leads(campaign).await?.remove(0);
        assert_eq!(lead.person.get(PersonField::Email), "ann@new.example", "fill blanks leaves the address");
        Ok(())
    });
}

#[test]
fn two_identifiers_of_two_people_write_nothing_and_raise_a_suspect() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), "email,linkedin\na@x.example,\n,linkedin.com/in/b\n", |_| {}).await?;
        let rows = place
            .import(Some(campaign), "email,linkedin,first name\na@x.example,linkedin.com/in/b,Zed\n", |_| {})
            .await?;
        assert_eq!(outcomes(&rows), [Outcome::IdentityConflict]);
        assert!(place.leads(campaign).await?.iter().all(|l| l.person.get(PersonField::FirstName).is_empty()));
        let store = store::Store::open(&place.url).await?;
        let pairs = store::suspects::open(&mut store.read().await?, place.actor.workspace).await?;
        store.close().await;
        assert_eq!(pairs.len(), 1);
        Ok(())
    });
}

/// A18, A20: names decide nothing.
#[test]
fn names_never_exclude() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file =
            "email,first name,last name\na@x.example,John,Smith\nb@x.example,John,Smith\nA@x.example,Jack,Jones\n";
        let rows = place.import(Some(campaign), file, |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created, Outcome::Created, Outcome::DuplicateInFile]);
        assert_eq!(place.leads(campaign).await?[0].person.get(PersonField::FirstName), "Jack", "R4: its values apply");
        Ok(())
    });
}

#[test]
fn someone_unsubscribed_comes_in_but_is_never_sendable() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        place.import(Some(first), "email\nann@x.example\n", |_| {}).await?;
        let everyone = LeadSelection::Matching { filter: LeadFilter::default(), expected: 1 };
        let change = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, first, everyone, change).await?;
        let rows = place
            .import(Some(second), "email\nANN@x.example\n", with(DuplicatePolicy::Active, LeadStatus::InProgress))
            .await?;
        assert_eq!(outcomes(&rows), [Outcome::Suppressed]);
        let lead = place.leads(second).await?.remove(0);
        assert!(lead.do_not_contact);
        // and nobody makes them active by hand
        let change = LeadChange::Status(LeadStatus::Scheduled);
        let done = place.engine.change_leads(&place.actor, second, LeadSelection::Ids(vec![lead.id]), change).await?;
        assert_eq!((done.count, done.kept), (0, 1));
        Ok(())
    });
}

#[test]
fn without_a_campaign_rows_become_contacts() {
    on_both(|place| async move {
        let rows = place.import(None, "email,first name\na@x.example,Ann\nb@x.example,\n", |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created, Outcome::Created]);
        let again = place.import(None, "email,first name\na@x.example,Anna\nb@x.example,\n", |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Updated, Outcome::Unchanged]);
        let only = place.import(None, "email\na@x.example\nc@x.example\n", |s| s.mode = ImportMode::CreateOnly).await?;
        assert_eq!(outcomes(&only), [Outcome::DuplicateInWorkspace, Outcome::Created]);
        let update = place.import(None, "email\nz@x.example\n", |s| s.mode = ImportMode::UpdateOnly).await?;
        assert_eq!(outcomes(&update), [Outcome::NoMatch]);
        Ok(())
    });
}

/// R14: every row of a troubled file has its outcome and its sentence.
#[test]
fn every_row_of_a_troubled_file_is_accounted_for() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "email,first name,tags\nfine@x.example,A,good\n,B,bad\nbroken@,C,bad\n\
                    fine2@x.example,D,bad,too,many\nnul\0@x.example,E,bad\n;;\n";
        let rows = place.import(Some(campaign), file, |_| {}).await?;
        assert_eq!(counts(&rows).of(Outcome::Created), 1);
        assert_eq!(counts(&rows).of(Outcome::Failed), 5);
        assert!(rows.iter().all(|r| !r.why.is_empty()));
        assert_eq!(rows[1].why, "No email address and no LinkedIn profile.");
        // a row that wrote nothing (R7) leaves no tag behind either
        assert_eq!(place.engine.get_campaign(&place.actor, campaign).await?.tags, ["good"]);
        Ok(())
    });
}

#[test]
fn a_file_by_which_nobody_can_be_recognised_is_refused() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), "first name,city\nAnn,Bergen\n", |_| {}).await?;
        let refused = place.engine.run_import(&place.actor, import).await.unwrap_err().into_problem();
        assert!(refused.message.contains("No column goes to Email"), "{}", refused.message);
        assert_eq!(place.engine.get_draft(&place.actor, import).await?.state, ImportState::Draft);
        Ok(())
    });
}

#[test]
fn a_quote_that_is_never_closed_names_its_line_and_imports_nothing() {
    on_both(|place| async move {
        let error = place.draft(None, "email,note\na@x.example,fine\nb@x.example,\"open\nc@x.example,\n", |_| {}).await;
        let message = format!("{:#}", error.unwrap_err());
        assert!(message.contains("line 3"), "{message}");
        Ok(())
    });
}

#[test]
fn the_dry_run_counts_again_when_a_choice_changes() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &people(0..30), |_| {}).await?;
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        assert!(matches!(place.engine.dry_run(&place.actor, import).await?, DryRunState::Running { .. }));
        while place.engine.work_once(&go_on).await? {}
        let DryRunState::Ready(ready) = place.engine.dry_run(&place.actor, import).await? else { panic!("not ready") };
        assert_eq!(ready.of(DuplicatePolicy::Active).unwrap().counts.of(Outcome::Created), 30);
        let change = domain::import::DraftChange::Mode(ImportMode::UpdateOnly);
        place.engine.change_draft(&place.actor, import, change).await?;
        assert!(matches!(place.engine.dry_run(&place.actor, import).await?, DryRunState::Running { .. }));
        while place.engine.work_once(&go_on).await? {}
        let DryRunState::Ready(ready) = place.engine.dry_run(&place.actor, import).await? else { panic!("not ready") };
        assert_eq!(ready.of(DuplicatePolicy::Active).unwrap().counts.of(Outcome::NoMatch), 30);
        assert_eq!(place.leads(campaign).await?.len(), 0, "a dry run writes nothing");
        Ok(())
    });
}
