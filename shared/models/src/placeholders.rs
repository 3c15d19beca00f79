//! `{{PLACEHOLDER}}` tags and the values that fill them (checklist E5–E7).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::fault::{Faults, FieldFault};

/// The placeholders that the hub itself fills; parameters of these names are ignored.
pub const BUILT_IN: [&str; 3] = ["SUBJECT", "CUSTOMER_NAME", "ORGANIZATION_NAME"];

/// The most characters one value may have.
const VALUE_LIMIT: usize = 10_000;

/// Values for custom placeholders, by upper-case key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TemplateParams(BTreeMap<String, String>);

impl TemplateParams {
    /// Reads parameters as they are sent: keys become upper case, scalars become text, empty ones are left out.
    ///
    /// # Errors
    /// Every key that is no name and every value that is no scalar, named with `field` before it.
    pub fn parse(field: &str, raw: &Map<String, Value>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut params = BTreeMap::new();
        for (key, value) in raw {
            match entry(field, key, value) {
                Ok(Some((key, value))) => drop(params.insert(key, value)),
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        faults.finish(Some(Self(params)))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn entry(field: &str, key: &str, value: &Value) -> Result<Option<(String, String)>, FieldFault> {
    let path = || format!("{field}.{}", crate::text::excerpt(key));
    if !is_key(key) {
        let detail =
            "is no placeholder name: use at most 100 letters, digits and underscores, beginning with a letter.";
        return Err(FieldFault::invalid(path(), detail));
    }
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => {
            return Err(FieldFault::invalid(path(), "must be a text, a number or a boolean."));
        }
    };
    if text.len() > VALUE_LIMIT {
        return Err(FieldFault::invalid(path(), format!("must have at most {VALUE_LIMIT} bytes.")));
    }
    let key = key.to_ascii_uppercase();
    let kept = !text.is_empty() && !BUILT_IN.contains(&key.as_str());
    Ok(kept.then_some((key, text)))
}

/// The most characters of a key.
const KEY_LIMIT: usize = 100;

/// Whether a placeholder can have this name: `^[A-Za-z][A-Za-z0-9_]*$`, at most 100 characters.
#[must_use]
pub fn is_key(key: &str) -> bool {
    key.len() <= KEY_LIMIT
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// How values are written into the text around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Into HTML: markup in a value is shown, not followed.
    Html,
    /// Into a header: a value stays on its line.
    Line,
}

/// All values of one email.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// `{{SUBJECT}}`
    pub subject: &'a str,
    /// `{{CUSTOMER_NAME}}`
    pub customer_name: &'a str,
    /// `{{ORGANIZATION_NAME}}`
    pub organization_name: &'a str,
    /// The custom ones.
    pub params: &'a TemplateParams,
}

impl Values<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "SUBJECT" => Some(self.subject),
            "CUSTOMER_NAME" => Some(self.customer_name),
            "ORGANIZATION_NAME" => Some(self.organization_name),
            _ => self.params.0.get(key).map(String::as_str),
        }
    }

    /// Fills every placeholder of `text` once: a value that looks like a placeholder stays as it is.
    ///
    /// A placeholder without a value becomes empty and is added to `missing`.
    #[must_use]
    pub fn fill(&self, text: &str, escape: Escape, missing: &mut BTreeSet<String>) -> String {
        let mut filled = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Placeholder(key) => {
                    let key = key.to_ascii_uppercase();
                    match self.get(&key) {
                        Some(value) => filled.push_str(&escaped(value, escape)),
                        None => drop(missing.insert(key)),
                    }
                }
            }
        }
        filled
    }
}

/// The custom placeholders of some texts, in upper case and in alphabetical order: all but those that the hub fills.
#[must_use]
pub fn custom_keys<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let keys = texts.into_iter().flat_map(pieces).filter_map(|piece| match piece {
        Piece::Placeholder(key) => Some(key.to_ascii_uppercase()),
        Piece::Literal(_) => None,
    });
    keys.filter(|key| !BUILT_IN.contains(&key.as_str())).collect()
}

/// The text with every placeholder written in one way, `{{KEY}}`, with no space in it.
#[must_use]
pub fn normalized(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => normal.push_str(literal),
            Piece::Placeholder(key) => {
                normal.push_str("{{");
                normal.push_str(&key.to_ascii_uppercase());
                normal.push_str("}}");
            }
        }
    }
    normal
}

enum Piece<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

/// Cuts a text at its `{{KEY}}` tags. What only looks like one (`{{ }}`, `{{a-b}}`) is literal.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = next_piece(rest);
        rest = after;
        Some(piece)
    })
}

