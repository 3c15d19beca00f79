//! SES, version 2: raw mails become `.eml` files, rows in the outbox, and the events that SES would publish.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_models::channel::Channel;
use hub_models::clock::Clock;
use hub_models::moment::Moment;
use mail_parser::MessageParser;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};

use super::call::{Answer, Call, Failure};
use super::disk::Disk;
use super::messages::{self, NewMessage as QueueMessage};
use super::outbox::{self, NewMessage, Recorded};
use super::queues::EMAIL_EVENTS;
use super::ses_events::{self, Mail};
use super::ses_quota::{self, SendingQuota};
use super::ses_requests::{SendEmail, bad_request};
use super::smtp::{Relay, RelayError};
use super::sqs::Sqs;

/// The tag that says which engagement a mail is for.
const ENGAGEMENT_TAG: &str = "engagement_id";

/// The tag that says which attempt of the engagement it is.
const ATTEMPT_TAG: &str = "attempt";

/// The mail service.
#[derive(Debug)]
pub(super) struct Ses {
    pub(super) disk: Disk,
    pub(super) clock: Clock,
    /// The queue for the events.
    pub(super) sqs: Sqs,
    /// Where the `.eml` files go.
    pub(super) folder: PathBuf,
    /// The addresses and domains that may send; all, if there is no list.
    pub(super) verified_senders: Option<Vec<String>>,
    /// Where mails go besides, if anywhere.
    pub(super) relay: Option<Relay>,
    /// How much may be sent; as much as one likes, if there is no quota.
    pub(super) quota: Option<SendingQuota>,
    /// Who has it may send, where there is a quota: the next mail is counted after this one.
    pub(super) turn: Mutex<()>,
}

impl Ses {
    pub(super) async fn answer(&self, call: &Call) -> Result<Answer, Failure> {
        match call.operation.as_str() {
            "SendEmail" => self.send(call.json()?).await,
            "GetAccount" => self.account(),
            _ => Err(call.unknown()),
        }
    }

    async fn send(&self, request: SendEmail) -> Result<Answer, Failure> {
        let _turn = self.turn().await;
        let sent = self.read(request)?;
        self.check_sender(&sent.mail.source)?;
        self.check_quota(sent.mail.at)?;
        self.pass_on(&sent).await?;
        let recorded = self.keep(&sent)?;
        self.sqs.ring(EMAIL_EVENTS);
        Answer::json(&json!({ "MessageId": recorded.message_id }))
    }

