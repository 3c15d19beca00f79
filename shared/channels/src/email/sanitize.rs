//! Keeps of HTML what an email layout needs and drops all that could run, hide, track or load.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::ComposeError;

/// The deepest nesting. Layouts made of tables need some thirty; what parses, renders and walks trees needs an end.
const DEEPEST: usize = 256;

const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Elements that cannot hold others, so they do not nest.
const VOID: &[&str] = &["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

const ANYWHERE: &[&str] = &["align", "dir", "lang", "style", "title"];

const ON_ONE_TAG: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["src", "alt", "width", "height", "border"]),
    ("ol", &["start", "type"]),
    (
        "table",
        &["bgcolor", "border", "cellpadding", "cellspacing", "role", "width"],
    ),
    ("tr", &["bgcolor", "valign"]),
    ("td", &["bgcolor", "colspan", "height", "rowspan", "valign", "width"]),
    (
        "th",
        &["bgcolor", "colspan", "height", "rowspan", "scope", "valign", "width"],
    ),
    ("col", &["span", "width"]),
    ("colgroup", &["span", "width"]),
];

/// Properties that colour and space. None that positions, hides or loads: the footer of an email must stay seen.
const STYLES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
];

pub(super) static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

fn cleaner() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(set(TAGS))
        .generic_attributes(set(ANYWHERE))
        .tag_attributes(on_one_tag())
        .filter_style_properties(set(STYLES))
        .url_schemes(set(&["https", "http", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .attribute_filter(images_over_https);
    builder
}

fn set(words: &[&'static str]) -> HashSet<&'static str> {
    words.iter().copied().collect()
}

fn on_one_tag() -> HashMap<&'static str, HashSet<&'static str>> {
    ON_ONE_TAG
        .iter()
        .map(|(tag, attributes)| (*tag, set(attributes)))
        .collect()
}

/// A link may lead to a plain http page, but nothing is loaded over it.
fn images_over_https<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let safe = (element, attribute) != ("img", "src") || value.trim_start().to_ascii_lowercase().starts_with("https:");
    safe.then_some(Cow::Borrowed(value))
}

/// The HTML without anything that an email must not have.
///
/// # Errors
/// When it is nested deeper than any layout is.
pub(super) fn clean(html: &str) -> Result<String, ComposeError> {
    if is_too_deep(html) {
        return Err(ComposeError::TooDeep { limit: DEEPEST });
    }
    Ok(CLEANER.clean(html).to_string())
}

/// Whether so many more elements are opened than closed. It reads tags only, so that it costs nothing; a parser's
/// time grows with the square of the depth, and its callers recurse.
fn is_too_deep(html: &str) -> bool {
    let mut depth = 0_usize;
    for tag in html.split('<').skip(1) {
        depth = match tag.as_bytes().first() {
            Some(b'/') => depth.saturating_sub(1),
            Some(b) if b.is_ascii_alphabetic() && !is_void(tag) => depth + 1,
            _ => depth,
        };
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

fn is_void(tag: &str) -> bool {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    VOID.iter().any(|void| void.eq_ignore_ascii_case(&tag[..end]))
}
