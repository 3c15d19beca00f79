//! Mails as snapshots hold them.

use mail_parser::{MessageParser, MimeHeaders, PartType};

/// The kinds of a mail's parts, one on each line and indented by what it is inside of.
pub(crate) fn structure(raw: &str) -> String {
    let mail = MessageParser::default().parse(raw).expect("a mail");
    let (mut lines, mut open) = (Vec::new(), vec![(0, 0)]);
    while let Some((id, depth)) = open.pop() {
        let part = &mail.parts[id];
        let kind = part.content_type().expect("a content type");
        let shown = part.content_disposition().map(|shown| format!(" {}", shown.ctype())).unwrap_or_default();
        let name = part.content_id().map(|name| format!(" <{name}>")).unwrap_or_default();
        let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default());
        lines.push(format!("{}{kind}{shown}{name}", "  ".repeat(depth)));
        if let PartType::Multipart(inside) = &part.body {
            open.extend(inside.iter().rev().map(|id| (*id as usize, depth + 1)));
        }
    }
    lines.join("\n")
}

/// A mail's HTML or text with the same unsubscribe link every time.
pub(crate) fn steady(text: &str) -> String {
    const LINK: &str = "/contacts/unsubscribe/";
    let mut steady = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(LINK) {
        let start = rest[..at].rfind("http").unwrap_or(at);
        let token = &rest[at + LINK.len()..];
        let end = token.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(token.len());
        steady.push_str(&rest[..start]);
        steady.push_str("https://hub.example.com/contacts/unsubscribe/TOKEN");
        rest = &token[end..];
    }
    steady + rest
}
