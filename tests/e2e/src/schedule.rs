//! When engagements go out: scheduled times, pauses of the domain, quiet hours (checklist C2, B6, N1).

use hub_fixture::TestHub;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, direct, integration, with};
use crate::setup::quiet_hours;

fn at(body: Value, time: impl ToString) -> Value {
    with(body, json!({"scheduled_time": time.to_string()}))
}

// C2, B6
#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_engagement_goes_out_at_its_time_and_not_before() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let now = hub.clock.now();
    // One that the queue itself keeps back, one that waits for the tick.
    let soon = hub.started(&acme, at(integration("sms", ALEX), now + SignedDuration::from_mins(5))).await;
    let later = hub.started(&acme, at(integration("sms", ALEX), now + SignedDuration::from_hours(5))).await;
    assert_eq!(hub.report(&acme, &soon).await["status"], "Scheduled");
    hub.advance(SignedDuration::from_mins(6));
    hub.until_status(&acme, &soon, "Completed").await;
    assert_eq!(hub.report(&acme, &later).await["status"], "Scheduled");
    assert_eq!(hub.messages("").await.len(), 1);
    hub.advance(SignedDuration::from_hours(5));
    let report = hub.until_status(&acme, &later, "Completed").await;
    assert!(report["started_at"].as_str() >= report["scheduled_time"].as_str());
    assert_eq!(hub.messages("").await.len(), 2);
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_has_passed_is_now() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for time in ["2020-01-01T00:00:00Z".to_owned(), (hub.clock.now() + SignedDuration::from_secs(-1)).to_string()] {
        let started = hub.post(&acme, "/start", at(direct("phone", ALEX), &time)).await.expect(200);
        assert_eq!(started["status"], "call_initiated");
        let id = hub.started(&acme, at(integration("email", "a@example.com"), &time)).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["scheduled_time"], json!(null));
    }
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_more_than_a_year_ahead_or_none_at_all_is_400() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let two_years = (hub.clock.now() + SignedDuration::from_hours(2 * 365 * 24)).to_string();
    for (time, advice) in [
        (two_years.as_str(), "one year"),
        ("tomorrow", "ISO 8601"),
        ("2026-13-01T00:00:00Z", "ISO 8601"),
        ("25", "ISO 8601"),
    ] {
        for (path, body) in [("/start", direct("phone", ALEX)), ("/integration/start", integration("phone", ALEX))] {
            let answer = hub.post(&acme, path, at(body, time)).await;
            assert!(problem(&answer, 400).contains(advice), "{}", answer.body);
            assert_eq!(answer.faulty_fields(), ["scheduled_time"]);
        }
    }
    hub.started(&acme, at(integration("phone", ALEX), hub.clock.now() + SignedDuration::from_hours(364 * 24))).await;
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_without_a_zone_is_utc_and_one_with_a_zone_is_in_it() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let time: Timestamp = (hub.clock.now() + SignedDuration::from_hours(48)).to_the_second().parse().expect("a time");
    let berlin = time.to_zoned(TimeZone::fixed(jiff::tz::offset(2)));
    for written in [
        time.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        berlin.strftime("%Y-%m-%dT%H:%M:%S+02:00").to_string(),
    ] {
        let queued = hub.post(&acme, "/start", at(direct("phone", ALEX), &written)).await.expect(200);
        assert_eq!(queued["scheduled_time"], time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "{written}");
    }
}

// A4, N1
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_waits_while_its_domain_is_paused() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, at(integration("sms", ALEX), hub.clock.now() + SignedDuration::from_hours(1))).await;
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    hub.advance(SignedDuration::from_hours(2));
    hub.until("it is postponed", async || {
        let report = hub.report(&acme, &id).await;
        if report["history"].to_string().contains("paused for the domain") { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
    assert!(hub.messages("").await.is_empty());
    hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    hub.advance(SignedDuration::from_mins(2));
    hub.until_status(&acme, &id, "Completed").await;
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_postpone_to_their_end() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let end = quiet_hours(&hub).await.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let queued = hub.post(&acme, "/start", direct("phone", ALEX)).await.expect(200);
    assert_eq!((&queued["status"], &queued["scheduled_time"]), (&json!("queued"), &json!(end)));
    let id = hub.started(&acme, integration("sms", ALEX)).await;
    let postponed = hub
        .until("it is postponed", async || {
            let report = hub.report(&acme, &id).await;
            if report["history"].to_string().contains("Postponed") { Ok(report) } else { Err(report.to_string()) }
        })
        .await;
    assert_eq!(postponed["status"], "Queued");
    hub.advance(SignedDuration::from_hours(3));
    let mail = hub.started(&acme, integration("email", "a@example.com")).await;
    hub.until_status(&acme, &mail, "Completed").await;
    assert_eq!(hub.messages("").await.len(), 1, "only the mail");
    hub.advance(SignedDuration::from_hours(3));
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.messages("").await.len(), 3);
}

// N1: quiet hours are those of the domain's zone.
#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_are_kept_in_the_domains_time_zone() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    quiet_hours(&hub).await;
    // Nine hours ahead, the same hours of the day are over.
    hub.set_domain("acme", json!({"time_zone": "Asia/Tokyo"})).await;
    assert_eq!(hub.post(&acme, "/start", direct("phone", ALEX)).await.expect(200)["status"], "call_initiated");
}
