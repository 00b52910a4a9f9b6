//! How near two folded words or names are.

use strsim::{jaro_winkler, osa_distance};

use super::fold::skeleton;
use super::nicknames::is_nickname;
use super::profile::sound;

/// How near two names are, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Nearness {
    Same,
    Spelling,
    Nickname,
    Part,
    Typo,
    Shortened,
    Similar,
    Initial,
    Different,
}

/// How near two first names are. Symmetric.
pub(super) fn first_names(one: &str, other: &str) -> Nearness {
    names(one, other, true)
}

/// How near two family names are. Symmetric.
pub(super) fn last_names(one: &str, other: &str) -> Nearness {
    names(one, other, false)
}

fn names(one: &str, other: &str, with_nicknames: bool) -> Nearness {
    if one == other {
        return Nearness::Same;
    }
    // Jaro's count of transpositions depends on the order of its arguments.
    let (one, other) = if one <= other { (one, other) } else { (other, one) };
    if is_initials(one) || is_initials(other) {
        return if same_initials(one, other) { Nearness::Initial } else { Nearness::Different };
    }
    if skeleton(one) == skeleton(other) {
        return Nearness::Spelling;
    }
    let several = one.contains(' ') || other.contains(' ');
    if several && is_part(one, other) {
        return Nearness::Part;
    }
    let whole = words(one, other, with_nicknames);
    if !several {
        return whole;
    }
    // `Bob J` and `Robert John`, `Smith Jones` and `Smyth`: as near as their nearest words, but never nearer than a part.
    let nearest = if with_nicknames {
        words(first_word(one), first_word(other), true)
    } else {
        let pairs = one.split(' ').flat_map(|word| other.split(' ').map(move |second| words(word, second, false)));
        pairs.min().unwrap_or(Nearness::Different)
    };
    let nearest = if nearest == Nearness::Initial { Nearness::Different } else { nearest.max(Nearness::Nickname) };
    whole.min(nearest)
}

fn words(one: &str, other: &str, with_nicknames: bool) -> Nearness {
    if one == other {
        return Nearness::Same;
    }
    if with_nicknames && is_nickname(one, other) {
        return Nearness::Nickname;
    }
    let (short, long) = sorted_lengths(one, other);
    if short < 2 {
        return Nearness::Different;
    }
    let edits = if long - short <= 3 { osa_distance(one, other) } else { usize::MAX };
    if edits == 1 && long >= 4 || edits == 2 && long >= 8 {
        return Nearness::Typo;
    }
    if short >= 3 && long > short && (one.starts_with(other) || other.starts_with(one)) {
        return Nearness::Shortened;
    }
    let likeness = jaro_winkler(one, other);
    let same_start = one.chars().next() == other.chars().next();
    let is_like = likeness >= 0.91 && short >= 4
        || edits == 1
        || edits == 2 && (long >= 6 || long == 5 && same_start)
        || edits == 3 && short >= 8
        || short >= 4 && same_letters(one, other);
    if is_like || likeness >= 0.75 && short >= 3 && sound(one) == sound(other) {
        return Nearness::Similar;
    }
    Nearness::Different
}

/// How near two other texts are, such as towns: the same, mistyped, or different. Symmetric.
pub(super) fn texts(one: &str, other: &str) -> Nearness {
    if one == other {
        return Nearness::Same;
    }
    let (one, other) = if one <= other { (one, other) } else { (other, one) };
    let without_spaces = |text: &str| text.replace(' ', "");
    if without_spaces(one) == without_spaces(other) {
        return Nearness::Spelling;
    }
    let (short, long) = sorted_lengths(one, other);
    let edits = if long - short <= 3 { osa_distance(one, other) } else { usize::MAX };
    if edits == 1 && long >= 4
        || edits == 2 && long >= 6
        || edits == 3 && short >= 9
        || jaro_winkler(one, other) >= 0.93
    {
        return Nearness::Typo;
    }
    if short >= 4 && is_part(one, other) { Nearness::Part } else { Nearness::Different }
}

/// Whether all words of the shorter are words of the longer, or initials of them, and one is a whole word.
fn is_part(one: &str, other: &str) -> bool {
    let (few, many) = if one.split(' ').count() <= other.split(' ').count() { (one, other) } else { (other, one) };
    let mut whole = false;
    let all = few.split(' ').all(|word| {
        let equal = many.split(' ').any(|second| second == word);
        whole |= equal && word.len() > 1;
        let is_initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
        equal || many.split(' ').any(|second| is_initial(word, second) || is_initial(second, word))
    });
    all && whole
}

/// Whether two words hold the same letters in another order, as fast typing leaves them.
fn same_letters(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

/// `j`, `j p`: initials and nothing else.
fn is_initials(name: &str) -> bool {
    name.split(' ').all(|word| word.chars().count() == 1)
}

fn same_initials(one: &str, other: &str) -> bool {
    one.chars().next() == other.chars().next()
}

fn first_word(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

fn sorted_lengths(one: &str, other: &str) -> (usize, usize) {
    let (one, other) = (one.chars().count(), other.chars().count());
    (one.min(other), one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_names() {
        for (one, other, nearness) in [
            ("jane", "jane", Nearness::Same),
            ("mueller", "muller", Nearness::Spelling),
            ("bob", "robert", Nearness::Nickname),
            ("anna", "anna maria", Nearness::Part),
            ("john p", "john paul", Nearness::Part),
            ("stephen", "stephan", Nearness::Typo),
            ("konstantin", "konst", Nearness::Shortened),
            ("j", "jane", Nearness::Initial),
            ("j p", "jean paul", Nearness::Initial),
            ("k", "jane", Nearness::Different),
            ("bob j", "robert john", Nearness::Nickname),
            ("peter", "anna", Nearness::Different),
        ] {
            assert_eq!(first_names(one, other), nearness, "{one} {other}");
            assert_eq!(first_names(other, one), nearness, "{other} {one}");
        }
        assert_eq!(last_names("smith jones", "jones"), Nearness::Part);
        assert_eq!(last_names("mccarthy", "mccattmhy"), Nearness::Typo);
        assert_eq!(last_names("bob", "robert"), Nearness::Different);
    }
}
