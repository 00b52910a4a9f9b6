//! The people of the lists that journeys import.

use std::fmt::Write as _;

/// As many as make no two of the same company namesakes: people who are alike are suspects, and a journey that is not
/// about those would meet them.
const LAST: [&str; 37] = [
    "Abara",
    "Bergqvist",
    "Lindström",
    "Dvořák",
    "Eriksen",
    "Fonseca",
    "Gündoğan",
    "Hakimi",
    "Ibáñez",
    "Jankowski",
    "Kowalczyk",
    "Castellano",
    "Murakami",
    "Nakagawa",
    "Oyelaran",
    "Papadakis",
    "Quintero",
    "Rasmussen",
    "Szabó",
    "Takahashi",
    "Uzun",
    "Vasquez",
    "Weissmann",
    "Xylouris",
    "Yıldırım",
    "Zawadzki",
    "Ó Briain",
    "Chevalier",
    "Dragomir",
    "Fitzgerald",
    "Holmberg",
    "Ivanova",
    "Kaczmarek",
    "Maurer",
    "Pellegrini",
    "Steinbach",
    "Thorvaldsen",
];

/// A list of the people with these numbers, separated by semicolons; the same number is always the same person.
pub fn list(people: impl IntoIterator<Item = usize>) -> String {
    let mut text = "First name;Last name;Email;Company;Icebreaker\n".to_owned();
    for i in people {
        // writing into a string cannot fail
        let _ = writeln!(
            text,
            "Ada{i:04};{last};person{i:04}@company{c}.example;Company {c};About {i}",
            c = i % 40,
            last = LAST[i % LAST.len()]
        );
    }
    text
}
