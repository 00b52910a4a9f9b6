//! First and last names out of one cell.

use matching::split_full_name;

#[test]
fn splits_as_the_writing_tells() {
    for (full, first, last) in [
        ("Jane Doe", "Jane", "Doe"),
        ("Jane", "Jane", ""),
        ("", "", ""),
        (" \u{200b} ", "", ""),
        ("Mary Jane Watson", "Mary Jane", "Watson"),
        ("Doe, Jane", "Jane", "Doe"),
        ("Doe, Jane A.", "Jane A.", "Doe"),
        ("Beethoven, Ludwig van", "Ludwig", "van Beethoven"),
        ("van Beethoven, Ludwig", "Ludwig", "van Beethoven"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Ursula von der Leyen", "Ursula", "von der Leyen"),
        ("Sanne de Wit", "Sanne", "de Wit"),
        ("Maria da Silva Santos", "Maria", "da Silva Santos"),
        ("José Ortega y Gasset", "José", "Ortega y Gasset"),
        ("Robert E Lee", "Robert E", "Lee"),
        ("ROBERT E LEE", "ROBERT E", "LEE"),
        ("robert e lee", "robert e", "lee"),
        ("Ann Y Chen", "Ann Y", "Chen"),
        ("Mohammed bin Salman", "Mohammed", "bin Salman"),
        ("Van Morrison", "Van", "Morrison"),
        ("Al Gore", "Al", "Gore"),
        ("Dr. Jane Doe", "Jane", "Doe"),
        ("Prof. Dr. Jane Doe", "Jane", "Doe"),
        ("PROF DR JANE DOE", "JANE", "DOE"),
        ("Herr Dipl.-Ing. Max Muster", "Max", "Muster"),
        ("Jane Doe, PhD", "Jane", "Doe"),
        ("Jane Doe Ph.D.", "Jane", "Doe"),
        ("Jane Doe, MBA, CPA", "Jane", "Doe"),
        ("John Smith Jr.", "John", "Smith"),
        ("John Smith III", "John", "Smith"),
        ("Smith, John, Jr.", "John", "Smith"),
        ("Smith Jr., John", "John", "Smith"),
        ("Doe, Dr. Jane", "Jane", "Doe"),
        ("Jack Ma", "Jack", "Ma"),
        ("Robert (Bob) Jones", "Robert", "Jones"),
        ("Jane Doe (she/her)", "Jane", "Doe"),
        ("(Jane)", "(Jane)", ""),
        ("Dr. House", "House", ""),
        ("山田 太郎", "太郎", "山田"),
        ("김 철수", "철수", "김"),
        ("Jane\u{a0}Doe", "Jane", "Doe"),
        (",", "", ""),
        ("Doe,", "Doe", ""),
    ] {
        assert_eq!(split_full_name(full), (first.to_owned(), last.to_owned()), "{full:?}");
    }
}
