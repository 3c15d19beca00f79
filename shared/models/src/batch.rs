//! A batch: many engagements that were submitted together, released at the domain's rate and counted to their end.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::channel::{Channel, wire_words};
use crate::domain::DomainName;
use crate::id::{AccountId, BatchId, DraftId, EngagementId};
use crate::moment::Moment;
use crate::start::StartRequest;
use crate::text::Line;

/// The most rows that one batch takes (checklist I4).
pub const MOST_ROWS: usize = 10_000;

/// What a campaign or the file it came in is called.
pub type FileName = Line<200>;

/// One row of a campaign, with nothing left to be wrong in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the request or the file, from 1.
    pub number: u32,
    /// Whom it engages and how.
    pub request: StartRequest,
}

/// Why a row was skipped, in words by which a person can mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It cannot be read or does not go together; the text says what to mend.
    #[error("{0}")]
    Unreadable(String),
    /// An earlier row has the same contact.
    #[error("duplicate customer")]
    Duplicate,
    /// The contact was engaged shortly before (checklist I6).
    #[error("duplicate customer: engaged within the last {days} days")]
    EngagedLately {
        /// The domain's `customer_dedup_days`.
        days: u32,
    },
    /// The contact must not be engaged.
    #[error("on the do-not-contact list for {channel}: {reason}")]
    DoNotContact {
        /// The channel that is closed.
        channel: Channel,
        /// Why.
        reason: String,
    },
}

/// A row that was left out. Its text is what callers read: `Row 3: skipped — duplicate customer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRow {
    /// Its number in the request or the file, from 1.
    pub number: u32,
    /// Why it was left out.
    pub reason: SkipReason,
}

impl fmt::Display for SkippedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {}: skipped — {}", self.number, self.reason)
    }
}

wire_words! {
    /// Where a batch stands.
    BatchStatus {
        /// Its rows are being released, or the last of them have not ended.
        Running = "Running",
        /// No row goes out until it is resumed.
        Paused = "Paused",
        /// Its rows are being called off.
        Cancelling = "Cancelling",
        /// Every row has ended.
        Completed = "Completed",
        /// It was called off, and every row has ended.
        Cancelled = "Cancelled",
    }
}

impl BatchStatus {
    /// Whether nothing moves it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
}

wire_words! {
    /// Whether a row's batch has let it go.
    RowStage {
        /// It waits for its turn; no date is set for it, so nothing acts on it.
        Waiting = "waiting",
        /// It goes its own way like any engagement.
        Released = "released",
        /// It ended before its turn came.
        Withdrawn = "withdrawn",
    }
}

/// An engagement's place in the batch that it is a row of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    /// The batch.
    pub batch_id: BatchId,
    /// Its number in the request or the file, from 1.
    #[serde(rename = "batch_row")]
    pub number: u32,
    /// Its place in the order in which rows are released, from 0.
    #[serde(rename = "batch_place")]
    pub place: u32,
    /// Whether it was released.
    #[serde(rename = "batch_stage")]
    pub stage: RowStage,
}

/// How many rows of a batch stand where. Together they are all rows that were not skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Not released yet.
    pub waiting: u32,
    /// Released and not ended.
    pub in_progress: u32,
    /// Ended well.
    pub completed: u32,
    /// Ended otherwise.
    pub failed: u32,
    /// Called off.
    pub cancelled: u32,
}

impl RowCounts {
    /// Rows that have ended.
    #[must_use]
    pub const fn ended(&self) -> u32 {
        self.completed + self.failed + self.cancelled
    }
}

/// What is counted of a batch's rows as they end, in the same write as the end itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ended well.
    pub completed: u32,
    /// Ended otherwise.
    pub failed: u32,
    /// Called off.
    pub cancelled: u32,
    /// Of all these, those that ended before their turn came.
    pub withdrawn: u32,
}

