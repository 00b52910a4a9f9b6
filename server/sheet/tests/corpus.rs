//! Damaged and unusual files, each with what must come out.

mod support;

use sheet::{Encoding, Encoding::*, Overrides, ProblemKind, SheetError};
use support::{latin1, scratch_file, utf16};

/// A file and everything expected of it.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    encoding: Encoding,
    delimiter: char,
    header_row: Option<u64>,
    columns: &'static [&'static str],
    rows: &'static [&'static [&'static str]],
    problems: &'static [(ProblemKind, u64)],
}

fn case(
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    columns: &'static [&'static str],
    rows: &'static [&'static [&'static str]],
) -> Case {
    let bytes = bytes.into();
    Case { name, bytes, encoding: Utf8, delimiter: ',', header_row: Some(1), columns, rows, problems: &[] }
}

impl Case {
    fn delimiter(self, delimiter: char) -> Case {
        Case { delimiter, ..self }
    }
    fn encoding(self, encoding: Encoding) -> Case {
        Case { encoding, ..self }
    }
    fn header(self, header_row: u64) -> Case {
        Case { header_row: Some(header_row), ..self }
    }
    fn no_header(self) -> Case {
        Case { header_row: None, ..self }
    }
    fn problems(self, problems: &'static [(ProblemKind, u64)]) -> Case {
        Case { problems, ..self }
    }
}

const NE: &[&str] = &["Name", "Email"];
const BOB: &[&str] = &["Bob", "bob@example.com"];
const ZOE: &[&str] = &["Zoë", "zoe@example.com"];

