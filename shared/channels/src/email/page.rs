//! The document around an email's body. Mail programs drop style sheets, so the styles are on the elements.

use hub_models::channel::{Direction, Language};
use hub_models::logo::Logo;
use hub_models::placeholders::escape_html;
use hub_models::wording::Unsubscribing;
use url::Url;

use super::message::content_id;

const BODY_STYLE: &str = "margin:0;padding:0;background-color:#f4f5f7;";
const OUTER_STYLE: &str = "padding:24px 12px;";
const INNER_STYLE: &str = "max-width:600px;margin:0 auto;padding:32px;background-color:#ffffff;border-radius:8px;\
    text-align:start;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;\
    line-height:1.5;color:#1f2933;";
const LOGO_STYLE: &str = "display:block;border:0;max-width:100%;height:auto;";
const LAST_LINE_STYLE: &str = "max-width:600px;margin:16px auto 0;text-align:center;\
    font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:12px;line-height:1.5;color:#616e7c;";

/// The largest that a logo is shown, in pixels. Its image may be larger, for screens of a higher density.
const LOGO_WIDTH: u32 = 200;
const LOGO_HEIGHT: u32 = 80;

/// What stands in the document. All of it is safe HTML already, or text that is escaped here.
#[derive(Clone, Debug)]
pub(super) struct Page<'a> {
    pub(super) language: Language,
    pub(super) subject: &'a str,
    pub(super) logo: Option<&'a Logo>,
    pub(super) organization_name: &'a str,
    pub(super) header: &'a str,
    pub(super) body: &'a str,
    pub(super) footer: &'a str,
    pub(super) unsubscribe: Option<&'a Url>,
}

impl Page<'_> {
    /// The whole HTML document.
    pub(super) fn document(&self) -> String {
        let (lang, dir) = (self.language.as_str(), self.language.direction());
        let start = match dir {
            Direction::LeftToRight => "left",
            Direction::RightToLeft => "right",
        };
        let (title, content, last_line) = (escape_html(self.subject), self.content(), self.last_line());
        format!(
            r##"<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
</head>
<body style="{BODY_STYLE}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f5f7"><tr>
<td align="center" style="{OUTER_STYLE}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td align="{start}"><![endif]-->
<div style="{INNER_STYLE}">
{content}
</div>
{last_line}<!--[if mso]></td></tr></table><![endif]-->
</td>
</tr></table>
</body>
</html>
"##
        )
    }

    /// Logo, header, body and footer, as far as there are any.
    fn content(&self) -> String {
        let logo = self.logo.map(|logo| image(logo, self.organization_name)).unwrap_or_default();
        let parts = [logo, branding(self.header), self.body.to_owned(), branding(self.footer)];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// Where the reader ends the emails.
    fn last_line(&self) -> String {
        let Some(url) = self.unsubscribe else { return String::new() };
        let (url, words) = (escape_html(url.as_str()), escape_html(Unsubscribing::of(self.language).link));
        format!("<p style=\"{LAST_LINE_STYLE}\"><a href=\"{url}\" style=\"color:#616e7c;\">{words}</a></p>\n")
    }
}

/// A header or a footer, which is written in the tenant's language and not always in the email's.
fn branding(html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<div dir=\"auto\">\n{html}\n</div>") }
}

fn image(logo: &Logo, organization_name: &str) -> String {
    let (id, alt) = (content_id(logo), escape_html(organization_name));
    let (width, height) = shown_size(logo);
    format!(
        r#"<p style="margin:0 0 24px;"><img src="cid:{id}" alt="{alt}" width="{width}" height="{height}" style="{LOGO_STYLE}"></p>"#
    )
}

/// As large as the image is, but no larger than a letterhead.
fn shown_size(logo: &Logo) -> (u32, u32) {
    let (width, height) = (logo.width.max(1), logo.height.max(1));
    let by_width = (width.min(LOGO_WIDTH), (height * width.min(LOGO_WIDTH) / width).max(1));
    let too_high = by_width.1 > LOGO_HEIGHT;
    if too_high { ((width * LOGO_HEIGHT / height).max(1), LOGO_HEIGHT) } else { by_width }
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
    use hub_models::logo::LogoType;

    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_line_breaks_stay() {
        let html = paragraphs("\nDear <Ann>,\r\n\r\nall is\nwell.\n \n\nBye");
        assert_eq!(html, "<p>Dear &lt;Ann&gt;,</p>\n<p>all is<br>well.</p>\n<p>Bye</p>");
    }

    #[test]
    fn a_document_says_which_way_its_language_runs() {
        let page = |language| Page {
            language,
            subject: "",
            logo: None,
            organization_name: "",
            header: "",
            body: "",
            footer: "",
            unsubscribe: None,
        };
        assert!(page(Language::Fa).document().contains(r#"lang="fa" dir="rtl""#));
        assert!(page(Language::En).document().contains(r#"lang="en" dir="ltr""#));
    }

    #[test]
    fn a_logo_keeps_its_proportions_and_is_never_larger_than_a_letterhead() {
        let logo = |width, height| Logo { media_type: LogoType::Png, bytes: Vec::new(), width, height };
        for (width, height, shown) in
            [(100, 40, (100, 40)), (400, 100, (200, 50)), (300, 300, (80, 80)), (4000, 1, (200, 1)), (1, 4000, (1, 80))]
        {
            assert_eq!(shown_size(&logo(width, height)), shown, "{width}×{height}");
        }
    }
}
