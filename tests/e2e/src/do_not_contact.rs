//! Who must not be contacted (checklist N2, M3).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::do_not_contact::{add, add_file, check, closed};
use crate::requests::{ALEX, JORDAN, OPTS_OUT, integration, with};

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_is_added_twice_keeps_its_first_reason() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = add(&hub, &acme, ALEX, json!({"reason": "First."})).await;
    hub.advance(SignedDuration::from_secs(5));
    assert_eq!(add(&hub, &acme, ALEX, json!({"reason": "Second."})).await, first);
    let file = format!("contact,reason\n{JORDAN},First.\n{JORDAN},Second.\n{ALEX},Third.\n");
    let imported = add_file(&hub, &acme, file).await.expect(200);
    assert_eq!(imported, json!({"added": 1, "already_listed": 2, "errors": [], "more_errors": 0}));
    assert_eq!(check(&hub, &acme, "contact=%2B14165554321").await["closed"][0]["reason"], "First.");
    assert_eq!(check(&hub, &acme, "contact=%2B14165551234").await["closed"], first["closed"]);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_says_stop_is_closed_on_every_channel_on_its_own_word() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, integration(&acme, "sms", OPTS_OUT)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let listed = check(&hub, &acme, "contact=5005550008").await;
    assert_eq!((closed(&listed), &listed["closed"][0]["added_by"]), (vec!["all"], &json!("recipient")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_that_was_scheduled_before_is_refused_when_its_time_comes() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&acme, with(integration(&acme, "sms", ALEX), json!({"scheduled_time": at}))).await;
    add(&hub, &acme, ALEX, json!({"channel": "sms", "reason": "Asked."})).await;
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert_eq!(report["outcome"], "do_not_contact", "{report}");
    assert!(report.to_string().contains("Asked."), "{report}");
    assert!(hub.messages("").await.is_empty());
}

/// API Gateway spoils such a file, which must come as `application/csv` there.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_file_may_be_in_another_encoding() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    add_file(&hub, &acme, &b"name;reason;contact\r\nZo\xeb;M\xfcde;b@example.com\r\n"[..]).await.expect(200);
    assert_eq!(check(&hub, &acme, "contact=b@example.com").await["closed"][0]["reason"], "Müde");
}
