//! Sends emails by Amazon SES, and asks it how many it takes.
//!
//! An email is one call, never repeated by the SDK: SES has no idempotency token, so whether a lost answer means a sent email is
//! for the engagement's evidence to settle, not for a retry.

mod identities;
mod quota;

use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::Config;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, MessageTag, RawMessage};
use hub_models::contact::EmailAddress;
use hub_models::domain::DomainName;
use hub_models::email::Mailbox;
use hub_models::id::EngagementId;

use crate::address;
use crate::aws::{Reached, reached, words};
use crate::error::ProviderError;

pub use identities::{EasyDkim, Identities, Identity, IdentityError};
pub use quota::{Allowance, Quota};

/// How long one call may take. With an email's turn and its writer it stays within the 29 s of a request.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long making the connection may take, in which time nothing is sent yet.
const CONNECT: Duration = Duration::from_secs(3);

/// An email that is ready to leave.
#[derive(Clone, Debug)]
pub struct OutgoingEmail<'a> {
    /// The sender.
    pub from: &'a Mailbox,
    /// Whom it goes to.
    pub to: &'a EmailAddress,
    /// The MIME message.
    pub raw: Vec<u8>,
    /// What it is sent for. Its events carry it back.
    pub engagement_id: EngagementId,
    /// Which attempt of it this is.
    pub attempt: u32,
    /// The tenant.
    pub domain_name: &'a DomainName,
}

/// Sends emails by Amazon SES.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    configuration_set: Option<String>,
    patience: Duration,
}

impl Mailer {
    /// A mailer whose emails publish their events through this configuration set.
    #[must_use]
    pub fn new(client: Client, configuration_set: Option<String>) -> Self {
        Self { client, configuration_set, patience: PATIENCE }
    }

    /// The same mailer, which waits so long for an answer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Hands an email to SES once, and gives SES's id of it.
    ///
    /// # Errors
    /// When it is refused, was surely not taken, or may have been.
    pub async fn send(&self, email: OutgoingEmail<'_>) -> Result<String, ProviderError> {
        let request = self
            .client
            .send_email()
            .from_email_address(ascii(&email.from.address)?)
            .destination(Destination::builder().to_addresses(ascii(email.to)?).build())
            .set_configuration_set_name(self.configuration_set.clone())
            .set_email_tags(Some(tags(&email).map_err(not_built)?))
            .content(content(email.raw).map_err(not_built)?);
        let sent = request.customize().config_override(self.once()).send().await;
        let answer = sent.map_err(|error| classify(&error))?;
        answer.message_id.ok_or_else(|| ProviderError::unknown("SES answered without a message id."))
    }

    fn once(&self) -> aws_sdk_sesv2::config::Builder {
        within(self.patience)
    }
}

/// One call that takes no longer than this.
fn within(patience: Duration) -> aws_sdk_sesv2::config::Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT.min(patience))
        .operation_timeout(patience)
        .operation_attempt_timeout(patience)
        .build();
    Config::builder().retry_config(RetryConfig::disabled()).timeout_config(timeouts)
}

fn ascii(address: &EmailAddress) -> Result<String, ProviderError> {
    let (local, host) = address::ascii(address)
        .ok_or_else(|| ProviderError::refused(format!("{address} is no address that mail can be sent to.")))?;
    Ok(format!("{local}@{host}"))
}

/// What comes back with every event of the email.
fn tags(email: &OutgoingEmail<'_>) -> Result<Vec<MessageTag>, BuildError> {
    let tag = |name: &str, value: String| MessageTag::builder().name(name).value(value).build();
    Ok(vec![
        tag("engagement_id", email.engagement_id.to_string())?,
        tag("attempt", email.attempt.to_string())?,
        tag("domain_name", email.domain_name.to_string())?,
    ])
}

fn content(raw: Vec<u8>) -> Result<EmailContent, BuildError> {
    let raw = RawMessage::builder().data(Blob::new(raw)).build()?;
    Ok(EmailContent::builder().raw(raw).build())
}

fn not_built(error: BuildError) -> ProviderError {
    ProviderError::refused(format!("The email cannot be handed to SES: {error}"))
}

/// Which kind an error of SES is.
fn classify(error: &SdkError<SendEmailError>) -> ProviderError {
    let said = words(error);
    match reached(error) {
        Reached::Nobody => {
            tracing::warn!(said, "SES could not be reached");
            ProviderError::out_of_order("The mail service could not be reached.")
        }
        Reached::Unknown => ProviderError::unknown(format!("SES did not answer: {said}")),
        Reached::Service(status) => match error.as_service_error() {
            Some(error) => classify_answer(error, status, said),
            None => ProviderError::unknown(said),
        },
    }
}

fn classify_answer(error: &SendEmailError, status: u16, said: String) -> ProviderError {
    use SendEmailError::{
        AccountSuspendedException, BadRequestException, LimitExceededException, MailFromDomainNotVerifiedException,
        MessageRejected, NotFoundException, SendingPausedException, TooManyRequestsException,
    };
    match error {
        MessageRejected(_) => refused(
            &said,
            "verify the sender in SES, and the recipient while the account is in the SES sandbox, or change the message",
        ),
        MailFromDomainNotVerifiedException(_) => refused(&said, "verify the sender's domain in SES"),
        NotFoundException(_) => kept_from_sending(&said, "its operator must create the configuration set or identity"),
        AccountSuspendedException(_) => {
            kept_from_sending(&said, "its operator must have AWS restore its right to send")
        }
        BadRequestException(_) => refused(&said, "correct the sender, the recipient or the message"),
        TooManyRequestsException(_) | LimitExceededException(_) | SendingPausedException(_) => {
            ProviderError::busy(said)
        }
        other => classify_code(other.code().unwrap_or_default(), status, said),
    }
}

/// Errors that SES's model does not name, by the conventions of AWS.
fn classify_code(code: &str, status: u16, said: String) -> ProviderError {
    let throttled = status == 429 || code.contains("Throttl") || code.contains("TooManyRequests");
    // Wrong credentials or rights are the operator's to repair; the email itself may be sent once they are.
    let locked_out = matches!(status, 401 | 403);
    if throttled {
        ProviderError::busy(said)
    } else if locked_out {
        tracing::error!(said, "the hub may not send");
        ProviderError::out_of_order("The hub may not send emails now; its operator must restore its right to.")
    } else if (400..500).contains(&status) {
        refused(&said, "correct the sender, the recipient or the message")
    } else {
        ProviderError::unknown(said)
    }
}

/// Refused for what is the operator's to mend. What SES says of that names accounts and roles, so it is for the log.
fn kept_from_sending(said: &str, what_to_do: &str) -> ProviderError {
    tracing::error!(said, "the hub cannot send");
    ProviderError::refused(format!("The hub cannot send emails: {what_to_do}."))
}

fn refused(said: &str, what_to_do: &str) -> ProviderError {
    ProviderError::refused(format!("SES refused the email ({said}): {what_to_do}."))
}

#[cfg(test)]
mod tests;