fn corpus() -> Vec<Case> {
    use ProblemKind::*;
    let table = "Name,Email\nZoë,zoe@example.com\n";
    vec![
        // Delimiters and line ends.
        case("comma", "Name,Email\nBob,bob@example.com\n", NE, &[BOB]),
        case("semicolon", "Name;Email\nBob;bob@example.com\n", NE, &[BOB]).delimiter(';'),
        case("tab", "Name\tEmail\nBob\tbob@example.com\n", NE, &[BOB]).delimiter('\t'),
        case("bar", "Name|Email\nBob|bob@example.com\n", NE, &[BOB]).delimiter('|'),
        case("no line end at the end", "Name,Email\nBob,bob@example.com", NE, &[BOB]),
        case("CRLF", "Name,Email\r\nBob,bob@example.com\r\n", NE, &[BOB]),
        case("CR alone", "Name,Email\rBob,bob@example.com\r", NE, &[BOB]),
        case("mixed line ends", "Name,Email\r\nBob,bob@example.com\nZoë,zoe@example.com\rBob,bob@example.com", NE, &[BOB, ZOE, BOB]),
        case("doubled CR", "Name,Email\r\r\nBob,bob@example.com\r\r\n", NE, &[BOB]),
        case("blank lines between and behind", "\n\nName,Email\n\nBob,bob@example.com\n\n\n", NE, &[BOB]).header(3),
        // Encodings.
        case("UTF-8", table, NE, &[ZOE]),
        case("UTF-8 with mark", format!("\u{feff}{table}"), NE, &[ZOE]).encoding(Utf8Bom),
        case("UTF-16 LE with mark", utf16(&format!("\u{feff}{table}"), false), NE, &[ZOE]).encoding(Utf16Le),
        case("UTF-16 BE with mark", utf16(&format!("\u{feff}{table}"), true), NE, &[ZOE]).encoding(Utf16Be),
        case("UTF-16 LE without mark", utf16(table, false), NE, &[ZOE]).encoding(Utf16Le),
        case("UTF-16 BE without mark", utf16(table, true), NE, &[ZOE]).encoding(Utf16Be),
        case("UTF-16 with tabs", utf16("\u{feff}Name\tEmail\r\nZoë\tzoe@example.com\r\n", false), NE, &[ZOE]).encoding(Utf16Le).delimiter('\t'),
        case("Windows-1252", latin1(table), NE, &[ZOE]).encoding(Windows1252),
        case("Windows-1252 with semicolons", latin1("Name;Email\r\nZoë;zoe@example.com\r\n"), NE, &[ZOE]).encoding(Windows1252).delimiter(';'),
        case("Windows-1252 euro and quotes", b"Name,Price\nBob,\"5 \x80\"\n\x93Zo\xeb\x94,1 \x80\n".to_vec(), &["Name", "Price"], &[&["Bob", "5 €"], &["“Zoë”", "1 €"]]).encoding(Windows1252),
        case("one broken byte in UTF-8", b"Name,City\nZo\xc3\xab,K\xc3\xb6ln\nA\xff,Paris\n".to_vec(), &["Name", "City"], &[&["Zoë", "Köln"], &["A\u{fffd}", "Paris"]]).problems(&[(InvalidText, 3)]),
        case("half a letter at the end of UTF-16", [utf16("\u{feff}Name,Email\nBob,bob@example.com", false), vec![0x41]].concat(), NE, &[&["Bob", "bob@example.com\u{fffd}"]]).encoding(Utf16Le).problems(&[(InvalidText, 2)]),
        // sep=
        case("sep= semicolon", "sep=;\nName;Email\nBob;bob@example.com\n", NE, &[BOB]).delimiter(';').header(2),
        case("sep= in capitals, CRLF", "SEP=|\r\nName|Email\r\nBob|bob@example.com\r\n", NE, &[BOB]).delimiter('|').header(2),
        case("sep= with mark", "\u{feff}sep=;\nName;Email\nBob;bob@example.com\n", NE, &[BOB]).delimiter(';').header(2).encoding(Utf8Bom),
        case("sep= of a rare delimiter", "sep=^\nName^Email\nBob^bob@example.com\n", NE, &[BOB]).delimiter('^').header(2),
        case("sep= without header", "sep=;\nBob;bob@example.com\nZoë;zoe@example.com\n", &["Column 1", "Column 2"], &[BOB, ZOE]).delimiter(';').no_header(),
        // Quotes.
        case("quoted delimiter", "Name,Email\n\"Smith, Bob\",bob@example.com\n", NE, &[&["Smith, Bob", "bob@example.com"]]),
        case("doubled quote", "Name,Email\n\"Bob \"\"B\"\" Smith\",bob@example.com\n", NE, &[&["Bob \"B\" Smith", "bob@example.com"]]),
        case("quote inside an unquoted cell", "Size,Email\n5\" pipe,bob@example.com\n", &["Size", "Email"], &[&["5\" pipe", "bob@example.com"]]),
        case("multi-line cell", "Name,Note,Email\nBob,\"one\ntwo\",bob@example.com\nZoë,x,zoe@example.com\n", &["Name", "Note", "Email"], &[&["Bob", "one\ntwo", "bob@example.com"], &["Zoë", "x", "zoe@example.com"]]),
        case("multi-line cell with CRLF", "Name,Note\r\nBob,\"one\r\ntwo\"\r\nZoë,x\r\n", &["Name", "Note"], &[&["Bob", "one\r\ntwo"], &["Zoë", "x"]]),
        case("multi-line header", "\"Full\nName\",Email\nBob,bob@example.com\n", &["Full\nName", "Email"], &[BOB]),
        case("everything quoted", "\"Name\",\"Email\"\n\"Bob\",\"bob@example.com\"\n", NE, &[BOB]),
        case("everything quoted, semicolons, commas inside", "\"Name\";\"Note\"\n\"a, b\";\"c, d\"\n\"e, f\";\"g\"\n", &["Name", "Note"], &[&["a, b", "c, d"], &["e, f", "g"]]).delimiter(';'),
        case("text behind a closing quote", "Name,Email\n\"Bob\" Smith,bob@example.com\n", NE, &[&["Bob Smith", "bob@example.com"]]).problems(&[(StrayQuote, 2)]),
        case("empty quoted cells", "Name,Email\n\"\",\"\"\nBob,bob@example.com\n", NE, &[&["", ""], BOB]),
        case("single quotes", "'Name','Email'\n'Smith, Bob','bob@example.com'\n'Zoë','zoe@example.com'\n", NE, &[&["Smith, Bob", "bob@example.com"], ZOE]),
        case("apostrophes are not quotes", "Name,City\n't Hooft,'s-Hertogenbosch\nBob,Paris\n", &["Name", "City"], &[&["'t Hooft", "'s-Hertogenbosch"], &["Bob", "Paris"]]),
        // Ragged.
        case("short row", "Name,Email,City\nBob,bob@example.com\nZoë,zoe@example.com,Köln\n", &["Name", "Email", "City"], &[&["Bob", "bob@example.com", ""], &["Zoë", "zoe@example.com", "Köln"]]).problems(&[(ShortRow, 2)]),
        case("long row", "Name,Email\nBob,bob@example.com\nZoë,zoe@example.com,extra\nBob,bob@example.com\n", NE, &[BOB, ZOE, BOB]).problems(&[(TooManyFields, 3)]),
        case("trailing delimiters below", "Name,Email\nBob,bob@example.com,\nZoë,zoe@example.com,\n", NE, &[BOB, ZOE]),
        case("trailing delimiter everywhere", "Name,Email,\nBob,bob@example.com,\n", &["Name", "Email", "Column 3"], &[&["Bob", "bob@example.com", ""]]).problems(&[(EmptyHeader, 1)]),
        case("one more column than the header names", "Name,Email\nBob,bob@example.com,Paris\nZoë,zoe@example.com,Köln\n", &["Name", "Email", "Column 3"], &[&["Bob", "bob@example.com", "Paris"], &["Zoë", "zoe@example.com", "Köln"]]).problems(&[(EmptyHeader, 1)]),
        case("rows of delimiters only are rows", "Name,Email\n,\nBob,bob@example.com\n,\n", NE, &[&["", ""], BOB, &["", ""]]),
        // Headers.
        case("duplicate headers", "Email,Email,email\na@b.co,c@d.co,e@f.co\n", &["Email", "Email (2)", "email"], &[&["a@b.co", "c@d.co", "e@f.co"]]).problems(&[(DuplicateHeader, 1)]),
        case("empty header in the middle", "Name,,Email\nBob,x,bob@example.com\n", &["Name", "Column 2", "Email"], &[&["Bob", "x", "bob@example.com"]]).problems(&[(EmptyHeader, 1)]),
        case("spaces around headers", " Name , Email \nBob,bob@example.com\n", NE, &[BOB]),
        case("header only", "Name,Email\n", NE, &[]).problems(&[(HeaderOnly, 1)]),
        case("header only, semicolons", "Name;Email;City", &["Name", "Email", "City"], &[]).delimiter(';').problems(&[(HeaderOnly, 1)]),
        case("no header", "Bob,bob@example.com\nZoë,zoe@example.com\n", &["Column 1", "Column 2"], &[BOB, ZOE]).no_header(),
        case("no header, numbers", "1,Bob,5.5\n2,Ann,7.1\n3,Zoë,8.0\n", &["Column 1", "Column 2", "Column 3"], &[&["1", "Bob", "5.5"], &["2", "Ann", "7.1"], &["3", "Zoë", "8.0"]]).no_header(),
        case("years as headers", "Name,2022,2023\nBob,5,7\nAnn,390,12\n", &["Name", "2022", "2023"], &[&["Bob", "5", "7"], &["Ann", "390", "12"]]),
        case("no header, first e-mail missing later", "Bob,bob@example.com,Paris\nAnn,,London\nZoë,zoe@example.com,Köln\n", &["Column 1", "Column 2", "Column 3"], &[&["Bob", "bob@example.com", "Paris"], &["Ann", "", "London"], &["Zoë", "zoe@example.com", "Köln"]]).no_header(),
        case("one row without header", "Bob,bob@example.com\n", &["Column 1", "Column 2"], &[BOB]).no_header(),
        // Above the header.
        case("title above", "Customer list\nName,Email\nBob,bob@example.com\n", NE, &[BOB]).header(2),
        case("title, date and a blank line above", "Customer list\nExported on 5 January 2024, 10:00\n\nName,Email,City\nBob,bob@example.com,Paris\nAnn,a@example.com,Rome\n", &["Name", "Email", "City"], &[&["Bob", "bob@example.com", "Paris"], &["Ann", "a@example.com", "Rome"]]).header(4),
        case("padded title above", "Customer list;;;\n;;;\nName;Email;City;Phone\nBob;bob@example.com;Paris;+33 1 23 45 67 89\n", &["Name", "Email", "City", "Phone"], &[&["Bob", "bob@example.com", "Paris", "+33 1 23 45 67 89"]]).delimiter(';').header(3),
        case("names and values above", "Report:,Leads\nDate:,2024-01-05\nName,Email,City,Phone\nBob,bob@example.com,Paris,+33 1 23 45 67 89\nAnn,a@example.com,Rome,+39 06 1234 5678\n", &["Name", "Email", "City", "Phone"], &[&["Bob", "bob@example.com", "Paris", "+33 1 23 45 67 89"], &["Ann", "a@example.com", "Rome", "+39 06 1234 5678"]]).header(3),
        case("lone quote in the title", "\"Customer list\" of Bob\nName;Email\nBob;bob@example.com\n", NE, &[BOB]).delimiter(';').header(2),
        // Delimiters that are not.
        case("decimal commas", "Name;Price\nA;1,5\nB;2,5\nC;3,75\n", &["Name", "Price"], &[&["A", "1,5"], &["B", "2,5"], &["C", "3,75"]]).delimiter(';'),
        case("decimal commas in every cell", "Net;Gross\n1,5;2,5\n3,5;4,5\n", &["Net", "Gross"], &[&["1,5", "2,5"], &["3,5", "4,5"]]).delimiter(';'),
        case("decimal commas, and a comma in the header", "Price, net;Price, gross\n1,5;2,5\n3,5;4,5\n", &["Price, net", "Price, gross"], &[&["1,5", "2,5"], &["3,5", "4,5"]]).delimiter(';'),
        case("sentences with commas", "Name;Note\nBob;Hello, you\nAnn;Hi, there\nZoë;Bye, now, then\n", &["Name", "Note"], &[&["Bob", "Hello, you"], &["Ann", "Hi, there"], &["Zoë", "Bye, now, then"]]).delimiter(';'),
        case("lists with semicolons", "Name,Tags\nBob,a;b\nAnn,c;d\n", &["Name", "Tags"], &[&["Bob", "a;b"], &["Ann", "c;d"]]),
        case("bars in one column", "Name,Tags\nBob,a|b\nAnn,c|d\n", &["Name", "Tags"], &[&["Bob", "a|b"], &["Ann", "c|d"]]),
        case("commas in a file of tabs", "Name\tCity\nSmith, Bob\tParis, France\nDoe, Ann\tRome, Italy\n", &["Name", "City"], &[&["Smith, Bob", "Paris, France"], &["Doe, Ann", "Rome, Italy"]]).delimiter('\t'),
        // One column.
        case("one column", "Email\nbob@example.com\nzoe@example.com\n", &["Email"], &[&["bob@example.com"], &["zoe@example.com"]]),
        case("one column without header", "bob@example.com\nzoe@example.com\n", &["Column 1"], &[&["bob@example.com"], &["zoe@example.com"]]).no_header(),
        case("one column with commas", "Company\nAcme, Inc\nFoo GmbH\nBar, LLC\nBaz SARL\n", &["Company"], &[&["Acme, Inc"], &["Foo GmbH"], &["Bar, LLC"], &["Baz SARL"]]).delimiter(';'),
        case("one column of names with commas", "Full name\nSmith, John\nDoe, Jane\n", &["Full name"], &[&["Smith, John"], &["Doe, Jane"]]).delimiter(';'),
        // Strange content.
        case("NUL", "Name,Email\nB\0b,bob@example.com\n", NE, &[&["B\0b", "bob@example.com"]]).problems(&[(Nul, 2)]),
        case("right to left", "שם,Email\nדוד,david@example.com\nمحمد,m@example.com\n", &["שם", "Email"], &[&["דוד", "david@example.com"], &["محمد", "m@example.com"]]),
        case("emoji and joined letters", "Name,Email\n👩‍👩‍👧 Zoe\u{301},z@example.com\n", NE, &[&["👩‍👩‍👧 Zoe\u{301}", "z@example.com"]]),
        case("stacked marks", "Name,Email\nB\u{336}\u{34e}o\u{337}b\u{338},bob@example.com\n", NE, &[&["B\u{336}\u{34e}o\u{337}b\u{338}", "bob@example.com"]]),
        case("look-alike letters", "Name,Email\nВоЬ,bob@example.com\n", NE, &[&["ВоЬ", "bob@example.com"]]),
        case("formulas stay as they are", "Name,Email\n=1+1,@x\n+cmd|' /C calc'!A0,-1\n", NE, &[&["=1+1", "@x"], &["+cmd|' /C calc'!A0", "-1"]]),
        case("spaces are kept in cells", "Name,Email\n Bob , bob@example.com\n", NE, &[&[" Bob ", " bob@example.com"]]),
        case("telephone numbers", "Name;Phone\nBob;+33 6 12 34 56 78\nAnn;(555) 123-4567\n", &["Name", "Phone"], &[&["Bob", "+33 6 12 34 56 78"], &["Ann", "(555) 123-4567"]]).delimiter(';'),
    ]
}

