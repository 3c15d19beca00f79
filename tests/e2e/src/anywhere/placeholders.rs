//! What placeholder values can and cannot do to a mail (checklist E5, E7).

use hub_fixture::{AnyHub, Caller, Hub};
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::requests::{integration, with};

async fn mail(hub: &Hub, acme: &Caller, fields: Value) -> Value {
    let id = hub.started(acme, with(integration(acme, "email", "customer@example.com"), fields)).await;
    hub.until_status(acme, &id, "Completed").await;
    hub.message(&id).await
}

fn html(mail: &Value) -> &str {
    mail["html"].as_str().expect("html")
}

// E5
#[tokio::test(flavor = "multi_thread")]
async fn the_customers_name_is_the_clients_else_the_recipient() {
    let (hub, acme) = acme().await;
    let body = json!({"email_body_html": "<p>Dear {{CUSTOMER_NAME}}</p>"});
    let named = mail(&hub, &acme, with(body.clone(), json!({"client_name": "Alex"}))).await;
    assert!(html(&named).contains("<p>Dear Alex</p>"));
    let nameless = mail(&hub, &acme, body).await;
    assert!(html(&nameless).contains("<p>Dear customer@example.com</p>"));
}

// E5
#[tokio::test(flavor = "multi_thread")]
async fn the_organizations_name_is_the_domains_else_the_accounts() {
    let hub = AnyHub::reach().await;
    let globex = hub.tenant("globex", 10).await;
    let fields = json!({"domain_name": globex.domain_name, "email_body_html": "<p>{{ORGANIZATION_NAME}}</p>"});
    assert!(html(&mail(&hub, &globex, fields).await).contains("<p>Test &amp; Co</p>"));
}

// E7
#[tokio::test(flavor = "multi_thread")]
async fn placeholders_work_in_the_subject_and_in_any_case() {
    let (hub, acme) = acme().await;
    let fields = json!({
        "email_subject": "Policy {{number}} for {{ CUSTOMER_NAME }}",
        "email_body_html": "<p>{{Number}} {{ NUMBER }} {{SUBJECT}}</p>",
        "email_template_params": {"number": "42"},
        "client_name": "Alex",
    });
    let mail = mail(&hub, &acme, fields).await;
    assert_eq!(mail["subject"], "Policy 42 for Alex");
    assert!(html(&mail).contains("<p>42 42 Policy 42 for Alex</p>"), "{mail}");
}

// E7
#[tokio::test(flavor = "multi_thread")]
async fn markup_in_a_value_is_shown_and_not_followed() {
    let (hub, acme) = acme().await;
    let hostile = "<script>alert(1)</script>\"'&";
    let fields = json!({
        "client_name": "<b>Alex</b>",
        "email_subject": "{{X}}",
        "email_body_html": "<p>{{X}} {{CUSTOMER_NAME}}</p><p><a href=\"https://example.com/{{X}}\">link</a></p>",
        "email_template_params": {"x": hostile},
    });
    let mail = mail(&hub, &acme, fields).await;
    assert!(!html(&mail).contains("<script") && !html(&mail).contains("<b>"), "{}", html(&mail));
    assert!(html(&mail).contains("&lt;script&gt;") && html(&mail).contains("&lt;b&gt;Alex&lt;/b&gt;"));
    assert_eq!(mail["subject"], hostile);
}

// E7
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_looks_like_a_placeholder_is_not_expanded() {
    let (hub, acme) = acme().await;
    let fields = json!({
        "client_name": "{{SECRET}}",
        "email_subject": "{{X}}",
        "email_body_html": "<p>{{X}} {{CUSTOMER_NAME}}</p>",
        "email_template_params": {"x": "{{SECRET}}", "secret": "expanded"},
    });
    let mail = mail(&hub, &acme, fields).await;
    assert_eq!(mail["subject"], "{{SECRET}}");
    assert!(html(&mail).contains("<p>{{SECRET}} {{SECRET}}</p>"), "{mail}");
}

// E7: no value can begin a header of its own.
#[tokio::test(flavor = "multi_thread")]
async fn line_breaks_in_values_cannot_inject_a_header() {
    let (hub, acme) = acme().await;
    let inject = "Hello\r\nBcc: victim@example.com\r\n\r\n<p>body</p>\u{2028}X-Evil: 1\0";
    for fields in [
        json!({"email_subject": inject}),
        json!({"client_name": inject}),
        json!({"email_subject": "{{X}}", "email_body_html": "<p>x</p>", "email_template_params": {"x": inject}}),
        json!({"instruction": inject}),
        json!({"client_name": "\"Alex\" <victim@example.com>, b"}),
    ] {
        let mail = mail(&hub, &acme, fields.clone()).await;
        let raw = mail["raw"].as_str().expect("the mail");
        let headers = raw.split("\r\n\r\n").next().expect("headers");
        for line in headers.lines() {
            let name = line.split(':').next().unwrap_or_default().to_lowercase();
            assert!(name != "bcc" && name != "x-evil", "{fields} made {headers}");
        }
        let parsed = MessageParser::default().parse(raw).expect("a mail");
        assert!(parsed.bcc().is_none() && parsed.header("X-Evil").is_none(), "{headers}");
        let to: Vec<_> = parsed.to().expect("a recipient").iter().filter_map(|to| to.address()).collect();
        assert_eq!(to, ["customer@example.com"], "{headers}");
        assert!(parsed.subject().is_some_and(|subject| !subject.contains(['\r', '\n'])), "{headers}");
    }
}

// E7
#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_like_a_placeholder_stays() {
    let (hub, acme) = acme().await;
    let mail = mail(&hub, &acme, json!({"email_body_html": "<p>{{ }} {{a-b}} {{1}} {X} }} {{</p>"})).await;
    assert!(html(&mail).contains("<p>{{ }} {{a-b}} {{1}} {X} }} {{</p>"), "{mail}");
}

// E7: nor can the settings of the sender.
#[tokio::test(flavor = "multi_thread")]
async fn line_breaks_in_the_senders_settings_cannot_inject_a_header() {
    let (hub, acme) = acme().await;
    let name = "Acme\r\nBcc: victim@example.com";
    let settings = json!({
        "domain_name": acme.domain_name,
        "organization_name": name,
        "from": format!("{name} <hello@acme.example>"),
        "reply_to": format!("{name} <support@acme.example>"),
    });
    hub.put(&acme, "/account-settings/outbound-email", settings).await.expect(200);
    let mail = mail(&hub, &acme, json!({"email_subject": "{{ORGANIZATION_NAME}}"})).await;
    let raw = mail["raw"].as_str().expect("the mail");
    let parsed = MessageParser::default().parse(raw).expect("a mail");
    assert!(parsed.bcc().is_none() && !raw.to_lowercase().contains("\nbcc:"), "{raw}");
    assert_eq!(mail["subject"], "Acme  Bcc: victim@example.com".replace("  ", " "));
}
