//! HTML that is ready to be filled: its placeholders stand in text or in quoted attributes, and nowhere else.
//!
//! A value is escaped as it is filled in. That keeps it in its place only where the place has an end that a value cannot
//! write, so the markup is settled by a parser before any value is in it: `<a href={{URL}}>` gets its quotes, and
//! `<{{TAG}}>` or `<p {{ATTRIBUTE}}>` become text or nothing.

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use hub_models::placeholders::normalized;

use super::{ComposeError, sanitize};

/// HTML whose markup no value can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout<'a>(Cow<'a, str>);

/// Keeps what the sanitiser keeps, but leaves links and styles alone: they are whole only when their values are in.
static SETTLER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = sanitize::elements_and_attributes();
    builder.url_relative(UrlRelative::PassThrough);
    builder
});

impl<'a> Layout<'a> {
    /// Settles the markup of HTML with placeholders.
    ///
    /// # Errors
    /// When it has more elements, or deeper ones, than any layout needs.
    pub(super) fn parse(html: &'a str) -> Result<Self, ComposeError> {
        if !html.contains("{{") {
            return sanitize::within_bounds(html).map(|()| Self(Cow::Borrowed(html)));
        }
        let html = normalized(html);
        sanitize::within_bounds(&html)?;
        let settled = SETTLER.clean(&html).to_string();
        sanitize::not_too_deep(&settled)?;
        Ok(Self(Cow::Owned(settled)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_end_up_in_text_and_in_quoted_attributes() {
        for (html, settled) in [
            ("<p>Dear {{ name }},</p>", "<p>Dear {{NAME}},</p>"),
            ("<a href={{URL}}>a</a>", r#"<a href="{{URL}}">a</a>"#),
            (r#"<a href="https://x.example/{{ID}}?a=b">a</a>"#, r#"<a href="https://x.example/{{ID}}?a=b">a</a>"#),
            (r#"<a href="https://{{HOST}}/a">a</a>"#, r#"<a href="https://{{HOST}}/a">a</a>"#),
            ("<a href='mailto:{{EMAIL}}'>a</a>", r#"<a href="mailto:{{EMAIL}}">a</a>"#),
            ("<td style='color:{{C}}'>", ""),
            (r#"<p style="color:{{C}}">a</p>"#, r#"<p style="color:{{C}}">a</p>"#),
            ("<{{TAG}}>a</{{TAG}}>", "&lt;{{TAG}}&gt;a"),
            ("<p {{ATTRIBUTES}}>a</p>", "<p>a</p>"),
            ("<!-- {{X}} --><style>{{X}}</style><script>{{X}}</script>a", "a"),
        ] {
            assert_eq!(Layout::parse(html).unwrap().as_str(), settled, "{html}");
        }
    }

    #[test]
    fn what_has_no_placeholder_is_left_for_the_sanitiser() {
        assert_eq!(Layout::parse("<script>x</script>").unwrap().as_str(), "<script>x</script>");
    }
}
