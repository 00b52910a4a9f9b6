//! Shows what is found in a file: `cargo run -p sheet --example inspect -- leads.csv`.

use std::path::Path;

use sheet::{Limits, Overrides, inspect};

fn main() {
    for path in std::env::args().skip(1) {
        match inspect(Path::new(&path), &Overrides::default(), &Limits::default()) {
            Ok(found) => println!("{}", serde_json::to_string(&found).expect("texts and numbers")),
            Err(error) => println!("{}", serde_json::json!({ "error": error.to_string() })),
        }
    }
}
