//! Workbooks, good and hostile.

mod support;

use sheet::{Format, HeaderChoice, Limits, Overrides, ProblemKind, SheetError, inspect};
use support::workbook::{people, row, workbook, zip_of};
use support::{Table, read, scratch_file};

fn read_bytes(bytes: &[u8]) -> Result<Table, SheetError> {
    read(&scratch_file("xlsx", bytes), &Overrides::default())
}

#[test]
fn cells_come_as_text() {
    let table = read_bytes(&people()).unwrap();
    assert_eq!(table.inspection.dialect.format, Format::Xlsx);
    assert_eq!(table.inspection.dialect.sheet.as_deref(), Some("People"));
    assert_eq!(table.inspection.sheets, ["People", "Other"]);
    assert_eq!(table.inspection.columns, ["Name", "Email", "Since", "Phone", "Active"]);
    assert_eq!(
        table.rows,
        [
            ["Bob", "bob@example.com", "2024-01-05", "33612345678", "TRUE"],
            ["Zoë", "", "2024-01-05T13:30:00", "1.5", "#N/A"],
        ]
    );
    assert_eq!(table.inspection.problem_count, 0);
}

#[test]
fn the_content_counts_and_not_the_name() {
    let table = read(&scratch_file("csv", &people()), &Overrides::default()).unwrap();
    assert_eq!(table.rows.len(), 2);
    let table = read_bytes(b"Name,Email\nBob,bob@example.com\n").unwrap();
    assert_eq!(table.inspection.dialect.format, Format::Csv);
}

#[test]
fn another_sheet_can_be_chosen() {
    let choose = |name: &str| Overrides { sheet: Some(name.to_owned()), ..Overrides::default() };
    let file = scratch_file("xlsx", &people());
    let table = read(&file, &choose("Other")).unwrap();
    assert_eq!(table.inspection.columns, ["x", "y"]);
    assert_eq!(table.inspection.problems[0].kind, ProblemKind::HeaderOnly);
    let error = read(&file, &choose("Nowhere")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "There is no sheet called \"Nowhere\" in this workbook. Choose one of: People, Other."
    );
}

#[test]
fn an_empty_sheet_in_front_does_not_hide_the_table() {
    let rows = row(1, &["Name", "Email"]) + &row(2, &["Bob", "bob@example.com"]);
    let blank = r#"<row r="1"><c r="A1" s="1"/></row>"#;
    let file = scratch_file("xlsx", &workbook(&[("Cover", ""), ("Blank", blank), ("People", &rows)], ""));
    let table = read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.dialect.sheet.as_deref(), Some("People"));
    assert_eq!(table.inspection.sheets, ["Cover", "Blank", "People"]);
    let chosen = Overrides { sheet: Some("Cover".to_owned()), ..Overrides::default() };
    let error = read(&file, &chosen).unwrap_err().to_string();
    assert_eq!(error, "The sheet \"Cover\" is empty. Choose another one: Blank, People.");
}

#[test]
fn a_workbook_without_a_header_is_as_wide_as_its_widest_row() {
    let rows = row(1, &["bob@example.com", "Bob"])
        + &row(2, &["ann@example.com", "Ann"])
        + &row(3, &["zoe@example.com", "Zoë", "", "Paris"]);
    let file = scratch_file("xlsx", &workbook(&[("S", &rows)], ""));
    let none = Overrides { header_row: Some(HeaderChoice::None), ..Overrides::default() };
    let table = read(&file, &none).unwrap();
    assert_eq!(table.inspection.columns.len(), 4);
    assert_eq!((table.rows[2][3].as_str(), table.inspection.problem_count), ("Paris", 0));
}

