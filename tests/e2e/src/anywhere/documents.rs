//! Every example of the start API's document, as it is written there. Only the saved template is unknown here: it
//! falls through to the instruction, or is refused without one. Where it is there, they are in `template_documents`.

use hub_fixture::{AnyHub, Caller};
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::with;

/// An example, with the caller's domain in place of that of the document.
pub(crate) fn example(caller: &Caller, body: &str) -> Value {
    let body = serde_json::from_str(body).expect("JSON");
    with(body, json!({"domain_name": caller.domain_name}))
}

async fn accepted((hub, acme): (AnyHub, Caller), body: &str) -> (AnyHub, Caller, Value) {
    let body = example(&acme, body);
    let channel = body["channel"].clone();
    let id = hub.started(&acme, body).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(report["channel"], channel);
    (hub, acme, report)
}

const PHONE_CALL: &str = r#"{
  "phone_number": "+14165551234",
  "domain_name": "acme",
  "source_record_id": "contact-98765",
  "source_org_id": "acme",
  "source_system": "my_crm",
  "channel": "phone",
  "type": "informational",
  "instruction": "Confirm tomorrow's appointment and offer to reschedule if needed.",
  "client_name": "Alex Morgan"
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_outbound_phone_call() {
    let (_hub, _, report) = accepted(acme_in_test_mode().await, PHONE_CALL).await;
    assert_eq!(report["outcome"], "answered");
    assert_eq!(report["source_record_id"], "contact-98765");
}

const SMS_CONVERSATION: &str = r#"{
  "phone_number": "+14165551234",
  "domain_name": "acme",
  "source_record_id": "lead-123",
  "source_org_id": "acme",
  "channel": "sms",
  "type": "conversational",
  "instruction": "The customer asked about 42 Main St. Offer to connect them with an agent.",
  "user_phone_number": "+14165559999",
  "client_name": "Jordan Lee"
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_sms_conversation() {
    let (_hub, _, report) = accepted(acme_in_test_mode().await, SMS_CONVERSATION).await;
    assert_eq!(report["outcome"], "conversed");
}

const INLINE_HTML: &str = r#"{
  "phone_number": "customer@example.com",
  "domain_name": "acme",
  "source_record_id": "contact-456",
  "source_org_id": "acme",
  "channel": "email",
  "type": "informational",
  "client_name": "Alex Morgan",
  "email_subject": "Your policy renewal",
  "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p><p>Questions? Reply to this email.</p><p>Regards,<br/>{{ORGANIZATION_NAME}}</p>",
  "email_template_params": {
    "policy_number": "POL-2026-8842",
    "renewal_date": "June 15, 2026"
  }
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_email_with_inline_html() {
    let (hub, acme, _) = accepted(acme().await, INLINE_HTML).await;
    let mail = hub.messages_of(&acme).await.remove(0);
    assert_eq!(mail["subject"], "Your policy renewal");
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("Policy <strong>POL-2026-8842</strong> renews on June 15, 2026."), "{html}");
    assert!(html.contains("<p>Dear Alex Morgan,</p>") && html.contains("Regards,<br>Acme Insurance"), "{html}");
}

pub(crate) const SAVED_TEMPLATE: &str = r#"{
  "phone_number": "customer@example.com",
  "domain_name": "acme",
  "source_record_id": "contact-456",
  "source_org_id": "acme",
  "channel": "email",
  "type": "informational",
  "client_name": "Alex Morgan",
  "email_subject": "Your policy renewal",
  "email_template_id": "550e8400-e29b-41d4-a716-446655440000",
  "email_template_params": {
    "policy_number": "POL-2026-8842",
    "renewal_date": "June 15, 2026",
    "agent_name": "Jamie Lee"
  }
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_email_with_a_template_that_this_account_does_not_have() {
    let (hub, acme) = acme().await;
    let body = example(&acme, SAVED_TEMPLATE);
    let answer = hub.post(&acme, "/integration/start", body.clone()).await;
    assert!(problem(&answer, 400).contains("Unknown template"));
    let id = hub.started(&acme, with(body, json!({"instruction": "Remind them of the renewal."}))).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.messages_of(&acme).await[0]["subject"], "Your policy renewal");
}

