//! Bookings while the table fails or the hub is killed: a time is held by exactly the booking that says so.

use futures::future::join_all;
use hub_fixture::{Answer, Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::fault;

const KEY: [(&str, &str); 1] = [("Idempotency-Key", "visit-1")];

/// A half hour of the day after tomorrow, by its place.
fn half_hour(hub: &TestHub, place: i64) -> String {
    let day = hub.now().as_second().div_euclid(86_400) + 2;
    Timestamp::from_second(day * 86_400 + place * 1_800).expect("a time").to_string()
}

/// A hub whose demo domain can always be booked.
async fn open_hub() -> (TestHub, Caller) {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: Value = days.iter().map(|day| ((*day).to_owned(), json!(["00:00-24:00"]))).collect();
    let calendar = json!({"domain_name": "acme", "time_zone": "UTC", "hours": hours});
    hub.put(&acme, "/account-settings/calendar", calendar).await.expect(200);
    (hub, acme)
}

async fn book(hub: &TestHub, acme: &Caller, place: i64) -> Answer {
    let body = json!({"domain_name": "acme", "contact": "+14165551234", "starts_at": half_hour(hub, place)});
    hub.post_with(acme, "/bookings", body, &KEY).await
}

/// The write of a booking with its diary.
fn booking(kind: Kind) -> Rule {
    fault(kind, Service::DynamoDb, "TransactWriteItems")
        .when(|body| body["TransactItems"][0]["Put"]["Item"]["booking_id"].is_object())
        .times(1)
}

async fn bookings(hub: &TestHub, acme: &Caller) -> Vec<Value> {
    let list = hub.get(acme, &acme.at("/bookings")).await.expect(200);
    list["bookings"].as_array().expect("bookings").clone()
}

/// Asserts that one booking holds the first half hour, and that nobody else can have it.
async fn assert_held_once(hub: &TestHub, acme: &Caller) {
    assert_eq!(bookings(hub, acme).await.len(), 1);
    let other = json!({"domain_name": "acme", "contact": "+14165554321", "starts_at": half_hour(hub, 0)});
    assert_eq!(hub.post(acme, "/bookings", other).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_write_fails_or_meets_another_or_is_not_answered_is_made_once() {
    for kind in [Kind::Throttle, Kind::ServerError, Kind::TransactionConflict, Kind::TimeoutAfterEffect] {
        let (hub, acme) = open_hub().await;
        let struck = hub.local.embedded.faults().inject(booking(kind));
        let answer = book(&hub, &acme, 0).await;
        assert!(struck.hits() > 0, "{kind:?}");
        if answer.status != 201 {
            assert!([429, 503].contains(&answer.status), "{kind:?}: {}", answer.body);
            book(&hub, &acme, 0).await.expect(201);
        }
        assert_held_once(&hub, &acme).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_write_of_a_booking_leaves_its_time_free() {
    let (hub, acme) = open_hub().await;
    hub.local.embedded.faults().inject(booking(Kind::Crash));
    tokio::select! {
        answer = book(&hub, &acme, 0) => panic!("{answer:?}"),
        () = hub.local.embedded.faults().crashed() => {}
    }
    let hub = hub.revive().await;
    assert!(bookings(&hub, &acme).await.is_empty());
    book(&hub, &acme, 0).await.expect(201);
    assert_held_once(&hub, &acme).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_write_of_a_booking_leaves_it_whole_and_the_same_request_finds_it() {
    let (hub, acme) = open_hub().await;
    hub.local.embedded.faults().inject(booking(Kind::CrashAfterEffect));
    tokio::select! {
        answer = book(&hub, &acme, 0) => panic!("{answer:?}"),
        () = hub.local.embedded.faults().crashed() => {}
    }
    let hub = hub.revive().await;
    let [made] = bookings(&hub, &acme).await.try_into().expect("one booking");
    let answer = book(&hub, &acme, 0).await.expect(201);
    assert_eq!(answer["booking_id"], made["booking_id"]);
    assert_held_once(&hub, &acme).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_a_crash_kept_back_is_sent_when_the_request_is_repeated() {
    let (hub, acme) = open_hub().await;
    let body = json!({"domain_name": "acme", "email_address": "customer@example.com", "starts_at": half_hour(&hub, 0),
        "send_invitation": true});
    hub.local.embedded.faults().inject(booking(Kind::CrashAfterEffect));
    tokio::select! {
        answer = hub.post_with(&acme, "/bookings", body.clone(), &KEY) => panic!("{answer:?}"),
        () = hub.local.embedded.faults().crashed() => {}
    }
    let hub = hub.revive().await;
    let answer = hub.post_with(&acme, "/bookings", body, &KEY).await.expect(201);
    let id = answer["invitation"]["engagement_id"].as_str().expect("an engagement").to_owned();
    hub.until_status(&acme, &id, "Completed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_ask_for_one_slot_at_once_through_a_slow_table_one_gets_it() {
    let (hub, acme) = open_hub().await;
    let slow = fault(Kind::Latency(std::time::Duration::from_millis(20)), Service::DynamoDb, "BatchGetItem");
    hub.local.embedded.faults().inject(slow);
    let body = json!({"domain_name": "acme", "contact": "+14165551234", "starts_at": half_hour(&hub, 0)});
    let answers = join_all((0..20).map(|_| hub.post(&acme, "/bookings", body.clone()))).await;
    let of = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(201), of(409)), (1, 19));
    assert_held_once(&hub, &acme).await;
}
