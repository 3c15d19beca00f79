//! CSV files as answers.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use hub_web::ApiError;

/// The mark by which spreadsheet programs know UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file of these rows, to be saved under this name.
pub(crate) fn csv_file<const N: usize>(
    name: &str,
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Response, ApiError> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|cell| defused(cell))).map_err(unwritten)?;
    }
    let file = writer.into_inner().map_err(unwritten)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        // What Lambda brings as text loses its mark; what is encoded, in whatever way, it brings as bytes.
        (header::CONTENT_ENCODING, "identity".to_owned()),
    ];
    Ok((headers, file).into_response())
}

fn unwritten(error: impl std::fmt::Display) -> ApiError {
    ApiError::internal(error.to_string())
}

/// A cell that a spreadsheet program shows and does not calculate: what others wrote into it must not run on the machine of
/// whoever opens the file. The apostrophe is taken away again where a file is read.
fn defused(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_like_a_formula_is_defused() {
        for formula in ["=1+1", "+14165551234", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(defused(formula), format!("'{formula}"));
        }
        for plain in ["", "Alex", "a=b", "'=1", " =1"] {
            assert_eq!(defused(plain), plain);
        }
    }
}
