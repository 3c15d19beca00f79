//! Emails made from saved templates (checklist E1, E3, E5). Whose templates count is in `template_users`.

use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::template_emails::{CUSTOMER, details, html, mail};
use crate::problem::problem;
use crate::requests::{integration, with, without};
use crate::setup::template;

fn in_an_hour(hub: &TestHub) -> Value {
    json!((hub.clock.now() + SignedDuration::from_hours(1)).to_string())
}

/// An engagement that is due in an hour and made from a template.
async fn scheduled(hub: &TestHub, acme: &Caller, made: &Value, changes: Value) -> String {
    let fields = json!({"email_template_id": made["id"], "scheduled_time": in_an_hour(hub)});
    let body = with(without(integration(acme, "email", CUSTOMER), "instruction"), fields);
    hub.started(acme, with(body, changes)).await
}

async fn removed(hub: &TestHub, acme: &Caller, made: &Value) {
    let path = "/account-settings/email-templates";
    let body = json!({"domain_name": "acme", "id": made["id"]});
    hub.call(reqwest::Method::DELETE, path, &acme.api_key, Some(body), &[]).await.expect(200);
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_changed_before_the_send_goes_out_as_it_is_then() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let made = template(&hub, &acme, json!({})).await;
    let id = scheduled(&hub, &acme, &made, json!({"email_template_params": {"day": "Monday"}})).await;
    let change = json!({"domain_name": "acme", "id": made["id"], "name": "Renamed", "subjectTemplate": "New subject",
        "bodyHtml": "<p>New text for {{DAY}}</p>"});
    hub.put(&acme, "/account-settings/email-templates", change).await.expect(200);
    hub.advance(SignedDuration::from_hours(2));
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.messages("").await.remove(0);
    assert_eq!(mail["subject"], "New subject");
    assert!(html(&mail).contains("<p>New text for Monday</p>"), "{mail}");
}

// E3, E10: what was read for the mail before is not taken for the next.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_changed_or_removed_is_so_at_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let made = template(&hub, &acme, json!({"name": "Old", "bodyHtml": "<p>Old</p>"})).await;
    let (by_id, by_name) = (json!({"email_template_id": made["id"]}), json!({"email_template_name": "Old"}));
    for reference in [&by_id, &by_name] {
        assert!(html(&mail(&hub, &acme, reference.clone()).await).contains("<p>Old</p>"));
    }
    let change = json!({"domain_name": "acme", "id": made["id"], "name": "New", "bodyHtml": "<p>New</p>"});
    hub.put(&acme, "/account-settings/email-templates", change).await.expect(200);
    assert!(html(&mail(&hub, &acme, by_id.clone()).await).contains("<p>New</p>"));
    let unknown = async |reference: &Value| {
        let body = with(without(integration(&acme, "email", CUSTOMER), "instruction"), reference.clone());
        problem(&hub.post(&acme, "/integration/start", body).await, 400);
    };
    unknown(&by_name).await;
    removed(&hub, &acme, &made).await;
    unknown(&by_id).await;
    unknown(&json!({"email_template_name": "New"})).await;
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_removed_before_the_send_leaves_the_instruction() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let made = template(&hub, &acme, json!({})).await;
    let id = scheduled(&hub, &acme, &made, json!({"instruction": "Remind them."})).await;
    removed(&hub, &acme, &made).await;
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.sent_report(&acme, &id).await;
    let mail = hub.messages("").await.remove(0);
    assert_eq!(mail["subject"], "Remind them.");
    assert!(html(&mail).contains("Remind them."), "{mail}");
    let template = made["id"].as_str().expect("an id");
    let note = format!("There is no template {template}; the email was made from the instruction.");
    assert_eq!(details(&report)[0], note);
}

// E3, E8
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_removed_before_the_send_and_no_instruction_fail_and_cost_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = hub.balance(&acme).await;
    let made = template(&hub, &acme, json!({})).await;
    let id = scheduled(&hub, &acme, &made, json!({})).await;
    assert!(hub.balance(&acme).await < before);
    removed(&hub, &acme, &made).await;
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.until_status(&acme, &id, "Failed").await;
    let reason = "The template was removed before the email was sent, and there is no instruction; send it again.";
    assert_eq!(report["summary"], reason);
    let log = hub.get(&acme, "/calls?domain_name=acme&status=Failed").await.expect(200);
    assert_eq!(log["calls"][0]["reason"], reason);
    assert_eq!(hub.balance(&acme).await, before);
    assert!(hub.messages("").await.is_empty());
}
