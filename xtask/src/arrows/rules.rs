//! Who may import whom. The drawing of it is in the README of the workspace.

/// What one crate may import.
pub struct Rule {
    /// The crate.
    pub name: &'static str,
    /// Crates of this workspace it may import.
    pub rooms: &'static [&'static str],
    /// Crates it may import only as an optional dependency, behind a feature.
    pub when_optional: &'static [&'static str],
    /// Crates from outside it must not import.
    pub never: &'static [&'static str],
    /// When given, all it may import from outside.
    pub only: Option<&'static [&'static str]>,
}

const NOTHING: &[&str] = &[];

/// One rule for each crate.
pub const RULES: [Rule; 10] = [
    Rule {
        name: "domain",
        rooms: NOTHING,
        when_optional: NOTHING,
        // Neither input nor output, nor a clock, nor chance.
        never: &["axum", "chrono", "csv", "getrandom", "http", "jiff", "leptos", "rand", "sqlx", "time", "tokio"],
        only: None,
    },
    Rule {
        name: "matching",
        rooms: &["domain"],
        when_optional: NOTHING,
        // The same people are the same tomorrow: nothing that waits, asks the time or throws dice.
        never: &["axum", "chrono", "futures", "getrandom", "http", "jiff", "leptos", "rand", "sqlx", "time", "tokio"],
        only: None,
    },
    Rule {
        name: "sheet",
        rooms: &["domain"],
        when_optional: NOTHING,
        never: &["axum", "futures", "http", "leptos", "sqlx", "tokio"],
        only: None,
    },
    Rule { name: "store", rooms: &["domain"], when_optional: NOTHING, never: &["axum", "http", "leptos"], only: None },
    Rule {
        name: "engine",
        rooms: &["domain", "matching", "sheet", "store"],
        when_optional: NOTHING,
        never: &["axum", "http", "hyper", "leptos", "sqlx", "tower", "tower-http"],
        only: None,
    },
    Rule {
        name: "app",
        rooms: &["domain"],
        when_optional: &["engine", "http"],
        never: &["axum", "csv", "hyper", "sqlx", "tokio"],
        only: None,
    },
    Rule {
        name: "frontend",
        rooms: &["app"],
        when_optional: NOTHING,
        never: NOTHING,
        only: Some(&["console_error_panic_hook", "leptos", "wasm-bindgen"]),
    },
    Rule {
        name: "server",
        rooms: &["app", "domain", "engine", "sheet"],
        when_optional: NOTHING,
        never: &["sqlx"],
        only: None,
    },
    Rule {
        name: "xtask",
        rooms: NOTHING,
        when_optional: NOTHING,
        never: &["axum", "leptos", "sqlx", "tokio"],
        only: None,
    },
    Rule {
        name: "end2end",
        rooms: NOTHING,
        when_optional: NOTHING,
        // It knows what a person knows: the pages.
        never: &["axum", "leptos", "sqlx"],
        only: None,
    },
];

/// What never reaches the browser, directly or not.
pub const BROWSER_NEVER: &[&str] = &[
    "argon2",
    "axum",
    "calamine",
    "engine",
    "hyper",
    "libsqlite3-sys",
    "matching",
    "mio",
    "ring",
    "server",
    "sheet",
    "sqlx",
    "sqlx-core",
    "store",
    "tokio",
];
