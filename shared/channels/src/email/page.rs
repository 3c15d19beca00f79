//! The document around an email's body. Mail programs drop style sheets, so the styles are on the elements.

use hub_models::channel::Language;
use hub_models::placeholders::escape_html;

const BODY_STYLE: &str = "margin:0;padding:0;background-color:#f4f5f7;";
const OUTER_STYLE: &str = "padding:24px 12px;";
const INNER_STYLE: &str = "max-width:600px;margin:0 auto;padding:32px;background-color:#ffffff;border-radius:8px;\
    font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2933;";

/// The whole HTML document around a body that is safe already.
pub(super) fn document(language: Language, subject: &str, body: &str) -> String {
    let (lang, dir, title) = (language.as_str(), direction(language), escape_html(subject));
    // The branding's header and footer have their place before and after the body.
    format!(
        r#"<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="{BODY_STYLE}">
<div style="{OUTER_STYLE}">
<div style="{INNER_STYLE}">
{body}
</div>
</div>
</body>
</html>
"#
    )
}

fn direction(language: Language) -> &'static str {
    match language {
        Language::Ar | Language::Fa => "rtl",
        Language::En
        | Language::Es
        | Language::Fr
        | Language::De
        | Language::Pt
        | Language::Zh
        | Language::Hi
        | Language::Ja
        | Language::Ko => "ltr",
    }
}

/// Plain text as HTML: what a blank line parts is a paragraph each (checklist E4).
pub(super) fn paragraphs(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let paragraphs: Vec<_> = lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| format!("<p>{}</p>", escape_html(&lines.join("\n")).replace('\n', "<br>")))
        .collect();
    paragraphs.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_line_breaks_stay() {
        let html = paragraphs("\nDear <Ann>,\r\n\r\nall is\nwell.\n \n\nBye");
        assert_eq!(html, "<p>Dear &lt;Ann&gt;,</p>\n<p>all is<br>well.</p>\n<p>Bye</p>");
    }

    #[test]
    fn arabic_and_persian_run_from_right_to_left() {
        assert!(document(Language::Fa, "", "").contains(r#"lang="fa" dir="rtl""#));
        assert!(document(Language::En, "", "").contains(r#"lang="en" dir="ltr""#));
    }
}
