//! The messages in the queues: what SQS does with them, in SQL.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::queues::{MAX_RECEIVES, Queue};

/// A message to be stored.
#[derive(Debug, Default)]
pub(super) struct NewMessage {
    pub(super) body: String,
    /// Its attributes, as the JSON they came in.
    pub(super) attributes: Option<String>,
    /// The `AWSTraceHeader`.
    pub(super) trace: Option<String>,
    /// `MessageGroupId`: whose message it is, for the fair order.
    pub(super) group: Option<String>,
    pub(super) delay_seconds: i64,
}

/// A message as it was received.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) id: String,
    pub(super) handle: String,
    pub(super) body: String,
    pub(super) attributes: Option<String>,
    pub(super) trace: Option<String>,
    pub(super) group: String,
    pub(super) origin: Option<String>,
    pub(super) sent_at: i64,
    pub(super) first_received_at: i64,
    pub(super) receives: i64,
}

/// How many messages a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting to be received.
    pub visible: u64,
    /// Received, and not yet deleted or visible again.
    pub in_flight: u64,
    /// Sent with a delay that has not passed.
    pub delayed: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }
}

/// Whether a receipt handle still speaks for its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handle {
    /// It does, and what was asked is done.
    Valid,
    /// The message is gone.
    Gone,
    /// The message has been received again since.
    Stale,
    /// The message is not in flight.
    NotInFlight,
}

/// Stores a message; it is durable when the transaction around this is. Returns its id.
pub(super) fn send(connection: &Connection, queue: &str, message: &NewMessage, now: i64) -> rusqlite::Result<String> {
    let id = uuid::Uuid::new_v4().to_string();
    connection
        .prepare_cached(
            "INSERT INTO messages (queue, group_id, id, body, attributes, trace, sent_at, visible_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            queue,
            message.group.as_deref().unwrap_or_default(),
            id,
            message.body,
            message.attributes,
            message.trace,
            now,
            now + message.delay_seconds * 1000,
        ])?;
    Ok(id)
}

