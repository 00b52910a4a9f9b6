//! Which first names are short for which.

use std::sync::LazyLock;

use super::common_names::first_name_rank;

/// English names: one formal name a line, then the names it is called by. Apache-2.0, see LICENSE-nicknames.
const ENGLISH: &str = include_str!("nicknames.txt");

/// The same for German, Spanish, Italian, French, Polish and Russian names; our own list.
const EUROPEAN: &str = include_str!("nicknames_european.txt");

/// The most formal names a nickname is looked for under: `chris` has eighteen, and each costs a stored key.
const MOST_ROOTS: usize = 2;

/// (nickname, formal name), sorted, so that the formal names of a nickname stand side by side.
static FORMAL_NAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = ENGLISH.lines().chain(EUROPEAN.lines()).filter_map(|line| line.split_once(':'));
    let mut pairs: Vec<(&str, &str)> = lines
        .flat_map(|(formal, nicknames)| nicknames.split_whitespace().map(move |nickname| (nickname, formal.trim())))
        .filter(|(nickname, formal)| nickname != formal)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
});

/// The formal names, sorted.
static FORMAL: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut formal: Vec<&str> = FORMAL_NAMES.iter().map(|(_, formal)| *formal).collect();
    formal.sort_unstable();
    formal.dedup();
    formal
});

/// The formal names that a name may be short for, in alphabetical order.
fn formal_names(name: &str) -> &'static [(&'static str, &'static str)] {
    let start = FORMAL_NAMES.partition_point(|(nickname, _)| *nickname < name);
    let end = start + FORMAL_NAMES[start..].partition_point(|(nickname, _)| *nickname == name);
    &FORMAL_NAMES[start..end]
}

/// Whether one name is short for the other, or both are short for a third (`bob`, `rob`).
pub(super) fn is_nickname(one: &str, other: &str) -> bool {
    let (formal_of_one, formal_of_other) = (formal_names(one), formal_names(other));
    let of_third = || formal_of_one.iter().any(|(_, formal)| formal_of_other.iter().any(|(_, third)| third == formal));
    formal_of_one.iter().any(|(_, formal)| *formal == other)
        || formal_of_other.iter().any(|(_, formal)| *formal == one)
        // Some formal names were short for a third long ago, as William and Robert were.
        || first_name_rank(one).is_none() && first_name_rank(other).is_none() && of_third()
}

/// Whether a name is in the tables, as a formal name, as a nickname or among the commonest: no typo of another.
pub(super) fn is_known(name: &str) -> bool {
    first_name_rank(name).is_some() || !formal_names(name).is_empty() || FORMAL.binary_search(&name).is_ok()
}

/// The names under which somebody called so is looked for: the name itself, and the most usual formal names
/// it is short for.
///
/// A name that is common by itself (`john`, which may also be short for Jonathan) is its own root only.
pub(super) fn roots(name: &str) -> impl Iterator<Item = &str> {
    let mut formal: Vec<&'static str> = Vec::new();
    if first_name_rank(name).is_none() {
        formal = formal_names(name).iter().map(|(_, formal)| *formal).collect();
        formal.sort_by_key(|formal| (first_name_rank(formal).unwrap_or(usize::MAX), *formal));
        formal.truncate(MOST_ROOTS);
    }
    std::iter::once(name).chain(formal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_short_names_in_both_directions() {
        for (one, other) in
            [("robert", "bob"), ("bill", "william"), ("bob", "rob"), ("sascha", "alexander"), ("paco", "francisco")]
        {
            assert!(is_nickname(one, other), "{one} {other}");
            assert!(is_nickname(other, one), "{other} {one}");
        }
        assert!(!is_nickname("robert", "william"));
        assert!(!is_nickname("", ""));
    }

    #[test]
    fn a_short_name_is_looked_for_under_its_formal_name() {
        assert_eq!(roots("bob").take(2).collect::<Vec<_>>(), ["bob", "robert"]);
        assert_eq!(roots("robert").collect::<Vec<_>>(), ["robert"]);
        assert!(roots("chris").count() <= 1 + MOST_ROOTS);
    }
}
