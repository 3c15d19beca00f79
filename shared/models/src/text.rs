//! Text from outside, with a limit and without what could break out of the line it is put in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It has more characters than its field allows.
    #[error("has {given} characters; at most {limit} are allowed.")]
    TooLong {
        /// Characters given.
        given: usize,
        /// Characters allowed.
        limit: usize,
    },
}

/// One line of at most `MAX` characters: line breaks and control characters become spaces, edges are trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// The line, or nothing when no visible character is in it.
    ///
    /// # Errors
    /// When it is longer than `MAX` characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, TextError> {
        let line: String = raw.chars().map(|c| if c.is_control() || is_separator(c) { ' ' } else { c }).collect();
        let line = line.trim();
        within(line, MAX)?;
        Ok((!line.is_empty()).then(|| Self(line.to_owned())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text of at most `MAX` characters that may run over several lines; edges are trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The text, or nothing when it is blank.
    ///
    /// # Errors
    /// When it is longer than `MAX` characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, TextError> {
        let text = raw.trim();
        within(text, MAX)?;
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The display name of a customer.
pub type Name = Line<300>;
/// An identifier in the caller's own system.
pub type ForeignId = Line<256>;
/// What the contact is to be told or asked.
pub type Instruction = Text<10_000>;

/// The beginning of a text from outside, short enough to be quoted in an error.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut excerpt: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        excerpt.push('…');
    }
    excerpt
}

fn within(text: &str, limit: usize) -> Result<(), TextError> {
    // A byte count within the limit proves the character count without walking the text.
    if text.len() <= limit {
        return Ok(());
    }
    match text.chars().count() {
        given if given > limit => Err(TextError::TooLong { given, limit }),
        _ => Ok(()),
    }
}

/// The line and paragraph separators of Unicode break lines too, though they are no control characters.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_no_line_break() {
        let line = Name::parse(" Alex\r\nBcc: all@example.com\u{2028}x ").unwrap().unwrap();
        assert_eq!(line.as_str(), "Alex  Bcc: all@example.com x");
    }

    #[test]
    fn a_blank_line_is_no_line() {
        assert_eq!(Name::parse(" \r\n\t").unwrap(), None);
    }

    #[test]
    fn a_name_of_three_thousand_bytes_is_too_long() {
        let error = Name::parse(&"x".repeat(3_000)).unwrap_err();
        assert_eq!(error.to_string(), "has 3000 characters; at most 300 are allowed.");
    }
}
