//! The SQLite file that holds the queues and the outbox.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -16000;
    CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY,
        queue TEXT NOT NULL,
        group_id TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        attributes TEXT,
        trace TEXT,
        origin TEXT,
        sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        first_received_at INTEGER,
        receives INTEGER NOT NULL DEFAULT 0,
        receipt TEXT
    );
    CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, group_id, visible_at);
    CREATE INDEX IF NOT EXISTS messages_in_flight ON messages (queue, group_id, visible_at) WHERE receipt IS NOT NULL;
    CREATE TABLE IF NOT EXISTS outbox (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        contact TEXT NOT NULL,
        engagement_id TEXT,
        attempt INTEGER,
        subject TEXT,
        text TEXT,
        html TEXT,
        raw TEXT,
        said TEXT,
        sent_at INTEGER NOT NULL,
        times_sent INTEGER NOT NULL DEFAULT 1
    );
    CREATE UNIQUE INDEX IF NOT EXISTS outbox_by_attempt ON outbox (engagement_id, attempt)
        WHERE engagement_id IS NOT NULL;
    CREATE INDEX IF NOT EXISTS outbox_by_contact ON outbox (contact);
    CREATE INDEX IF NOT EXISTS outbox_mails_by_time ON outbox (sent_at, times_sent) WHERE raw IS NOT NULL;
";

/// One connection, shared. A statement takes some microseconds, less than handing it to another thread would.
#[derive(Clone, Debug)]
pub(super) struct Disk(Arc<Mutex<Connection>>);

impl Disk {
    /// Opens the file at `path`, which need not exist. A commit survives the end of this process, however it ends.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        // Whoever had received a message was a process that has ended, so nobody is working on it any more.
        connection.execute_batch("UPDATE messages SET visible_at = 0, receipt = NULL WHERE receipt IS NOT NULL")?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does `work` with the connection to itself.
    pub(super) fn with<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        // A panic under the lock has rolled its transaction back, so the connection is as good as before.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
