//! Variables such as `{{first-name}}`: the hub's placeholders, with hyphens where those have underscores.

use serde_json::{Map, Value};

use crate::fault::Faults;
use crate::placeholders::{TemplateParams, is_key};

/// The text with its variables as the hub's placeholders: `{{first-name}}` becomes `{{first_name}}`.
#[must_use]
pub fn in_hub_form(text: &str) -> String {
    let mut hub = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, tag) = rest.split_at(at);
        hub.push_str(before);
        // Past the first brace alone, so that `{{{name}}` is found too.
        let (taken, length) = leading_variable(tag).unwrap_or_else(|| ("{".to_owned(), 1));
        hub.push_str(&taken);
        rest = &tag[length..];
    }
    hub.push_str(rest);
    hub
}

/// The variable that a text begins with as a placeholder, and how long it is there. It looks no further than a name goes.
fn leading_variable(tag: &str) -> Option<(String, usize)> {
    let inside = tag.strip_prefix("{{")?;
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ')))?;
    inside[end..].strip_prefix("}}")?;
    let key = placeholder(inside[..end].trim());
    is_key(&key).then(|| (format!("{{{{{key}}}}}"), 2 + end + 2))
}

/// The values of an envelope's variables.
///
/// # Errors
/// Every name that is no variable's and every value that is no scalar, named with `field` before it.
pub fn variables(field: &str, meta: &Map<String, Value>) -> Result<TemplateParams, Faults> {
    let named = meta.iter().map(|(name, value)| (placeholder(name), value.clone())).collect();
    TemplateParams::parse(field, &named)
}

fn placeholder(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::placeholders::{Escape, Values};

    fn said(text: &str, meta: Value) -> String {
        let params = variables("meta", meta.as_object().unwrap()).unwrap();
        let values = Values { subject: "", customer_name: "", organization_name: "", params: &params };
        values.fill(&in_hub_form(text), Escape::Line, &mut BTreeSet::new())
    }

    #[test]
    fn variables_have_hyphens() {
        let meta = json!({"first-name": "Alexander", "last_name": "Bell", "age": 29});
        assert_eq!(said("Hello {{first-name}} {{ last-name }}, {{age}}.", meta), "Hello Alexander Bell, 29.");
    }

    #[test]
    fn what_is_no_variable_stays() {
        for text in ["{{}}", "{{-}}", "{{a.b}}", "{{a", "{{{{", "}} {", "é {{é}}"] {
            assert_eq!(in_hub_form(text), text);
        }
        assert_eq!(in_hub_form("{{{a-b}}}"), "{{{a_b}}}");
    }

    #[test]
    fn a_value_that_is_no_scalar_is_named() {
        let faults = variables("meta", json!({"first-name": {"x": 1}}).as_object().unwrap()).unwrap_err();
        assert_eq!(faults.list()[0].field, "meta.first_name");
    }

    proptest::proptest! {
        #[test]
        fn texts_without_variables_stay(text in "[^{]{0,60}") {
            proptest::prop_assert_eq!(in_hub_form(&text), text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{}A-Za-z_ é-]{0,60}") {
            let _ = in_hub_form(&text);
        }
    }
}
