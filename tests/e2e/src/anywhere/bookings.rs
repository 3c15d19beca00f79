//! Booking a time, and who gets it (checklist M6).

use futures::future::join_all;
use hub_fixture::{Caller, Hub};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::{ALEX, JORDAN, with};
use crate::setup::{calendar, half_hour, new_booking};

const PATH: &str = "/bookings";

/// The places of the half hours that are free, of the first eight.
pub(super) async fn free(hub: &Hub, acme: &Caller) -> Vec<i64> {
    let [from, to] = [0, 8].map(|place| half_hour(hub, place));
    let offer = hub.get(acme, &acme.at(&format!("/bookings/slots?from={from}&to={to}"))).await.expect(200);
    let slots: Vec<&str> =
        offer["slots"].as_array().expect("slots").iter().filter_map(|slot| slot["starts_at"].as_str()).collect();
    (0..8).filter(|place| slots.contains(&half_hour(hub, *place).replace('Z', ".000Z").as_str())).collect()
}

/// A booking at the half hour with this place.
fn at(hub: &Hub, acme: &Caller, place: i64) -> Value {
    new_booking(hub, acme, json!({"starts_at": half_hour(hub, place)}))
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_shown_as_it_was_made() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({"time_zone": "America/Toronto"})).await;
    let body = json!({
        "domain_name": acme.domain_name, "phone_number": ALEX, "email": "alex@example.com", "client_name": "Alex Morgan",
        "language": "fr", "starts_at": "2040-06-19T14:30:00-04:00", "ends_at": "2040-06-19T20:15:00+01:00",
        "title": "Bilan annuel", "notes": "Prefers room 4.",
    });
    let answer = hub.post(&acme, PATH, body).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let made = answer.expect(201);
    let id = made["booking_id"].as_str().expect("an id").to_owned();
    assert_json_snapshot!("booking", made, {
        ".booking_id" => "[id]", ".domain_name" => "[name]", ".created_at" => "[time]", ".updated_at" => "[time]",
        ".invitation_url" => "[link]",
    });
    assert_eq!(hub.get(&acme, &acme.at(&format!("{PATH}/{id}"))).await.expect(200), made);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_takes_as_long_as_a_slot_and_its_address_is_its_contact_where_nothing_else_is_said() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({"slot_minutes": 45})).await;
    let body =
        json!({"domain_name": acme.domain_name, "email_address": "alex@example.com", "starts_at": half_hour(&hub, 0)});
    let made = hub.post(&acme, PATH, body).await.expect(201);
    assert_eq!((made["contact"].as_str(), made["status"].as_str()), (Some("alex@example.com"), Some("booked")));
    assert!(made["ends_at"].as_str().expect("a time").contains("T00:45:00"), "{made}");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_is_not_free_and_nobody_else_can_have_it() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    hub.post(&acme, PATH, at(&hub, &acme, 1)).await.expect(201);
    assert_eq!(free(&hub, &acme).await, [0, 2, 3, 4, 5, 6, 7]);
    for (from, to) in [(1, 2), (0, 2), (1, 3), (0, 7)] {
        let body = with(at(&hub, &acme, from), json!({"contact": JORDAN, "ends_at": half_hour(&hub, to)}));
        assert!(problem(&hub.post(&acme, PATH, body).await, 409).contains("GET /bookings/slots"), "{from} to {to}");
    }
    hub.post(&acme, PATH, at(&hub, &acme, 0)).await.expect(201);
    hub.post(&acme, PATH, at(&hub, &acme, 2)).await.expect(201);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn bookings_of_another_slot_length_do_not_overlap_either() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({"slot_minutes": 120})).await;
    hub.post(&acme, PATH, at(&hub, &acme, 0)).await.expect(201);
    calendar(&hub, &acme, json!({"slot_minutes": 30, "time_zone": "Asia/Tokyo"})).await;
    for place in 0..4 {
        problem(&hub.post(&acme, PATH, at(&hub, &acme, place)).await, 409);
    }
    assert_eq!(free(&hub, &acme).await, [4, 5, 6, 7]);
    hub.post(&acme, PATH, at(&hub, &acme, 4)).await.expect(201);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_ask_for_one_slot_at_once_one_gets_it() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    let bodies = (0..20).map(|n| {
        // Half of them want an hour, and begin half an hour earlier.
        let earlier = json!({"starts_at": half_hour(&hub, 0), "ends_at": half_hour(&hub, 2)});
        if n % 2 == 0 { at(&hub, &acme, 1) } else { with(at(&hub, &acme, 1), earlier) }
    });
    let answers = join_all(bodies.map(|body| hub.post(&acme, PATH, body))).await;
    let of = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(201), of(409)), (1, 19));
    let list = hub.get(&acme, &acme.at(PATH)).await.expect(200);
    assert_eq!(list["bookings"].as_array().expect("bookings").len(), 1);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn all_who_ask_for_different_slots_at_once_get_them() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    let answers = join_all((0..8).map(|place| hub.post(&acme, PATH, at(&hub, &acme, place)))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert!(free(&hub, &acme).await.is_empty());
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn the_buffer_is_kept_free_around_a_booking_also_across_midnight() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({"buffer_minutes": 30})).await;
    hub.post(&acme, PATH, at(&hub, &acme, 0)).await.expect(201);
    for place in [-1, 1] {
        problem(&hub.post(&acme, PATH, at(&hub, &acme, place)).await, 409);
    }
    for place in [-2, 2] {
        hub.post(&acme, PATH, at(&hub, &acme, place)).await.expect(201);
    }
    let near = with(at(&hub, &acme, 1), json!({"outside_hours": true}));
    hub.post(&acme, PATH, near).await.expect(201);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_time_at_which_the_calendar_is_not_open_is_booked_only_where_that_is_meant() {
    let (hub, acme) = acme().await;
    let blocked = json!([{"starts_at": half_hour(&hub, 2), "ends_at": half_hour(&hub, 3)}]);
    let day = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: Value = day.iter().map(|day| ((*day).to_owned(), json!(["00:00-02:00"]))).collect();
    calendar(&hub, &acme, json!({"hours": hours, "blocked": blocked})).await;
    for (place, reason) in [(4, "outside of the calendar's hours"), (2, "blocked")] {
        let answer = hub.post(&acme, PATH, at(&hub, &acme, place)).await;
        assert!(problem(&answer, 400).contains(reason));
        assert_eq!(answer.faulty_fields(), ["starts_at"]);
        let meant = with(at(&hub, &acme, place), json!({"outside_hours": true}));
        hub.post(&acme, PATH, meant.clone()).await.expect(201);
        problem(&hub.post(&acme, PATH, meant).await, 409);
    }
    let past = json!({"starts_at": "2020-01-01T00:00:00Z", "outside_hours": true});
    let answer = hub.post(&acme, PATH, new_booking(&hub, &acme, past)).await;
    assert!(problem(&answer, 400).contains("starts_at must not be in the past"));
}

