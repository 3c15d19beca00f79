//! What columns are called.

use crate::cell::unmarked;

/// The name of a column as it is known whatever its author wrote: lower case, with one underscore where blanks, hyphens and
/// other marks stand. `Phone Number`, `phone-number` and `PHONE_NUMBER` are one name.
#[must_use]
pub fn column_name(header: &str) -> String {
    let lower = unmarked(header).to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}
