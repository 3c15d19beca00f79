//! What surrounds a domain's emails: header, footer and organisation (checklist E7, E9). The logo is in `logos`, what
//! users have of their own in `user_settings`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::{Caller, Hub};
use insta::assert_snapshot;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::{steady, structure};
use crate::problem::problem;
use crate::requests::{direct, integration, with, without};
use crate::setup::{outbound_email, png, template};

const CUSTOMER: &str = "customer@example.com";

pub(crate) async fn sent(hub: &Hub, caller: &Caller, changes: Value) -> (Value, Value) {
    let id = hub.started(caller, with(integration(caller, "email", CUSTOMER), changes)).await;
    let report = hub.sent_report(caller, &id).await;
    (hub.message(&id).await, report)
}

pub(crate) async fn html(hub: &Hub, caller: &Caller, changes: Value) -> String {
    html_of(&sent(hub, caller, changes).await.0)
}

pub(crate) fn html_of(mail: &Value) -> String {
    mail["html"].as_str().expect("html").replace('\r', "")
}

/// What stands in the box of the page: header, body and footer, without the page around them.
pub(crate) fn content(html: &str) -> &str {
    let (_, inside) = html.split_once("color:#1f2933;\">\n").expect("a box");
    inside.rsplit_once("\n</div>\n").expect("its end").0
}

/// A header or a footer as it stands there: whichever way its own language runs.
fn aside(html: &str) -> String {
    format!("<div dir=\"auto\">\n{html}\n</div>")
}

// E7, E9
#[tokio::test(flavor = "multi_thread")]
async fn header_and_footer_stand_around_every_kind_of_body_and_are_filled() {
    let (hub, acme) = acme().await;
    let header = "<p>{{ORGANIZATION_NAME}} {{Policy_Number}}</p>";
    let footer = "<p>To {{CUSTOMER_NAME}} about {{SUBJECT}}, {{ policy_number }}</p>";
    outbound_email(&hub, &acme, json!({"header_html": header, "footer_html": footer})).await;
    let made = template(&hub, &acme, json!({"bodyHtml": "<p>Template {{POLICY_NUMBER}}</p>"})).await;
    let paragraph = "<p>Dear Alex, this is a message from Acme Insurance: {{POLICY_NUMBER}}. If you have any questions, \
        simply reply to this email.</p>";
    for (fields, body) in [
        (json!({"email_body_html": "<p>Inline {{POLICY_NUMBER}}</p>"}), "<p>Inline POL-7</p>"),
        (json!({"email_template_id": made["id"]}), "<p>Template POL-7</p>"),
        (json!({"instruction": "{{POLICY_NUMBER}}"}), paragraph),
    ] {
        let values = json!({"email_subject": "Renewal", "client_name": "Alex", "email_template_params": {"policy_number": "POL-7"}});
        let fields = with(fields, values);
        let (header, footer) = (aside("<p>Acme Insurance POL-7</p>"), aside("<p>To Alex about Renewal, POL-7</p>"));
        let expected = format!("{header}\n{body}\n{footer}");
        assert_eq!(content(&html(&hub, &acme, fields.clone()).await), expected);
        hub.post(&acme, "/start", with(direct(&acme, "email", CUSTOMER), fields)).await.expect(200);
        let mail = hub.messages_of(&acme).await.remove(0);
        assert_eq!(content(&html_of(&mail)), expected);
    }
}

// E6, E9
#[tokio::test(flavor = "multi_thread")]
async fn placeholders_of_header_and_footer_without_a_value_are_in_the_history() {
    let (hub, acme) = acme().await;
    let settings = json!({"header_html": "<p>[{{TOP}}]</p>", "footer_html": "<p>[{{END}}{{TOP}}]</p>"});
    outbound_email(&hub, &acme, settings).await;
    let (mail, report) = sent(&hub, &acme, json!({"email_body_html": "<p>{{MIDDLE}}</p>"})).await;
    let empty = aside("<p>[]</p>");
    assert_eq!(content(&html_of(&mail)), format!("{empty}\n<p></p>\n{empty}"));
    let history = report["history"].as_array().expect("a history");
    let details: Vec<_> = history.iter().filter_map(|entry| entry["detail"].as_str()).collect();
    assert_eq!(details, ["Placeholders without a value: END, MIDDLE, TOP."]);
}

// E7
#[tokio::test(flavor = "multi_thread")]
async fn values_in_header_and_footer_are_escaped_and_never_expanded_again() {
    let (hub, acme) = acme().await;
    let link = "<p><a href=\"{{X}}\" title=\"{{X}}\">{{X}}</a></p>";
    let settings = json!({"organization_name": "A & <b>B</b>", "header_html": "<p>{{ORGANIZATION_NAME}} {{Y}}</p>",
        "footer_html": link});
    outbound_email(&hub, &acme, settings).await;
    let params = json!({"x": "javascript:alert(1)\"><script>x</script>", "y": "{{X}}"});
    let fields = json!({"email_body_html": "<p>Body</p>", "email_template_params": params});
    let html = html(&hub, &acme, fields).await;
    assert!(html.contains("<p>A &amp; &lt;b&gt;B&lt;/b&gt; {{X}}</p>"), "{html}");
    assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
    assert!(html.contains("&lt;script&gt;x&lt;/script&gt;"), "{html}");
}

