//! Workbooks made by hand: just the parts that make one.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip of these parts.
pub fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of sheets, each a name and the XML of its rows, and its table of texts.
pub fn workbook(sheets: &[(&str, &str)], shared_texts: &str) -> Vec<u8> {
    const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let id = index + 1;
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#));
        relations.push_str(&format!(
            r#"<Relationship Id="rId{id}" Type="{TYPE}/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        ));
        parts.push((
            format!("xl/worksheets/sheet{id}.xml"),
            format!(r#"<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#),
        ));
    }
    let package = "http://schemas.openxmlformats.org/package/2006";
    parts.extend([
        ("[Content_Types].xml".to_owned(), format!(r#"<?xml version="1.0"?><Types xmlns="{package}/content-types"/>"#)),
        (
            "_rels/.rels".to_owned(),
            format!(r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(r#"<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{TYPE}"><sheets>{list}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships">{relations}</Relationships>"#),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(r#"<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#),
        ),
    ]);
    if !shared_texts.is_empty() {
        parts.push(("xl/sharedStrings.xml".to_owned(), format!(r#"<?xml version="1.0"?>{shared_texts}"#)));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip_of(&parts)
}

/// A row of texts written into the sheet itself.
pub fn row(number: u32, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(column, text)| {
            let letter = char::from(b'A' + column as u8);
            format!(r#"<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        })
        .collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

/// A small list of people with a date, a number and a flag.
pub fn people() -> Vec<u8> {
    let shared = r#"<sst uniqueCount="2"><si><t>Bob</t></si><si><r><t>Z</t></r><r><t>oë</t></r></si></sst>"#;
    let rows = row(1, &["Name", "Email", "Since", "Phone", "Active"])
        + r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><v>bob@example.com</v></c><c r="C2" s="1"><v>45296</v></c><c r="D2"><v>33612345678</v></c><c r="E2" t="b"><v>1</v></c></row>"#
        + r#"<row r="3"><c r="A3" s="1"/><c r="B3" s="1"/></row>"#
        + r##"<row r="5"><c r="A5" t="s"><v>1</v></c><c r="C5" s="2"><v>45296.5625</v></c><c r="D5"><v>1.5</v></c><c r="E5" t="e"><v>#N/A</v></c></row>"##;
    workbook(&[("People", &rows), ("Other", &row(1, &["x", "y"]))], shared)
}
