//! The embedded services, seen through the real clients of the AWS SDK.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

mod dynamodb;
mod faults;
mod meter;
mod outbox;
mod record;
mod routing;
mod secrets;
mod ses;
mod ses_quota;
mod smtp;
mod sqs;
mod throughput;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use hub_models::clock::Clock;
use tempfile::TempDir;

use super::*;

/// Embedded services in a folder of their own, and the clients of them.
struct Local {
    dir: TempDir,
    clock: Clock,
    aws: Embedded,
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    ses: aws_sdk_sesv2::Client,
    secrets: aws_sdk_secretsmanager::Client,
}

impl Local {
    fn start() -> Self {
        Self::start_with(Options::default())
    }

    fn start_with(options: Options) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options)
    }

    fn start_in(dir: TempDir, options: Options) -> Self {
        let clock = Clock::system();
        let aws = Embedded::open_with(dir.path(), clock.clone(), options).unwrap();
        let config = aws.sdk_config();
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            sqs: aws_sdk_sqs::Client::new(&config),
            ses: aws_sdk_sesv2::Client::new(&config),
            secrets: aws_sdk_secretsmanager::Client::new(&config),
            dir,
            clock,
            aws,
        }
    }

    /// As if the process had ended and been started again.
    fn restart(self) -> Self {
        let Self { dir, .. } = self;
        Self::start_in(dir, Options::default())
    }

    fn advance(&self, seconds: i64) {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }
}

/// An item of strings and, where the text is all digits, numbers.
fn item(pairs: &[(&str, &str)]) -> HashMap<String, AttributeValue> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value_of(value))).collect()
}

fn value_of(text: &str) -> AttributeValue {
    match text.parse::<u64>() {
        Ok(_) => AttributeValue::N(text.to_owned()),
        Err(_) => AttributeValue::S(text.to_owned()),
    }
}
