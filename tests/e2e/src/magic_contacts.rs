//! The magic contacts outside test mode (checklist H2): they end there as in test mode, which is in `anywhere`; and what
//! takes a booking, a calendar or another hour.

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::magic_contacts::{
    BY_EMAIL, BY_MESSAGE, BY_PHONE, Case, TALKING, all_end, talks_until_it_is_cancelled,
};
use crate::requests::{THROTTLED, integration, with};
use crate::setup::booking;

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_contact_has_its_outcome_outside_test_mode_too() {
    for cases in [&BY_PHONE[..], &BY_MESSAGE, &BY_EMAIL] {
        let hub = TestHub::start().await;
        all_end(&hub, &hub.demo(), cases, json!({})).await;
    }
    let hub = TestHub::start().await;
    all_end(&hub, &hub.demo(), &TALKING, json!({"type": "conversational"})).await;
}

/// Those who confirm a booking, or do not.
const CONFIRMING: [Case; 2] =
    [("phone", "+15005550011", "Completed", "confirmed"), ("sms", "+15005550006", "Completed", "conversed")];

/// Those who make an appointment, or do not.
const BOOKING: [Case; 2] =
    [("wvoice", "+15005550011", "Completed", "booked"), ("wmsg", "+15005550006", "Completed", "conversed")];

// H2
#[tokio::test(flavor = "multi_thread")]
async fn bookings_end_as_their_contact_does_in_both_modes() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    for test_mode in [true, false] {
        let confirming = json!({"type": "confirmational", "booking_id": booking_id, "test_mode": test_mode});
        let booking = json!({"type": "appointment_booking", "test_mode": test_mode});
        futures::join!(all_end(&hub, &acme, &CONFIRMING, confirming), all_end(&hub, &acme, &BOOKING, booking));
    }
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
        ids.push(hub.started(&acme, with(integration(&acme, channel, contact), json!({"test_mode": test_mode}))).await);
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
        // An email that is made of an instruction says once who wrote it, however often it is tried.
        let expected = if report["channel"] == "email" { 5 } else { 4 };
        assert_eq!(report["history"].as_array().map(Vec::len), Some(expected), "{report}");
    }
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn the_talker_talks_until_it_is_cancelled_outside_test_mode_too() {
    let hub = TestHub::start().await;
    for channel in ["phone", "sms"] {
        talks_until_it_is_cancelled(&hub, &hub.demo(), channel).await;
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
        hub.started(&acme, integration(&acme, channel, contact)).await;
        hub.until(&format!("{contact} is closed"), async || {
            let answer = hub
                .post(
                    &acme,
                    "/integration/start",
                    with(integration(&acme, channel, contact), json!({"test_mode": true})),
                )
                .await;
            if answer.status == 403 { Ok(()) } else { Err(answer.body.to_string()) }
        })
        .await;
    }
}