#[test]
fn every_file_of_the_corpus_reads_as_expected() {
    let cases = corpus();
    assert!(cases.len() >= 60);
    let mut wrong = Vec::new();
    for case in &cases {
        if let Err(difference) = check(case) {
            wrong.push(format!("{}: {difference}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn check(case: &Case) -> Result<(), String> {
    fn same<T: std::fmt::Debug + PartialEq>(what: &str, found: T, expected: T) -> Result<(), String> {
        if found == expected { Ok(()) } else { Err(format!("{what}: found {found:?}, expected {expected:?}")) }
    }
    let file = scratch_file("csv", &case.bytes);
    let table = support::read(&file, &Overrides::default()).map_err(|error| error.to_string())?;
    let dialect = &table.inspection.dialect;
    same("encoding", dialect.encoding, case.encoding)?;
    same("delimiter", dialect.delimiter, case.delimiter)?;
    same("header", dialect.header_row, case.header_row)?;
    same("columns", table.inspection.columns.iter().map(String::as_str).collect::<Vec<_>>(), case.columns.to_vec())?;
    let rows: Vec<Vec<&str>> = table.rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    same("rows", rows, case.rows.iter().map(|row| row.to_vec()).collect())?;
    let problems: Vec<_> = table.inspection.problems.iter().map(|problem| (problem.kind, problem.line)).collect();
    same("problems", problems, case.problems.to_vec())
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    let long = |length: usize| vec![b'x'; length];
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "empty"),
        ("blank lines", b"\n\r\n \n".to_vec(), "empty"),
        ("only a mark", b"\xef\xbb\xbf".to_vec(), "empty"),
        ("PDF", b"%PDF-1.7\n...".to_vec(), "This is a PDF document, not a table."),
        ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "picture (PNG)"),
        ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "picture (JPEG)"),
        ("gzip", b"\x1f\x8b\x08\0abc".to_vec(), "gzip"),
        ("old Excel", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 600]].concat(), "old Excel file"),
        (
            "protected workbook",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 600], utf16("EncryptedPackage", false)].concat(),
            "password",
        ),
        ("web page", b"<!DOCTYPE html><html>".to_vec(), "web page"),
        ("JSON", b"[{\"name\": \"Bob\"}]".to_vec(), "JSON"),
        ("cut off zip", b"PK\x03\x04\x14\0\0\0".to_vec(), "damaged"),
        ("binary", (0..4000_u32).map(|number| ((number * 7919) >> 3) as u8 & 0x1f).collect(), "binary"),
        (
            "unclosed quote",
            b"Name,Email\nBob,bob@example.com\nZoe,\"zoe@example.com\nAnn,a@example.com\n".to_vec(),
            "The quote that opens on line 3, column 2",
        ),
        (
            "unclosed quote in a multi-line file",
            b"Name,Note\nBob,\"one\ntwo\"\nZoe,\"x\nAnn,y\n".to_vec(),
            "line 4, column 2",
        ),
        (
            "unclosed quote in a large file",
            [b"Name,Note\nBob,\"x\n".to_vec(), b"Ann,y\n".repeat(400_000)].concat(),
            "line 2, column 2",
        ),
        (
            "large cell",
            [b"Name,Note\nBob,".to_vec(), long(1_100_000)].concat(),
            "line 2, column 2, is longer than 1024 KB",
        ),
        (
            "large record",
            [b"Name,a,b,c,d,e\nBob".to_vec(), [b",".to_vec(), long(1_000_000)].concat().repeat(5)].concat(),
            "line 2 is longer than 4096 KB",
        ),
        ("100,000 columns", b"name,".repeat(100_000), "Line 1 has more than 1000 columns"),
    ];
    for (name, bytes, words) in cases {
        let file = scratch_file("csv", &bytes);
        match support::read(&file, &Overrides::default()) {
            Ok(table) => panic!("{name}: read as {:?}", table.inspection),
            Err(error) => assert!(error.to_string().contains(words), "{name}: {error}"),
        }
    }
}

