//! What surrounds a domain's emails: header, footer and organisation (checklist E7, E9). The logo is in `logos`, what
//! users have of their own in `user_settings`.

use hub_fixture::TestHub;
use serde_json::json;

use crate::anywhere::branding::{content, html_of, sent};
use crate::setup::outbound_email;

/// How many elements of these kinds are begun and not ended.
fn left_open(html: &str) -> isize {
    let count = |text: String| isize::try_from(html.matches(&text).count()).expect("a small number");
    ["div", "p", "table", "td", "b", "a", "center"]
        .map(|tag| count(format!("<{tag}>")) + count(format!("<{tag} ")) - count(format!("</{tag}>")))
        .iter()
        .sum()
}

// E7, E9
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_header_is_cleaned_and_cannot_swallow_the_body() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for hostile in [
        "<script>alert(1)</script><p onclick=\"alert(1)\">Hi</p>",
        "<a href=\"javascript:alert(1)\">Hi</a><a href=' \u{1}javascript:alert(1)'>Hi</a>",
        "<div><table><tr><td><b><center>Hi",
        "</div></td></tr></table></body></html>Hi",
        "Hi<!--",
        "Hi<!--[if mso]>",
        "Hi<![CDATA[",
        "<style>p{display:none}</style><p style=\"display:none;position:fixed\">Hi",
        "Hi<style>",
        "Hi<textarea>",
        "Hi<title>",
        "Hi<xmp>",
        "Hi<noscript>",
        "Hi<svg><style>",
        "Hi<template>",
        "Hi<select><option>",
        "Hi<iframe src=\"https://evil.example\">",
        "Hi<plaintext>",
        "Hi<a href=\"https://evil.example",
        "Hi<p title='",
        "<form action=\"https://evil.example\"><input name=\"password\"><button>Hi",
        "<base href=\"https://evil.example\"><meta http-equiv=\"refresh\" content=\"0\"><link rel=\"stylesheet\">Hi",
        "{{X}}<{{X}} {{X}}>Hi",
    ] {
        outbound_email(&hub, &acme, json!({"header_html": hostile, "footer_html": hostile})).await;
        let fields = json!({"email_body_html": "<p>The body</p>", "email_template_params": {"x": "<script>\"'-->"}});
        let mail = sent(&hub, &acme, fields).await.0;
        let html = html_of(&mail);
        let (header, footer) =
            content(&html).split_once("\n<p>The body</p>\n").unwrap_or_else(|| panic!("{hostile}: {html}"));
        assert_eq!((left_open(header), left_open(footer)), (0, 0), "{hostile}: {html}");
        assert!(header.contains("Hi") && mail["text"].as_str().is_some_and(|text| text.contains("The body")), "{mail}");
        for bad in [
            "<script",
            "javascript:",
            "onclick",
            "display",
            "position",
            "evil.example\">",
            "<form",
            "<input",
            "<!--[if mso]>H",
        ] {
            assert!(!content(&html).contains(bad), "{bad} of {hostile} in {html}");
        }
    }
}
