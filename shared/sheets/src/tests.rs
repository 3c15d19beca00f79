use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

/// The rows of a file with their numbers, the first too.
fn read(file: impl AsRef<[u8]>) -> Vec<(usize, Vec<String>)> {
    let Sheet { first, rows } = Sheet::read(file.as_ref()).unwrap();
    let texts = |row: Row| (row.number, row.cells().map(str::to_owned).collect());
    std::iter::once(first).chain(rows).map(texts).collect()
}

fn cells(file: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    read(file).into_iter().map(|(_, cells)| cells).collect()
}

fn refused(file: impl AsRef<[u8]>) -> String {
    Sheet::read(file.as_ref()).map(|sheet| sheet.rows).unwrap_err().to_string()
}

/// A workbook whose only sheet was filled so.
fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

#[test]
fn comma_semicolon_and_tab_separate_and_what_is_in_quotes_does_not_count() {
    for separator in [",", ";", "\t"] {
        let file = "\"a,,;;\t\t b\"|c\nx|\"y;,\t\"\n".replace('|', separator);
        assert_eq!(cells(file), [["a,,;;\t\t b", "c"], ["x", "y;,"]]);
    }
}

#[test]
fn a_first_line_may_name_the_separator() {
    for file in ["sep=;\na;b,c\n", "SEP=;\r\na;b,c\r\n"] {
        assert_eq!(cells(file), [["a", "b,c"]]);
    }
    assert_eq!(cells("sep=\nx\n"), [["sep="], ["x"]]);
}

#[test]
fn every_usual_encoding_is_read() {
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
    let files = [
        "name,city\nZoë,Köln\n".as_bytes().to_vec(),
        "\u{feff}name,city\r\nZoë,Köln\r\n".as_bytes().to_vec(),
        b"name;city\rZo\xeb;K\xf6ln\r".to_vec(),
        [b"\xff\xfe".to_vec(), wide("name\tcity\r\nZoë\tKöln\r\n", u16::to_le_bytes)].concat(),
        [b"\xfe\xff".to_vec(), wide("name\tcity\nZoë\tKöln", u16::to_be_bytes)].concat(),
    ];
    for file in files {
        assert_eq!(cells(&file), [["name", "city"], ["Zoë", "Köln"]], "{file:?}");
    }
    assert_eq!(cells("name\n山田太郎\nسارة\n🙂\n"), [["name"], ["山田太郎"], ["سارة"], ["🙂"]]);
}

#[test]
fn a_cell_may_run_over_lines_and_have_quotes_in_it() {
    let file = "name,text\r\nAlex,\"One.\r\n\r\nTwo \"\"three\"\".\"\r\n";
    assert_eq!(cells(file), [["name", "text"], ["Alex", "One.\r\n\r\nTwo \"three\"."]]);
}

#[test]
fn a_row_has_the_number_at_which_its_author_finds_it() {
    let expected = [(0, "name"), (1, "a"), (3, "b\nb"), (6, "c"), (7, "d")];
    let expected: Vec<_> = expected.map(|(number, cell)| (number, vec![cell.to_owned(), "x".to_owned()])).to_vec();
    let file = "\n\nname,x\na,x\n,\n\"b\nb\",x\n\n,\nc,x\nd,x";
    assert_eq!(read(file), expected);
    assert_eq!(read(format!("{file}\r\n\r\n")), expected);
    let sheet = workbook(|sheet| {
        for (row, text) in [(2, "name"), (3, "a"), (5, "b\nb"), (8, "c"), (9, "d")] {
            sheet.write(row, 0, text).unwrap().write(row, 1, "x").unwrap();
        }
        sheet.write(4, 1, " ").unwrap();
    });
    assert_eq!(read(sheet), expected);
}

#[test]
fn columns_have_one_name_however_they_are_written() {
    for written in ["phone_number", "Phone Number", " PHONE-NUMBER ", "phone__number:", "'Phone number*"] {
        assert_eq!(column_name(written), "phone_number", "{written}");
    }
    assert_eq!(column_name("Prénom"), "prénom");
}