#[test]
fn what_a_person_chooses_wins() {
    use sheet::HeaderChoice;
    let file = scratch_file("csv", b"Title\na;b,c\nd;e,f\n");
    let choose = |header_row, delimiter| Overrides {
        header_row: Some(header_row),
        delimiter: Some(delimiter),
        ..Overrides::default()
    };
    let table = support::read(&file, &choose(HeaderChoice::Row(2), ';')).unwrap();
    assert_eq!(
        (table.inspection.columns, table.rows),
        (vec!["a".to_owned(), "b,c".to_owned()], vec![vec!["d".to_owned(), "e,f".to_owned()]])
    );
    let table = support::read(&file, &choose(HeaderChoice::None, ',')).unwrap();
    assert_eq!((table.inspection.columns.len(), table.rows.len(), table.inspection.dialect.header_row), (2, 3, None));

    let error = support::read(&file, &choose(HeaderChoice::Row(9), ';')).map(|table| table.rows).unwrap_err();
    assert!(matches!(error, SheetError::HeaderRowNotFound { row: 9 }), "{error}");
    let error = support::read(&file, &choose(HeaderChoice::None, '"')).map(|table| table.rows).unwrap_err();
    assert!(matches!(error, SheetError::BadDelimiter { .. }), "{error}");

    let file = scratch_file("csv", b"Name,City\nZo\xeb,K\xf6ln\n");
    let forced = Overrides { encoding: Some(Utf8), ..Overrides::default() };
    let error = support::read(&file, &forced).map(|table| table.rows).unwrap_err();
    assert!(matches!(error, SheetError::NotUtf8 { line: 2, column: 1 }), "{error}");
}

