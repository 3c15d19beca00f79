//! Telling a contact of a booking by an email with its calendar file, or by a link to it (checklist M6).

use hub_fixture::{Caller, Hub};
use icalendar::{Calendar, CalendarComponent, Component};
use mail_parser::{MessageParser, MimeHeaders};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::structure;
use crate::problem::problem;
use crate::requests::{integration, with};
use crate::setup::{calendar, half_hour, new_booking};

const CUSTOMER: &str = "customer@example.com";

/// Makes a booking of a contact with an address, with these fields in place of its own.
async fn booked(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    calendar(hub, caller, json!({})).await;
    let fields = json!({"email_address": CUSTOMER, "name": "Alex Morgan", "title": "Check-up"});
    hub.post(caller, "/bookings", new_booking(hub, caller, with(fields, changes))).await.expect(201)
}

/// The mail that carries the invitation of an answer.
async fn mail(hub: &Hub, caller: &Caller, answer: &Value) -> Value {
    let id = answer["invitation"]["engagement_id"].as_str().unwrap_or_else(|| panic!("no invitation in {answer}"));
    hub.until_status(caller, id, "Completed").await;
    hub.message(id).await
}

/// The calendar files of a mail: the one that mail programs show, and the one that is attached.
fn files(mail: &Value) -> Vec<String> {
    let parsed = MessageParser::default().parse(mail["raw"].as_str().expect("a mail")).expect("a mail");
    let is_file = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| matches!(kind.subtype(), Some("calendar" | "ics")))
    };
    let files = parsed.parts.iter().filter(is_file);
    files.map(|part| String::from_utf8(part.contents().to_vec()).expect("UTF-8")).collect()
}

/// Where a booking's link leads on this hub.
fn link(booking: &Value) -> String {
    let url: Url = booking["invitation_url"].as_str().expect("a link").parse().expect("an address");
    url.path().to_owned()
}

/// A property of the one event of a file, as another program reads it.
fn property(file: &str, name: &str) -> Option<String> {
    let read: Calendar = file.parse().unwrap_or_else(|error| panic!("{error} in {file}"));
    let event = read.components.iter().find_map(CalendarComponent::as_event).expect("an event").clone();
    event.property_value(name).map(str::to_owned)
}

