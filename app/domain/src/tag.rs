//! How long a tag may be, and how many are given at once.

/// Characters of a tag, at the most.
pub const TAG_CHARACTERS: usize = 60;
/// Tags that an import gives to everyone it takes, at the most.
pub const TAGS_AT_ONCE: usize = 20;

/// Why a tag cannot be used, in a sentence; none when it can.
pub fn tag_problem(tag: &str) -> Option<String> {
    let long = tag.chars().count();
    if long > TAG_CHARACTERS {
        return Some(format!("A tag has at most {TAG_CHARACTERS} characters; this one has {long}. Make it shorter."));
    }
    tag.contains('\0').then(|| "A tag cannot hold a NUL character. Type it again.".to_owned())
}

/// Why these cannot be given together, in a sentence; none when they can.
pub fn tags_problem<S: AsRef<str>>(tags: &[S]) -> Option<String> {
    if tags.len() > TAGS_AT_ONCE {
        return Some(format!("{TAGS_AT_ONCE} tags are the most. Take one away before you add another."));
    }
    tags.iter().find_map(|tag| tag_problem(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_number_have_an_end() {
        let long = |n: usize| "ä".repeat(n);
        assert_eq!(tag_problem(&long(TAG_CHARACTERS)), None);
        assert!(tag_problem(&long(TAG_CHARACTERS + 1)).unwrap().contains("this one has 61"));
        assert!(tag_problem("a\0").is_some());
        let many = |n: usize| vec!["a"; n];
        assert_eq!(tags_problem(&many(TAGS_AT_ONCE)), None);
        assert!(tags_problem(&many(TAGS_AT_ONCE + 1)).unwrap().starts_with("20 tags"));
        assert!(tags_problem(&[long(61)]).is_some());
    }
}