/// Receives up to `limit` messages, the groups with the fewest in flight first, and hides them for `hidden_ms`.
/// What was received too often goes to the dead-letter queue instead.
pub(super) fn receive(
    connection: &mut Connection,
    queue: &Queue,
    limit: usize,
    hidden_ms: i64,
    now: i64,
) -> rusqlite::Result<Vec<Received>> {
    let mut received = Vec::new();
    while received.len() < limit {
        let chosen = choose(connection, &queue.name, limit - received.len(), now)?;
        if chosen.is_empty() {
            break;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for seq in chosen {
            if !bury(&transaction, queue, seq, now)? {
                received.extend(take(&transaction, seq, hidden_ms, now)?);
            }
        }
        transaction.commit()?;
        if hidden_ms == 0 {
            // They are visible again at once: asking for more would give the same ones.
            break;
        }
    }
    Ok(received)
}

/// Moves a message that was received too often to the dead-letter queue, and says whether it did.
fn bury(connection: &Connection, queue: &Queue, seq: i64, now: i64) -> rusqlite::Result<bool> {
    let Some(dead_letters) = &queue.dead_letters else {
        return Ok(false);
    };
    let moved = connection
        .prepare_cached(
            "UPDATE messages SET queue = ?1, origin = queue, visible_at = ?2, receipt = NULL
             WHERE seq = ?3 AND receives >= ?4",
        )?
        .execute(params![dead_letters, now, seq, MAX_RECEIVES])?;
    Ok(moved > 0)
}

/// Hides one message under a new receipt. None when another process was quicker.
fn take(connection: &Connection, seq: i64, hidden_ms: i64, now: i64) -> rusqlite::Result<Option<Received>> {
    let receipt = uuid::Uuid::new_v4().simple().to_string();
    connection
        .prepare_cached(
            "UPDATE messages SET visible_at = ?1, receives = receives + 1, receipt = ?2,
                    first_received_at = coalesce(first_received_at, ?3)
             WHERE seq = ?4 AND visible_at <= ?3
             RETURNING id, body, attributes, trace, group_id, origin, sent_at, first_received_at, receives",
        )?
        .query_row(params![now + hidden_ms, receipt, now, seq], |row| read(row, format!("{seq}-{receipt}")))
        .optional()
}

fn read(row: &Row<'_>, handle: String) -> rusqlite::Result<Received> {
    Ok(Received {
        handle,
        id: row.get(0)?,
        body: row.get(1)?,
        attributes: row.get(2)?,
        trace: row.get(3)?,
        group: row.get(4)?,
        origin: row.get(5)?,
        sent_at: row.get(6)?,
        first_received_at: row.get(7)?,
        receives: row.get(8)?,
    })
}

/// One group with something to receive.
struct Candidate {
    in_flight: usize,
    /// The oldest first, the next one last.
    waiting: Vec<(i64, i64)>,
}

/// Which messages to receive next: always from the group that has the fewest in flight, and there the oldest.
fn choose(connection: &Connection, queue: &str, limit: usize, now: i64) -> rusqlite::Result<Vec<i64>> {
    let mut candidates = candidates(connection, queue, limit, now)?;
    let mut chosen = Vec::with_capacity(limit);
    while chosen.len() < limit {
        let next = candidates
            .iter_mut()
            .filter(|candidate| !candidate.waiting.is_empty())
            .min_by_key(|candidate| (candidate.in_flight, candidate.waiting.last().copied()));
        let Some(candidate) = next else { break };
        chosen.extend(candidate.waiting.pop().map(|(_, seq)| seq));
        candidate.in_flight += 1;
    }
    Ok(chosen)
}

fn candidates(connection: &Connection, queue: &str, limit: usize, now: i64) -> rusqlite::Result<Vec<Candidate>> {
    let mut waiting = connection.prepare_cached(
        "SELECT visible_at, seq FROM messages WHERE queue = ?1 AND group_id = ?2 AND visible_at <= ?3
         ORDER BY visible_at, seq LIMIT ?4",
    )?;
    let mut in_flight = connection.prepare_cached(
        "SELECT count(*) FROM messages
         WHERE queue = ?1 AND group_id = ?2 AND visible_at > ?3 AND receipt IS NOT NULL",
    )?;
    let mut found = Vec::new();
    for group in groups(connection, queue)? {
        let rows = waiting.query_map(params![queue, group, now, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut waiting = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        if !waiting.is_empty() {
            waiting.reverse();
            let in_flight = in_flight.query_row(params![queue, group, now], |row| row.get(0))?;
            found.push(Candidate { in_flight, waiting });
        }
    }
    Ok(found)
}

/// The groups that have messages, by one step in the index for each group and not for each message.
fn groups(connection: &Connection, queue: &str) -> rusqlite::Result<Vec<String>> {
    let mut first = connection.prepare_cached("SELECT min(group_id) FROM messages WHERE queue = ?1")?;
    let mut next =
        connection.prepare_cached("SELECT min(group_id) FROM messages WHERE queue = ?1 AND group_id > ?2")?;
    let mut groups = Vec::new();
    let mut found: Option<String> = first.query_row([queue], |row| row.get(0))?;
    while let Some(group) = found {
        found = next.query_row([queue, &group], |row| row.get(0))?;
        groups.push(group);
    }
    Ok(groups)
}

/// Deletes the message that `handle` speaks for. None when it is no receipt handle.
pub(super) fn delete(connection: &Connection, queue: &str, handle: &str) -> rusqlite::Result<Option<Handle>> {
    let Some((seq, receipt)) = split(handle) else {
        return Ok(None);
    };
    let deleted = connection
        .prepare_cached("DELETE FROM messages WHERE seq = ?1 AND queue = ?2 AND receipt = ?3")?
        .execute(params![seq, queue, receipt])?;
    if deleted > 0 {
        return Ok(Some(Handle::Valid));
    }
    standing(connection, queue, seq, receipt, None).map(Some)
}

/// Makes the message that `handle` speaks for visible in `hidden_ms`. None when it is no receipt handle.
pub(super) fn hide(
    connection: &Connection,
    queue: &str,
    handle: &str,
    hidden_ms: i64,
    now: i64,
) -> rusqlite::Result<Option<Handle>> {
    let Some((seq, receipt)) = split(handle) else {
        return Ok(None);
    };
    let changed = connection
        .prepare_cached(
            "UPDATE messages SET visible_at = ?1 WHERE seq = ?2 AND queue = ?3 AND receipt = ?4 AND visible_at > ?5",
        )?
        .execute(params![now + hidden_ms, seq, queue, receipt, now])?;
    if changed > 0 {
        return Ok(Some(Handle::Valid));
    }
    standing(connection, queue, seq, receipt, Some(now)).map(Some)
}

/// Why a handle did nothing.
fn standing(
    connection: &Connection,
    queue: &str,
    seq: i64,
    receipt: &str,
    now: Option<i64>,
) -> rusqlite::Result<Handle> {
    let current: Option<Option<String>> = connection
        .prepare_cached("SELECT receipt FROM messages WHERE seq = ?1 AND queue = ?2")?
        .query_row(params![seq, queue], |row| row.get(0))
        .optional()?;
    Ok(match current {
        None => Handle::Gone,
        Some(Some(current)) if current == receipt && now.is_some() => Handle::NotInFlight,
        Some(_) => Handle::Stale,
    })
}

fn split(handle: &str) -> Option<(i64, &str)> {
    let (seq, receipt) = handle.split_once('-')?;
    Some((seq.parse().ok()?, receipt))
}

/// Deletes every message of a queue.
pub(super) fn purge(connection: &Connection, queue: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM messages WHERE queue = ?1", [queue])?;
    Ok(())
}

/// Counts the messages of a queue.
pub(super) fn counts(connection: &Connection, queue: &str, now: i64) -> rusqlite::Result<Counts> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FILTER (WHERE visible_at <= ?2),
                count(*) FILTER (WHERE visible_at > ?2 AND receipt IS NOT NULL),
                count(*) FILTER (WHERE visible_at > ?2 AND receipt IS NULL)
         FROM messages WHERE queue = ?1",
    )?;
    statement.query_row(params![queue, now], |row| {
        Ok(Counts { visible: row.get(0)?, in_flight: row.get(1)?, delayed: row.get(2)? })
    })
}
