//! The text of an email for programs that show no HTML.

use html2text::config;

/// The width that lines are wrapped at.
const WIDTH: usize = 76;

/// The words of a body, with its links as footnotes.
pub(super) fn alternative(body: &str) -> String {
    let rendered = config::plain()
        .allow_width_overflow()
        .no_table_borders()
        .no_link_wrapping()
        .string_from_read(body.as_bytes(), WIDTH);
    rendered.unwrap_or_else(|_| words(body))
}

/// The words alone, for a layout that cannot be laid out as text.
fn words(body: &str) -> String {
    let inside_out = body
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    inside_out.collect::<Vec<_>>().join(" ")
}
