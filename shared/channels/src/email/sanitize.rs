//! Keeps of HTML what an email layout needs and drops all that could run, hide, track or load.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::ComposeError;

/// The deepest nesting. Layouts made of tables need some thirty; what renders them recurses.
const DEEPEST: usize = 256;

/// The most elements. What the parser does with elements that are never closed takes time by the square of them.
const MOST_ELEMENTS: usize = 10_000;

/// The most columns or rows that one cell may span. What lays out the text makes room for all of them.
const WIDEST_SPAN: u8 = 50;

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

/// Elements that are never closed, so nothing is nested in them.
const VOID: &[&str] = &["br", "col", "hr", "img"];

const ANYWHERE: &[&str] = &["align", "dir", "lang", "style", "title"];

const ON_ONE_TAG: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["src", "alt", "width", "height", "border"]),
    ("ol", &["start", "type"]),
    ("table", &["bgcolor", "border", "cellpadding", "cellspacing", "role", "width"]),
    ("tr", &["bgcolor", "valign"]),
    ("td", &["bgcolor", "colspan", "height", "rowspan", "valign", "width"]),
    ("th", &["bgcolor", "colspan", "height", "rowspan", "scope", "valign", "width"]),
    ("col", &["span", "width"]),
    ("colgroup", &["span", "width"]),
];

/// Properties that colour and space. None that positions or loads: the footer of an email must stay seen.
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

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = elements_and_attributes();
    builder.filter_style_properties(set(STYLES)).url_relative(UrlRelative::Deny).attribute_filter(plausible);
    builder
});

/// What keeps the elements and attributes of an email, whatever their values.
pub(super) fn elements_and_attributes() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(set(TAGS))
        .generic_attributes(set(ANYWHERE))
        .tag_attributes(on_one_tag())
        .url_schemes(set(&["https", "http", "mailto", "tel"]))
        .link_rel(None);
    builder
}

fn set(words: &[&'static str]) -> HashSet<&'static str> {
    words.iter().copied().collect()
}

fn on_one_tag() -> HashMap<&'static str, HashSet<&'static str>> {
    ON_ONE_TAG.iter().map(|(tag, attributes)| (*tag, set(attributes))).collect()
}

/// Drops what loads over plain http, though a link may lead there, numbers that no layout has, and what would pull
/// one part of the email over another.
fn plausible<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    if attribute == "style" {
        return Some(in_its_place(value));
    }
    let kept = match (element, attribute) {
        ("img", "src") => value.trim_start().to_ascii_lowercase().starts_with("https:"),
        (_, "colspan" | "rowspan" | "span") => value.parse().is_ok_and(|span: u8| span <= WIDEST_SPAN),
        ("ol", "start") => value.parse::<u16>().is_ok(),
        _ => true,
    };
    kept.then_some(Cow::Borrowed(value))
}

/// A style without lengths below nothing, and without what computes one.
fn in_its_place(style: &str) -> Cow<'_, str> {
    if !style.contains(['-', '(', '\\']) {
        return Cow::Borrowed(style);
    }
    let kept: Vec<_> = style.split(';').filter(|declaration| !pulls(declaration)).collect();
    Cow::Owned(kept.join(";"))
}

fn pulls(declaration: &str) -> bool {
    let value = declaration.split_once(':').map_or("", |(_, value)| value);
    let after_minus = value.match_indices('-').map(|(at, _)| value[at + 1..].trim_start());
    let negative = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let computed = ["calc(", "min(", "max(", "clamp(", "var("];
    value.contains('\\')
        || after_minus.into_iter().any(negative)
        || computed.iter().any(|function| value.to_ascii_lowercase().contains(function))
}

/// The HTML without anything that an email must not have.
///
/// # Errors
/// When it has more elements, or deeper ones, than any layout.
pub(super) fn clean(html: &str) -> Result<String, ComposeError> {
    within_bounds(html)?;
    let cleaned = CLEANER.clean(html).to_string();
    not_too_deep(&cleaned)?;
    Ok(cleaned)
}

/// Refuses HTML that takes a parser too long.
pub(super) fn within_bounds(html: &str) -> Result<(), ComposeError> {
    let allowed = elements(html) <= MOST_ELEMENTS;
    if allowed { Ok(()) } else { Err(ComposeError::TooManyElements { limit: MOST_ELEMENTS }) }
}