async fn file(hub: &Hub, path: &str) -> String {
    let response = hub.request(Method::GET, path).send().await.expect("the hub answers");
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/calendar; charset=utf-8");
    response.text().await.expect("a text")
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_booking_leads_to_its_calendar_file_as_it_is_now() {
    let (hub, acme) = acme().await;
    let made = booked(&hub, &acme, json!({})).await;
    let path = link(&made);
    let first = file(&hub, &path).await;
    assert_eq!(property(&first, "SUMMARY").as_deref(), Some("Check-up"));
    assert_eq!(property(&first, "DTSTART"), Some(half_hour(&hub, 0).replace(['-', ':'], "")));
    assert_eq!(property(&first, "SEQUENCE").as_deref(), Some("0"));
    assert!(first.contains("METHOD:PUBLISH"), "{first}");
    let booking = acme.at(&format!("/bookings/{}", made["booking_id"].as_str().expect("an id")));
    hub.call(Method::DELETE, &booking, &acme.api_key, None, &[]).await.expect(200);
    let second = file(&hub, &path).await;
    assert_eq!(property(&second, "UID"), property(&first, "UID"));
    assert_eq!(property(&second, "STATUS").as_deref(), Some("CANCELLED"));
    assert_eq!(property(&second, "SEQUENCE").as_deref(), Some("1"));
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_the_hub_has_not_made_leads_nowhere() {
    let (hub, acme) = acme().await;
    let path = link(&booked(&hub, &acme, json!({})).await);
    let cut = &path[..path.len() - 2];
    for bad in [cut, "/bookings/invitations/x", "/bookings/invitations/acme.AAAA", &path.replace("acme", "acne")] {
        let answer = hub.send(hub.request(Method::GET, bad)).await;
        assert!(problem(&answer, 404).contains("link"), "{bad}");
    }
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_an_email_with_the_calendar_file_shown_and_attached() {
    let (hub, acme) = acme().await;
    let made = booked(&hub, &acme, json!({"send_invitation": true, "language": "fr"})).await;
    let mail = mail(&hub, &acme, &made).await;
    let when = made["when"].as_str().expect("words");
    assert_eq!(mail["contact"], CUSTOMER);
    assert_eq!(mail["subject"], format!("Votre rendez-vous est réservé\u{a0}: Check-up, {when}"));
    assert!(mail["text"].as_str().expect("a text").contains("Bonjour Alex Morgan"), "{mail}");
    insta::assert_snapshot!("invitation_parts", structure(mail["raw"].as_str().expect("a mail")));
    let files = files(&mail);
    assert_eq!((files.len(), &files[0]), (2, &files[1]));
    assert!(files[0].contains("METHOD:REQUEST"), "{}", files[0]);
    assert_eq!(property(&files[0], "SUMMARY").as_deref(), Some("Check-up"));
    assert_eq!(property(&files[0], "UID"), property(&file(&hub, &link(&made)).await, "UID"));
    assert!(
        files[0].replace("\r\n ", "").contains(&format!("PARTSTAT=NEEDS-ACTION:mailto:{CUSTOMER}")),
        "{}",
        files[0]
    );
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_moved_or_called_off_is_told_so_and_changes_in_the_calendar() {
    let (hub, acme) = acme().await;
    // Whom the domain engaged lately is remembered, as for any other engagement.
    hub.set_domain(&acme.domain_name, json!({"customer_dedup_days": 1})).await;
    let made = booked(&hub, &acme, json!({"send_invitation": true})).await;
    let first = files(&mail(&hub, &acme, &made).await).remove(0);
    let path = format!("/bookings/{}", made["booking_id"].as_str().expect("an id"));
    let body = json!({"domain_name": acme.domain_name, "starts_at": half_hour(&hub, 4), "send_invitation": true});
    let moved = hub.call(Method::PATCH, &path, &acme.api_key, Some(body), &[]).await.expect(200);
    let told = mail(&hub, &acme, &moved).await;
    assert!(told["subject"].as_str().expect("a subject").starts_with("Your appointment has been moved: "), "{told}");
    let second = files(&told).remove(0);
    assert_eq!(property(&second, "UID"), property(&first, "UID"));
    assert_eq!(property(&second, "SEQUENCE").as_deref(), Some("1"));
    let path = acme.at(&format!("{path}?send_invitation=true"));
    let cancelled = hub.call(Method::DELETE, &path, &acme.api_key, None, &[]).await.expect(200);
    let told = mail(&hub, &acme, &cancelled).await;
    assert!(told["subject"].as_str().expect("a subject").starts_with("Your appointment is cancelled: "), "{told}");
    let third = files(&told).remove(0);
    assert!(third.contains("METHOD:CANCEL"), "{third}");
    assert_eq!(property(&third, "STATUS").as_deref(), Some("CANCELLED"));
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_costs_what_an_email_costs_and_is_sent_once_however_often_it_is_asked_for() {
    let (hub, acme) = acme().await;
    calendar(&hub, &acme, json!({})).await;
    let balance = hub.balance(&acme).await;
    let fields = json!({"email_address": CUSTOMER, "send_invitation": true});
    let (body, key) = (new_booking(&hub, &acme, fields), [("Idempotency-Key", "visit-1")]);
    let first = hub.post_with(&acme, "/bookings", body.clone(), &key).await.expect(201);
    assert_eq!(hub.post_with(&acme, "/bookings", body, &key).await.expect(201), first);
    assert_eq!(hub.balance(&acme).await, balance - 1);
    let list = hub.get(&acme, &acme.at("/integration/engagements")).await.expect(200);
    assert_eq!(list["engagements"].as_array().expect("engagements").len(), 1);
    assert_eq!(list["engagements"][0]["source_record_id"], first["booking_id"]);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_an_invitation_from_being_sent_keeps_nobody_from_the_booking() {
    let (hub, acme) = acme().await;
    let listed = json!({"domain_name": acme.domain_name, "contact": "left@example.com", "reason": "Moved away."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    for (place, address, reason) in
        [(0, json!(null), "no email address"), (1, json!("left@example.com"), "Moved away.")]
    {
        let fields = json!({"email_address": address, "starts_at": half_hour(&hub, place), "send_invitation": true});
        let made = booked(&hub, &acme, fields).await;
        assert_eq!((&made["status"], &made["invitation"]["engagement_id"]), (&json!("booked"), &json!(null)));
        assert!(made["invitation"]["not_sent"].as_str().expect("a reason").contains(reason), "{made}");
    }
    let quiet = booked(&hub, &acme, json!({"starts_at": half_hour(&hub, 2)})).await;
    assert_eq!(quiet["invitation"], json!(null), "nobody asked for one");
}

// M6, E1
#[tokio::test(flavor = "multi_thread")]
async fn any_email_that_names_a_booking_has_its_calendar_file() {
    let (hub, acme) = acme().await;
    let made = booked(&hub, &acme, json!({})).await;
    let email = with(integration(&acme, "email", CUSTOMER), json!({"booking_id": made["booking_id"]}));
    let id = hub.started(&acme, email).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(files(&hub.message(&id).await).len(), 2);
    let email = with(integration(&acme, "email", CUSTOMER), json!({"booking_id": "elsewhere-1"}));
    let id = hub.started(&acme, email).await;
    let report = hub.sent_report(&acme, &id).await;
    assert!(files(&hub.message(&id).await).is_empty());
    assert!(report.to_string().contains("There is no booking elsewhere-1"), "{report}");
}