#[test]
fn the_cells_of_a_workbook_are_read_as_their_author_would_write_them() {
    let date = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
    let format = |text: &str| Format::new().set_num_format(text);
    let sheet = workbook(|sheet| {
        sheet.write(0, 0, "+1 416 555 0000").unwrap();
        sheet.write(0, 1, 14_165_550_000.0).unwrap();
        sheet.write(0, 2, 0.5).unwrap();
        sheet.write(0, 3, true).unwrap();
        sheet.write_with_format(0, 5, date("2026-06-19T14:30:00"), &format("yyyy-mm-dd hh:mm")).unwrap();
        sheet.write_with_format(0, 6, date("2026-06-19"), &format("d mmm yyyy")).unwrap();
        sheet.write_with_format(0, 7, date("08:05:00"), &format("hh:mm")).unwrap();
        sheet.write(0, 8, Formula::new("=A2").set_result("calculated")).unwrap();
        sheet.write(0, 9, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(0, 10, "山田 🙂").unwrap();
    });
    let expected = [
        "+1 416 555 0000",
        "14165550000",
        "0.5",
        "true",
        "",
        "2026-06-19T14:30:00",
        "2026-06-19",
        "08:05:00",
        "calculated",
        "#DIV/0!",
        "山田 🙂",
    ];
    assert_eq!(cells(sheet), [expected]);
}

#[test]
fn the_first_sheet_that_is_seen_is_read() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_hidden(true).write(0, 0, "hidden").unwrap();
    workbook.add_worksheet().set_active(true).write(0, 0, "seen").unwrap();
    workbook.add_worksheet().write(0, 0, "after").unwrap();
    assert_eq!(cells(workbook.save_to_buffer().unwrap()), [["seen"]]);
}

#[test]
fn a_file_has_at_most_ten_thousand_rows() {
    let many = "a\n".repeat(MOST_ROWS);
    assert_eq!(Sheet::read(format!("name\n{many}\n\n").as_bytes()).unwrap().rows.len(), MOST_ROWS);
    assert!(refused(format!("name\n{many}b\n")).contains("more than 10000 rows"));
    let sheet = workbook(|sheet| {
        for row in 0..MOST_ROWS as u32 + 2 {
            sheet.write(row, 0, "a").unwrap();
        }
    });
    assert!(refused(sheet).contains("more than 10000 rows"));
}

#[test]
fn a_workbook_that_becomes_too_large_is_refused_before_it_is_read() {
    let filled = |rows: u32, text: fn(u32) -> String| {
        workbook(|sheet| {
            for row in 0..rows {
                sheet.write(row, 0, text(row)).unwrap();
            }
        })
    };
    let distinct = |row| format!("{row:04}{}", " x".repeat(15_000));
    let file = filled(1_200, distinct);
    assert!(file.len() < 500_000, "it is no bomb: {} bytes", file.len());
    assert!(refused(file).contains("too large when it is unpacked"));
    assert_eq!(cells(filled(3, distinct)).len(), 3);
    // One long text that every cell has is small even unpacked.
    assert!(refused(filled(2_000, |_| "x".repeat(30_000))).contains("too large when it is unpacked"));
}

/// A workbook whose one row has these cells, each of which shows the one text that all share.
fn sharing(text: &str, cells: impl Iterator<Item = String>) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let cells: String = cells.map(|cell| format!("<c r=\"{cell}\" t=\"s\"><v>0</v></c>")).collect();
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\">\
                 <Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/>\
                 </sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\">\
                 <Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\"><si><t>{text}</t></si></sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn one_row_may_not_become_too_large_either() {
    let long = "x".repeat(5 * 1024 * 1024);
    let row = |cells: u8| sharing(&long, (0..cells).map(|cell| format!("{}1", char::from(b'A' + cell))));
    assert_eq!(cells(row(3))[0].len(), 3);
    assert!(refused(row(7)).contains("too large when it is unpacked"));
}

#[test]
fn cells_that_are_out_of_order_are_refused() {
    assert_eq!(cells(sharing("x", ["A1", "C1"].map(str::to_owned).into_iter())), [["x", "", "x"]]);
    for cells in [["A1", "A1"], ["B1", "A1"]] {
        assert!(refused(sharing("x", cells.map(str::to_owned).into_iter())).contains("out of order"), "{cells:?}");
    }
}

#[test]
fn what_is_no_such_file_is_refused_with_advice() {
    for (file, advice) in [
        (&b""[..], "is empty"),
        (b" \n,\n\n", "is empty"),
        (b"PK\x03\x04", "save it as .xlsx anew, or as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx without one, or as CSV"),
    ] {
        let told = refused(file);
        assert!(told.contains(advice), "{told}");
    }
    assert!(refused(workbook(|_| {})).contains("is empty"));
    let wide = workbook(|sheet| {
        sheet.write(0, 600, "far out").unwrap();
    });
    assert!(refused(wide).contains("more than 500 columns"));
}

proptest! {
    #[test]
    fn reading_a_file_never_panics(
        file in proptest::collection::vec(any::<u8>(), 0..300),
        text in "(sep=|[a-z,;\t\"\r\n é]){0,60}",
    ) {
        let _ = Sheet::read(&file);
        let _ = Sheet::read(text.as_bytes());
    }

    #[test]
    fn reading_a_damaged_workbook_never_panics(at in 0..6_000_usize, byte: u8) {
        let mut file = workbook(|sheet| {
            sheet.write(0, 0, "name").unwrap().write(5, 3, 7).unwrap();
        });
        if let Some(damaged) = file.get_mut(at) {
            *damaged = byte;
        }
        let _ = Sheet::read(&file);
    }
}
