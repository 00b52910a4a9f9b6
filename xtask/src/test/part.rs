//! The list of the parts.

use super::{browser, context::Context, lint, unit};
use crate::arrows;

/// One part of the test command.
pub struct Part {
    /// What one types to run it alone.
    pub name: &'static str,
    /// What it checks.
    pub summary: &'static str,
    /// Runs it; returns a remark for the closing table.
    pub run: fn(&mut Context) -> anyhow::Result<String>,
}

/// Every part, in the order in which they run: quick ones first, so that a slip shows early.
pub const PARTS: [Part; 7] = [
    Part { name: "fmt", summary: "the source is formatted", run: lint::fmt },
    Part {
        name: "arrows",
        summary: "each crate imports only what it may",
        run: |context| arrows::check(&context.project),
    },
    Part { name: "clippy", summary: "no warning, for the server and for the browser", run: lint::clippy },
    Part { name: "doc", summary: "the documentation builds without a warning", run: lint::doc },
    Part { name: "unit", summary: "every test but the browser's, on SQLite and PostgreSQL", run: unit::run },
    Part { name: "build", summary: "the site and the server build", run: browser::build },
    Part { name: "browser", summary: "a real browser walks the journeys", run: browser::run },
];
