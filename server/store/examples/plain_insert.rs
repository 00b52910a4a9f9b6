//! The baseline of `cargo xtask bench`: the rows of a file into the same tables with the same indexes, row by row in
//! one transaction, by the raw SQLite driver on one thread. No matching, no decisions: every row is a new person.

use std::error::Error;
use std::time::Instant;

use rusqlite::{Connection, params};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(database)) = (arguments.next(), arguments.next()) else {
        return Err("usage: plain_insert FILE DATABASE".into());
    };
    let mut connection = Connection::open(database)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;")?;
    connection.execute_batch(include_str!("../../../migrations/sqlite/0001_base.sql"))?;
    connection.execute_batch(
        "INSERT INTO user_account VALUES (1, 'a', x'00', 'a', '', 0);
         INSERT INTO workspace VALUES (1, 'w', '', 'active', 0, 0);
         INSERT INTO campaign VALUES (1, 1, 'c', 'c', 1, NULL, 0, 0);",
    )?;
    let started = Instant::now();
    let rows = insert(&mut connection, &file)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("{{\"rows\":{rows},\"seconds\":{seconds:.3}}}");
    Ok(())
}

fn insert(connection: &mut Connection, file: &str) -> Result<i64, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file)?;
    let transaction = connection.transaction()?;
    let mut rows: i64 = 0;
    {
        let blanks = ", ''".repeat(23 - 5);
        let mut contact = transaction.prepare(&format!(
            "INSERT INTO contact (id, workspace_id, email, first_name, last_name, company_name, job_title, \
             company_domain, phone, linkedin_url, linkedin_url_sales_nav, industry, city, postcode, street, country, \
             timezone, date_of_birth, picture, preferred_contact_method, contact_owner, external_id, custom, search, \
             name_key, company_key, do_not_contact, created_at, updated_at) \
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6{blanks}, ?2, 0, 0, 0)"
        ))?;
        let mut identity = transaction.prepare("INSERT OR IGNORE INTO identity VALUES (1, ?1, ?2)")?;
        let mut source = transaction.prepare("INSERT INTO contact_source VALUES (1, ?1, 'import', 1, 0)")?;
        let mut lead = transaction.prepare("INSERT INTO lead VALUES (?1, 1, 1, ?1, 'toLaunch', ?2, 1, 0, 0)")?;
        let mut outcome = transaction.prepare(
            "INSERT INTO import_row (workspace_id, import_id, row_number, outcome, reason, who, contact_id) \
             VALUES (1, 1, ?1, 'created', 'newPerson', '', ?1)",
        )?;
        for record in reader.byte_records() {
            let record = record?;
            rows += 1;
            let cell = |i: usize| String::from_utf8_lossy(record.get(i).unwrap_or_default()).into_owned();
            contact.execute(params![rows, cell(0), cell(1), cell(2), cell(3), cell(4)])?;
            // two identifiers a row, spread over the key space like real ones
            for salt in [0x9e37_79b9_7f4a_7c15_u64, 0xc2b2_ae3d_27d4_eb4f] {
                let mixed = u128::from(rows.unsigned_abs().wrapping_mul(salt)).wrapping_mul(u128::from(salt));
                identity.execute(params![mixed.to_be_bytes(), rows])?;
            }
            source.execute(params![rows])?;
            lead.execute(params![rows, cell(13)])?;
            outcome.execute(params![rows])?;
        }
    }
    transaction.commit()?;
    Ok(rows)
}
