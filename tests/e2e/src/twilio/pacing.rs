//! Each sender begins only so many calls and messages a second (checklist M1).

use std::time::Instant;

use futures::future::join_all;
use hub_models::channel::Channel;
use hub_store::{SendingLine, TurnsWanted};
use jiff::SignedDuration;
use serde_json::json;

use super::support::{Line, VOICE, contact};
use crate::requests::ALEX;

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_begins_no_more_in_a_second_than_its_rate() {
    let line = Line::open_with(json!({"rates": {"sms": 4}})).await;
    let begun = Instant::now();
    let contacts: Vec<String> = (0..5).map(contact).collect();
    let ids = join_all(contacts.iter().map(|contact| line.start("sms", contact))).await;
    join_all(ids.iter().map(|id| line.until(id, "In Progress"))).await;
    // The first goes at once, and each of the others a quarter of a second after the one before it.
    assert!(begun.elapsed().as_millis() >= 1_000, "{:?}", begun.elapsed());
    assert_eq!(line.twilio.messages().len(), 5);
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn what_finds_no_turn_waits_and_is_not_a_failure() {
    let line = Line::open().await;
    // Others have taken all turns of the next minute.
    let number = VOICE.parse().expect("a number");
    let now = line.hub.now().as_millisecond() * 1_000;
    let minute = TurnsWanted { now, span: 60_000_000, horizon: 0, quiet: true };
    let turns = SendingLine::Sender { channel: Channel::Phone, number: &number };
    line.hub.local.hub.store.take_turns(turns, minute).await.expect("a turn");
    let id = line.start("phone", ALEX).await;
    let report = line
        .hub
        .until("it has found no turn", || async {
            let report = line.report(&id).await;
            if report.to_string().contains("Postponed") { Ok(report) } else { Err(report.to_string()) }
        })
        .await;
    assert_eq!((&report["status"], line.twilio.asked()), (&json!("Queued"), 0));
    assert!(report.to_string().contains("for the sender, and many are waiting"), "{report}");
    line.hub.advance(SignedDuration::from_mins(2));
    line.placed(&id, ALEX).await;
}
