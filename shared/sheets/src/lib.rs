//! Files of rows as spreadsheet programs make them: CSV in any of their encodings and with any of their separators, and
//! XLSX.
//!
//! A file becomes rows of text, whatever it was: what a cell is for is not known here. Blank rows are left out, but they
//! count, so that a row has the number at which its author finds it.

mod cell;
mod column;
mod delimited;
mod workbook;

use csv::StringRecord;

pub use cell::{RoundedNumber, contact_cell, is_spreadsheet_error, unmarked};
pub use column::column_name;

/// The most rows of a file, without its first.
pub const MOST_ROWS: usize = 10_000;

/// The most columns of a workbook.
const MOST_COLUMNS: usize = 500;

/// The most bytes that the cells of a file have together. A workbook names a long text once and uses it in every row.
const MOST_TEXT: usize = 32 * 1024 * 1024;

/// A file that was read.
#[derive(Debug)]
pub struct Sheet {
    /// The first row with anything in it, which most often is a header.
    pub first: Row,
    /// The rows below it, at most [`MOST_ROWS`].
    pub rows: Vec<Row>,
}

/// A row of a file with something in it.
#[derive(Debug)]
pub struct Row {
    /// How far below the first row it stands; that one is row 0.
    pub number: usize,
    cells: StringRecord,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Nothing is in it.
    #[error("The file is empty.")]
    Empty,
    /// It has too many rows.
    #[error("The file has more than {MOST_ROWS} rows; send it in parts.")]
    TooManyRows,
    /// It becomes too large when it is unpacked.
    #[error("The file is too large when it is unpacked; send it in parts.")]
    TooLarge,
    /// It is wider than any list of contacts.
    #[error("The file has more than {MOST_COLUMNS} columns; leave out those that are not needed.")]
    TooManyColumns,
    /// It is a workbook that only its own program can read.
    #[error("The file is an old .xls workbook or has a password; save it as .xlsx without one, or as CSV.")]
    Locked,
    /// It begins like a workbook and is none.
    #[error("The file cannot be read as an XLSX workbook ({0}); save it as .xlsx anew, or as CSV.")]
    NoWorkbook(String),
    /// It cannot be told apart into rows.
    #[error("The file cannot be read as CSV: {0}.")]
    Unreadable(#[from] csv::Error),
}

impl Sheet {
    /// Reads a file. What it is its first bytes tell: names and content types of uploads are often wrong.
    ///
    /// # Errors
    /// When it is no such file, or too large.
    pub fn read(file: &[u8]) -> Result<Self, SheetError> {
        const ZIP: &[u8] = b"PK\x03\x04";
        const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0";
        let mut gathering = Gathering::default();
        if file.starts_with(ZIP) {
            workbook::read(file, &mut gathering)?;
        } else if file.starts_with(COMPOUND_FILE) {
            return Err(SheetError::Locked);
        } else {
            delimited::read(file, &mut gathering)?;
        }
        gathering.finish()
    }
}

impl Row {
    /// The text of a cell, trimmed; a row that ends before it has nothing there.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default()
    }

    /// All its cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// The row as the names of columns, each in the form that [`column_name`] gives it.
    #[must_use]
    pub fn column_names(&self) -> Vec<String> {
        self.cells().map(column_name).collect()
    }

    /// Whether something stands behind the last of so many columns.
    #[must_use]
    pub fn is_longer_than(&self, columns: usize) -> bool {
        self.cells().skip(columns).any(|cell| !cell.is_empty())
    }
}

/// Rows on their way into a sheet.
#[derive(Default)]
struct Gathering {
    /// The first row, and where in the file it stands.
    first: Option<(usize, Row)>,
    rows: Vec<Row>,
    text: usize,
}

impl Gathering {
    /// Takes the row that stands at this place of the file, counted from anywhere.
    fn push(&mut self, at: usize, mut cells: StringRecord) -> Result<(), SheetError> {
        cells.trim();
        self.check_room(cells.as_slice().len())?;
        self.text += cells.as_slice().len();
        if cells.iter().all(str::is_empty) {
            return Ok(());
        }
        match &self.first {
            None => self.first = Some((at, Row { number: 0, cells })),
            Some(_) if self.rows.len() == MOST_ROWS => return Err(SheetError::TooManyRows),
            // A workbook names the places of its rows itself, and may name them in any order.
            Some((start, _)) => self.rows.push(Row { number: at.saturating_sub(*start), cells }),
        }
        Ok(())
    }

    /// Whether so many more bytes may be held.
    fn check_room(&self, bytes: usize) -> Result<(), SheetError> {
        if self.text.saturating_add(bytes) > MOST_TEXT { Err(SheetError::TooLarge) } else { Ok(()) }
    }

    fn finish(self) -> Result<Sheet, SheetError> {
        let (_, first) = self.first.ok_or(SheetError::Empty)?;
        Ok(Sheet { first, rows: self.rows })
    }
}

#[cfg(test)]
mod tests;
