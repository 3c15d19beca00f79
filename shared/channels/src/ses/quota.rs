//! How many emails the account may send by SES.

use std::time::Duration;

use aws_sdk_sesv2::types::SendQuota;

use super::{Mailer, within};
use crate::aws::words;
use crate::error::ProviderError;

/// How long the question may take: an email waits for the answer now and then.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many emails may be sent in some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// As many as one likes.
    Unlimited,
    /// At most so many.
    AtMost(u64),
}

impl Allowance {
    /// The number as SES writes it, where less than nothing is no limit.
    fn of(most: f64) -> Self {
        if most < 0.0 { Self::Unlimited } else { Self::AtMost(whole(most)) }
    }
}

/// What the account may send by SES in this region, and has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In one second.
    pub per_second: Allowance,
    /// In any 24 hours.
    pub per_day: Allowance,
    /// How many emails were sent in the last 24 hours.
    pub sent_today: u64,
    /// Whether anything may be sent at all: SES pauses accounts whose emails bounce too often.
    pub sending_enabled: bool,
}

impl Quota {
    fn of(told: &SendQuota, sending_enabled: bool) -> Self {
        Self {
            per_second: Allowance::of(told.max_send_rate),
            per_day: Allowance::of(told.max24_hour_send),
            sent_today: whole(told.sent_last24_hours),
            sending_enabled,
        }
    }
}

impl Mailer {
    /// What the account may send, as SES knows it now. SES answers all but sending about once a second, so
    /// it cannot be asked before every email.
    ///
    /// # Errors
    /// When SES does not tell. Asking has no effect, so it can be repeated.
    pub async fn quota(&self) -> Result<Quota, ProviderError> {
        let asked = self.client.get_account().customize().config_override(within(PATIENCE)).send().await;
        let answer = asked.map_err(|error| not_told(&words(&error)))?;
        let told = answer.send_quota.as_ref().ok_or_else(|| not_told("there is none in its answer"))?;
        Ok(Quota::of(told, answer.sending_enabled))
    }
}

fn not_told(why: &str) -> ProviderError {
    ProviderError::out_of_order(format!("SES did not tell its sending quota: {why}."))
}

/// SES writes whole numbers with a fraction of 0. A cast stops at the ends of the range.
fn whole(count: f64) -> u64 {
    count as u64
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{FakeAws, Says, client};

    async fn asked(says: Says) -> Result<Quota, ProviderError> {
        Mailer::new(client!(aws_sdk_sesv2, FakeAws::that_says([says])), None).quota().await
    }

    fn account(quota: Value) -> Says {
        Says::Answer(200, "", json!({"SendingEnabled": true, "SendQuota": quota}))
    }

    #[tokio::test]
    async fn the_quota_is_told_in_whole_emails() {
        let quota = asked(account(json!({"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 128.0})));
        let expected = Quota {
            per_second: Allowance::AtMost(14),
            per_day: Allowance::AtMost(50_000),
            sent_today: 128,
            sending_enabled: true,
        };
        assert_eq!(quota.await, Ok(expected));
    }

    #[tokio::test]
    async fn less_than_nothing_is_no_limit() {
        let quota = asked(account(json!({"Max24HourSend": -1.0, "MaxSendRate": -1.0, "SentLast24Hours": 0.0})));
        let quota = quota.await.unwrap();
        assert_eq!((quota.per_second, quota.per_day), (Allowance::Unlimited, Allowance::Unlimited));
    }

    #[tokio::test]
    async fn an_account_that_is_not_told_of_can_be_asked_for_again() {
        let denied = Says::Answer(403, "AccessDeniedException", json!({"message": "not allowed"}));
        for says in [denied, Says::Answer(200, "", json!({}))] {
            let error = asked(says).await;
            assert!(matches!(error, Err(ProviderError::OutOfOrder { .. })), "{error:?}");
        }
    }
}