/// A batch without its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its identifier.
    pub batch_id: BatchId,
    /// What its rows' identifiers are made from.
    pub draft_id: DraftId,
    /// The owner.
    pub account_id: AccountId,
    /// The tenant.
    pub domain_name: DomainName,
    /// Counts the changes; each is written only over the one before it.
    pub version: u64,
    /// Where it stands.
    pub status: BatchStatus,
    /// The campaign's name or the file's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<FileName>,
    /// Rows that became engagements.
    pub rows: u32,
    /// Rows that were left out.
    pub skipped: u32,
    /// Credits debited for all rows.
    pub price: u64,
    /// When it was submitted.
    pub created_at: Moment,
    /// When it must be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Moment>,
    /// Rows before this place were let go or had ended before their turn.
    pub released: u32,
    /// Of these, those that had ended before.
    pub passed_over: u32,
    /// When the next row may go out.
    pub next_release_at: Moment,
    /// Since when its end is looked for: no row is left to be released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending_since: Option<Moment>,
    /// Whether rows that were held back by a pause are still to be let go on.
    #[serde(default)]
    pub resuming: bool,
    /// Rows before this place were called off, where the batch was.
    #[serde(default)]
    pub called_off: u32,
    /// When every row had ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Moment>,
    /// How its rows ended, once all have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<RowCounts>,
    /// The batch whose failed rows it tries again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<BatchId>,
    /// The batch in which its failed rows are tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retried_as: Option<BatchId>,
    /// The request it was made from, as a hash: the same idempotency key must come with the same request.
    pub request_hash: String,
}

impl Batch {
    /// The engagement at this place. It needs no index: the places count from 0 to `rows`.
    #[must_use]
    pub fn row(&self, place: u32) -> EngagementId {
        self.draft_id.row(place)
    }

    /// How many rows stand where.
    #[must_use]
    pub fn counts(&self, tally: &Tally) -> RowCounts {
        let Tally { completed, failed, cancelled, withdrawn } = *tally;
        let let_go = self.released.saturating_sub(self.passed_over);
        let ended = completed + failed + cancelled;
        let in_progress = let_go.saturating_sub(ended.saturating_sub(withdrawn));
        let waiting = self.rows.saturating_sub(ended + in_progress);
        RowCounts { waiting, in_progress, completed, failed, cancelled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(rows: u32, released: u32, passed_over: u32) -> Batch {
        let at = Moment::from_millisecond(0);
        Batch {
            batch_id: BatchId::from_bytes([1; 12]),
            draft_id: DraftId::from_bytes([2; 16]),
            account_id: AccountId::from_bytes([3; 12]),
            domain_name: "acme".parse().unwrap(),
            version: 1,
            status: BatchStatus::Running,
            file_name: None,
            rows,
            skipped: 0,
            price: 0,
            created_at: at,
            due_at: None,
            released,
            passed_over,
            next_release_at: at,
            ending_since: None,
            resuming: false,
            called_off: 0,
            completed_at: None,
            ended: None,
            retry_of: None,
            retried_as: None,
            request_hash: String::new(),
        }
    }

    #[test]
    fn rows_that_ended_before_their_turn_are_neither_waiting_nor_in_progress() {
        // Of four rows that were passed one had been withdrawn, and so has one of the six that were not.
        let tally = Tally { completed: 1, failed: 0, cancelled: 2, withdrawn: 2 };
        let counts = batch(10, 4, 1).counts(&tally);
        assert_eq!(counts, RowCounts { waiting: 5, in_progress: 2, completed: 1, failed: 0, cancelled: 2 });
    }

    #[test]
    fn every_row_is_counted_once_from_the_first_to_the_last() {
        assert_eq!(batch(3, 0, 0).counts(&Tally::default()), RowCounts { waiting: 3, ..RowCounts::default() });
        let tally = Tally { completed: 2, failed: 1, ..Tally::default() };
        let ended = RowCounts { completed: 2, failed: 1, ..RowCounts::default() };
        assert_eq!((batch(3, 3, 0).counts(&tally), ended.ended()), (ended, 3));
    }

    #[test]
    fn the_rows_of_a_batch_are_engagements_of_their_own() {
        let ids: std::collections::BTreeSet<_> = (0..10_000).map(|place| batch(10_000, 0, 0).row(place)).collect();
        assert_eq!(ids.len(), 10_000);
        assert_ne!(DraftId::from_bytes([4; 16]).row(0), batch(1, 0, 0).row(0));
    }

    #[test]
    fn a_skipped_row_reads_as_the_document_shows_it() {
        let row = SkippedRow { number: 3, reason: SkipReason::Duplicate };
        assert_eq!(row.to_string(), "Row 3: skipped — duplicate customer");
    }
}