    async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.quota {
            Some(_) => Some(self.turn.lock().await),
            None => None,
        }
    }

    fn check_quota(&self, now: Moment) -> Result<(), Failure> {
        match self.quota {
            Some(quota) => self.disk.with(|connection| quota.check(connection, now)),
            None => Ok(()),
        }
    }

    fn account(&self) -> Result<Answer, Failure> {
        let now = self.clock.now();
        Answer::json(&self.disk.with(|connection| ses_quota::account(self.quota, connection, now))?)
    }

    fn read(&self, request: SendEmail) -> Result<Sent, Failure> {
        let tags = request.tags()?;
        let encoded = request.content.raw.ok_or_else(|| bad_request("Only raw content is embedded."))?.data;
        let raw = STANDARD.decode(encoded).map_err(|_| bad_request("The raw content is not base64."))?;
        let parsed = MessageParser::default().parse(&raw).ok_or_else(|| bad_request("The raw content is no mail."))?;
        let source = request.from_email_address.or_else(|| first_address(parsed.from())).unwrap_or_default();
        let destination = match request.destination {
            Some(destination) => destination.all(),
            None => addresses(parsed.to()),
        };
        let Some(contact) = destination.first().cloned() else {
            return Err(bad_request("There is no recipient."));
        };
        let now = self.clock.now();
        let id = format!("0100{:012x}-{}-000000", now.as_millisecond(), uuid::Uuid::new_v4());
        let mut message = NewMessage::new(id.clone(), Channel::Email, contact);
        message.engagement_id = tags.get(ENGAGEMENT_TAG).cloned();
        message.attempt = tags.get(ATTEMPT_TAG).and_then(|attempt| attempt.parse().ok());
        message.subject = parsed.subject().map(str::to_owned);
        message.text = parsed.body_text(0).map(|text| text.into_owned());
        message.html = parsed.body_html(0).map(|html| html.into_owned());
        message.raw = Some(String::from_utf8_lossy(&raw).into_owned());
        let mail = Mail {
            id,
            at: now,
            source,
            destination,
            tags,
            configuration_set: request.configuration_set_name,
            subject: message.subject.clone(),
        };
        Ok(Sent { mail, message, raw })
    }

    fn check_sender(&self, source: &str) -> Result<(), Failure> {
        let address = bare_address(source).to_lowercase();
        let Some((_, domain)) = address.split_once('@') else {
            return Err(bad_request("Missing or malformed 'From' address."));
        };
        let Some(verified) = &self.verified_senders else {
            return Ok(());
        };
        if verified.iter().any(|sender| [address.as_str(), domain].contains(&sender.to_lowercase().as_str())) {
            return Ok(());
        }
        let reason = format!("Email address is not verified. The following identities failed the check: {address}");
        Err(Failure::new("MessageRejected", reason))
    }

    /// Hands the mail to the relay, if there is one, and only if the hub has not sent it before.
    async fn pass_on(&self, sent: &Sent) -> Result<(), Failure> {
        let Some(relay) = &self.relay else { return Ok(()) };
        let recipients: Vec<_> = sent
            .mail
            .destination
            .iter()
            .filter(|to| !ses_events::is_simulated(to))
            .map(|to| bare_address(to))
            .collect();
        if recipients.is_empty() || self.is_known(&sent.message)? {
            return Ok(());
        }
        relay.send(bare_address(&sent.mail.source), &recipients, &sent.raw).await.map_err(|error| match error {
            RelayError::Later(reason) => Failure::new("TooManyRequestsException", reason).with_status(429),
            RelayError::Never(reason) => Failure::new("MessageRejected", reason),
        })
    }

    fn is_known(&self, message: &NewMessage) -> Result<bool, Failure> {
        let (Some(engagement), Some(attempt)) = (&message.engagement_id, message.attempt) else {
            return Ok(false);
        };
        Ok(self.disk.with(|connection| outbox::holds(connection, engagement, attempt))?)
    }

    /// Puts the mail in the outbox and its events in the queue, both or neither.
    fn keep(&self, sent: &Sent) -> Result<Recorded, Failure> {
        self.disk.with(|connection| {
            let transaction = connection.transaction()?;
            let recorded = outbox::insert(&transaction, &sent.message, sent.mail.at)?;
            if recorded.first {
                self.write_file(sent)?;
                self.publish(&transaction, sent.mail.events(), sent.mail.at)?;
            }
            transaction.commit()?;
            Ok(recorded)
        })
    }

    fn write_file(&self, sent: &Sent) -> Result<(), Failure> {
        let path = self.folder.join(format!("{}.eml", sent.mail.id));
        std::fs::write(path, &sent.raw).map_err(|error| Failure::internal(&error))
    }

    fn publish(
        &self,
        connection: &rusqlite::Connection,
        events: Vec<serde_json::Value>,
        now: Moment,
    ) -> Result<(), Failure> {
        for event in events {
            let message = QueueMessage { body: event.to_string(), ..QueueMessage::default() };
            messages::send(connection, EMAIL_EVENTS, &message, now.as_millisecond())?;
        }
        Ok(())
    }
}

/// A mail that is about to leave.
struct Sent {
    mail: Mail,
    message: NewMessage,
    raw: Vec<u8>,
}

/// The address in `Name <address>`.
fn bare_address(text: &str) -> &str {
    let inner = text.rsplit_once('<').map_or(text, |(_, address)| address);
    inner.trim().trim_end_matches('>')
}

fn addresses(header: Option<&mail_parser::Address<'_>>) -> Vec<String> {
    let found = header.into_iter().flat_map(|header| header.iter());
    found.filter_map(|address| address.address().map(str::to_owned)).collect()
}

fn first_address(header: Option<&mail_parser::Address<'_>>) -> Option<String> {
    addresses(header).into_iter().next()
}
