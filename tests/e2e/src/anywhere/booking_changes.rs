//! Moving a booking, and what becomes of its time (checklist M6).

use futures::future::join_all;
use hub_fixture::{Answer, AnyHub, Caller};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::anywhere::bookings::free;
use crate::problem::problem;
use crate::requests::with;
use crate::setup::{booking, half_hour, new_booking};

/// A booking in the first half hour of a calendar that is always open.
struct Made {
    hub: AnyHub,
    acme: Caller,
    path: String,
}

impl Made {
    async fn new() -> Self {
        let (hub, acme) = acme().await;
        let id = booking(&hub, &acme).await;
        Self { hub, acme, path: format!("/bookings/{id}") }
    }

    async fn change_if(&self, changes: Value, headers: &[(&str, &str)]) -> Answer {
        let body = with(json!({"domain_name": self.acme.domain_name}), changes);
        self.hub.call(Method::PATCH, &self.path, &self.acme.api_key, Some(body), headers).await
    }

    async fn change(&self, changes: Value) -> Answer {
        self.change_if(changes, &[]).await
    }

    async fn cancel_if(&self, headers: &[(&str, &str)]) -> Answer {
        self.hub.call(Method::DELETE, &self.acme.at(&self.path), &self.acme.api_key, None, headers).await
    }

    async fn shown(&self) -> Value {
        self.hub.get(&self.acme, &self.acme.at(&self.path)).await.expect(200)
    }

    async fn free(&self) -> Vec<i64> {
        free(&self.hub, &self.acme).await
    }

    fn starts_at(&self, place: i64) -> String {
        half_hour(&self.hub, place).replace('Z', ".000Z")
    }

    /// Has somebody else book the half hour with this place.
    async fn somebody_at(&self, place: i64) -> Answer {
        let fields = json!({"starts_at": half_hour(&self.hub, place)});
        self.hub.post(&self.acme, "/bookings", new_booking(&self.hub, &self.acme, fields)).await
    }
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_moved_frees_its_old_time_and_is_as_long_as_it_was() {
    let made = Made::new().await;
    made.change(json!({"status": "confirmed"})).await.expect(200);
    let moved = made.change(json!({"starts_at": half_hour(&made.hub, 5)})).await.expect(200);
    assert_eq!((&moved["starts_at"], &moved["ends_at"]), (&json!(made.starts_at(5)), &json!(made.starts_at(6))));
    assert_eq!(moved["status"], "booked", "its contact has not confirmed the new time");
    assert_eq!(made.free().await, [0, 1, 2, 3, 4, 6, 7]);
    let list = made.hub.get(&made.acme, &made.acme.at("/bookings")).await.expect(200);
    assert_eq!(list["bookings"].as_array().expect("bookings").len(), 1);
    let longer = made.change(json!({"ends_at": half_hour(&made.hub, 8)})).await.expect(200);
    assert_eq!(longer["starts_at"], moved["starts_at"]);
    assert_eq!(made.free().await, [0, 1, 2, 3, 4]);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_can_be_moved_into_its_own_time_but_not_into_anothers() {
    let made = Made::new().await;
    made.change(json!({"ends_at": half_hour(&made.hub, 2)})).await.expect(200);
    made.change(json!({"starts_at": half_hour(&made.hub, 1)})).await.expect(200);
    made.somebody_at(5).await.expect(201);
    let before = made.shown().await;
    problem(&made.change(json!({"starts_at": half_hour(&made.hub, 4)})).await, 409);
    problem(&made.change(json!({"ends_at": half_hour(&made.hub, 6)})).await, 409);
    assert_eq!(made.shown().await, before);
    made.change(json!({"starts_at": half_hour(&made.hub, 3)})).await.expect(200);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_called_off_frees_its_time_and_stays_to_be_seen() {
    let made = Made::new().await;
    let cancelled = made.cancel_if(&[]).await.expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(made.free().await.len(), 8);
    assert_eq!(made.cancel_if(&[]).await.expect(200), cancelled, "doing it twice is doing it once");
    assert_eq!(made.shown().await, cancelled);
    let list = made.hub.get(&made.acme, &made.acme.at("/bookings?status=cancelled")).await.expect(200);
    assert_eq!(list["bookings"][0]["booking_id"], cancelled["booking_id"]);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_declined_booking_takes_its_time_back_where_nobody_has_it() {
    let made = Made::new().await;
    made.change(json!({"status": "declined"})).await.expect(200);
    assert_eq!(made.free().await.len(), 8);
    made.change(json!({"status": "confirmed"})).await.expect(200);
    assert_eq!(made.free().await.len(), 7);
    made.change(json!({"status": "declined"})).await.expect(200);
    made.somebody_at(0).await.expect(201);
    problem(&made.change(json!({"status": "booked"})).await, 409);
    assert_eq!(made.shown().await["status"], "declined");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn of_a_mover_and_those_who_book_the_new_time_at_once_one_gets_it() {
    let made = Made::new().await;
    let moved = made.change(json!({"starts_at": half_hour(&made.hub, 3)}));
    let (moved, booked) = futures::join!(moved, join_all((0..8).map(|_| made.somebody_at(3))));
    let won = booked.iter().filter(|answer| answer.status == 201).count() + usize::from(moved.status == 200);
    assert_eq!(won, 1);
    assert!(booked.iter().all(|answer| [201, 409].contains(&answer.status)));
    let own = if moved.status == 200 { vec![0, 1, 2, 4, 5, 6, 7] } else { vec![1, 2, 4, 5, 6, 7] };
    assert_eq!(made.free().await, own);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_is_changed_and_what_is_not_stays() {
    let made = Made::new().await;
    let before = made.shown().await;
    let changes =
        json!({"name": "Alex", "title": "Check-up", "notes": "Room 4", "language": "de", "email": "a@example.com"});
    let changed = made.change(changes).await.expect(200);
    assert_eq!((&changed["name"], &changed["title"]), (&json!("Alex"), &json!("Check-up")));
    assert_eq!(changed["email_address"], "a@example.com");
    assert!(changed["when"].as_str().expect("words").contains("Uhr"), "{changed}");
    for field in ["booking_id", "contact", "starts_at", "ends_at", "status", "created_at"] {
        assert_eq!(changed[field], before[field], "{field}");
    }
    let again = made.change(json!({"title": "Check-up"})).await.expect(200);
    assert_eq!(again, changed, "what changes nothing makes no new version");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_a_booking_the_second_is_told() {
    let made = Made::new().await;
    let stale = made.shown().await["updated_at"].clone();
    let changed = made.change_if(json!({"title": "First"}), &[("If-Match", "\"1\"")]).await;
    assert_eq!(changed.headers["etag"], "\"2\"");
    problem(&made.change_if(json!({"title": "Second"}), &[("If-Match", "\"1\"")]).await, 412);
    problem(&made.change(json!({"title": "Second", "updated_at": stale})).await, 409);
    problem(&made.cancel_if(&[("If-Match", "\"1\"")]).await, 412);
    assert_eq!(made.shown().await, changed.body);
    made.cancel_if(&[("If-Match", "\"2\"")]).await.expect(200);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_cannot_be_taken_changes_nothing() {
    let made = Made::new().await;
    let before = made.shown().await;
    for (changes, field) in [
        (json!({"status": "gone"}), "status"),
        (json!({"starts_at": "soon"}), "starts_at"),
        (json!({"starts_at": "2020-01-01T00:00:00Z"}), "starts_at"),
        (json!({"ends_at": half_hour(&made.hub, -1)}), "ends_at"),
    ] {
        let answer = made.change(changes).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field]);
    }
    assert_eq!(made.shown().await, before);
}
