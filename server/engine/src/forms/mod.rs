//! Registration forms (B5): what the team makes under Admin → Forms. The public side is in `register`.

mod register;

use std::collections::HashSet;

use domain::contact::ContactField;
use domain::form::{ASKABLE, FormField, FormRow, NewForm};
use domain::ids::{CampaignId, FormId};
use domain::{Act, Bucket, CustomField, Outcome, Problem};
use store::{Tx, audit, campaigns, fields, forms};

pub use register::Registered;

use crate::random::random_hex;
use crate::{Actor, Engine, Error, Result};

/// Longer names and headings break the page.
const NAME_CHARACTERS: usize = 120;
/// Longer texts belong on a page of their own, with a link in the text.
const TEXT_CHARACTERS: usize = 4_000;
/// Nobody fills in more than this.
const QUESTIONS: usize = 40;

impl Engine {
    /// The forms of the workspace, newest first, with how many registered.
    ///
    /// # Errors
    /// As the database says.
    pub async fn list_forms(&self, actor: &Actor) -> Result<Vec<FormRow>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let mut rows = forms::list(&mut tx, actor.workspace).await?;
        for (form, outcome, n, at) in forms::outcomes(&mut tx, actor.workspace).await? {
            let Some(row) = rows.iter_mut().find(|row| row.id == form) else { continue };
            row.last_at = row.last_at.max(Some(at));
            if outcome.bucket() == Bucket::Imported || outcome == Outcome::Suppressed {
                row.taken += n;
            } else {
                row.left_out.push((outcome, n));
            }
        }
        Ok(rows)
    }

    /// Makes a form under a public address that nobody can guess.
    ///
    /// # Errors
    /// Refuses texts, questions and campaigns that cannot be used.
    pub async fn add_form(&self, actor: &Actor, form: NewForm) -> Result<FormId> {
        actor.may(Act::ManageForms)?;
        let id = FormId(self.store().reserve("form", 1).await?);
        let token = random_hex::<16>()?;
        let mut tx = self.store().write().await?;
        let form = usable(&mut tx, actor, form, None).await?;
        forms::add(&mut tx, actor.workspace, (id, &token), &form, actor.user, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "form.add", id.to_string(), "")).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a form; its address stays.
    ///
    /// # Errors
    /// As `add_form`, and when there is no such form.
    pub async fn update_form(&self, actor: &Actor, id: FormId, form: NewForm) -> Result<()> {
        actor.may(Act::ManageForms)?;
        let mut tx = self.store().write().await?;
        let known = forms::list(&mut tx, actor.workspace).await?;
        let old = known.into_iter().find(|row| row.id == id).ok_or(Error::NotFound("form"))?;
        let form = usable(&mut tx, actor, form, old.form.campaign).await?;
        forms::update(&mut tx, actor.workspace, id, &form, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "form.update", id.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }

    /// Closes a form, so that it takes nobody any more, or opens it again.
    ///
    /// # Errors
    /// When there is no such form.
    pub async fn close_form(&self, actor: &Actor, id: FormId, closed: bool) -> Result<()> {
        actor.may(Act::ManageForms)?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        if !forms::set_closed(&mut tx, actor.workspace, id, closed.then_some(now), now).await? {
            return Err(Error::NotFound("form"));
        }
        let action = if closed { "form.close" } else { "form.open" };
        audit::record(&mut tx, self.event(actor, action, id.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }
}

/// The form as it is kept, or what is wrong with it. The campaign it leads to already may be archived.
async fn usable(tx: &mut Tx, actor: &Actor, form: NewForm, led_to: Option<CampaignId>) -> Result<NewForm> {
    let refused = |about: &str, why: String| Error::from(Problem::field(about, why));
    let mut form = form;
    form.name = one_line(&form.name);
    form.settings.title = one_line(&form.settings.title);
    for (about, text) in [("name", &form.name), ("title", &form.settings.title)] {
        if text.is_empty() {
            return Err(refused(about, "Write a few words.".to_owned()));
        }
        if text.chars().count() > NAME_CHARACTERS {
            return Err(refused(about, format!("Use at most {NAME_CHARACTERS} characters.")));
        }
    }
    for text in [&mut form.settings.intro, &mut form.settings.consent, &mut form.settings.thanks] {
        *text = matching::trim_invisible_lines(text).into_owned();
    }
    let settings = &form.settings;
    for (about, text) in [("intro", &settings.intro), ("consent", &settings.consent), ("thanks", &settings.thanks)] {
        if text.contains('\0') || text.chars().count() > TEXT_CHARACTERS {
            return Err(refused(about, format!("Use at most {TEXT_CHARACTERS} characters of text.")));
        }
    }
    let own = fields::list(tx, actor.workspace).await?;
    form.settings.fields = questions(&own, &form.settings.fields).map_err(|why| refused("fields", why))?;
    if let Some(campaign) = form.campaign.filter(|_| form.campaign != led_to) {
        let found = campaigns::get(tx, actor.workspace, campaign).await?;
        if found.is_none_or(|campaign| campaign.archived_at.is_some()) {
            return Err(refused("campaign", "This campaign is archived or gone. Choose another one.".to_owned()));
        }
    }
    form.settings.tags.retain(|tag| !matching::is_blank(tag));
    Ok(form)
}

fn one_line(text: &str) -> String {
    matching::trim_invisible(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The questions, each once. One about a field that was removed is left out.
fn questions(own: &[CustomField], asked: &[FormField]) -> std::result::Result<Vec<FormField>, String> {
    let mut seen = HashSet::new();
    let mut questions = Vec::new();
    for question in asked.iter().filter(|question| seen.insert(question.field)) {
        match question.field {
            ContactField::Person(field) if !ASKABLE.contains(&field) => {
                return Err(format!("A public form cannot ask for {}.", field.label()));
            }
            ContactField::Custom(id) if !own.iter().any(|field| field.id == id) => {}
            _ => questions.push(*question),
        }
    }
    if questions.len() > QUESTIONS {
        return Err(format!("Ask at most {QUESTIONS} questions."));
    }
    Ok(questions)
}
