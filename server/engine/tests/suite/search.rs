//! The search of the whole workspace.

use domain::Role;
use engine::Actor;

use crate::contacts::{FILE, who};
use crate::support::on_both;

#[test]
fn a_search_finds_campaigns_and_contacts_of_the_workspace() {
    on_both(|place| async move {
        let actor = &place.actor;
        let open = place.engine.create_campaign(actor, "Lindström autumn").await?;
        let over = place.engine.create_campaign(actor, "LINDEN fair").await?;
        place.engine.archive_campaign(actor, over, false).await?;
        place.import(Some(open), FILE, |_| {}).await?;
        let bea = who(&place, "bea@x.example").await?;

        let found = place.engine.search(actor, "  lind ").await?;
        let campaigns: Vec<_> = found.campaigns.iter().map(|one| (one.id, one.archived)).collect();
        assert_eq!(campaigns, [(open, false), (over, true)]);
        assert_eq!(found.contacts.len(), 1);
        let one = &found.contacts[0];
        assert_eq!((one.id, one.name.as_str()), (bea, "Bea Lind"));
        assert_eq!((one.email.as_str(), one.company.as_str()), ("bea@x.example", "Kantwerk"));
        assert_eq!(place.engine.search(actor, " ").await?, Default::default());
        assert_eq!(place.engine.search(actor, "nobody is called so").await?, Default::default());

        // at most eight of each, the newest first
        let rows: String = (0..12).map(|i| format!("m{i}@x.example,Many{i}\n")).collect();
        place.import(Some(open), &format!("email,first name\n{rows}"), |_| {}).await?;
        let many = place.engine.search(actor, "many").await?.contacts;
        assert_eq!(many.len(), 8);
        assert_eq!(many[0].name, "Many11");

        // whoever may look finds; nobody finds what is of another workspace
        let viewer = Actor { role: Role::Viewer, ..actor.clone() };
        assert_eq!(place.engine.search(&viewer, "lind").await?.contacts.len(), 1);
        let stranger = place.engine.owner_of("Someone else").await?;
        assert_eq!(place.engine.search(&stranger, "lind").await?, Default::default());
        Ok(())
    });
}
