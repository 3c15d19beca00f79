//! Setting when a domain can be booked, and seeing what is free (checklist M6).

use hub_fixture::{Answer, Caller, Hub};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::with;
use crate::setup::{calendar, half_hour};

const PATH: &str = "/account-settings/calendar";

async fn put_if(hub: &Hub, acme: &Caller, changes: Value, headers: &[(&str, &str)]) -> Answer {
    let body = with(json!({"domain_name": acme.domain_name, "hours": {"monday": ["09:00-17:00"]}}), changes);
    hub.call(Method::PUT, PATH, &acme.api_key, Some(body), headers).await
}

/// The beginnings of the free slots, by the calendar's wall clock.
async fn free(hub: &Hub, acme: &Caller, query: &str) -> Vec<String> {
    let offer = hub.get(acme, &acme.at(&format!("/bookings/slots?{query}"))).await.expect(200);
    let slots = offer["slots"].as_array().expect("slots").iter();
    slots.map(|slot| slot["local_starts_at"].as_str().expect("a time").to_owned()).collect()
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_shown_as_it_was_set_and_can_be_sent_back() {
    let (hub, acme) = acme().await;
    let hours = json!({
        "monday": ["13:30-17:00", {"start": "9:00", "end": "12:30"}], "saturday": ["22:00–24:00"], "sunday": [],
    });
    let blocked =
        json!([{"starts_at": "2040-12-24 12:00", "ends_at": "2040-12-27T00:00:00-05:00", "reason": "Holidays"}]);
    let fields = json!({"time_zone": "America/Toronto", "hours": hours, "slot_minutes": 45, "buffer_minutes": 15});
    let set = calendar(&hub, &acme, with(fields, json!({"blocked": blocked}))).await;
    assert_eq!(set["domain_name"], acme.domain_name);
    assert_json_snapshot!("calendar", set, {".domain_name" => "[name]", ".updated_at" => "[time]"});
    let shown = hub.get(&acme, &acme.at(PATH)).await;
    assert_eq!(shown.body, set);
    let again = hub.put(&acme, PATH, shown.body).await.expect(200);
    assert_eq!(with(again, json!({"updated_at": set["updated_at"]})), set);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_given_is_at_its_default() {
    let (hub, acme) = acme().await;
    let set = put_if(&hub, &acme, json!({}), &[]).await.expect(200);
    assert_eq!(set["time_zone"], "America/Toronto", "the domain's");
    assert_eq!((&set["slot_minutes"], &set["buffer_minutes"]), (&json!(30), &json!(0)));
    assert_eq!((&set["blocked"], &set["hours"]["tuesday"]), (&json!([]), &json!([])));
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_without_a_calendar_is_told_how_to_set_one() {
    let (hub, acme) = acme().await;
    assert!(problem(&hub.get(&acme, &acme.at(PATH)).await, 404).contains("PUT /account-settings/calendar"));
    let slots = hub.get(&acme, &acme.at("/bookings/slots")).await;
    assert!(problem(&slots, 400).contains("PUT /account-settings/calendar"));
}

// M6, A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_calendar_is_told_at_once() {
    let (hub, acme) = acme().await;
    let body = json!({
        "domain_name": acme.domain_name, "time_zone": "Mars/Olympus", "slot_minutes": 4, "buffer_minutes": 241,
        "hours": {
            "friday": ["09:00-25:00"], "monday": ["17:00-09:00"], "someday": ["09:00-17:00"], "thursday": "09:00",
            "tuesday": ["09:00-12:00", "11:00-17:00"],
        },
        "blocked": [{"starts_at": "2040-12-24 12:00"}, 1, {"starts_at": "2040-12-24 12:00", "ends_at": "2040-12-24 12:00"}],
    });
    let answer = hub.put(&acme, PATH, body).await;
    problem(&answer, 400);
    assert_eq!(
        answer.faulty_fields(),
        [
            "time_zone",
            "hours.friday",
            "hours.monday",
            "hours.someday",
            "hours.thursday",
            "hours.tuesday",
            "slot_minutes",
            "buffer_minutes",
            "blocked.0.ends_at",
            "blocked.1",
            "blocked.2.ends_at",
        ]
    );
    let answer = hub.put(&acme, PATH, json!({})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "hours"]);
    problem(&hub.get(&acme, &acme.at(PATH)).await, 404);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_set_a_calendar_the_second_is_told() {
    let (hub, acme) = acme().await;
    let first = put_if(&hub, &acme, json!({}), &[]).await;
    assert_eq!(first.headers["etag"], "\"1\"");
    let second = put_if(&hub, &acme, json!({"slot_minutes": 60}), &[("If-Match", "\"1\"")]).await;
    assert_eq!((second.status, &second.headers["etag"]), (200, &"\"2\"".parse().expect("a value")));
    problem(&put_if(&hub, &acme, json!({}), &[("If-Match", "\"1\"")]).await, 412);
    problem(&put_if(&hub, &acme, json!({"updated_at": first.body["updated_at"]}), &[]).await, 409);
    assert_eq!(hub.get(&acme, &acme.at(PATH)).await.expect(200), second.body);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_its_accounts_own_and_takes_the_permission_for_settings() {
    let (hub, acme) = acme().await;
    let other = hub.tenant("other", 0).await;
    problem(&hub.get(&other, &acme.at(PATH)).await, 404);
    problem(&put_if(&hub, &Caller { api_key: other.api_key, ..acme.clone() }, json!({}), &[]).await, 404);
    let starter = hub.with_key(&acme, json!({"name": "starts", "permissions": ["engagements"]})).await;
    assert!(problem(&hub.get(&starter, &acme.at(PATH)).await, 403).contains("account_settings"));
    assert!(problem(&put_if(&hub, &starter, json!({}), &[]).await, 403).contains("account_settings"));
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn slots_follow_the_hours_in_the_calendars_zone_also_when_the_clocks_change() {
    let (hub, acme) = acme().await;
    let hours = json!({"sunday": ["01:00-04:00"]});
    calendar(&hub, &acme, json!({"time_zone": "America/Toronto", "hours": hours})).await;
    let spring = free(&hub, &acme, "from=2040-03-11T00:00:00Z&to=2040-03-12T00:00:00Z").await;
    assert_eq!(
        spring,
        [
            "2040-03-11T01:00:00-05:00",
            "2040-03-11T01:30:00-05:00",
            "2040-03-11T03:00:00-04:00",
            "2040-03-11T03:30:00-04:00",
        ]
    );
    let autumn = free(&hub, &acme, "from=2040-11-04T00:00:00Z&to=2040-11-05T00:00:00Z").await;
    assert_eq!(
        (autumn.len(), autumn[1].as_str(), autumn[2].as_str()),
        (6, "2040-11-04T01:30:00-04:00", "2040-11-04T02:00:00-05:00")
    );
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn slots_are_told_in_words_and_as_many_as_are_asked_for() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({"time_zone": "America/Toronto", "hours": {"monday": ["09:00-12:00"]}})).await;
    let query = "from=2040-03-12T00:00:00Z&to=2040-03-13T00:00:00Z&limit=2&language=de";
    let offer = hub.get(&acme, &acme.at(&format!("/bookings/slots?{query}"))).await.expect(200);
    assert_eq!(
        offer,
        json!({
            "domain_name": acme.domain_name, "time_zone": "America/Toronto", "slot_minutes": 30,
            "slots": [
                {"starts_at": "2040-03-12T13:00:00.000Z", "ends_at": "2040-03-12T13:30:00.000Z",
                    "local_starts_at": "2040-03-12T09:00:00-04:00", "when": "Montag, 12. März 2040, um 9 Uhr"},
                {"starts_at": "2040-03-12T13:30:00.000Z", "ends_at": "2040-03-12T14:00:00.000Z",
                    "local_starts_at": "2040-03-12T09:30:00-04:00", "when": "Montag, 12. März 2040, um 9:30 Uhr"},
            ],
        })
    );
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn blocked_times_and_the_past_are_not_offered() {
    let (hub, acme) = acme().await;
    let blocked = json!([{"starts_at": half_hour(&hub, 1), "ends_at": half_hour(&hub, 3)}]);
    calendar(&hub, &acme, json!({"blocked": blocked})).await;
    let [from, to] = [0, 5].map(|place| half_hour(&hub, place));
    let found = free(&hub, &acme, &format!("from={from}&to={to}")).await;
    let expected: Vec<String> = [0, 3, 4].map(|place| half_hour(&hub, place).replace('Z', "+00:00")).into();
    assert_eq!(found, expected);
    let past = free(&hub, &acme, "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").await;
    assert!(past.is_empty(), "{past:?}");
}

// M6, A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_question_for_slots_is_told_at_once() {
    let (hub, acme) = acme().await;
    let query = "from=2040-01-01T00:00:00Z&to=2040-02-02T00:00:00Z&limit=1001&language=it";
    let answer = hub.get(&acme, &format!("/bookings/slots?{query}")).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "to", "language", "limit"]);
}
