//! The arrows of the house: which crate may import which. A crate cannot use what its manifest
//! does not list, so the manifests are what is checked, and for the browser the whole tree.

mod rules;

use std::collections::BTreeSet;

use anyhow::bail;
use serde_json::Value;

use self::rules::{BROWSER_NEVER, RULES, Rule};
use crate::child;
use crate::project::{Project, packages};
use crate::tools::WASM;

/// Checks every manifest and the tree of the browser.
///
/// # Errors
/// Names every arrow that should not be there.
pub fn check(project: &Project) -> anyhow::Result<String> {
    let mut wrong = wrong_manifests(&project.metadata);
    let mut cargo = child::cargo(&project.root);
    cargo.args(["tree", "--package", &project.web.frontend]);
    cargo.args(["--target", WASM, "--edges", "normal"]);
    cargo.args(["--prefix", "none", "--format", "{p}"]);
    let tree = child::output(&mut cargo)?;
    let browser: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    wrong.extend(wrong_in_browser(&browser));
    if !wrong.is_empty() {
        bail!("{} wrong arrows:\n  {}", wrong.len(), wrong.join("\n  "));
    }
    let (crates, carried) = (RULES.len(), browser.len());
    Ok(format!("{crates} crates; the browser's tree holds {carried}"))
}

fn wrong_in_browser(names: &BTreeSet<&str>) -> Vec<String> {
    BROWSER_NEVER
        .iter()
        .filter(|name| names.contains(*name))
        .map(|name| format!("the browser's tree holds {name}"))
        .collect()
}

fn wrong_manifests(metadata: &Value) -> Vec<String> {
    let rooms: BTreeSet<&str> = packages(metadata).filter_map(|package| package["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for package in packages(metadata) {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            wrong.push(format!("{name} has no rule in xtask/src/arrows/rules.rs"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if let Some(reason) = forbidden(rule, dependency, &rooms) {
                wrong.push(format!("{name} {reason}"));
            }
        }
    }
    for rule in RULES.iter().filter(|rule| !rooms.contains(rule.name)) {
        wrong.push(format!("there is a rule for {}, which is gone", rule.name));
    }
    wrong
}

/// Why this crate may not have this dependency, of whatever kind: tests keep the arrows too.
fn forbidden(rule: &Rule, dependency: &Value, rooms: &BTreeSet<&str>) -> Option<String> {
    let name = dependency["name"].as_str().unwrap_or_default();
    let optional = dependency["optional"] == true;
    if rule.when_optional.contains(&name) {
        return (!optional).then(|| format!("imports {name} without its feature"));
    }
    let allowed = if rooms.contains(name) {
        rule.rooms.contains(&name)
    } else {
        !rule.never.contains(&name) && rule.only.is_none_or(|only| only.contains(&name))
    };
    (!allowed).then(|| format!("imports {name}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn house(changed: &str, dependencies: Value) -> Value {
        let packages: Vec<Value> = RULES
            .iter()
            .map(|rule| {
                let list = if rule.name == changed { dependencies.clone() } else { json!([]) };
                json!({ "name": rule.name, "dependencies": list })
            })
            .collect();
        json!({ "packages": packages })
    }

    #[test]
    fn wrong_arrows_are_named() {
        let cases = [
            ("store", "sqlx", None),
            ("store", "tokio", None),
            ("server", "sqlx", Some("server imports sqlx")),
            ("server", "store", Some("server imports store")),
            ("engine", "store", None),
            ("engine", "axum", Some("engine imports axum")),
            ("store", "engine", Some("store imports engine")),
            ("matching", "tokio", Some("matching imports tokio")),
            ("sheet", "tokio", Some("sheet imports tokio")),
            ("domain", "csv", Some("domain imports csv")),
            ("app", "engine", Some("app imports engine without its feature")),
            ("app", "store", Some("app imports store")),
            ("frontend", "leptos", None),
            ("frontend", "web-sys", Some("frontend imports web-sys")),
            ("end2end", "sqlx", Some("end2end imports sqlx")),
        ];
        for (name, dependency, wrong) in cases {
            let house = house(name, json!([{ "name": dependency, "optional": false }]));
            let found = wrong_manifests(&house);
            let expected: Vec<_> = wrong.into_iter().map(str::to_owned).collect();
            assert_eq!(found, expected, "{name} → {dependency}");
        }
    }

    #[test]
    fn pages_may_have_the_engine_behind_their_feature() {
        let house = house("app", json!([{ "name": "engine", "optional": true }]));
        assert_eq!(wrong_manifests(&house), Vec::<String>::new());
    }

    #[test]
    fn a_room_without_a_rule_is_named() {
        let mut house = house("", json!([]));
        if let Some(packages) = house["packages"].as_array_mut() {
            packages.push(json!({ "name": "cellar", "dependencies": [] }));
        }
        assert!(wrong_manifests(&house)[0].starts_with("cellar has no rule"));
    }

    #[test]
    fn a_server_crate_in_the_browser_is_named() {
        let names = BTreeSet::from(["leptos", "tokio"]);
        assert_eq!(wrong_in_browser(&names), ["the browser's tree holds tokio"]);
    }
}
