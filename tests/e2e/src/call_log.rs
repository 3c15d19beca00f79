//! The call log (checklist E8).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::call_log::{log, start};
use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, direct, with};

// E8
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_newest_first_and_paged() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mut sids = Vec::new();
    for _ in 0..5 {
        sids.push(start(&hub, &acme, direct(&acme, "email", "customer@example.com")).await);
        hub.advance(SignedDuration::from_secs(1));
    }
    sids.reverse();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(&acme, &format!("/calls?domain_name=acme&limit=2{cursor}")).await.expect(200);
        let calls = page["calls"].as_array().expect("calls");
        assert!(calls.len() <= 2);
        seen.extend(calls.iter().map(|call| call["call_sid"].as_str().expect("a sid").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, sids);
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_status_channel_contact_and_date() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mail = start(&hub, &acme, direct(&acme, "email", "Customer@Example.com")).await;
    hub.advance(SignedDuration::from_hours(1));
    let noon = hub.clock.now();
    let call = start(
        &hub,
        &acme,
        with(
            direct(&acme, "phone", ALEX),
            json!({"scheduled_time": (noon + SignedDuration::from_hours(9)).to_string()}),
        ),
    )
    .await;
    problem(&hub.post(&acme, "/start", direct(&acme, "sms", "+15005550001")).await, 400);
    let refused = log(&hub, &acme, "status=Failed").await.remove(0)["call_sid"].as_str().expect("a sid").to_owned();

    let sids = async |query: &str| -> Vec<String> {
        let calls = log(&hub, &acme, query).await;
        calls.iter().map(|call| call["call_sid"].as_str().expect("a sid").to_owned()).collect()
    };
    assert_eq!(sids("").await, [&refused, &call, &mail].map(String::clone));
    assert_eq!(sids("status=Done").await, [mail.as_str()]);
    assert_eq!(sids("status=Completed").await, [mail.as_str()]);
    assert_eq!(sids("status=Scheduled").await, [call.as_str()]);
    assert_eq!(sids("channel=sms").await, [refused.as_str()]);
    assert_eq!(sids("contact=Customer@example.com").await, [mail.as_str()]);
    assert_eq!(sids("contact=Customer@EXAMPLE.com").await, [mail.as_str()]);
    assert_eq!(sids("contact=%2B14165551234").await, [call.as_str()]);
    // A plus sign that is not encoded is a space in a query string, which every number has at first.
    assert_eq!(sids("contact=+14165551234").await, [call.as_str()]);
    assert_eq!(sids("contact=4165551234").await, [call.as_str()]);
    assert_eq!(sids(&format!("from={noon}")).await, [&refused, &call].map(String::clone));
    assert_eq!(sids(&format!("to={noon}")).await, [mail.as_str()]);
    assert_eq!(sids(&format!("contact={}", JORDAN.replace('+', "%2B"))).await, Vec::<String>::new());
    assert_eq!(sids("status=Failed&channel=email").await, Vec::<String>::new());
}
