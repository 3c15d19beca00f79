//! CSV: text with separators.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, WINDOWS_1252};

use crate::{Gathering, SheetError};

/// The separators that are known; of those that a line has equally many of, the first is taken.
const SEPARATORS: [u8; 3] = *b",;\t";

pub(crate) fn read(file: &[u8], gathering: &mut Gathering) -> Result<(), SheetError> {
    let text = decoded(file);
    let (separator, text) = separated(&text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut row, mut lines) = (0, 1);
    loop {
        let mut cells = StringRecord::new();
        if !reader.read_record(&mut cells)? {
            return Ok(());
        }
        let now = reader.position().line();
        row += rows_passed(now - lines, &cells);
        lines = now;
        gathering.push(row, cells)?;
    }
}

/// How many rows the reader has passed with a record: its own, and the blank lines before it, which it does not tell of.
fn rows_passed(lines: u64, cells: &StringRecord) -> usize {
    let within = cells.as_slice().bytes().filter(|byte| *byte == b'\n').count();
    usize::try_from(lines).unwrap_or_default().saturating_sub(within).max(1)
}

/// Files begin with a mark of their encoding, or are UTF-8, or come from an older program for Windows.
fn decoded(file: &[u8]) -> String {
    let encoding = if std::str::from_utf8(file).is_ok() { UTF_8 } else { WINDOWS_1252 };
    let mut text = encoding.decode(file).0.into_owned();
    // The reader counts a line when it ends.
    text.push('\n');
    text
}

/// The separator, and the text that has it. A first line such as `sep=;` names it.
fn separated(text: &str) -> (u8, &str) {
    let named = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    let rest = text.get(4..).and_then(|rest| rest.split_once('\n')).filter(|_| named);
    match rest.map(|(line, rest)| (line.trim_end_matches('\r').as_bytes(), rest)) {
        Some(([separator], rest)) => (*separator, rest),
        _ => (commonest_separator(text), text),
    }
}

/// The separator that the first line has most of, outside quotes.
fn commonest_separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside: String = line.split('"').step_by(2).collect();
    let count = |separator: u8| outside.bytes().filter(|byte| *byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
