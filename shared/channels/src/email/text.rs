//! The text of an email for programs that show no HTML.

use std::panic::catch_unwind;

use html2text::config;
use hub_models::wording::Unsubscribing;

use super::page::Page;

/// The width that lines are wrapped at.
const WIDTH: usize = 76;

/// The words of a page without its logo, with links as footnotes, and where the reader ends the emails.
pub(super) fn alternative(page: &Page<'_>) -> String {
    let parts = [page.header, page.body, page.footer];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut text = words_of(&parts.join("\n"));
    if let Some(url) = page.unsubscribe {
        let link = Unsubscribing::of(page.language).link;
        text.push_str(&format!("\n{link}: {url}\n"));
    }
    text
}

fn words_of(body: &str) -> String {
    // The renderer panics at some layouts, which must not take the hub's other work with it.
    let rendered = catch_unwind(|| render(body)).ok().and_then(Result::ok);
    let text = rendered.unwrap_or_else(|| words(body));
    // Cells of tables are filled up with spaces, which nobody sees and every mail carries.
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn render(body: &str) -> Result<String, html2text::Error> {
    config::plain_no_decorate()
        .link_footnotes(true)
        .allow_width_overflow()
        .no_table_borders()
        .no_link_wrapping()
        .string_from_read(body.as_bytes(), WIDTH)
}

/// The words alone, line by line, for a layout that cannot be laid out as text. The body is cleaned, so every `<` in
/// it begins a tag, and only these characters are escaped.
fn words(body: &str) -> String {
    let texts = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let lines: Vec<_> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
    let escaped = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    let text = lines.join("\n");
    escaped.iter().fold(text, |text, (code, plain)| text.replace(code, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_footnotes_and_lists_are_lists() {
        let body = r#"<p>Please <a href="https://x.example/pay">pay</a>:</p><ul><li>one</li><li>two</li></ul>"#;
        let text = "Please [pay][1]:\n* one\n* two\n\n[1]: https://x.example/pay\n";
        assert_eq!(words_of(body), text);
    }

    #[test]
    fn a_layout_that_the_renderer_panics_at_keeps_its_words() {
        let body = r#"<table><tbody><tr><td colspan="50">1 &lt; 2</td><td rowspan="50">b</td></tr></tbody></table>"#;
        let text = words_of(&body.repeat(2));
        assert!(text.contains("1 < 2") && text.contains('b'), "{text}");
    }
}