#[test]
fn a_title_above_the_table_is_passed_over() {
    let rows = row(1, &["Customer list"])
        + &row(3, &["Name", "Email", "City"])
        + &row(4, &["Bob", "bob@example.com", "Paris", "beyond"])
        + &row(5, &["Ann", "ann@example.com", "Rome"]);
    let file = scratch_file("xlsx", &workbook(&[("S", &rows)], ""));
    let table = read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.dialect.header_row, Some(3));
    assert_eq!(table.rows, [["Bob", "bob@example.com", "Paris"], ["Ann", "ann@example.com", "Rome"]]);
    assert_eq!((table.inspection.problems[0].kind, table.inspection.problems[0].line), (ProblemKind::TooManyFields, 4));

    let none = Overrides { header_row: Some(HeaderChoice::None), ..Overrides::default() };
    let table = read(&file, &none).unwrap();
    assert_eq!(table.rows.len(), 4);
    let beyond = Overrides { header_row: Some(HeaderChoice::Row(9)), ..Overrides::default() };
    assert!(matches!(read(&file, &beyond), Err(SheetError::HeaderRowNotFound { row: 9 })));
}

#[test]
fn many_rows_pass_through_the_queue() {
    let mut rows = row(1, &["Name", "Email"]);
    for number in 2..=5_001 {
        rows.push_str(&row(number, &["Bob", "bob@example.com"]));
    }
    let bytes = workbook(&[("S", &rows)], "");
    assert_eq!(read_bytes(&bytes).unwrap().rows.len(), 5_000);

    // Dropped half-way, the reader stops by itself.
    let file = scratch_file("xlsx", &bytes);
    let found = inspect(file.path(), &Overrides::default(), &Limits::default()).unwrap();
    let mut some = sheet::open(file.path(), &found.dialect, &Limits::default()).unwrap();
    assert_eq!(some.next().unwrap().unwrap().line, 2);
}

#[test]
fn other_containers_are_named() {
    let archive = |name: &str| zip_of(&[(name, b"x")]);
    for (bytes, words) in [
        (archive("list.csv"), "This is a ZIP archive, not a table."),
        (archive("word/document.xml"), "Word document"),
        (archive("ppt/presentation.xml"), "presentation"),
        (archive("xl/workbook.bin"), "XLSB"),
        (zip_of(&[("mimetype", b"x"), ("content.xml", b"<x/>")]), "OpenDocument"),
        (archive("xl/workbook.xml"), "damaged"),
        (zip_of(&[]), "ZIP archive"),
        (workbook(&[], ""), "empty"),
        (workbook(&[("S", "")], ""), "empty"),
        (workbook(&[("S", "<row r=\"1\"><c r=\"A1\"")], ""), "damaged"),
        (people()[..600].to_vec(), "damaged"),
    ] {
        let error = read_bytes(&bytes).map(|table| table.rows).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn bombs_are_refused() {
    let zeros = format!("<sst><si><t>{}</t></si></sst>", "0".repeat(40 << 20));
    let many = format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(3 << 20));
    let promise = "<sst uniqueCount=\"9999999999999\"><si><t>a</t></si></sst>";
    let wide = r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#;
    let long = format!("<row r=\"1\">{}</row>", row(1, &[&"x".repeat(2 << 20)]));
    for (name, bytes, words) in [
        ("one long text", workbook(&[("S", &row(1, &["a"]))], &zeros), "unpacks to more"),
        ("many texts", workbook(&[("S", &row(1, &["a"]))], &many), "unpacks to more"),
        ("a false promise", workbook(&[("S", &row(1, &["a"]))], promise), "damaged"),
        ("the last column", workbook(&[("S", wide)], ""), "more than 1000 columns"),
        ("a long cell", workbook(&[("S", &long)], ""), "longer than 1024 KB"),
    ] {
        let error = read_bytes(&bytes).map(|table| table.rows.len()).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let small = Limits { max_unpacked_bytes: 500, ..Limits::default() };
    let error = inspect(scratch_file("xlsx", &people()).path(), &Overrides::default(), &small).unwrap_err();
    assert!(matches!(error, SheetError::UnpacksTooLarge), "{error}");
}

/// The sizes in the directory are set to a small number; the guard must not believe them.
#[test]
fn a_lying_directory_is_found_out() {
    let text = format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(3 << 20));
    let mut bytes = workbook(&[("S", &row(1, &["a"]))], &text);
    let real = u32::try_from(text.len() + r#"<?xml version="1.0"?>"#.len()).unwrap().to_le_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|window| window == real) {
        at += found;
        bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let error = read_bytes(&bytes).map(|table| table.rows.len()).unwrap_err().to_string();
    assert!(error.contains("unpacks to more") || error.contains("damaged"), "{error}");
}
