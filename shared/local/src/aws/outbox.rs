//! Everything that "left" the hub, to be read back.

use hub_models::channel::Channel;
use hub_models::clock::Clock;
use hub_models::moment::Moment;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::Value;

use super::disk::Disk;

/// What is about to leave.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The provider's id of it.
    pub message_id: String,
    /// The way by which it leaves.
    pub channel: Channel,
    /// Whom it goes to: an email address or a phone number.
    pub contact: String,
    /// The engagement that it is for.
    pub engagement_id: Option<String>,
    /// Which attempt of that engagement it is.
    pub attempt: Option<u32>,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// Its words, as plain text.
    pub text: Option<String>,
    /// The HTML of a mail.
    pub html: Option<String>,
    /// The whole mail with its headers.
    pub raw: Option<String>,
    /// What was said, in a call.
    pub said: Option<Value>,
}

impl NewMessage {
    /// A message with nothing in it yet.
    #[must_use]
    pub fn new(message_id: impl Into<String>, channel: Channel, contact: impl Into<String>) -> Self {
        Self {
            message_id: message_id.into(),
            channel,
            contact: contact.into(),
            engagement_id: None,
            attempt: None,
            subject: None,
            text: None,
            html: None,
            raw: None,
            said: None,
        }
    }
}

/// What has left.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Its place in the order in which messages left.
    pub id: i64,
    /// The provider's id of it.
    pub message_id: String,
    /// The way by which it left.
    pub channel: Channel,
    /// Whom it went to: an email address or a phone number.
    pub contact: String,
    /// The engagement that it was for.
    pub engagement_id: Option<String>,
    /// Which attempt of that engagement it was.
    pub attempt: Option<u32>,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// Its words, as plain text.
    pub text: Option<String>,
    /// The HTML of a mail.
    pub html: Option<String>,
    /// The whole mail with its headers.
    pub raw: Option<String>,
    /// What was said, in a call.
    pub said: Option<Value>,
    /// When it left.
    pub sent_at: Moment,
    /// How often the hub handed over this attempt of this engagement. More than once is a message sent twice.
    pub times_sent: u32,
}

/// What became of a message that was to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The id under which it is recorded: the first one's, if this attempt had been recorded before.
    pub message_id: String,
    /// Whether this was the first time.
    pub first: bool,
}

/// Which messages to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that left by this way.
    pub channel: Option<Channel>,
    /// Those that went to this address or number.
    pub contact: Option<String>,
    /// Those of this engagement.
    pub engagement_id: Option<String>,
    /// At most so many; 100 if nothing is said.
    pub limit: Option<u32>,
}

/// The outbox could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the outbox could not be read or written")]
pub struct OutboxError(#[from] rusqlite::Error);

/// The list of what left the hub.
#[derive(Clone, Debug)]
pub struct Outbox {
    disk: Disk,
    clock: Clock,
}

impl Outbox {
    pub(super) fn new(disk: Disk, clock: Clock) -> Self {
        Self { disk, clock }
    }

    /// Records that `message` left. An attempt of an engagement is recorded once: after that, the first one stands.
    pub fn record(&self, message: &NewMessage) -> Result<Recorded, OutboxError> {
        Ok(self.disk.with(|connection| insert(connection, message, self.clock.now()))?)
    }

    /// Puts down what was said in a call, in place of what had been put down before. False if there is no such call.
    pub fn said(&self, message_id: &str, said: &Value) -> Result<bool, OutboxError> {
        let changed = self.disk.with(|connection| {
            let mut statement = connection.prepare_cached("UPDATE outbox SET said = ?1 WHERE message_id = ?2")?;
            statement.execute(params![said.to_string(), message_id])
        })?;
        Ok(changed > 0)
    }

    /// The message that left for this attempt of this engagement.
    pub fn find(&self, engagement_id: &str, attempt: u32) -> Result<Option<Message>, OutboxError> {
        let found = self.disk.with(|connection| {
            let sql = "SELECT * FROM outbox WHERE engagement_id = ?1 AND attempt = ?2";
            connection.prepare_cached(sql)?.query_row(params![engagement_id, attempt], read).optional()
        })?;
        Ok(found)
    }

    /// The message with the provider's id `message_id`.
    pub fn get(&self, message_id: &str) -> Result<Option<Message>, OutboxError> {
        let found = self.disk.with(|connection| {
            let sql = "SELECT * FROM outbox WHERE message_id = ?1";
            connection.prepare_cached(sql)?.query_row([message_id], read).optional()
        })?;
        Ok(found)
    }

    /// The messages that `filter` lets through, the newest first.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Message>, OutboxError> {
        let found = self.disk.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM outbox
                 WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL OR contact = ?2)
                   AND (?3 IS NULL OR engagement_id = ?3)
                 ORDER BY id DESC LIMIT ?4",
            )?;
            let channel = filter.channel.map(Channel::as_str);
            let limit = filter.limit.unwrap_or(100);
            let rows = statement.query_map(params![channel, filter.contact, filter.engagement_id, limit], read)?;
            rows.collect()
        })?;
        Ok(found)
    }
}

/// Records `message`; it is durable when the transaction around this is.
pub(super) fn insert(connection: &Connection, message: &NewMessage, now: Moment) -> rusqlite::Result<Recorded> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO outbox (message_id, channel, contact, engagement_id, attempt, subject, text, html, raw, said,
                             sent_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (engagement_id, attempt) WHERE engagement_id IS NOT NULL
         DO UPDATE SET times_sent = times_sent + 1
         ON CONFLICT (message_id) DO UPDATE SET times_sent = times_sent + 1
         RETURNING message_id, times_sent = 1",
    )?;
    statement.query_row(
        params![
            message.message_id,
            message.channel.as_str(),
            message.contact,
            message.engagement_id,
            message.attempt,
            message.subject,
            message.text,
            message.html,
            message.raw,
            message.said.as_ref().map(Value::to_string),
            now.as_millisecond(),
        ],
        |row| Ok(Recorded { message_id: row.get(0)?, first: row.get(1)? }),
    )
}

/// Whether this attempt of this engagement has left.
pub(super) fn holds(connection: &Connection, engagement_id: &str, attempt: u32) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM outbox WHERE engagement_id = ?1 AND attempt = ?2";
    connection.prepare_cached(sql)?.exists(params![engagement_id, attempt])
}

/// How often SES has taken a mail after this moment. Each has one recipient; what the simulator took has no headers.
pub(super) fn mails_since(connection: &Connection, start: Moment) -> rusqlite::Result<u64> {
    let sql = "SELECT COALESCE(SUM(times_sent), 0) FROM outbox WHERE raw IS NOT NULL AND sent_at > ?1";
    connection.prepare_cached(sql)?.query_row([start.as_millisecond()], |row| row.get(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    let channel: String = row.get("channel")?;
    let said: Option<String> = row.get("said")?;
    Ok(Message {
        id: row.get("id")?,
        message_id: row.get("message_id")?,
        channel: channel.parse().map_err(|_| rusqlite::Error::InvalidColumnName(channel))?,
        contact: row.get("contact")?,
        engagement_id: row.get("engagement_id")?,
        attempt: row.get("attempt")?,
        subject: row.get("subject")?,
        text: row.get("text")?,
        html: row.get("html")?,
        raw: row.get("raw")?,
        said: said.and_then(|json| serde_json::from_str(&json).ok()),
        sent_at: Moment::from_millisecond(row.get("sent_at")?),
        times_sent: row.get("times_sent")?,
    })
}
