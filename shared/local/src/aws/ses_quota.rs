//! How much SES lets an account send: so many mails a second, and so many in 24 hours.

use hub_models::moment::Moment;
use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::call::Failure;
use super::outbox;

/// What an account may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendingQuota {
    /// How many mails in one second.
    pub per_second: u32,
    /// How many mails in any 24 hours.
    pub per_day: u64,
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl SendingQuota {
    /// Refuses another mail where there have been as many as there may be.
    pub(super) fn check(self, connection: &Connection, now: Moment) -> Result<(), Failure> {
        if outbox::mails_since(connection, now + -SECOND)? >= u64::from(self.per_second) {
            return Err(too_many("Maximum sending rate exceeded."));
        }
        if outbox::mails_since(connection, now + -DAY)? >= self.per_day {
            return Err(too_many("Daily message quota exceeded."));
        }
        Ok(())
    }
}

fn too_many(message: &str) -> Failure {
    Failure::new("TooManyRequestsException", message).with_status(429)
}

/// What SES tells of an account. Where there is no quota, it says -1.
pub(super) fn account(quota: Option<SendingQuota>, connection: &Connection, now: Moment) -> Result<Value, Failure> {
    let rate = quota.map_or(-1.0, |quota| f64::from(quota.per_second));
    let day = quota.map_or(json!(-1.0), |quota| json!(quota.per_day));
    let sent = outbox::mails_since(connection, now + -DAY)?;
    Ok(json!({
        "SendingEnabled": true,
        "ProductionAccessEnabled": true,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": { "Max24HourSend": day, "MaxSendRate": rate, "SentLast24Hours": sent },
    }))
}
