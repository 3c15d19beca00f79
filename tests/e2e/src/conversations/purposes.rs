//! Every purpose on every channel to its end, by scripted contacts (checklist D1, M5).

use futures::future::join_all;
use hub_fixture::TestHub;
use serde_json::{Value, json};

use super::{booking_status, new_booking, open_calendar};
use crate::requests::{OPTS_OUT, integration, with};

const CHANNELS: [&str; 4] = ["phone", "sms", "wmsg", "wvoice"];

/// Agrees to what it is asked.
const AGREES: &str = "+15005550011";
/// Declines.
const DECLINES: &str = "+15005550013";

/// Starts this on each channel and asserts that it ends with this outcome.
async fn all_end(hub: &TestHub, contact: &str, fields: &Value, outcome: &str) {
    let acme = hub.demo();
    let ending = CHANNELS.map(async |channel| {
        let id = hub.started(&acme, with(integration(&acme, channel, contact), fields.clone())).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(report["outcome"], outcome, "{channel}: {report}");
    });
    join_all(ending).await;
}

// D1, M5
#[tokio::test(flavor = "multi_thread")]
async fn conversations_end_on_every_channel_in_any_language() {
    let hub = TestHub::start().await;
    for language in ["en", "ar", "ja"] {
        let fields = json!({"type": "conversational", "language": language});
        all_end(&hub, AGREES, &fields, "conversed").await;
    }
}

// D1, M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn bookings_are_confirmed_declined_and_made_on_every_channel() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking = new_booking(&hub, &acme).await;
    let confirming = json!({"type": "confirmational", "booking_id": booking, "language": "fa"});
    all_end(&hub, AGREES, &confirming, "confirmed").await;
    assert_eq!(booking_status(&hub, &acme, &booking).await, "confirmed");
    for channel in CHANNELS {
        let changed = json!({"domain_name": "acme", "status": "booked"});
        let path = format!("/bookings/{booking}");
        hub.call(reqwest::Method::PATCH, &path, &acme.api_key, Some(changed), &[]).await.expect(200);
        let id = hub.started(&acme, with(integration(&acme, channel, DECLINES), confirming.clone())).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "declined", "{channel}");
        assert_eq!(booking_status(&hub, &acme, &booking).await, "declined");
    }
    open_calendar(&hub, &acme).await;
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    for channel in CHANNELS {
        let fields = json!({"type": "appointment_booking", "language": "ar"});
        let id = hub.started(&acme, with(integration(&acme, channel, AGREES), fields)).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "booked", "{channel}");
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn who_opts_out_of_a_conversation_is_left_alone_on_every_channel() {
    for channel in CHANNELS {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        let talk = with(integration(&acme, channel, OPTS_OUT), json!({"type": "conversational"}));
        let id = hub.started(&acme, talk.clone()).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "opted_out", "{channel}");
        assert_eq!(hub.post(&acme, "/integration/start", talk).await.status, 403);
    }
}
