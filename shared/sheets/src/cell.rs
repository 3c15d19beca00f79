//! What spreadsheet programs do to the text of cells.

/// The text without the apostrophe that keeps a spreadsheet program from calculating with it.
#[must_use]
pub fn unmarked(cell: &str) -> &str {
    cell.trim().trim_start_matches(['\'', '’', '`']).trim_start()
}

/// A number that the program which wrote it has left digits out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is in scientific notation, which has lost digits; give the column the format Text in the spreadsheet program and \
     enter the number again."
)]
pub struct RoundedNumber;

/// The text of a cell that is to be a phone number or an address.
///
/// # Errors
/// When it is a number that has lost digits.
pub fn contact_cell(cell: &str) -> Result<&str, RoundedNumber> {
    let text = unmarked(cell);
    if is_rounded(text) { Err(RoundedNumber) } else { Ok(text) }
}

/// Whether this is a number in scientific notation, `1.41656E+10`.
fn is_rounded(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once(['e', 'E']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = mantissa.trim_start_matches(['+', '-']).replace(['.', ','], "");
    digits(&mantissa) && digits(exponent.trim_start_matches(['+', '-']))
}

/// Whether this is what a formula shows that cannot be calculated.
#[must_use]
pub fn is_spreadsheet_error(cell: &str) -> bool {
    matches!(cell, "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NULL!" | "#NUM!")
}

/// A number as one writes it: never in scientific notation, and without decimals where it has none.
pub(crate) fn number(value: f64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_all_its_digits() {
        for (value, text) in
            [(14_165_550_000.0, "14165550000"), (4.0, "4"), (0.25, "0.25"), (1e16, "10000000000000000"), (-2.5, "-2.5")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn scientific_notation_is_known_from_words_and_numbers() {
        for rounded in ["1.41656E+10", "1,41656E+10", "'1.4e10", "4E+11", "-1E-5"] {
            assert_eq!(contact_cell(rounded), Err(RoundedNumber), "{rounded}");
        }
        for other in ["", "E", "14165550000", "Eve", "1E", "E5", "+14165550000", "b2e4f", "1.4E+x", "1e5@example.com"] {
            assert_eq!(contact_cell(other), Ok(other));
        }
    }

    #[test]
    fn the_apostrophe_before_a_text_goes_and_those_in_it_stay() {
        assert_eq!(unmarked(" '+1 416 555 0000"), "+1 416 555 0000");
        assert_eq!(unmarked("o'brien@example.com"), "o'brien@example.com");
    }
}