// A3, E9
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_the_settings_is_told_and_changes_nothing() {
    let (hub, acme) = acme().await;
    let before = outbound_email(&hub, &acme, json!({"header_html": "<p>Header</p>"})).await;
    for (changes, faulty) in [
        (
            json!({"header_html": "x".repeat(20_001), "footer_html": "x".repeat(20_001)}),
            &["footer_html", "header_html"][..],
        ),
        (
            json!({"header_html": "<div>".repeat(300), "from": "nobody", "reply_to": 7}),
            &["from", "header_html", "reply_to"],
        ),
        (
            json!({"footer_html": "<i>".repeat(6_667), "organization_name": "x".repeat(201)}),
            &["footer_html", "organization_name"],
        ),
        (
            json!({"domain_name": null, "logo": "x", "unsubscribe_link": "yes"}),
            &["domain_name", "logo", "unsubscribe_link"],
        ),
        (
            json!({"outbound_email_user_overrides_enabled": 1, "updated_at": "now"}),
            &["outbound_email_user_overrides_enabled", "updated_at"],
        ),
    ] {
        let body = with(json!({"domain_name": acme.domain_name}), changes);
        let answer = hub.put(&acme, "/account-settings/outbound-email", body).await;
        problem(&answer, 400);
        let mut named = answer.faulty_fields();
        named.sort();
        assert_eq!(named, faulty);
    }
    assert_eq!(hub.get(&acme, &acme.at("/account-settings/outbound-email")).await.expect(200), before);
}

// E5, E9
#[tokio::test(flavor = "multi_thread")]
async fn the_organizations_name_is_the_setting_else_the_accounts() {
    let (hub, acme) = acme().await;
    let settings = json!({"organization_name": "Acme North", "header_html": "<p>[{{ORGANIZATION_NAME}}]</p>"});
    outbound_email(&hub, &acme, without(settings.clone(), "organization_name")).await;
    let second = hub.second_domain(&acme).await;
    outbound_email(&hub, &second, settings).await;
    let fields = json!({"email_subject": "{{ORGANIZATION_NAME}}", "email_body_html": "<p>Body</p>"});
    let (mail, _) = sent(&hub, &second, fields.clone()).await;
    assert!(mail["subject"] == "Acme North" && mail["html"].to_string().contains("[Acme North]"), "{mail}");
    let (mail, _) = sent(&hub, &acme, fields).await;
    assert!(mail["subject"] == "Acme Insurance" && mail["html"].to_string().contains("[Acme Insurance]"), "{mail}");
}

// E9: the settings of one domain are not those of another.
#[tokio::test(flavor = "multi_thread")]
async fn each_domain_has_its_own_branding() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    let path = "/account-settings/outbound-email";
    outbound_email(&hub, &acme, json!({"header_html": "<p>Of acme</p>"})).await;
    let html = html(&hub, &globex, json!({})).await;
    assert!(!html.contains("Of acme"), "{html}");
    for domain in [acme.domain_name.as_str(), "nobody"] {
        problem(&hub.get(&globex, &format!("{path}?domain_name={domain}")).await, 404);
        problem(&hub.put(&globex, path, json!({"domain_name": domain, "header_html": "<p>x</p>"})).await, 404);
    }
}

// E9, E13
#[tokio::test(flavor = "multi_thread")]
async fn a_branded_mail_looks_like_this() {
    let (hub, acme) = acme().await;
    let settings = json!({
        "organization_name": "Acme Insurance",
        "reply_to": "Support <support@acme.example>",
        "header_html": "<p><strong>{{ORGANIZATION_NAME}}</strong></p>",
        "footer_html": "<p>{{ORGANIZATION_NAME}}, 1 King Street. Your advisor is {{AGENT_NAME}}.</p>",
        "logo": {"data": STANDARD.encode(png(400, 100))},
    });
    outbound_email(&hub, &acme, settings).await;
    let made = template(&hub, &acme, json!({"subjectTemplate": "Policy {{POLICY_NUMBER}}"})).await;
    let params = json!({"policy_number": "POL-2026-8842", "agent_name": "Jamie Lee"});
    let fields =
        json!({"client_name": "Alex Morgan", "email_template_id": made["id"], "email_template_params": params});
    let (mail, _) = sent(&hub, &acme, fields).await;
    let raw = mail["raw"].as_str().expect("the mail");
    let parsed = MessageParser::default().parse(raw).expect("a mail");
    let part = |text: Option<std::borrow::Cow<'_, str>>| steady(&text.expect("a part").replace('\r', ""));
    let whole = format!(
        "{}\n\nSubject: {}\n\n{}\n{}",
        structure(raw),
        parsed.subject().expect("a subject"),
        part(parsed.body_html(0)),
        part(parsed.body_text(0)),
    );
    assert_snapshot!("branded_mail", whole);
}
