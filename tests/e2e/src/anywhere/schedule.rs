//! When engagements go out: scheduled times, pauses of the domain, quiet hours (checklist C2, B6, N1).

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::anywhere::acme_in_test_mode;
use crate::problem::problem;
use crate::requests::{ALEX, direct, integration, with};

pub(crate) fn at(body: Value, time: impl ToString) -> Value {
    with(body, json!({"scheduled_time": time.to_string()}))
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_has_passed_is_now() {
    let (hub, acme) = acme_in_test_mode().await;
    for time in ["2020-01-01T00:00:00Z".to_owned(), (hub.now() + SignedDuration::from_secs(-1)).to_string()] {
        let started = hub.post(&acme, "/start", at(direct(&acme, "phone", ALEX), &time)).await.expect(200);
        assert_eq!(started["status"], "call_initiated");
        let id = hub.started(&acme, at(integration(&acme, "email", "a@example.com"), &time)).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["scheduled_time"], json!(null));
    }
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_more_than_a_year_ahead_or_none_at_all_is_400() {
    let (hub, acme) = acme_in_test_mode().await;
    let two_years = (hub.now() + SignedDuration::from_hours(2 * 365 * 24)).to_string();
    for (time, advice) in [
        (two_years.as_str(), "one year"),
        ("tomorrow", "ISO 8601"),
        ("2026-13-01T00:00:00Z", "ISO 8601"),
        ("25", "ISO 8601"),
    ] {
        for (path, body) in
            [("/start", direct(&acme, "phone", ALEX)), ("/integration/start", integration(&acme, "phone", ALEX))]
        {
            let answer = hub.post(&acme, path, at(body, time)).await;
            assert!(problem(&answer, 400).contains(advice), "{}", answer.body);
            assert_eq!(answer.faulty_fields(), ["scheduled_time"]);
        }
    }
    hub.started(&acme, at(integration(&acme, "phone", ALEX), hub.now() + SignedDuration::from_hours(364 * 24))).await;
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_time_without_a_zone_is_utc_and_one_with_a_zone_is_in_it() {
    let (hub, acme) = acme_in_test_mode().await;
    let time: Timestamp = (hub.now() + SignedDuration::from_hours(48)).to_the_second().parse().expect("a time");
    let berlin = time.to_zoned(TimeZone::fixed(jiff::tz::offset(2)));
    for written in [
        time.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        berlin.strftime("%Y-%m-%dT%H:%M:%S+02:00").to_string(),
    ] {
        let queued = hub.post(&acme, "/start", at(direct(&acme, "phone", ALEX), &written)).await.expect(200);
        assert_eq!(queued["scheduled_time"], time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "{written}");
    }
}
