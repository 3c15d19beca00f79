//! CSV files as answers.

use std::io::Write;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use hub_web::ApiError;

/// The mark by which spreadsheet programs know UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How a file is brought. Lambda answers with at most 6 MB, which many thousand rows only fit into when they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As it is, which every client understands.
    Plain,
    /// Packed, to be unpacked by the client before anyone sees it.
    Gzip,
}

impl Packing {
    /// What the client that sent these headers understands.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        if accepted.flat_map(|value| value.split(',')).any(takes_gzip) { Self::Gzip } else { Self::Plain }
    }

    /// The name of it in an answer. What Lambda brings as text loses its byte order mark; what is encoded, in whatever way,
    /// it brings as bytes.
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Gzip => "gzip",
        }
    }

    fn pack(self, file: Vec<u8>) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(file),
            Self::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::default());
                packer.write_all(&file)?;
                packer.finish()
            }
        }
    }
}

/// Whether one entry of `Accept-Encoding` is for gzip, and not against it.
fn takes_gzip(entry: &str) -> bool {
    let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
    name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
}

/// A file of these rows, to be saved under this name.
pub(crate) fn csv_file<const N: usize>(
    name: &str,
    packing: Packing,
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
        (header::CONTENT_ENCODING, packing.name().to_owned()),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    Ok((headers, packing.pack(file).map_err(unwritten)?).into_response())
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
    fn a_file_is_packed_for_whoever_unpacks_it() {
        let packing = |accepted: &'static str| {
            Packing::of(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]))
        };
        for accepted in ["gzip", "br, GZIP", "deflate, gzip;q=1.0, *;q=0.5", "gzip; q=0.1"] {
            assert_eq!(packing(accepted), Packing::Gzip, "{accepted}");
        }
        for accepted in ["", "identity", "br", "gzip;q=0", "gzip;q=0.000", "x-gzip"] {
            assert_eq!(packing(accepted), Packing::Plain, "{accepted}");
        }
        assert_eq!(Packing::of(&HeaderMap::new()), Packing::Plain);
    }

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
