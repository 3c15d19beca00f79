//! Fills placeholders without letting values blow the email up.

use std::collections::BTreeSet;

use hub_models::email::Subject;
use hub_models::placeholders::{Escape, Values};

use super::ComposeError;
use super::layout::Layout;

/// The most bytes that header, body and footer may have when they are filled. Mail programs cut an email off long before.
const LARGEST: usize = 1_000_000;

/// The most characters a subject may have.
const LONGEST_SUBJECT: usize = 500;

/// Fills placeholders and remembers those that have no value.
#[derive(Debug, Default)]
pub(super) struct Filler {
    pub(super) missing: BTreeSet<String>,
    /// How many bytes were filled so far.
    filled: usize,
}

impl Filler {
    /// A filled header line, cut where it grows too long.
    pub(super) fn line(&mut self, text: &str, values: &Values<'_>) -> Result<String, ComposeError> {
        let filled = self.fill(text, values, Escape::Line)?;
        Ok(one_line(&filled).unwrap_or_default())
    }

    /// Filled HTML.
    pub(super) fn html(&mut self, layout: &Layout<'_>, values: &Values<'_>) -> Result<String, ComposeError> {
        self.fill(layout.as_str(), values, Escape::Html)
    }

    /// Fills from tag to tag: a body of many tags and long values would take gigabytes before its size is known.
    fn fill(&mut self, text: &str, values: &Values<'_>, escape: Escape) -> Result<String, ComposeError> {
        let mut filled = String::with_capacity(text.len());
        for piece in from_tag_to_tag(text) {
            filled.push_str(&values.fill(piece, escape, &mut self.missing));
            if self.filled + filled.len() > LARGEST {
                return Err(ComposeError::TooLarge { limit: LARGEST });
            }
        }
        self.filled += filled.len();
        Ok(filled)
    }
}

/// Cuts a text before each `{{`. No tag is cut in two, since none has a brace in its name.
fn from_tag_to_tag(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("{{").map(|(at, _)| at);
    let ends = starts.clone().chain([text.len()]);
    [0].into_iter().chain(starts).zip(ends).map(|(start, end)| &text[start..end])
}

/// A text as one line, or nothing when no visible character is in it.
pub(super) fn one_line(text: &str) -> Option<String> {
    let cut: String = text.trim().chars().take(LONGEST_SUBJECT).collect();
    let line = Subject::parse(&cut).ok().flatten()?;
    Some(single_spaced(line.as_str()))
}

/// A line with one space where it had several: the encoding of headers loses those between words of other scripts.
pub(super) fn single_spaced(line: &str) -> String {
    let words: Vec<_> = line.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use hub_models::placeholders::TemplateParams;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn params() -> TemplateParams {
        let params = json!({"A": "{{B}}", "LONG": "x".repeat(10_000)});
        TemplateParams::parse("params", params.as_object().unwrap()).unwrap()
    }

    fn values(params: &TemplateParams) -> Values<'_> {
        Values { subject: "S", customer_name: "C", organization_name: "O", params }
    }

    #[test]
    fn values_that_blow_the_email_up_are_refused_early() {
        let params = params();
        let bomb = "{{LONG}}".repeat(20_000);
        let error = Filler::default().fill(&bomb, &values(&params), Escape::Html).unwrap_err();
        assert_eq!(error, ComposeError::TooLarge { limit: LARGEST });
    }

    #[test]
    fn a_subject_of_long_values_is_cut() {
        let params = params();
        let line = Filler::default().line("{{LONG}}{{LONG}}", &values(&params)).unwrap();
        assert_eq!(line.len(), LONGEST_SUBJECT);
    }

    #[test]
    fn all_parts_together_have_one_limit() {
        let params = params();
        let (mut filler, part) = (Filler::default(), "{{LONG}}".repeat(40));
        assert!(filler.fill(&part, &values(&params), Escape::Html).is_ok());
        assert!(filler.fill(&part, &values(&params), Escape::Html).is_ok());
        let error = filler.fill(&part, &values(&params), Escape::Html).unwrap_err();
        assert_eq!(error, ComposeError::TooLarge { limit: LARGEST });
    }

    proptest! {
        #[test]
        fn filling_from_tag_to_tag_is_filling_at_once(text in "([{}]{1,3}|[AB ]| é){0,30}") {
            let params = params();
            let mut missing = BTreeSet::new();
            let at_once = values(&params).fill(&text, Escape::Html, &mut missing);
            let mut filler = Filler::default();
            prop_assert_eq!(filler.fill(&text, &values(&params), Escape::Html), Ok(at_once));
            prop_assert_eq!(filler.missing, missing);
        }
    }
}