fn next_piece(text: &str) -> (Piece<'_>, &str) {
    if let Some((key, after)) = leading_placeholder(text) {
        return (Piece::Placeholder(key), after);
    }
    // Past the first character, so that an opening that is no placeholder is not met again.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = text[first..].find("{{").map_or(text.len(), |at| at + first);
    (Piece::Literal(&text[..end]), &text[end..])
}

/// The placeholder that a text begins with. It looks no further than a key goes: a text of nothing but openings would
/// take the square of its length.
fn leading_placeholder(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("{{")?;
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c.is_whitespace()))?;
    let (key, after) = (inside[..end].trim(), inside[end..].strip_prefix("}}")?);
    is_key(key).then_some((key, after))
}

fn escaped(value: &str, escape: Escape) -> Cow<'_, str> {
    match escape {
        Escape::Html => Cow::Owned(escape_html(value)),
        Escape::Line if value.contains(char::is_control) => Cow::Owned(value.replace(char::is_control, " ")),
        Escape::Line => Cow::Borrowed(value),
    }
}

/// The text as it must stand in HTML, in content and in attributes alike.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn params(raw: Value) -> Result<TemplateParams, Faults> {
        TemplateParams::parse("email_template_params", raw.as_object().unwrap())
    }

    fn fill(text: &str, params: &TemplateParams) -> (String, Vec<String>) {
        let values = Values { subject: "Hi", customer_name: "Ann <b>", organization_name: "Acme", params };
        let mut missing = BTreeSet::new();
        let filled = values.fill(text, Escape::Html, &mut missing);
        (filled, missing.into_iter().collect())
    }

    #[test]
    fn keys_become_upper_case_and_values_text() {
        let params =
            params(json!({"policy_number": "P-1", "n": 1.50, "yes": true, "empty": "", "none": null})).unwrap();
        let (filled, missing) = fill("{{POLICY_NUMBER}} {{N}} {{YES}} [{{EMPTY}}{{NONE}}]", &params);
        assert_eq!(filled, "P-1 1.5 true []");
        assert_eq!(missing, ["EMPTY", "NONE"]);
    }

    #[test]
    fn built_in_keys_cannot_be_overridden() {
        let params = params(json!({"subject": "x", "Customer_Name": "x", "ORGANIZATION_NAME": "x"})).unwrap();
        assert!(params.is_empty());
    }

    #[test]
    fn bad_keys_and_values_are_all_named() {
        let faults = params(json!({"a-b": "x", "1a": "x", "list": [1], "ok": "x"})).unwrap_err();
        let fields: Vec<_> = faults.list().iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["email_template_params.1a", "email_template_params.a-b", "email_template_params.list"]);
    }

    #[test]
    fn a_value_is_escaped_and_never_expanded_again() {
        let params = params(json!({"x": "{{CUSTOMER_NAME}}", "script": "<script>"})).unwrap();
        assert_eq!(fill("{{X}} {{SCRIPT}}", &params).0, "{{CUSTOMER_NAME}} &lt;script&gt;");
        assert_eq!(fill("{{ customer_name }}", &params).0, "Ann &lt;b&gt;");
    }

    #[test]
    fn the_custom_placeholders_of_a_template_are_found_once_each() {
        let keys =
            custom_keys(["{{SUBJECT}} {{policy_number}}", "{{ POLICY_NUMBER }} {{agent}} {{a-b}} {{CUSTOMER_NAME}}"]);
        assert!(keys.iter().eq(["AGENT", "POLICY_NUMBER"]));
    }

    #[test]
    fn a_normal_placeholder_has_no_space_and_no_small_letter() {
        assert_eq!(normalized("a {{ b_1 }}{{C}} {{ }} {{d"), "a {{B_1}}{{C}} {{ }} {{d");
    }

    #[test]
    fn what_only_looks_like_a_placeholder_stays() {
        let none = TemplateParams::default();
        let long = format!("{{{{{}}}}}", "A".repeat(KEY_LIMIT + 1));
        for text in ["{{}}", "{{ }}", "{{a-b}}", "{{A", "{{{{", "}}", "{ {A} }", &long] {
            assert_eq!(fill(text, &none).0, text);
        }
    }

    #[test]
    fn a_text_of_nothing_but_openings_takes_no_longer_than_its_length() {
        for text in ["{".repeat(400_000), "{{A".repeat(100_000), format!("{}{}", "{{ ".repeat(100_000), "}}")] {
            assert_eq!(normalized(&text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn filling_never_panics_and_keeps_text_without_tags(text in "[^{]{0,60}") {
            proptest::prop_assert_eq!(fill(&text, &TemplateParams::default()).0, text);
        }

        #[test]
        fn filling_anything_never_panics(text in "[{}A-Za-z_ é]{0,60}") {
            let _ = fill(&text, &TemplateParams::default());
        }
    }
}
