//! Sample people for a workspace that has none of its own yet: an ordinary import, with everything that belongs to one.

use domain::Act;
use domain::ids::{CampaignId, ImportId};

use crate::{Actor, Engine, Error, Result};

/// The file that the wizard offers for download.
const SAMPLE: &[u8] = include_bytes!("../../../../style/assets/sample-leads.csv");
const NAME: &str = "Sample campaign";

impl Engine {
    /// Imports the sample file into a campaign, or into a new one. It runs like any import, and can be undone like one.
    ///
    /// # Errors
    /// As for an import of a file: when there is no such campaign, or it is archived.
    pub async fn import_sample(&self, actor: &Actor, campaign: Option<CampaignId>) -> Result<(CampaignId, ImportId)> {
        actor.may(Act::Import)?;
        let campaign = match campaign {
            Some(campaign) => campaign,
            None => self.create_campaign(actor, NAME).await?,
        };
        let import = self.new_draft(actor, Some(campaign)).await?;
        let upload = self.place_for_upload(actor, import).await?;
        tokio::fs::write(upload.place(), SAMPLE)
            .await
            .map_err(|e| Error::file("The sample could not be written", &e))?;
        self.take_upload(actor, import, upload, "sample-leads.csv", SAMPLE.len() as u64).await?;
        self.run_import(actor, import).await?;
        Ok((campaign, import))
    }
}
