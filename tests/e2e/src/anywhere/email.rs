//! Outbound email (checklist E1–E5, E8, E13).

use hub_fixture::{Caller, Hub};
use insta::assert_snapshot;
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::mails::steady;
use crate::problem::{problem, state};
use crate::requests::{ALEX, direct, integration, with, without};

pub(crate) const CUSTOMER: &str = "customer@example.com";

/// The mail that a request leads to.
async fn mail(hub: &Hub, acme: &Caller, changes: Value) -> Value {
    let id = hub.started(acme, with(integration(acme, "email", CUSTOMER), changes)).await;
    hub.until_status(acme, &id, "Completed").await;
    hub.message(&id).await
}

fn html(mail: &Value) -> &str {
    mail["html"].as_str().expect("html")
}

// E1
#[tokio::test(flavor = "multi_thread")]
async fn html_together_with_a_template_is_400() {
    let (hub, acme) = acme().await;
    let before = state(&hub, &acme).await;
    for template in [
        json!({"email_template_id": "550e8400-e29b-41d4-a716-446655440000"}),
        json!({"email_template_name": "Policy renewal"}),
        json!({"context": {"email_template_id": "550e8400-e29b-41d4-a716-446655440000"}}),
    ] {
        for path in ["/integration/start", "/start"] {
            let body = with(integration(&acme, "email", CUSTOMER), json!({"email_body_html": "<p>Hello</p>"}));
            let answer = hub.post(&acme, path, with(body, template.clone())).await;
            assert!(problem(&answer, 400).contains("not both"));
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// E1
#[tokio::test(flavor = "multi_thread")]
async fn html_wins_over_the_instruction() {
    let (hub, acme) = acme().await;
    let mail =
        mail(&hub, &acme, json!({"email_body_html": "<p>Given</p>", "instruction": "Say something else."})).await;
    assert!(html(&mail).contains("<p>Given</p>"));
    assert!(!mail["text"].as_str().expect("text").contains("something else"));
}

// E2
#[tokio::test(flavor = "multi_thread")]
async fn the_tags_of_a_letter_are_kept_and_all_that_could_run_is_dropped() {
    let (hub, acme) = acme().await;
    let letter = "<h2>Hello</h2><p><strong>a</strong> <em>b</em><br>c <a href=\"https://example.com/x\">d</a></p>\
        <ul><li>e</li></ul><ol><li>f</li></ol>";
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)><iframe src=\"https://evil.example\"></iframe>\
        <a href=\"javascript:alert(3)\">g</a><form action=\"https://evil.example\"><input></form>";
    let mail = mail(&hub, &acme, json!({"email_body_html": format!("{letter}{hostile}")})).await;
    let html = html(&mail);
    for kept in
        ["<h2>Hello</h2>", "<strong>a</strong>", "<em>b</em>", "<br>", "<li>e</li>", "<li>f</li>", "<ul>", "<ol>"]
    {
        assert!(html.contains(kept), "{kept} in {html}");
    }
    assert!(html.contains("href=\"https://example.com/x\""), "{html}");
    for dropped in ["script", "onerror", "iframe", "javascript:", "<form", "<input", "alert"] {
        assert!(!html.contains(dropped), "{dropped} in {html}");
    }
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_template_falls_through_to_the_instruction() {
    let (hub, acme) = acme().await;
    for template in [json!({"email_template_id": "no-such"}), json!({"email_template_name": "No such"})] {
        let mail = mail(&hub, &acme, template).await;
        assert!(html(&mail).contains("Say hello."));
    }
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_template_without_an_instruction_is_400() {
    let (hub, acme) = acme().await;
    for field in ["email_template_id", "email_template_name"] {
        let body = with(without(integration(&acme, "email", CUSTOMER), "instruction"), json!({field: "No such"}));
        let answer = hub.post(&acme, "/integration/start", body).await;
        assert!(problem(&answer, 400).contains("Unknown template \"No such\""));
        assert_eq!(answer.faulty_fields(), [field]);
    }
}

// E4
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_becomes_a_paragraph_that_placeholders_do_not_touch() {
    let (hub, acme) = acme().await;
    let instruction = "Tell them {{NUMBER}} & <b>more</b>.";
    let mail = mail(&hub, &acme, json!({"instruction": instruction, "email_template_params": {"number": "42"}})).await;
    let expected = "<p>Dear Customer, this is a message from Acme Insurance: Tell them {{NUMBER}} &amp; \
        &lt;b&gt;more&lt;/b&gt;. If you have any questions, simply reply to this email.</p>";
    assert!(html(&mail).contains(expected), "{mail}");
}

// E4
#[tokio::test(flavor = "multi_thread")]
async fn the_history_says_that_the_built_in_writer_wrote() {
    let (hub, acme) = acme().await;
    let noted = "Written by the built-in writer around the instruction, because no model is configured.";
    for (changes, expected) in [(json!({}), &[noted][..]), (json!({"email_body_html": "<p>Hello</p>"}), &[])] {
        let id = hub.started(&acme, with(integration(&acme, "email", CUSTOMER), changes)).await;
        let report = hub.sent_report(&acme, &id).await;
        let history = report["history"].as_array().expect("a history");
        let details: Vec<_> = history.iter().filter_map(|entry| entry["detail"].as_str()).collect();
        assert_eq!(details, expected, "{report}");
    }
}

// E4
#[tokio::test(flavor = "multi_thread")]
async fn the_paragraph_is_in_the_language_that_is_asked_for() {
    let (hub, acme) = acme().await;
    let german = "<p>Guten Tag Alex Morgan, dies ist eine Nachricht von Acme Insurance: Wir ziehen um. Bei Fragen \
        antworten Sie einfach auf diese E-Mail.</p>";
    let persian = "<p>Alex Morgan گرامی، این پیامی از سوی Acme Insurance است: دفتر ما جابه‌جا می‌شود. در صورت داشتن \
        هرگونه پرسش، لطفاً به همین ایمیل پاسخ دهید.</p>";
    for (language, direction, instruction, expected) in
        [("de", "ltr", "Wir ziehen um", german), ("fa", "rtl", "دفتر ما جابه‌جا می‌شود", persian)]
    {
        let fields = json!({"language": language, "instruction": instruction, "client_name": "Alex Morgan"});
        let mail = mail(&hub, &acme, fields).await;
        let document = format!("<html lang=\"{language}\" dir=\"{direction}\">");
        assert!(html(&mail).contains(&document) && html(&mail).contains(expected), "{mail}");
    }
}

// E5
#[tokio::test(flavor = "multi_thread")]
async fn the_subject_is_the_given_one_else_the_instruction_else_a_default() {
    let (hub, acme) = acme().await;
    let given = mail(&hub, &acme, json!({"email_subject": "Your policy"})).await;
    assert_eq!(given["subject"], "Your policy");
    let from_instruction = mail(&hub, &acme, json!({"instruction": "Say\nhello."})).await;
    assert_eq!(from_instruction["subject"], "Say hello.");
    let blank = mail(&hub, &acme, json!({"email_subject": " ", "email_body_html": "<p>Hi</p>"})).await;
    assert_eq!(blank["subject"], "Say hello.");
    let neither = mail(&hub, &acme, json!({"instruction": null, "email_body_html": "<p>Hi {{SUBJECT}}</p>"})).await;
    assert_eq!(neither["subject"], "Message from your provider");
    assert!(html(&neither).contains("<p>Hi Message from your provider</p>"));
}

// E8, E13
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_has_html_and_a_text_alternative() {
    let (hub, acme) = acme().await;
    let fields = json!({
        "client_name": "Alex Morgan",
        "email_subject": "Your policy renewal",
        "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on \
            {{RENEWAL_DATE}}.</p><p>Regards,<br/>{{ORGANIZATION_NAME}}</p>",
        "email_template_params": {"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026"},
    });
    let mail = mail(&hub, &acme, fields).await;
    let parts = ["subject", "text", "html"].map(|part| mail[part].as_str().expect("a text"));
    assert_snapshot!("mail_subject", parts[0]);
    assert_snapshot!("mail_text", steady(parts[1]));
    assert_snapshot!("mail_html", steady(parts[2]));
    let raw = mail["raw"].as_str().expect("the mail");
    let parsed = MessageParser::default().parse(raw).expect("a mail");
    assert!(parsed.content_type().is_some_and(|kind| kind.subtype() == Some("alternative")), "{raw}");
    assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1));
    let to = parsed.to().and_then(|to| to.first()).expect("a recipient");
    assert_eq!((to.name(), to.address()), (Some("Alex Morgan"), Some(CUSTOMER)));
    let from = parsed.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!((from.name(), from.address()), (Some("Acme Insurance"), Some("hello@acme.example")));
}

// E9: the domain's sender and reply address are those of the mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_from_the_domains_sender_and_answered_to_its_reply_address() {
    let (hub, acme) = acme().await;
    let settings = json!({"domain_name": acme.domain_name, "organization_name": "Acme & Söhne", "from": "news@acme.example",
        "reply_to": "Support <support@acme.example>"});
    let set = hub.put(&acme, "/account-settings/outbound-email", settings.clone()).await.expect(200);
    for (field, value) in settings.as_object().expect("settings") {
        assert_eq!(&set[field], value, "{field}");
    }
    assert_eq!(hub.get(&acme, &acme.at("/account-settings/outbound-email")).await.expect(200), set);
    let mail = mail(&hub, &acme, json!({"email_body_html": "<p>{{ORGANIZATION_NAME}}</p>"})).await;
    assert!(html(&mail).contains("<p>Acme &amp; Söhne</p>"), "{mail}");
    let raw = mail["raw"].as_str().expect("the mail");
    let parsed = MessageParser::default().parse(raw).expect("a mail");
    assert_eq!(parsed.from().and_then(|from| from.first()?.address()), Some("news@acme.example"));
    assert_eq!(parsed.reply_to().and_then(|to| to.first()?.address()), Some("support@acme.example"));
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_accepted_is_completed_and_done_in_the_call_log() {
    let (hub, acme) = acme().await;
    let started = hub.post(&acme, "/start", direct(&acme, "email", CUSTOMER)).await.expect(200);
    let sid = started["call_sid"].as_str().expect("a sid");
    let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
    assert_eq!((&call["status"], &call["outcome"]), (&json!("Done"), &json!("delivered")));
    assert_eq!((&call["phone_number"], &call["email_address"]), (&json!("n/a"), &json!(CUSTOMER)));
    let path = acme.at(&format!("/integration/engagements?call_sid={sid}"));
    let list = hub.get(&acme, &path).await.expect(200);
    assert_eq!(list["engagements"][0]["status"], "Completed");
}

// E8: a host in another script is written as mail servers know it.
#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_with_an_international_host_is_reached() {
    let (hub, acme) = acme().await;
    let id = hub.started(&acme, integration(&acme, "email", "kunde@Bücher.example")).await;
    let report = hub.sent_report(&acme, &id).await;
    assert_eq!(report["contact_identifier"], "kunde@bücher.example");
    let mail = hub.messages_of(&acme).await.remove(0);
    let raw = mail["raw"].as_str().expect("the mail");
    assert!(raw.contains("kunde@xn--bcher-kva.example"), "{raw}");
}

// E1: a channel that is no email has no use for email fields, but still needs its instruction.
#[tokio::test(flavor = "multi_thread")]
async fn email_fields_do_not_stand_in_for_the_instruction_of_a_call() {
    let (hub, acme) = acme_in_test_mode().await;
    let body =
        with(without(integration(&acme, "phone", ALEX), "instruction"), json!({"email_body_html": "<p>Hello</p>"}));
    problem(&hub.post(&acme, "/integration/start", body).await, 400);
}
