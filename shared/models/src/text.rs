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

    /// As much of a text as fits, on one line; nothing when no visible character is in it.
    #[must_use]
    pub fn beginning(raw: &str) -> Option<Self> {
        let line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = match line.char_indices().nth(MAX) {
            Some(_) => line.chars().take(MAX.saturating_sub(1)).chain(['…']).collect(),
            None => line,
        };
        Self::parse(&cut).ok().flatten()
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

/// The text on one line: each line break, with the blanks around it, becomes one space.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    let lines = text.split(|c: char| c.is_control() || is_separator(c)).map(str::trim);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text in the words of another dialect: each word that is a first name is replaced by its second one.
#[must_use]
pub fn with_names(text: &str, names: &[(&str, &str)]) -> String {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(in_word) {
        let word = rest[begin..].split(|c| !in_word(c)).next().unwrap_or_default();
        let name = names.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to);
        renamed.push_str(&rest[..begin]);
        renamed.push_str(name);
        rest = &rest[begin + word.len()..];
    }
    renamed + rest
}

/// Whether this is a mark that a sentence of one of the hub's languages can end with.
#[must_use]
pub const fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || ends_sentence_anywhere(c) || matches!(c, '।' | '؟' | '۔')
}

/// Whether this mark ends a sentence wherever it stands: Chinese and Japanese put no blank after it.
#[must_use]
pub const fn ends_sentence_anywhere(c: char) -> bool {
    matches!(c, '。' | '！' | '？')
}

/// Whether this closes a quotation or a bracket, and so may stand between the end of a sentence and what follows.
#[must_use]
pub const fn closes(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '“' | '»' | '›' | ')' | ']' | '）' | '」' | '』' | '》')
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
    fn line_breaks_become_one_space() {
        assert_eq!(on_one_line(" All is\r\n \n well,\u{2028}and  stays. "), "All is well, and  stays.");
        assert_eq!(on_one_line(" \n "), "");
    }

    #[test]
    fn the_beginning_of_a_long_text_fits_into_its_line() {
        assert_eq!(Name::beginning("550 5.1.1\r\n no such  user").unwrap().as_str(), "550 5.1.1 no such user");
        let cut = Name::beginning(&"語".repeat(400)).unwrap();
        assert!(cut.as_str().chars().count() == 300 && cut.as_str().ends_with('…'));
        assert_eq!(Name::beginning(" \n"), None);
    }

    #[test]
    fn a_name_of_three_thousand_bytes_is_too_long() {
        let error = Name::parse(&"x".repeat(3_000)).unwrap_err();
        assert_eq!(error.to_string(), "has 3000 characters; at most 300 are allowed.");
    }

    #[test]
    fn names_are_told_in_the_words_of_another_dialect() {
        let names = [("phone_number", "contactIdentifier"), ("email_template_params", "emailTemplateParams")];
        for (text, expected) in [
            ("phone_number is required.", "contactIdentifier is required."),
            ("email_template_params.9: no \"phone_number\"", "emailTemplateParams.9: no \"contactIdentifier\""),
            ("user_phone_number and phone_numbers stay", "user_phone_number and phone_numbers stay"),
            ("", ""),
        ] {
            assert_eq!(with_names(text, &names), expected);
        }
    }
}