async fn started(body: &str) -> (AnyHub, Caller, Value) {
    let (hub, acme) = acme().await;
    let answer = hub.post(&acme, "/start", example(&acme, body)).await.expect(200);
    (hub, acme, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scheduled_phone_callback() {
    let body = r#"{
      "phone_number": "+14165551234",
      "domain_name": "acme",
      "type": "conversational",
      "channel": "phone",
      "instruction": "Follow up on the website form submission.",
      "scheduled_time": "2026-06-19T14:30:00Z",
      "client_name": "Alex Morgan"
    }"#;
    let (hub, acme) = acme_in_test_mode().await;
    let mut body = example(&acme, body);
    // The document's day is past sooner or later; its form is what counts.
    let at = (hub.now() + jiff::SignedDuration::from_hours(24)).to_the_second();
    body["scheduled_time"] = json!(at);
    let answer = hub.post(&acme, "/start", body).await.expect(200);
    assert_eq!(answer["status"], "queued");
    assert_eq!(answer["message"], format!("Call queued for scheduled time: {at}"));
    assert_eq!(answer["scheduled_time"], at);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_direct_email_with_inline_html() {
    let body = r#"{
      "channel": "email",
      "type": "informational",
      "domain_name": "acme",
      "email_address": "customer@example.com",
      "client_name": "Alex Morgan",
      "email_subject": "Your policy renewal",
      "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p><p>Regards,<br/>{{ORGANIZATION_NAME}}</p>",
      "email_template_params": {
        "policy_number": "POL-2026-8842",
        "renewal_date": "June 15, 2026"
      }
    }"#;
    let (hub, acme, answer) = started(body).await;
    assert_eq!(answer["phone_number"], "n/a");
    assert_eq!(hub.messages_of(&acme).await[0]["contact"], "customer@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_direct_email_with_a_template_that_this_account_does_not_have() {
    let (hub, acme) = acme().await;
    let body = json!({
        "channel": "email",
        "type": "informational",
        "domain_name": acme.domain_name,
        "email_address": "customer@example.com",
        "email_template_id": "550e8400-e29b-41d4-a716-446655440000",
        "email_subject": "Your policy renewal",
        "email_template_params": {"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026"},
    });
    let answer = hub.post(&acme, "/start", body).await;
    assert!(problem(&answer, 400).contains("Unknown template"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_email_from_an_instruction() {
    let body = r#"{
      "channel": "email",
      "type": "informational",
      "domain_name": "acme",
      "email_address": "customer@example.com",
      "client_name": "Alex Morgan",
      "email_subject": "Update on your claim",
      "instruction": "Let the customer know their claim was received and review will take 3-5 business days.",
      "language": "en"
    }"#;
    let (hub, acme, _) = started(body).await;
    let mail = hub.messages_of(&acme).await.remove(0);
    assert_eq!(mail["subject"], "Update on your claim");
    assert!(mail["html"].as_str().is_some_and(|html| html.contains("their claim was received")), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_has_every_field_of_the_documents() {
    let (_hub, _, report) = accepted(acme_in_test_mode().await, PHONE_CALL).await;
    for field in [
        "engagement_id",
        "status",
        "outcome",
        "summary",
        "started_at",
        "completed_at",
        "channel",
        "type",
        "contact_identifier",
        "history",
        "transcript",
        "delivery_type",
        "event_type",
        "sent_at",
    ] {
        assert!(report.get(field).is_some(), "{field} in {report}");
    }
    assert_eq!((&report["delivery_type"], &report["event_type"]), (&json!("pull"), &json!("engagement.updated")));
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_and_cancel_as_in_the_checklist_at_its_end() {
    let (hub, acme) = acme_in_test_mode().await;
    let mut body = example(&acme, PHONE_CALL);
    body["scheduled_time"] = json!((hub.now() + jiff::SignedDuration::from_hours(24)).to_string());
    let id = hub.started(&acme, body).await;
    for (verb, status) in [("pause", "Paused"), ("cancel", "Cancelled")] {
        let done = hub.post(&acme, &format!("/integration/{verb}"), json!({"engagement_id": id})).await.expect(200);
        assert_eq!(done, json!({"ok": true, "engagement_id": id}));
        assert_eq!(hub.report(&acme, &id).await["status"], status);
    }
}
