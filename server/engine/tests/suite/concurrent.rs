//! Several people import at once, into two campaigns, with half their rows in common.

use std::sync::Arc;

use domain::{DuplicatePolicy, LeadStatus, Outcome};
use tokio::sync::watch;

use crate::support::{Place, on_both};

fn file(seed: usize, rows: usize) -> String {
    (0..rows).fold(String::from("Email,LinkedIn\n"), |file, i| {
        let n = if i % 2 == 0 { i } else { seed * 100_000 + i };
        // some know the address, some the profile, some both: identifiers meet across files
        match (seed + i) % 3 {
            0 => file + &format!("p{n}@x.example,\n"),
            1 => file + &format!(",linkedin.com/in/p{n}\n"),
            _ => file + &format!("P{n}@X.example,uk.linkedin.com/in/P{n}/\n"),
        }
    })
}

#[test]
fn imports_into_two_campaigns_at_once_never_take_one_person_twice() {
    on_both(|place: Arc<Place>| async move {
        let campaigns = [
            place.engine.create_campaign(&place.actor, "First").await?,
            place.engine.create_campaign(&place.actor, "Second").await?,
        ];
        let mut imports = Vec::new();
        for seed in 0..6 {
            let import = place
                .draft(Some(campaigns[seed % 2]), &file(seed, 900), |s| {
                    s.policy = if seed < 3 { DuplicatePolicy::Active } else { DuplicatePolicy::Workspace };
                    s.status = LeadStatus::InProgress;
                })
                .await?;
            place.engine.run_import(&place.actor, import).await?;
            imports.push(import);
        }
        let (stop, stopped) = watch::channel(false);
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (engine, stopped) = (place.engine.clone(), stopped.clone());
                tokio::spawn(async move { engine.work(stopped).await })
            })
            .collect();
        for &import in &imports {
            while place.engine.get_import_progress(&place.actor, import).await?.state.is_busy() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
        stop.send(true)?;
        for worker in workers {
            worker.await?;
        }
        for &import in &imports {
            let summary = place.engine.get_import_summary(&place.actor, import).await?;
            assert_eq!(summary.import.problem, None, "no failed batch is shown");
            assert_eq!(summary.import.counts.total(), 900);
            assert_eq!(summary.import.counts.of(Outcome::Failed), 0);
        }
        // I2: everyone is in progress, so nobody may be in both campaigns
        let first: std::collections::HashSet<_> = place.leads(campaigns[0]).await?.iter().map(|l| l.contact).collect();
        let second = place.leads(campaigns[1]).await?;
        assert!(second.iter().all(|l| !first.contains(&l.contact)), "someone is written to by both");
        Ok(())
    });
}