/// Refuses cleaned HTML that is nested too deep for what renders it.
pub(super) fn not_too_deep(cleaned: &str) -> Result<(), ComposeError> {
    let allowed = depth(cleaned) <= DEEPEST;
    if allowed { Ok(()) } else { Err(ComposeError::TooDeep { limit: DEEPEST }) }
}

/// At least as many elements as a parser finds: whatever begins like a tag counts.
fn elements(html: &str) -> usize {
    let starts = html.as_bytes().windows(2);
    starts.filter(|pair| pair[0] == b'<' && pair[1].is_ascii_alphabetic()).count()
}

/// How deep cleaned HTML is nested. It is well-formed, so every `<` in it begins a tag.
fn depth(cleaned: &str) -> usize {
    let mut now = 0_usize;
    let mut deepest = 0;
    for tag in cleaned.split('<').skip(1) {
        if tag.starts_with('/') {
            now = now.saturating_sub(1);
        } else if !is_void(tag) {
            now += 1;
            deepest = deepest.max(now);
        }
    }
    deepest
}

fn is_void(tag: &str) -> bool {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    VOID.contains(&&tag[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_ordinary_layout_stays() {
        let html = concat!(
            r#"<p style="font-family:-apple-system , Arial;background-color:rgb(1, 2, 3)">Z</p>"#,
            r#"<h1 style="color:#333">Hi</h1><p>A <strong>b</strong> <em>c</em><br><a href="https://x.example/a">d</a></p>"#,
            r#"<ul><li>e</li></ul><table width="100%" cellpadding="0"><tbody><tr><td align="right" colspan="2">f</td></tr>"#,
            r#"</tbody></table><img src="https://x.example/l.png" alt="Logo" width="80"><hr><blockquote>g</blockquote>"#,
        );
        assert_eq!(clean(html).as_deref(), Ok(html));
    }

    #[test]
    fn what_could_run_hide_or_load_is_dropped() {
        for (html, cleaned) in [
            ("<script>alert(1)</script>a", "a"),
            ("<style>p{display:none}</style>a", "a"),
            (r#"<p onclick="x()">a</p>"#, "<p>a</p>"),
            (r#"<a href="javascript:x()">a</a>"#, "<a>a</a>"),
            (r#"<a href="JaVaScRiPt&#58;x()">a</a>"#, "<a>a</a>"),
            (r#"<a href="data:text/html,x">a</a>"#, "<a>a</a>"),
            (r#"<a href="/here">a</a>"#, "<a>a</a>"),
            (r#"<img src="http://x.example/p.png">"#, "<img>"),
            (r#"<p style="position:fixed;display:none;color:red">a</p>"#, r#"<p style="color:red">a</p>"#),
            (r#"<p style="margin:0 0 -400px;color:red">a</p>"#, r#"<p style="color:red">a</p>"#),
            (r#"<p style="margin-top:CALC(0px - 9px)">a</p>"#, r#"<p style="">a</p>"#),
            (r#"<p style="margin-top:\2d 9px;width:min(1px, 9px)">a</p>"#, r#"<p style="">a</p>"#),
            (r#"<div style="background-image:url(https://x.example)">a</div>"#, r#"<div style="">a</div>"#),
            ("<iframe src=https://x.example></iframe><form><input></form>a", "a"),
            ("<!-- c --><svg><a>b</a></svg>a", "a"),
            ("<table><td colspan=999999999>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ] {
            assert_eq!(clean(html).as_deref(), Ok(cleaned), "{html}");
        }
    }

    #[test]
    fn nesting_and_numbers_without_end_are_refused() {
        let deep = "<div>".repeat(DEEPEST + 1);
        assert_eq!(clean(&deep), Err(ComposeError::TooDeep { limit: DEEPEST }));
        let hidden = "<b><!--</b>-->".repeat(DEEPEST + 1);
        assert_eq!(clean(&hidden), Err(ComposeError::TooDeep { limit: DEEPEST }));
        let many = "<i>".repeat(MOST_ELEMENTS + 1);
        let limit = MOST_ELEMENTS;
        assert_eq!(clean(&many), Err(ComposeError::TooManyElements { limit }));
        assert!(clean(&"<p>a<br><img>".repeat(3_000)).is_ok());
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(html in "(<[a-z/]{1,4}( href=| style=)?[\"' :;a-z&#]{0,9}>?|[<>&a ]){0,12}") {
            if let Ok(cleaned) = clean(&html) {
                prop_assert_eq!(clean(&cleaned), Ok(cleaned));
            }
        }
    }
}
