//! The people of the lists that journeys import.

use std::fmt::Write as _;

/// A list of the people with these numbers, separated by semicolons; the same number is always the same person.
pub fn list(people: impl IntoIterator<Item = usize>) -> String {
    let mut text = "First name;Last name;Email;Company;Icebreaker\n".to_owned();
    for i in people {
        // writing into a string cannot fail
        let _ = writeln!(text, "Ada{i:04};Lindström;person{i:04}@company{c}.example;Company {c};About {i}", c = i % 40);
    }
    text
}
