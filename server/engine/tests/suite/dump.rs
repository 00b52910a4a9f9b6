//! The whole database as text, read past the code under test: two dumps are equal when nothing that concerns people
//! changed.

use domain::PersonField;
use domain::ids::ContactId;
use store::{Dialect, Sql, Store, contacts};

use crate::support::Place;

/// What is no part of what people are: who did what and when, what waits to be compared, and the machinery.
const NOT_PEOPLE: &[&str] = &[
    "audit_event",
    "contact_event",
    "contact_to_match",
    "id_block",
    "import",
    "import_row",
    "job",
    "mapping_memory",
    "merge_event",
    "session",
    "tag",
];

/// Every row of every table that concerns people of the actor's workspace, sorted.
pub async fn dump(place: &Place) -> anyhow::Result<Vec<String>> {
    let store = Store::open(&place.url).await?;
    let rows = dump_of(&store, place).await;
    store.close().await;
    rows
}

/// The same over a connection that is open.
pub async fn dump_of(store: &Store, place: &Place) -> anyhow::Result<Vec<String>> {
    let (columns, hex) = match store.dialect() {
        Dialect::Sqlite => (
            "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' \
             ORDER BY m.name, c.cid",
            "hex(",
        ),
        Dialect::Postgres => (
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' \
             ORDER BY table_name, ordinal_position",
            "encode(",
        ),
    };
    let mut tx = store.read().await?;
    let columns: Vec<(String, String, String)> = tx.all(Sql::new(columns)).await?;
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for (table, column, kind) in columns {
        if NOT_PEOPLE.contains(&table.as_str()) || ["updated_at", "look_at"].contains(&column.as_str()) {
            continue;
        }
        if tables.last().is_none_or(|(last, _)| *last != table) {
            tables.push((table.clone(), Vec::new()));
        }
        let text = match kind.to_lowercase().as_str() {
            "blob" | "bytea" if hex == "hex(" => format!("hex({column})"),
            "blob" | "bytea" => format!("encode({column}, 'hex')"),
            _ => format!("CAST({column} AS TEXT)"),
        };
        if let Some((_, columns)) = tables.last_mut() {
            columns.push(format!("'{column}=' || COALESCE({text}, 'none')"));
        }
    }
    let mut out = Vec::new();
    for (table, columns) in tables {
        // a counter that went back to nought says the same as one that never was
        let only = if table == "lead_count" { " AND leads <> 0" } else { "" };
        let ours = if columns.iter().any(|c| c.starts_with("'workspace_id=")) {
            format!("workspace_id = {}", place.actor.workspace.0)
        } else {
            "1 = 1".to_owned()
        };
        let query = format!("SELECT {} FROM {table} WHERE {ours}{only}", columns.join(" || ' ' || "));
        let rows: Vec<(String,)> = tx.all(Sql::new(Box::leak(query.into_boxed_str()))).await?;
        out.extend(rows.into_iter().map(|(row,)| format!("{table}: {row}")));
    }
    out.sort();
    Ok(out)
}

/// Fails with the rows that only one of two dumps has.
pub fn same(before: &[String], after: &[String]) -> anyhow::Result<()> {
    let gone: Vec<_> = before.iter().filter(|row| after.binary_search(row).is_err()).collect();
    let new: Vec<_> = after.iter().filter(|row| before.binary_search(row).is_err()).collect();
    anyhow::ensure!(gone.is_empty() && new.is_empty(), "gone: {gone:#?}\nnew: {new:#?}");
    Ok(())
}

/// The contact whose primary address this is.
pub async fn contact(place: &Place, email: &str) -> anyhow::Result<ContactId> {
    let store = Store::open(&place.url).await?;
    let all = contacts::after(&mut store.read().await?, place.actor.workspace, ContactId(0), 100_000).await?;
    store.close().await;
    all.into_iter()
        .find(|c| c.person.get(PersonField::Email) == email)
        .map(|c| c.id)
        .ok_or_else(|| anyhow::anyhow!("nobody has {email}"))
}

/// A contact as it is stored.
pub async fn stored(place: &Place, id: ContactId) -> anyhow::Result<contacts::Contact> {
    let store = Store::open(&place.url).await?;
    let found = contacts::among(&mut store.read().await?, place.actor.workspace, &[id]).await?.pop();
    store.close().await;
    found.ok_or_else(|| anyhow::anyhow!("no {id}"))
}