// M6, A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_booking_is_told_at_once() {
    let (hub, acme) = acme().await;
    let body = json!({
        "domain_name": "A", "contact": "x", "email_address": "y", "language": "it", "starts_at": "2040-01-01T00:00:30Z",
        "ends_at": "tomorrow", "title": "x".repeat(201), "notes": "x".repeat(2_001), "outside_hours": "yes",
        "send_invitation": 1,
    });
    let answer = hub.post(&acme, PATH, body).await;
    problem(&answer, 400);
    let mut faulty = answer.faulty_fields();
    faulty.sort();
    assert_eq!(
        faulty,
        [
            "contact",
            "domain_name",
            "email_address",
            "ends_at",
            "language",
            "notes",
            "outside_hours",
            "send_invitation",
            "starts_at",
            "title",
        ]
    );
    let answer = hub.post(&acme, PATH, json!({})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "contact", "starts_at"]);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_ends_five_minutes_to_a_day_after_it_begins() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    for ends_at in [half_hour(&hub, 0), half_hour(&hub, -1), half_hour(&hub, 49)] {
        let answer = hub.post(&acme, PATH, new_booking(&hub, &acme, json!({"ends_at": ends_at}))).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["ends_at"]);
    }
    hub.post(&acme, PATH, new_booking(&hub, &acme, json!({"ends_at": half_hour(&hub, 48)}))).await.expect(201);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_booked_without_a_calendar() {
    let (hub, acme) = acme().await;
    let answer = hub.post(&acme, PATH, new_booking(&hub, &acme, json!({}))).await;
    assert!(problem(&answer, 400).contains("PUT /account-settings/calendar"));
}

