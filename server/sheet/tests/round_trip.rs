//! Random tables in random dialects come back as they were; random bytes never cause a panic.

mod support;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use sheet::{Encoding, HeaderChoice, Limits, Overrides, RowProblem, inspect, open};
use support::{scratch_file, utf16};

#[derive(Clone, Debug)]
struct Writing {
    delimiter: char,
    line_end: &'static str,
    encoding: Encoding,
    quote_all: bool,
    named: bool,
}

fn writing() -> impl Strategy<Value = Writing> {
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec![
            Encoding::Utf8,
            Encoding::Utf8Bom,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
            Encoding::Windows1252,
        ]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, line_end, encoding, quote_all, named)| Writing {
            delimiter,
            line_end,
            encoding,
            quote_all,
            named,
        })
}

/// Cells of letters that every encoding has, with everything that makes quoting needed.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Za-z éüß0-9.@-]{1,12}",
        1 => "[a-zé,;|\t\"'\n\r ]{0,8}",
        1 => Just(String::new()),
    ]
}

fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    (2..6_usize).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 1..12))
}

fn write(table: &[Vec<String>], writing: &Writing) -> Vec<u8> {
    let mut text = String::new();
    if matches!(writing.encoding, Encoding::Utf8Bom | Encoding::Utf16Le | Encoding::Utf16Be) {
        text.push('\u{feff}');
    }
    if writing.named {
        text.push_str(&format!("sep={}{}", writing.delimiter, writing.line_end));
    }
    let header: Vec<String> = (0..table[0].len()).map(|index| format!("Field_{index}")).collect();
    for row in std::iter::once(&header).chain(table) {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let needed = cell.contains([writing.delimiter, '"', '\n', '\r']);
                if needed || writing.quote_all { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
            })
            .collect();
        text.push_str(&cells.join(&writing.delimiter.to_string()));
        text.push_str(writing.line_end);
    }
    match writing.encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => text.into_bytes(),
        Encoding::Utf16Le => utf16(&text, false),
        Encoding::Utf16Be => utf16(&text, true),
        Encoding::Windows1252 => support::latin1(&text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::default() })]

    /// With what a person can see and correct given, nothing else may go wrong.
    #[test]
    fn a_table_comes_back_as_it_was(table in tables(), writing in writing()) {
        let file = scratch_file("csv", &write(&table, &writing));
        let overrides = Overrides {
            delimiter: Some(writing.delimiter),
            header_row: Some(HeaderChoice::Row(if writing.named { 2 } else { 1 })),
            encoding: Some(writing.encoding),
            sheet: None,
        };
        let read = support::read(&file, &overrides).unwrap();
        let quote_guessed = read.inspection.dialect.quote == Some('"');
        prop_assert!(quote_guessed, "quote {:?}", read.inspection.dialect.quote);
        prop_assert_eq!(read.rows, table);
    }

    /// Ordinary lists need no help at all.
    #[test]
    fn an_ordinary_list_is_detected(
        people in prop::collection::vec(("[A-Z][a-zé]{2,8}", "[a-z]{2,8}", "[A-Z][a-z]{3,9}(, [A-Z][a-z]{2,5})?", 0..500_u32), 2..30),
        writing in writing(),
    ) {
        let table: Vec<Vec<String>> = people
            .into_iter()
            .map(|(name, user, city, amount)| vec![name, format!("{user}@example.com"), city, format!("{amount},5")])
            .collect();
        let file = scratch_file("csv", &write(&table, &writing));
        let read = support::read(&file, &Overrides::default()).unwrap();
        prop_assert_eq!(read.inspection.dialect.delimiter, writing.delimiter);
        prop_assert_eq!(&read.inspection.columns, &["Field_0", "Field_1", "Field_2", "Field_3"]);
        prop_assert_eq!(read.rows, table);
        prop_assert_eq!(read.inspection.problem_count, 0);
    }

    #[test]
    fn random_bytes_never_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = support::read(&scratch_file("csv", &bytes), &Overrides::default());
    }

    #[test]
    fn random_text_reads_the_same_twice(text in "[a-c1,;|\t\"'\r\n@.é\u{0}]{0,80}", encoding in prop::option::of(Just(Encoding::Windows1252))) {
        let overrides = Overrides { encoding, ..Overrides::default() };
        let _ = support::read(&scratch_file("csv", text.as_bytes()), &overrides);
    }

    #[test]
    fn a_workbook_with_random_damage_never_causes_a_panic(position in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = support::workbook::people();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        let _ = support::read(&scratch_file("xlsx", &bytes), &Overrides::default());
    }
}

#[test]
fn a_row_says_what_is_wrong_with_it() {
    let file = scratch_file("csv", b"Name,Email\nBob,bob@example.com,x\nA\0nn,\"a\"b\nZo\xff,\xc3\xa9\n");
    let found = inspect(file.path(), &Overrides::default(), &Limits::default()).unwrap();
    let records: Vec<_> = open(file.path(), &found.dialect, &Limits::default()).unwrap().map(Result::unwrap).collect();
    let problems: Vec<_> = records.into_iter().map(|record| record.problem.unwrap()).collect();
    assert_eq!(
        problems,
        [
            RowProblem::TooManyFields { found: 3, expected: 2 },
            RowProblem::Nul { column: 1 },
            RowProblem::InvalidText { column: 1 },
        ]
    );
}
