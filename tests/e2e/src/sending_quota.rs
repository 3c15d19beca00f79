//! What the mail service takes in a second and in a day is kept to by waiting (DESIGN §4): nothing fails for it.

use hub_fixture::{Caller, TestHub};
use hub_local::aws::SendingQuota;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::requests::integration;

async fn hub_with(per_second: u32, per_day: u64) -> (TestHub, Caller) {
    let quota = SendingQuota { per_second, per_day };
    let hub = TestHub::start_with(|options| {
        options.sending_quota = Some(quota);
        // So that moving the clock does not end the claims of those who wait for their turn.
        options.pace.lease = SignedDuration::from_hours(100);
    })
    .await;
    let acme = hub.demo();
    (hub, acme)
}

async fn start(hub: &TestHub, caller: &Caller, count: usize) -> Vec<String> {
    let mut ids = Vec::with_capacity(count);
    for number in 0..count {
        let mut body = integration(caller, "email", &format!("customer-{number}@example.com"));
        body["domain_name"] = caller.domain_name.clone().into();
        ids.push(hub.started(caller, body).await);
    }
    ids
}

/// The reports of engagements as soon as so many of them are completed.
async fn until_completed(hub: &TestHub, caller: &Caller, ids: &[String], wanted: usize) -> Vec<Value> {
    hub.until(&format!("{wanted} are completed"), || async {
        let mut reports = Vec::with_capacity(ids.len());
        for id in ids {
            reports.push(hub.report(caller, id).await);
        }
        let completed = reports.iter().filter(|report| report["status"] == "Completed").count();
        if completed == wanted { Ok(reports) } else { Err(format!("{completed} completed")) }
    })
    .await
}

/// The reports of engagements as soon as each that was waiting has left, or was told once more to come back later.
async fn until_settled(hub: &TestHub, caller: &Caller, ids: &[String], before: &[Value]) -> Vec<Value> {
    let told = |report: &Value| report["history"].as_array().map_or(0, Vec::len);
    let told_before = |id: &Value| before.iter().find(|report| report["engagement_id"] == *id).map_or(0, told);
    let settled = |report: &Value| {
        let last = report["history"].as_array().and_then(|history| history.last()).cloned().unwrap_or_default();
        let anew = told(report) > told_before(&report["engagement_id"]);
        report["status"] == "Completed" || (anew && last["event_type"] == "Postponed")
    };
    hub.until("every email has left or waits", || async {
        let mut reports = Vec::with_capacity(ids.len());
        for id in ids {
            reports.push(hub.report(caller, id).await);
        }
        if reports.iter().all(settled) { Ok(reports) } else { Err(format!("{reports:?}")) }
    })
    .await
}

fn history(report: &Value) -> String {
    report["history"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_emails_leave_in_a_second_than_the_mail_service_takes() {
    let (hub, acme) = hub_with(50, 10_000).await;
    let ids = start(&hub, &acme, 60).await;
    let mut reports = until_settled(&hub, &acme, &ids, &[]).await;
    while reports.iter().any(|report| report["status"] != "Completed") {
        // What the service refused waits for up to a minute.
        hub.advance(SignedDuration::from_mins(1));
        reports = until_settled(&hub, &acme, &ids, &reports).await;
    }
    // The embedded service refuses what is too much, which a busy machine makes of emails that met on their way to it.
    let refused = reports.iter().filter(|report| history(report).contains("Maximum sending rate")).count();
    assert!(refused <= 15, "{refused} of 60 did not wait for their turn");
    let mut sent = hub.messages("limit=100").await.iter().map(sent_at).collect::<Vec<_>>();
    sent.sort_unstable();
    assert!(sent.windows(51).all(|window| window[50] - window[0] >= 1_000), "{sent:?}");
}

fn sent_at(message: &Value) -> i64 {
    let at: jiff::Timestamp = message["sent_at"].as_str().expect("a time").parse().expect("a time");
    at.as_millisecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finds_no_turn_soon_goes_out_later_and_does_not_fail() {
    let (hub, acme) = hub_with(2, 10_000).await;
    let ids = start(&hub, &acme, 18).await;
    let (mut postponed, mut reports) = (0, Vec::new());
    loop {
        // Only so many wait at the door; the others go back to the queue, for longer each time.
        reports = until_settled(&hub, &acme, &ids, &reports).await;
        assert!(reports.iter().all(|report| !history(report).contains("Retried")), "{reports:?}");
        let waiting = reports.iter().filter(|report| report["status"] != "Completed").count();
        if waiting == 0 {
            break;
        }
        postponed += waiting;
        hub.advance(SignedDuration::from_mins(10));
    }
    assert!(postponed > 0);
    assert_eq!(hub.balance(&acme).await, 10_000 - 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn emails_beyond_the_quota_of_a_day_leave_the_next_day() {
    let (hub, acme) = hub_with(1_000, 5).await;
    let ids = start(&hub, &acme, 8).await;
    let reports = until_completed(&hub, &acme, &ids, 5).await;
    let waiting = |reports: &[Value]| reports.iter().filter(|report| report["status"] == "Queued").count();
    hub.until("the others wait", || async {
        let reports = until_completed(&hub, &acme, &ids, 5).await;
        let told = reports.iter().filter(|report| history(report).to_lowercase().contains("quota")).count();
        if told == 3 && waiting(&reports) == 3 { Ok(()) } else { Err(format!("{reports:?}")) }
    })
    .await;
    assert_eq!(reports.len(), 8);
    hub.advance(SignedDuration::from_hours(25));
    until_completed(&hub, &acme, &ids, 8).await;
    assert_eq!(hub.messages("limit=100").await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_beyond_the_quota_is_queued() {
    let (hub, acme) = hub_with(1_000, 1).await;
    let ids = start(&hub, &acme, 1).await;
    until_completed(&hub, &acme, &ids, 1).await;
    let answer =
        hub.post(&acme, "/start", crate::requests::direct(&acme, "email", "late@example.com")).await.expect(200);
    assert_eq!(answer["status"], "queued", "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_email_waits_for_its_turn_like_any_other() {
    let (hub, acme) = hub_with(1, 10_000).await;
    let test = json!({"domain_name": "acme", "to": "you@example.com"});
    for _ in 0..2 {
        hub.post(&acme, "/account-settings/send-test-email", test.clone()).await.expect(200);
    }
    let mut sent: Vec<_> = hub.messages("limit=100").await.iter().map(sent_at).collect();
    sent.sort_unstable();
    assert!(sent.len() == 2 && sent[1] - sent[0] >= 1_000, "{sent:?}");
}