// M6, A6
#[tokio::test(flavor = "multi_thread")]
async fn one_idempotency_key_makes_one_booking() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    let (key, body) = ([("Idempotency-Key", "visit-1")], at(&hub, &acme, 0));
    let answers = join_all((0..5).map(|_| hub.post_with(&acme, PATH, body.clone(), &key))).await;
    let first = &answers[0].body;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == *first), "{answers:?}");
    let other = at(&hub, &acme, 3);
    assert!(problem(&hub.post_with(&acme, PATH, other, &key).await, 422).contains("Idempotency-Key"));
    assert_eq!(free(&hub, &acme).await.len(), 7);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn bookings_are_listed_in_the_order_of_their_times_a_page_at_a_time() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    for place in [3, 0, 2, 1] {
        let contact = if place % 2 == 0 { ALEX } else { JORDAN };
        hub.post(&acme, PATH, with(at(&hub, &acme, place), json!({"contact": contact}))).await.expect(201);
    }
    let places = async |query: &str| {
        let list = hub.get(&acme, &acme.at(&format!("{PATH}?{query}"))).await.expect(200);
        let starts = |place: i64| half_hour(&hub, place).replace('Z', ".000Z");
        let place = |booking: &Value| (0..4).find(|place| booking["starts_at"] == starts(*place)).expect("a place");
        let found: Vec<i64> = list["bookings"].as_array().expect("bookings").iter().map(place).collect();
        (found, list["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(places("").await, (vec![0, 1, 2, 3], None));
    let (from, to) = (half_hour(&hub, 1), half_hour(&hub, 3));
    assert_eq!(places(&format!("from={from}&to={to}")).await.0, [1, 2]);
    assert_eq!(places(&format!("contact={JORDAN}")).await.0, [1, 3]);
    assert_eq!(places("status=cancelled").await.0, [0; 0]);
    let (first, cursor) = places("limit=3").await;
    assert_eq!(first, [0, 1, 2]);
    let cursor = cursor.expect("there is more");
    assert_eq!(places(&format!("limit=3&cursor={cursor}")).await, (vec![3], None));
    assert_eq!(places(&format!("cursor={cursor}&to={from}")).await, (vec![], None), "a cursor of another list");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_question_for_bookings_is_told_at_once() {
    let (hub, acme) = acme().await;
    let query = "from=today&to=tomorrow&status=gone&contact=x&limit=0&cursor=x";
    let answer = hub.get(&acme, &format!("{PATH}?{query}")).await;
    problem(&answer, 400);
    let expected = ["domain_name", "from", "to", "status", "contact", "limit", "cursor"];
    assert_eq!(answer.faulty_fields(), expected);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn bookings_are_their_accounts_own_and_take_the_permission_for_engagements() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    let made = hub.post(&acme, PATH, at(&hub, &acme, 0)).await.expect(201);
    let path = format!("{PATH}/{}", made["booking_id"].as_str().expect("an id"));
    let other = hub.tenant("other", 0).await;
    problem(&hub.get(&other, &acme.at(&path)).await, 404);
    problem(&hub.get(&other, &other.at(&path)).await, 404);
    problem(&hub.get(&acme, &acme.at(&format!("{PATH}/no-such"))).await, 404);
    problem(&hub.get(&other, &acme.at("/bookings/slots")).await, 404);
    problem(&hub.post(&other, PATH, at(&hub, &acme, 1)).await, 404);
    let settings = hub.with_key(&acme, json!({"name": "settings", "permissions": ["account_settings"]})).await;
    for query in [path.as_str(), PATH, "/bookings/slots"] {
        assert!(problem(&hub.get(&settings, &acme.at(query)).await, 403).contains("engagements"), "{query}");
    }
    let before = state(&hub, &acme).await;
    problem(&hub.post(&settings, PATH, at(&hub, &acme, 1)).await, 403);
    assert_eq!(state(&hub, &acme).await, before);
}
