//! The magic contacts, each with its outcome, in test mode and outside it (checklist H2).

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::requests::{TALKER, THROTTLED, integration, with};
use crate::setup::{booking, calendar};

async fn ends(hub: &TestHub, acme: &Caller, body: Value, status: &str, outcome: &str) {
    let id = hub.started(acme, body.clone()).await;
    hub.until(&format!("{body} ends as {status} / {outcome}"), async || {
        let report = hub.report(acme, &id).await;
        if report["status"] == status && report["outcome"] == outcome { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
}

async fn in_both_modes(cases: &[(&str, &str, &str, &str)], fields: Value) {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    booking(&hub, "booking-1").await;
    calendar(&hub).await;
    // Tests first: outside test mode some contacts do not want to be contacted again.
    for test_mode in [true, false] {
        let ending = cases.iter().map(|(channel, contact, status, outcome)| {
            let body = with(with(integration(channel, contact), fields.clone()), json!({"test_mode": test_mode}));
            ends(&hub, &acme, body, status, outcome)
        });
        join_all(ending).await;
    }
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_number_has_its_outcome_by_phone() {
    let cases = [
        ("phone", "+15005550001", "Failed", "invalid_number"),
        ("phone", "+15005550002", "Failed", "busy"),
        ("phone", "+15005550003", "Failed", "no_answer"),
        ("wvoice", "+15005550004", "Failed", "rejected"),
        ("phone", "+15005550005", "Failed", "temporarily_unavailable"),
        ("phone", "+15005550006", "Completed", "answered"),
        ("phone", "+15005550007", "Completed", "voicemail"),
        ("phone", "+15005550008", "Completed", "opted_out"),
        ("phone", "+15005550012", "Failed", "refused"),
        ("phone", "+14165551234", "Completed", "answered"),
    ];
    in_both_modes(&cases, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_number_has_its_outcome_by_message() {
    let cases = [
        ("sms", "+15005550001", "Failed", "invalid_number"),
        ("wmsg", "+15005550002", "Completed", "delivered"),
        ("sms", "+15005550003", "Completed", "delivered"),
        ("sms", "+15005550004", "Completed", "delivered"),
        ("wmsg", "+15005550005", "Failed", "temporarily_unavailable"),
        ("sms", "+15005550006", "Completed", "delivered"),
        ("sms", "+15005550007", "Completed", "delivered"),
        ("sms", "+15005550008", "Completed", "opted_out"),
        ("wmsg", "+15005550012", "Failed", "refused"),
    ];
    in_both_modes(&cases, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn conversations_end_as_their_contact_does() {
    let talking = async {
        let talks =
            [("phone", "+15005550006", "Completed", "conversed"), ("sms", "+15005550011", "Completed", "conversed")];
        in_both_modes(&talks, json!({"type": "conversational"})).await;
    };
    let confirming = async {
        let confirms =
            [("phone", "+15005550011", "Completed", "confirmed"), ("sms", "+15005550006", "Completed", "conversed")];
        in_both_modes(&confirms, json!({"type": "confirmational", "booking_id": "booking-1"})).await;
    };
    let booking = async {
        let books =
            [("wvoice", "+15005550011", "Completed", "booked"), ("wmsg", "+15005550006", "Completed", "conversed")];
        in_both_modes(&books, json!({"type": "appointment_booking"})).await;
    };
    futures::join!(talking, confirming, booking);
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_its_outcome() {
    let cases = [
        ("email", "success@simulator.amazonses.com", "Completed", "delivered"),
        ("email", "bounce@simulator.amazonses.com", "Completed", "bounced"),
        ("email", "complaint@simulator.amazonses.com", "Completed", "complained"),
        ("email", "suppressionlist@simulator.amazonses.com", "Completed", "bounced"),
    ];
    in_both_modes(&cases, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_contact_is_reached_at_the_second_attempt() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let throttled = "throttle@simulator.amazonses.com";
    let cases = [
        ("phone", THROTTLED, false),
        ("phone", THROTTLED, true),
        ("sms", THROTTLED, false),
        ("sms", THROTTLED, true),
        ("email", throttled, true),
    ];
    let mut ids = Vec::new();
    for (channel, contact, test_mode) in cases {
        ids.push(hub.started(&acme, with(integration(channel, contact), json!({"test_mode": test_mode}))).await);
    }
    for id in &ids {
        hub.until("it is retried", async || {
            let history = hub.report(&acme, id).await["history"].to_string();
            if history.contains("Retried") { Ok(()) } else { Err(history) }
        })
        .await;
    }
    hub.advance(SignedDuration::from_secs(10));
    for id in &ids {
        let report = hub.until_status(&acme, id, "Completed").await;
        assert_eq!(report["history"].as_array().map(Vec::len), Some(4), "{report}");
    }
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn the_talker_talks_until_it_is_cancelled_in_both_modes() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for test_mode in [true, false] {
        for channel in ["phone", "sms"] {
            let body = with(integration(channel, TALKER), json!({"test_mode": test_mode}));
            let id = hub.started(&acme, body).await;
            hub.until_status(&acme, &id, "In Progress").await;
            hub.post(&acme, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
            hub.until_status(&acme, &id, "Cancelled").await;
        }
    }
}

// H2, M3: those who bounce, complain or say STOP are not contacted again.
#[tokio::test(flavor = "multi_thread")]
async fn who_bounces_complains_or_opts_out_is_put_on_do_not_contact() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact) in [
        ("email", "bounce@simulator.amazonses.com"),
        ("email", "complaint@simulator.amazonses.com"),
        ("phone", "+15005550008"),
    ] {
        hub.started(&acme, integration(channel, contact)).await;
        hub.until(&format!("{contact} is closed"), async || {
            let answer = hub
                .post(&acme, "/integration/start", with(integration(channel, contact), json!({"test_mode": true})))
                .await;
            if answer.status == 403 { Ok(()) } else { Err(answer.body.to_string()) }
        })
        .await;
    }
}
