//! One variable of one lead, changed by hand and taken back.

use domain::lead::RecentAct;
use domain::{ProblemKind, Role};
use engine::Actor;

use crate::support::{Place, on_both};

const FILE: &str = "email,first name,ice\na@x.example,Ann,hello\nb@x.example,Bea,\n";

async fn ice(place: &Place, campaign: domain::ids::CampaignId) -> anyhow::Result<Vec<String>> {
    let leads = place.leads(campaign).await?;
    let value = |lead: &domain::lead::LeadRow| {
        lead.variables.iter().find(|(name, _)| name == "ice").map(|(_, value)| value.clone()).unwrap_or_default()
    };
    Ok(leads.iter().map(value).collect())
}

#[test]
fn a_variable_is_changed_cleared_and_taken_back() {
    on_both(|place| async move {
        let e = &place.engine;
        let campaign = e.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |_| {}).await?;
        let leads = place.leads(campaign).await?;
        assert_eq!(e.get_lead(&place.actor, leads[1].id).await?.variables, ["ice"], "what can be added");
        let first = e.edit_variable(&place.actor, leads[0].id, "ice", "  good day \u{200b}").await?;
        let second = e.edit_variable(&place.actor, leads[1].id, "ice", "hi").await?;
        assert_eq!(ice(&place, campaign).await?, ["good day", "hi"]);
        assert_eq!(e.edit_variable(&place.actor, leads[1].id, "ice", "hi").await?.count, 0, "it stands there");
        let cleared = e.edit_variable(&place.actor, leads[0].id, "ice", " ").await?;
        assert_eq!(ice(&place, campaign).await?, ["", "hi"]);

        let recent = e.list_recent_changes(&place.actor, campaign).await?;
        assert_eq!(recent.len(), 3);
        assert_eq!((&recent[0].what, recent[0].whom.as_deref()), (&RecentAct::Variable("ice".to_owned()), Some("Ann")));

        // what was changed since is kept
        let kept = e.undo_change(&place.actor, first.change).await?;
        assert_eq!((kept.count, kept.kept), (0, 1));
        assert_eq!(e.undo_change(&place.actor, cleared.change).await?.count, 1);
        assert_eq!(e.undo_change(&place.actor, second.change).await?.count, 1);
        assert_eq!(ice(&place, campaign).await?, ["good day", ""]);
        let twice = e.undo_change(&place.actor, second.change).await.unwrap_err().into_problem();
        assert!(twice.message.contains("already"), "{}", twice.message);
        Ok(())
    });
}

#[test]
fn who_may_not_edit_and_what_cannot_be_kept_is_refused() {
    on_both(|place| async move {
        let e = &place.engine;
        let campaign = e.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |_| {}).await?;
        let lead = place.leads(campaign).await?.remove(0).id;
        let viewer = Actor { role: Role::Viewer, ..place.actor.clone() };
        let stranger = e.owner_of("Someone else").await?;
        let refused = [
            (e.edit_variable(&viewer, lead, "ice", "x").await, ProblemKind::Forbidden),
            (e.edit_variable(&stranger, lead, "ice", "x").await, ProblemKind::NotFound),
            (e.edit_variable(&place.actor, lead, "fire", "x").await, ProblemKind::NotFound),
            (e.edit_variable(&place.actor, lead, "ice", "a\0b").await, ProblemKind::Invalid),
            (e.edit_variable(&place.actor, lead, "ice", &"x".repeat(10_000)).await, ProblemKind::Invalid),
        ];
        for (answer, kind) in refused {
            assert_eq!(answer.unwrap_err().into_problem().kind, kind);
        }
        assert_eq!(ice(&place, campaign).await?, ["hello", ""]);
        Ok(())
    });
}