#[test]
fn letters_behind_the_sample_still_decide_the_encoding() {
    let ascii = b"Bob,Paris\n".repeat(60_000);
    let file = scratch_file("csv", &[b"Name,City\n".to_vec(), ascii.clone(), b"Zo\xeb,K\xf6ln\n".to_vec()].concat());
    let table = support::read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.dialect.encoding, Windows1252);
    assert_eq!(table.rows.last().unwrap(), &["Zoë", "Köln"]);
    assert_eq!(table.inspection.problem_count, 0);

    let file = scratch_file("csv", &[b"Name,City\n".to_vec(), ascii, "Zoë,Köln\n".into()].concat());
    let table = support::read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.dialect.encoding, Utf8);
}

#[test]
fn problems_are_counted_to_the_end_but_kept_only_at_first() {
    let file = scratch_file("csv", &[b"Name,Email,City\n".to_vec(), b"Bob,bob@example.com\n".repeat(500)].concat());
    let inspection = support::read(&file, &Overrides::default()).unwrap().inspection;
    assert_eq!((inspection.problems.len(), inspection.problem_count, inspection.sample.len()), (100, 500, 20));
}

#[test]
fn a_script_we_cannot_read_is_said_so() {
    let text: Vec<u8> = encoding_rs::WINDOWS_1251
        .encode("Имя,Город\nИван Петров,Москва\nАнна Иванова,Казань\nПавел Смирнов,Самара\n")
        .0
        .into_owned();
    let inspection = support::read(&scratch_file("csv", &text), &Overrides::default()).unwrap().inspection;
    assert!(inspection.problems.iter().any(|problem| problem.kind == ProblemKind::OtherEncoding));
}

