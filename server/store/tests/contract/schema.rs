//! Both migration folders make the same schema.

use std::collections::{BTreeMap, BTreeSet};

use store::person_tables::PERSON_TABLES;
use store::{Dialect, Sql, Store};

use crate::support::on_both;

type Columns = BTreeMap<String, Vec<(String, String, bool)>>;

/// Table → columns with type and whether NULL is refused, in one spelling.
async fn columns(store: &Store) -> anyhow::Result<Columns> {
    let query = match store.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"
        }
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), \
             CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS BIGINT) FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'"
        }
    };
    let rows: Vec<(String, String, String, i64)> = store.read().await?.all(Sql::new(query)).await?;
    let mut tables: Columns = BTreeMap::new();
    for (table, column, kind, not_null) in rows {
        let kind = match kind.to_lowercase().as_str() {
            "integer" | "bigint" => "integer",
            "blob" | "bytea" => "bytes",
            "text" => "text",
            other => panic!("{table}.{column} is {other}"),
        };
        tables.entry(table).or_default().push((column, kind.to_owned(), not_null != 0));
    }
    for columns in tables.values_mut() {
        columns.sort();
    }
    Ok(tables)
}

/// The indexes by name.
async fn indexes(store: &Store) -> anyhow::Result<Vec<String>> {
    let query = match store.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        Dialect::Postgres => {
            "SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE schemaname = 'public' \
             AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key' ORDER BY indexname"
        }
    };
    let rows: Vec<(String,)> = store.read().await?.all(Sql::new(query)).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let found = std::sync::Mutex::new(Vec::new());
    on_both(|store| {
        let found = &found;
        async move {
            let schema = (columns(&store).await?, indexes(&store).await?);
            found.lock().unwrap().push(schema);
            Ok(())
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found[0].0.len() > 20, "the walk sees the tables");
    assert_eq!(found[0], found[1]);
}

/// Every table that belongs to a workspace says so, first of all in its key or index.
#[test]
fn every_table_of_a_workspace_carries_it() {
    on_both(|store| async move {
        for (table, columns) in columns(&store).await? {
            let global = ["id_block", "user_account", "workspace"];
            let carries = columns.iter().any(|(name, _, not_null)| name == "workspace_id" && *not_null);
            assert!(carries || global.contains(&table.as_str()), "{table} has no workspace_id");
        }
        Ok(())
    });
}

/// Table and column of every foreign key to contact or lead.
async fn references(store: &Store) -> anyhow::Result<Vec<(String, String)>> {
    let query = match store.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, f.\"from\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" IN ('contact', 'lead')"
        }
        Dialect::Postgres => {
            "SELECT CAST(r.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_constraint k \
             JOIN pg_class r ON r.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid \
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) \
             WHERE k.contype = 'f' AND t.relname IN ('contact', 'lead')"
        }
    };
    Ok(store.read().await?.all(Sql::new(query)).await?)
}

/// A new table with a person's data cannot be forgotten: it needs a rule for merge, undo, erase and export.
#[test]
fn every_table_that_leads_to_a_person_has_its_rules() {
    on_both(|store| async move {
        let named: BTreeSet<(String, String)> = columns(&store)
            .await?
            .into_iter()
            .flat_map(|(table, columns)| columns.into_iter().map(move |(column, ..)| (table.clone(), column)))
            .filter(|(_, column)| {
                let leads = ["contact_id", "lead_id", "survivor_id", "loser_id", "merged_into", "origin_id"];
                leads.iter().any(|word| column.contains(word))
            })
            .collect();
        let referring: BTreeSet<_> = references(&store).await?.into_iter().collect();
        assert!(referring.len() > 8, "the walk sees the references");
        let found: BTreeSet<_> = named.union(&referring).cloned().collect();
        let listed: BTreeSet<_> = PERSON_TABLES.iter().map(|t| (t.table.to_owned(), t.column.to_owned())).collect();
        assert_eq!(listed.len(), PERSON_TABLES.len(), "each once");
        let missing: Vec<_> = found.difference(&listed).collect();
        let stale: Vec<_> = listed.difference(&found).collect();
        assert!(missing.is_empty() && stale.is_empty(), "no rule for {missing:?}; no such column {stale:?}");
        assert!(PERSON_TABLES.iter().all(|t| [t.merge, t.undo, t.erase, t.export].iter().all(|rule| rule.len() > 2)));
        Ok(())
    });
}
