//! Admin → Fields: the team's own fields of a person.

use domain::custom::FieldUse;
use domain::ids::FieldId;
use domain::{Act, CustomField, FieldKind, PersonField, Problem};
use store::{Tx, audit, fields};

use crate::{Actor, Engine, Error, Result};

/// Longer names break every table.
const NAME_CHARACTERS: usize = 60;
/// More options than this is a text.
const OPTIONS: usize = 200;

impl Engine {
    /// The fields of the workspace, and those that were removed and can come back.
    ///
    /// # Errors
    /// As the database says.
    pub async fn list_fields(&self, actor: &Actor) -> Result<FieldUse> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        Ok(FieldUse {
            fields: fields::list(&mut tx, actor.workspace).await?,
            removed: fields::removed(&mut tx, actor.workspace).await?,
        })
    }

    /// Adds a field.
    ///
    /// # Errors
    /// Refuses a name that another field has, and options that cannot be used.
    pub async fn add_field(
        &self,
        actor: &Actor,
        name: &str,
        kind: FieldKind,
        options: Vec<String>,
    ) -> Result<CustomField> {
        actor.may(Act::ManageFields)?;
        let id = FieldId(self.store().reserve("field", 1).await?);
        let mut tx = self.store().write().await?;
        if fields::list(&mut tx, actor.workspace).await?.len() >= fields::MOST {
            return Err(Error::refused(format!(
                "A workspace has room for {} fields. Remove one that nobody uses first.",
                fields::MOST
            )));
        }
        let name = usable_name(&mut tx, actor, name, None).await?;
        let field = CustomField { id, name, kind, options: usable_options(kind, options)? };
        let key = matching::fold_text(&field.name);
        fields::add(&mut tx, actor.workspace, &field, &key, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "field.add", id.to_string(), kind.word())).await?;
        tx.commit().await?;
        Ok(field)
    }

    /// Gives a field another name and other options. Its type stays, and so does what people have in it: someone with an
    /// option that is gone keeps it until it is changed by hand.
    ///
    /// # Errors
    /// As `add_field`, and when there is no such field.
    pub async fn update_field(
        &self,
        actor: &Actor,
        id: FieldId,
        name: &str,
        options: Vec<String>,
    ) -> Result<CustomField> {
        actor.may(Act::ManageFields)?;
        let mut tx = self.store().write().await?;
        let old = field(&mut tx, actor, id).await?;
        let name = usable_name(&mut tx, actor, name, Some(id)).await?;
        let field = CustomField { name, options: usable_options(old.kind, options)?, ..old };
        let key = matching::fold_text(&field.name);
        fields::update(&mut tx, actor.workspace, &field, &key, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "field.update", id.to_string(), "")).await?;
        tx.commit().await?;
        Ok(field)
    }

    /// How many contacts have a value in a field: asked before it is removed.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn count_field(&self, actor: &Actor, id: FieldId) -> Result<u64> {
        actor.may(Act::ManageFields)?;
        let mut tx = self.store().read().await?;
        field(&mut tx, actor, id).await?;
        Ok(fields::people(&mut tx, actor.workspace, id).await?)
    }

    /// Removes a field: it disappears from every page at once. What people have in it stays out of sight for thirty days,
    /// so that it can come back whole; then it is cleared.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn remove_field(&self, actor: &Actor, id: FieldId) -> Result<()> {
        actor.may(Act::ManageFields)?;
        let mut tx = self.store().write().await?;
        field(&mut tx, actor, id).await?;
        // no field can be called so: a name is folded, and holds no capitals
        let key = format!("REMOVED {id}");
        fields::set_removed(&mut tx, actor.workspace, id, Some(self.now()), &key).await?;
        audit::record(&mut tx, self.event(actor, "field.remove", id.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }

    /// Brings a removed field back, with what people had in it.
    ///
    /// # Errors
    /// Refuses when another field has its name by now.
    pub async fn restore_field(&self, actor: &Actor, id: FieldId) -> Result<()> {
        actor.may(Act::ManageFields)?;
        let mut tx = self.store().write().await?;
        let removed = fields::removed(&mut tx, actor.workspace).await?;
        let (field, _) = removed.into_iter().find(|(field, _)| field.id == id).ok_or(Error::NotFound("field"))?;
        let key = matching::fold_text(&field.name);
        if taken(&mut tx, actor, &key, None).await? {
            return Err(Error::conflict(format!(
                "There is another field “{}” by now. Give that one another name first; nothing was changed.",
                field.name
            )));
        }
        fields::set_removed(&mut tx, actor.workspace, id, None, &key).await?;
        audit::record(&mut tx, self.event(actor, "field.restore", id.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }
}

async fn field(tx: &mut Tx, actor: &Actor, id: FieldId) -> Result<CustomField> {
    let found = fields::list(tx, actor.workspace).await?.into_iter().find(|field| field.id == id);
    found.ok_or(Error::NotFound("field"))
}

async fn taken(tx: &mut Tx, actor: &Actor, key: &str, but: Option<FieldId>) -> Result<bool> {
    let known = fields::list(tx, actor.workspace).await?;
    Ok(known.iter().any(|field| Some(field.id) != but && matching::fold_text(&field.name) == key))
}

async fn usable_name(tx: &mut Tx, actor: &Actor, name: &str, but: Option<FieldId>) -> Result<String> {
    let name = matching::trim_invisible(name).into_owned();
    let refused = |why: String| Err(Problem::field("name", why).into());
    if name.is_empty() {
        return refused("Give the field a name.".to_owned());
    }
    if name.chars().count() > NAME_CHARACTERS || name.chars().any(char::is_control) {
        return refused(format!("Use at most {NAME_CHARACTERS} characters for the name."));
    }
    let key = matching::fold_text(&name);
    let own = PersonField::ALL.iter().map(|field| field.label()).chain(["Full name", "Tags"]);
    if own.into_iter().any(|label| matching::fold_text(label) == key) {
        return refused(format!("Every contact has “{name}” already. Choose another name."));
    }
    if taken(tx, actor, &key, but).await? {
        return refused(format!("There is a field “{name}” already. Choose another name."));
    }
    Ok(name)
}

fn usable_options(kind: FieldKind, options: Vec<String>) -> Result<Vec<String>> {
    if !kind.has_options() {
        return Ok(Vec::new());
    }
    let refused = |why: String| Err(Problem::field("options", why).into());
    let mut usable: Vec<String> = Vec::new();
    for option in options {
        let option = matching::trim_invisible(&option).into_owned();
        if option.is_empty() || usable.iter().any(|known| known.to_lowercase() == option.to_lowercase()) {
            continue;
        }
        if option.contains(';') {
            return refused(format!("“{option}” holds a semicolon, which stands between several options."));
        }
        if option.chars().count() > NAME_CHARACTERS || option.chars().any(char::is_control) {
            return refused(format!("Use at most {NAME_CHARACTERS} characters for an option."));
        }
        usable.push(option);
    }
    if usable.is_empty() {
        return refused("Write at least one option, a line each.".to_owned());
    }
    if usable.len() > OPTIONS {
        return refused(format!("Use at most {OPTIONS} options."));
    }
    Ok(usable)
}
