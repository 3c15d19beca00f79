//! XLSX: the first sheet that a reader of the workbook sees.

use std::borrow::Cow;
use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::cell::number;
use crate::{Gathering, MOST_COLUMNS, MOST_TEXT, SheetError};

pub(crate) fn read(file: &[u8], gathering: &mut Gathering) -> Result<(), SheetError> {
    check_unpacked_size(file)?;
    let mut workbook = Xlsx::new(Cursor::new(file))?;
    let Some(sheet) = first_visible(&workbook) else {
        return Err(SheetError::Empty);
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet)?;
    let mut row = RowOfCells::default();
    while let Some(cell) = cells.next_cell()? {
        let (at, column) = cell.get_position();
        if at != row.at {
            gathering.push(row.at as usize, std::mem::replace(&mut row, RowOfCells::at(at)).cells)?;
        }
        let text = text(cell.get_value());
        gathering.check_room(row.bytes() + text.len())?;
        row.put(column as usize, &text)?;
    }
    gathering.push(row.at as usize, row.cells)
}

/// The cells of one row, which come in their order; what is left out between them is empty.
#[derive(Default)]
struct RowOfCells {
    at: u32,
    cells: StringRecord,
}

impl RowOfCells {
    fn at(at: u32) -> Self {
        Self { at, cells: StringRecord::new() }
    }

    fn bytes(&self) -> usize {
        self.cells.as_slice().len()
    }

    fn put(&mut self, column: usize, text: &str) -> Result<(), SheetError> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        if column < self.cells.len() {
            return Err(SheetError::NoWorkbook("its cells are out of order".to_owned()));
        }
        (self.cells.len()..column).for_each(|_| self.cells.push_field(""));
        self.cells.push_field(text);
        Ok(())
    }
}

/// A workbook is a ZIP archive, and what one says of its sizes may be a lie: it is unpacked once into nothing.
fn check_unpacked_size(file: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(file))?;
    let mut left = MOST_TEXT as u64;
    for index in 0..archive.len() {
        let unpacked = copy(&mut archive.by_index(index)?.take(left + 1), &mut sink());
        let unpacked = unpacked.map_err(|error| SheetError::NoWorkbook(error.to_string()))?;
        left = left.checked_sub(unpacked).ok_or(SheetError::TooLarge)?;
    }
    Ok(())
}

fn first_visible(workbook: &Xlsx<Cursor<&[u8]>>) -> Option<String> {
    let seen = |visible| matches!(visible, SheetVisible::Visible);
    let sheets = workbook.sheets_metadata().iter();
    let mut worksheets = sheets.filter(|sheet| matches!(sheet.typ, SheetType::WorkSheet) && seen(sheet.visible));
    worksheets.next().map(|sheet| sheet.name.clone())
}

/// A cell's value as its author would write it into a text file.
fn text<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Int(value) => value.to_string().into(),
        DataRef::Float(value) => number(*value).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(value) => value.to_string().into(),
        DataRef::DateTime(value) => date_or_time(*value).into(),
        DataRef::Error(error) => error.to_string().into(),
        DataRef::Empty => "".into(),
    }
}

/// A date, a time of day, or both, in ISO 8601.
fn date_or_time(value: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match value.as_f64() {
        serial if value.is_duration() => number(serial),
        serial if serial < 1.0 => time,
        serial if serial.fract() == 0.0 => date,
        _ => format!("{date}T{time}"),
    }
}

impl From<ZipError> for SheetError {
    fn from(error: ZipError) -> Self {
        Self::NoWorkbook(error.to_string())
    }
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Locked,
            error => Self::NoWorkbook(error.to_string()),
        }
    }
}
