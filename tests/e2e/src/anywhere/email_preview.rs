//! The preview of an email (checklist E14): what would be sent, without sending it.

use hub_fixture::{Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::steady;
use crate::problem::{problem, state};
use crate::requests::{with, without};
use crate::setup::booking;

pub(crate) const PATH: &str = "/account-settings/email-preview";

const TEST: &str = "/account-settings/send-test-email";

const SETTINGS: &str = "/account-settings/outbound-email";

const TEMPLATES: &str = "/account-settings/email-templates";

const CUSTOMER: &str = "customer@example.com";

/// An image of one pixel.
const LOGO: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A request with nothing but what it needs and whom it goes to.
pub(crate) fn bare(caller: &Caller) -> Value {
    json!({"domain_name": caller.domain_name, "to": CUSTOMER})
}

pub(crate) async fn preview(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    hub.post(caller, PATH, with(bare(caller), changes)).await.expect(200)
}

pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

/// Gives the caller's domain everything that stands around an email's body.
async fn branded(hub: &Hub, acme: &Caller) {
    let settings = json!({
        "domain_name": acme.domain_name,
        "organization_name": "Acme & Söhne",
        "from": "Acme <hello@acme.example>",
        "reply_to": "Support <support@acme.example>",
        "header_html": "<p><strong>{{ORGANIZATION_NAME}}</strong></p>",
        "footer_html": "<p>To {{CUSTOMER_NAME}} about {{SUBJECT}}</p>",
        "logo": {"data": LOGO},
    });
    hub.put(acme, SETTINGS, settings).await.expect(200);
}

/// Saves a template of the caller's domain.
async fn template(hub: &Hub, acme: &Caller) {
    let fields = json!({
        "domain_name": acme.domain_name,
        "name": "Policy renewal",
        "subjectTemplate": "Policy {{POLICY_NUMBER}}",
        "bodyHtml": "<h1>Renewal</h1><p>Dear {{CUSTOMER_NAME}}, policy {{POLICY_NUMBER}} renews {{WHEN}}.</p>",
    });
    hub.post(acme, TEMPLATES, fields).await.expect(201);
}

/// Requests of every kind.
fn requests() -> [Value; 5] {
    [
        json!({}),
        json!({"html": "<p>Dear {{CUSTOMER_NAME}} <script>x</script>{{X}}</p>", "params": {"x": "<1>"}, "subject": "{{X}}"}),
        json!({"template_name": "Policy renewal", "params": {"policy_number": "POL-7"}, "client_name": "Zoë"}),
        json!({"instruction": "Wir ziehen um.", "language": "de", "client_name": "Alex Morgan"}),
        json!({"instruction": "دفتر ما جابه‌جا می‌شود.", "language": "fa"}),
    ]
}

// E14
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_is_sent() {
    let (hub, acme) = acme().await;
    branded(&hub, &acme).await;
    template(&hub, &acme).await;
    for fields in requests() {
        let preview = preview(&hub, &acme, fields.clone()).await;
        let sent = hub.post(&acme, TEST, with(bare(&acme), fields)).await.expect(200);
        let mail = hub.messages(&format!("engagement_id={}", text(&sent, "engagement_id"))).await.remove(0);
        assert_eq!((&preview["subject"], &preview["to"]), (&mail["subject"], &mail["contact"]));
        for part in ["html", "text"] {
            let mailed = text(&mail, part).replace("\r\n", "\n");
            assert_eq!(steady(text(&preview, part)), steady(&mailed), "{part}");
        }
        let (shown, real) = (preview["bytes"].as_u64().expect("bytes"), text(&mail, "raw").len() as u64);
        assert!(shown.abs_diff(real) < 500, "{shown} bytes shown, {real} sent");
    }
}

// E14
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_kept_or_charged() {
    let (hub, acme) = acme().await;
    template(&hub, &acme).await;
    let before = state(&hub, &acme).await;
    for fields in requests() {
        preview(&hub, &acme, fields).await;
    }
    assert_eq!(state(&hub, &acme).await, before);
    let listed = json!({"domain_name": acme.domain_name, "contact": CUSTOMER});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    preview(&hub, &acme, json!({})).await;
    let globex = hub.tenant("globex", 0).await;
    preview(&hub, &globex, json!({"domain_name": globex.domain_name})).await;
}

// E14
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_everything_that_a_mail_has() {
    let (hub, acme) = acme().await;
    branded(&hub, &acme).await;
    template(&hub, &acme).await;
    let fields = json!({"template_name": "Policy renewal", "params": {"policy_number": "POL-2026-8842"},
        "client_name": "Alex Morgan"});
    let mut shown = preview(&hub, &acme, fields).await;
    for part in ["html", "text"] {
        shown[part] = steady(text(&shown, part)).into();
    }
    insta::assert_json_snapshot!("preview", shown, {".bytes" => "[bytes]", ".inline_images[].data" => "[base64]"});
}

// E9, E14
#[tokio::test(flavor = "multi_thread")]
async fn the_logo_comes_with_the_preview_under_the_id_that_the_html_names() {
    let (hub, acme) = acme().await;
    let second = hub.second_domain(&acme).await;
    assert_eq!(preview(&hub, &second, json!({})).await["inline_images"], json!([]));
    branded(&hub, &acme).await;
    let shown = preview(&hub, &acme, json!({})).await;
    let [logo] = shown["inline_images"].as_array().expect("images").as_slice() else { panic!("{shown}") };
    assert!(text(&shown, "html").contains(&format!("src=\"cid:{}\"", text(logo, "content_id"))), "{shown}");
    assert_eq!((text(logo, "media_type"), text(logo, "data")), ("image/png", LOGO));
}

// E14, M6
#[tokio::test(flavor = "multi_thread")]
async fn the_invitation_to_a_booking_is_shown() {
    let (hub, acme) = acme().await;
    let booking = json!({"booking_id": booking(&hub, &acme).await});
    let shown = preview(&hub, &acme, booking.clone()).await;
    assert!(text(&shown, "invitation").contains("METHOD:REQUEST"), "{shown}");
    let sent = hub.post(&acme, TEST, with(bare(&acme), booking)).await.expect(200);
    let mail = hub.message(text(&sent, "engagement_id")).await;
    let (shown, real) = (shown["bytes"].as_u64().expect("bytes"), text(&mail, "raw").len() as u64);
    assert!(shown.abs_diff(real) < 500, "{shown} bytes shown, {real} sent");
    let unknown = preview(&hub, &acme, json!({"booking_id": "booking-2"})).await;
    assert_eq!(unknown["invitation"], json!(null));
    assert_eq!(unknown["notes"], json!(["There is no booking booking-2; the email has no invitation to it."]));
}

// E6, E14
#[tokio::test(flavor = "multi_thread")]
async fn placeholders_without_a_value_are_listed() {
    let (hub, acme) = acme().await;
    let html = "<p>{{B}} {{a}} {{CUSTOMER_NAME}} {{C}}</p>";
    let shown = preview(&hub, &acme, json!({"subject": "{{D}}", "html": html, "params": {"c": "x"}})).await;
    assert_eq!(shown["missing_placeholders"], json!(["A", "B", "D"]));
    assert_eq!(shown["notes"], json!([]));
}

// E3, E14
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_template_falls_through_to_the_instruction_and_is_noted() {
    let (hub, acme) = acme().await;
    let fields = json!({"template_name": "No such", "instruction": "We are moving."});
    let shown = preview(&hub, &acme, fields).await;
    assert!(text(&shown, "html").contains(": We are moving."), "{shown}");
    let notes = [
        "There is no template \"No such\"; the email was made from the instruction.",
        "Written by the built-in writer around the instruction, because no model is configured.",
    ];
    assert_eq!(shown["notes"], json!(notes));
    let answer = hub.post(&acme, PATH, with(bare(&acme), json!({"template_name": "No such"}))).await;
    assert!(problem(&answer, 400).contains("Unknown template \"No such\""));
    assert_eq!(answer.faulty_fields(), ["email_template_name"]);
}

// E14
#[tokio::test(flavor = "multi_thread")]
async fn the_address_may_be_left_out_and_may_stand_wherever_a_start_has_it() {
    let (hub, acme) = acme().await;
    let shown = hub.post(&acme, PATH, without(bare(&acme), "to")).await.expect(200);
    assert!(text(&shown, "to").contains('@'), "{shown}");
    for body in [
        json!({"email_address": "you@example.com"}),
        json!({"client_email": "you@example.com"}),
        json!({"phone_number": "you@example.com"}),
        json!({"body": {"to": "you@example.com", "domain_name": acme.domain_name}}),
    ] {
        let body = with(json!({"domain_name": acme.domain_name, "html": "<p>To {{CUSTOMER_NAME}}</p>"}), body);
        let shown = hub.post(&acme, PATH, body).await.expect(200);
        assert_eq!(shown["to"], "you@example.com");
        assert!(text(&shown, "html").contains("<p>To you@example.com</p>"), "{shown}");
    }
}

// E14: the fields may stand in the query string.
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_needs_no_body() {
    let (hub, acme) = acme().await;
    let path = acme.at(&format!("{PATH}?client_name=Alex"));
    let shown = hub.call(Method::POST, &path, &acme.api_key, None, &[]).await.expect(200);
    assert!(text(&shown, "html").contains("<p>Hello Alex,</p>"), "{shown}");
    assert_eq!(shown["subject"], "A test email from Acme Insurance");
}

// E9, E14
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_without_a_sender_is_told_how_to_set_one() {
    let (hub, acme) = acme().await;
    hub.put(&acme, SETTINGS, json!({"domain_name": acme.domain_name})).await.expect(200);
    let answer = hub.post(&acme, PATH, bare(&acme)).await;
    assert!(problem(&answer, 400).contains("PUT /account-settings/outbound-email"), "{}", answer.body);
}

// E1, E14
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_cannot_be_previewed() {
    let (hub, acme) = acme().await;
    let both = json!({"html": "<p>Hello</p>", "template_name": "Policy renewal"});
    assert!(problem(&hub.post(&acme, PATH, with(bare(&acme), both)).await, 400).contains("not both"));
    let answer = hub.post(&acme, PATH, json!({"to": "nobody", "params": {"a-b": 1}})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["email_address", "domain_name", "email_template_params.a-b"]);
}

// A2, A4, E14
#[tokio::test(flavor = "multi_thread")]
async fn it_takes_the_permission_and_a_domain_of_ones_own() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    let starter = hub.with_key(&acme, json!({"name": "starts", "permissions": ["engagements"]})).await;
    let answer = hub.post(&starter, PATH, bare(&acme)).await;
    assert!(problem(&answer, 403).contains("account_settings"));
    problem(&hub.post(&globex, PATH, bare(&acme)).await, 404);
}
