//! Keeping to what a carrier begins for each sender: turns lie evenly apart, whoever sends.

use std::time::Duration;

use hub_models::carrier::Carrier;
use hub_models::contact::PhoneNumber;
use hub_models::engagement::Engagement;
use hub_store::{SendingLine, StoreError, Turns, TurnsWanted};
use jiff::SignedDuration;

use crate::Hub;
use crate::pacing::{Turn, crowded, micros, micros_of};

/// Why something waits.
const WAITS: &str = "The carrier begins only so many calls and messages a second for the sender, and many are waiting.";

/// Waits for an engagement's turn at its sender, right before it is handed over, or says that it must wait elsewhere since its
/// patience is too short.
pub(super) async fn next_turn(
    hub: &Hub,
    engagement: &Engagement,
    carrier: &Carrier,
    (sender, patience): (&PhoneNumber, SignedDuration),
) -> Result<Turn, StoreError> {
    let channel = engagement.channel;
    let now = micros(hub.clock.now());
    let span = 1_000_000 / i64::from(carrier.rate(channel).max(1));
    let horizon = micros_of(patience);
    // Who begins a line writes once, and so does who finds nobody waiting.
    let wanted = TurnsWanted { now, span, horizon, quiet: true };
    match hub.store.take_turns(SendingLine::Sender { channel, number: sender }, wanted).await? {
        Turns::TakenUntil(until) => Ok(crowded(until, engagement.attempt, WAITS)),
        Turns::From(at) => {
            if let Ok(wait @ 1..) = u64::try_from(at - now) {
                tokio::time::sleep(Duration::from_micros(wait)).await;
            }
            Ok(Turn::Now)
        }
    }
}