#[test]
fn a_file_over_the_limits_is_refused() {
    let file = scratch_file("csv", b"Name\nBob\nZoe\nAnn\n");
    let limits = sheet::Limits { max_rows: 2, ..sheet::Limits::default() };
    let error = sheet::inspect(file.path(), &Overrides::default(), &limits).unwrap_err();
    assert!(matches!(error, SheetError::TooManyRows { limit: 2 }), "{error}");
    let limits = sheet::Limits { max_bytes: 5, ..sheet::Limits::default() };
    let error = sheet::inspect(file.path(), &Overrides::default(), &limits).unwrap_err();
    assert!(matches!(error, SheetError::TooLarge { limit: 5 }), "{error}");
}

#[test]
fn padding_behind_a_header_says_nothing_against_it() {
    let file = scratch_file(
        "csv",
        b"Kontakt;E-Mail;;;;;;;;;;\nBob;bob@example.com;;;;;;;;;;\nAnn;ann@example.com;;;;;;;;;;\n",
    );
    let table = support::read(&file, &Overrides::default()).unwrap();
    assert_eq!((table.inspection.dialect.header_row, table.rows.len()), (Some(1), 2));
    assert_eq!(table.inspection.columns[..2], ["Kontakt", "E-Mail"]);
}

#[test]
fn control_characters_stay_out_of_the_names_of_columns() {
    let file = scratch_file("csv", b"Na\0me,\"E-\nmail\",City\nBob,bob@example.com,Paris\n");
    let table = support::read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.columns, ["Name", "E-\nmail", "City"]);
}

#[test]
fn cells_beyond_the_columns_are_kept() {
    let file = scratch_file("csv", b"Email,Company,Name\na@x.example,Acme, Inc,Bob\nb@x.example,Globex,Ann,,\n");
    let found = sheet::inspect(file.path(), &Overrides::default(), &sheet::Limits::default()).unwrap();
    let rows = sheet::open(file.path(), &found.dialect, &sheet::Limits::default()).unwrap();
    let rows: Vec<_> = rows.map(|row| row.unwrap().surplus).collect();
    assert_eq!(rows, [vec!["Bob"], vec![]]);
}

/// The file of reasons holds nothing but rows that failed, so most of its rows may be too wide.
#[test]
fn a_file_of_reasons_has_no_columns_behind_its_header() {
    let rows = "a@x.example,Acme,\" Inc\",Failed: why,Bob\n".repeat(3);
    let file = scratch_file("csv", format!("Email,Company,Name,Import reason\n{rows}").as_bytes());
    let table = support::read(&file, &Overrides::default()).unwrap();
    assert_eq!(table.inspection.columns, ["Email", "Company", "Name", "Import reason"]);
    let problems: Vec<_> = table.inspection.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(problems, [sheet::ProblemKind::TooManyFields; 3]);
}
