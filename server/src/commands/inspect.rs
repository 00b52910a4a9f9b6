//! `onefold inspect FILE [--rows]`.

use std::io::{BufWriter, Write};

use serde_json::json;

use crate::arguments::Inspect;

/// Prints how a file is written, and its rows if asked.
pub fn run(arguments: &Inspect) -> anyhow::Result<()> {
    let limits = sheet::Limits::default();
    let found = sheet::inspect(&arguments.file, &sheet::Overrides::default(), &limits)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let dialect = &found.dialect;
    let csv = dialect.format == sheet::Format::Csv;
    let object = json!({
        "format": dialect.format,
        "encoding": dialect.encoding,
        "delimiter": csv.then_some(dialect.delimiter),
        "quote": dialect.quote,
        "headerRow": dialect.header_row,
        "columns": found.columns,
        "rowCount": found.row_count,
        "sheet": dialect.sheet,
        "sheets": found.sheets,
        "problems": found.problems,
        "problemCount": found.problem_count,
    });
    writeln!(out, "{object}")?;
    if arguments.rows {
        writeln!(out, "{}", json!(found.columns))?;
        for record in sheet::open(&arguments.file, dialect, &limits)? {
            writeln!(out, "{}", json!(record?.fields))?;
        }
    }
    Ok(out.flush()?)
}
