//! Submitting a batch: rows are written first, where nothing acts on them, and one transaction commits them all.

use std::sync::Arc;

use hub_auth::Caller;
use hub_models::batch::{Batch, BatchRow, BatchStatus, FileName, Row, RowStage, SkippedRow};
use hub_models::channel::Channel;
use hub_models::domain::{Domain, DomainName};
use hub_models::engagement::{Content, Engagement};
use hub_models::id::{BatchId, DraftId};
use hub_models::moment::Moment;
use hub_models::voice::Campaign;
use hub_store::{Commitment, Draft, NewRows, StoreError};
use jiff::SignedDuration;

use super::advance::enqueue_batch;
use super::check::{Candidate, Checked, Dedup, draw_up, leave_out};
use super::let_go::{apart, earliest};
use crate::access::{AccessError, domain_of};
use crate::idempotency::{IdempotencyKey, VALID_FOR};
use crate::{Hub, metrics};

/// Much longer than a submit takes: a draft of this age has been given up.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What a row says lies beside it up to this size in bytes, so that the row is one item, which stays below 2 KB to its
/// end. What is longer has an item of its own, so that it is not paid for with each step of the row.
const SHORT: usize = 800;

/// A campaign with whom it comes from.
pub struct BatchSubmission {
    /// Who asks.
    pub caller: Caller,
    /// The tenant.
    pub domain_name: DomainName,
    /// The campaign's name or the file's.
    pub file_name: Option<FileName>,
    /// The rows that could be read; every one is of the tenant.
    pub rows: Vec<Row>,
    /// The rows that could not.
    pub skipped: Vec<SkippedRow>,
    /// The route it came by; the same key on another route is another key.
    pub route: &'static str,
    /// The caller's idempotency key.
    pub key: Option<IdempotencyKey>,
    /// What tells the request from another.
    pub request_hash: String,
}

/// A batch that was accepted, now or by an earlier request with the same key.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The batch as it was accepted or as it stands.
    pub batch: Batch,
    /// The rows that were left out, by their number.
    pub skipped: Vec<SkippedRow>,
    /// Whether this request made it.
    pub new: bool,
}

/// Why a batch was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The domain is not the caller's.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The domain's engagements are paused.
    #[error("Engagements are paused for domain \"{0}\"; try again later or have them resumed.")]
    Paused(DomainName),
    /// No row is left.
    #[error("No row can be engaged, so nothing was created. Mend the rows that errors names and send them again.")]
    NoRows {
        /// Every row with its reason, by its number.
        skipped: Vec<SkippedRow>,
    },
    /// The account cannot pay for all rows.
    #[error(
        "The account has too few credits: these rows cost {price}, and {missing} are missing. Nothing was created; add \
         credits and try again."
    )]
    TooFewCredits {
        /// What all rows cost.
        price: u64,
        /// How many credits are missing.
        missing: u64,
    },
    /// The idempotency key came with another request before.
    #[error("This Idempotency-Key was used with another request in the last 24 hours; use a new key.")]
    KeyReused,
    /// The campaign was opened again by someone who could not submit it.
    #[error("It was changed by someone else meanwhile; read it again and schedule it again.")]
    Reopened,
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accepts a batch and begins to release it.
///
/// # Errors
/// When it cannot be accepted; nothing is changed then.
pub async fn submit(hub: &Hub, submission: BatchSubmission) -> Result<Submitted, SubmitError> {
    let now = hub.clock.now();
    let domain = domain_of(hub, submission.caller.account_id(), &submission.domain_name).await?;
    let batch_id = match &submission.key {
        Some(key) => match earlier(hub, &submission.caller, submission.route, key, now).await? {
            Earlier::Answered(batch) => return answer_again(hub, *batch, &submission.request_hash).await,
            Earlier::Free(id) => id,
        },
        None => BatchId::random(),
    };
    submit_new(hub, domain, (batch_id, None), submission, now).await
}

/// Accepts the batch of a campaign under an id that stands for that: where it is there already, it is the answer, without
/// what was left out, which a campaign shows by itself.
///
/// # Errors
/// When it cannot be accepted; nothing is changed then.
pub(crate) async fn submit_as(
    hub: &Hub,
    batch_id: BatchId,
    submission: BatchSubmission,
    campaign: &Campaign,
) -> Result<Submitted, SubmitError> {
    let now = hub.clock.now();
    let domain = domain_of(hub, submission.caller.account_id(), &submission.domain_name).await?;
    match hub.store.batch(batch_id).await? {
        Some(batch) => Ok(Submitted { batch, skipped: Vec::new(), new: false }),
        None => submit_new(hub, domain, (batch_id, Some(campaign)), submission, now).await,
    }
}

async fn submit_new(
    hub: &Hub,
    domain: Arc<Domain>,
    (batch_id, campaign): (BatchId, Option<&Campaign>),
    submission: BatchSubmission,
    now: Moment,
) -> Result<Submitted, SubmitError> {
    let BatchSubmission { caller, file_name, mut rows, skipped, request_hash, .. } = submission;
    if domain.engagement_hub_paused {
        return Err(SubmitError::Paused(submission.domain_name));
    }
    rows.iter_mut().for_each(|row| row.request.test_mode |= caller.is_test());
    let Checked { kept, skipped: unfit } = draw_up(hub, &domain, rows, now).await?;
    let dedup = Dedup::On { days: domain.customer_dedup_days };
    let new = NewBatch { domain, batch_id, file_name, request_hash, retry_of: None, campaign, dedup };
    accept(hub, new, kept, [skipped, unfit].concat(), now).await
}

/// Whether the key has its batch already.
enum Earlier {
    Answered(Box<Batch>),
    Free(BatchId),
}

async fn earlier(
    hub: &Hub,
    caller: &Caller,
    route: &str,
    key: &IdempotencyKey,
    now: Moment,
) -> Result<Earlier, StoreError> {
    let candidates = key.candidates(caller.account_id(), route, now);
    let [current, previous] = [candidates.current, candidates.previous].map(|id| BatchId::from_bytes(*id.bytes()));
    let (found, before) = futures::try_join!(hub.store.batch(current), hub.store.batch(previous))?;
    let before = before.filter(|batch| now - batch.created_at < VALID_FOR);
    Ok(found.or(before).map_or(Earlier::Free(current), |batch| Earlier::Answered(Box::new(batch))))
}

/// The first answer again: what was left out is kept with the batch.
async fn answer_again(hub: &Hub, batch: Batch, request_hash: &str) -> Result<Submitted, SubmitError> {
    if batch.request_hash != request_hash {
        return Err(SubmitError::KeyReused);
    }
    let skipped = hub.store.skipped_rows(batch.draft_id).await?;
    Ok(Submitted { batch, skipped, new: false })
}

/// What a batch is to be, beside its rows.
pub(super) struct NewBatch<'a> {
    pub(super) domain: Arc<Domain>,
    pub(super) batch_id: BatchId,
    pub(super) file_name: Option<FileName>,
    pub(super) request_hash: String,
    pub(super) retry_of: Option<&'a Batch>,
    pub(super) campaign: Option<&'a Campaign>,
    pub(super) dedup: Dedup,
}

/// Makes a batch of all candidates that may be engaged.
pub(super) async fn accept(
    hub: &Hub,
    new: NewBatch<'_>,
    candidates: Vec<Candidate>,
    skipped: Vec<SkippedRow>,
    now: Moment,
) -> Result<Submitted, SubmitError> {
    if candidates.is_empty() {
        return Err(no_rows(skipped));
    }
    let account_id = new.domain.account_id;
    let draft = draft(&new.domain, candidates.len(), skipped.len(), now);
    // Nothing waits for the note of the draft: it is made while the rest is looked up.
    let checks = leave_out(hub, &new.domain, candidates, new.dedup, now);
    let (checked, account, ()) =
        futures::try_join!(checks, hub.store.account(account_id), hub.store.begin_draft(&draft))?;
    let skipped = in_order([skipped, checked.skipped].concat());
    let price = checked.kept.iter().map(|candidate| candidate.engagement.price).sum();
    let missing = missing(price, account.map_or(0, |account| account.balance));
    if checked.kept.is_empty() || missing > 0 {
        hub.store.forget_draft(draft.draft_id).await?;
        return Err(if missing > 0 { SubmitError::TooFewCredits { price, missing } } else { no_rows(skipped) });
    }
    let batch = new.batch(draft.draft_id, checked.kept.len(), skipped.len(), price, hub, now);
    let remembered_for_days = new.domain.customer_dedup_days;
    let channels = channels_to_count(&checked.kept);
    let rows = in_places(&batch, &new.domain, apart(hub, Some(&new.domain)), checked.kept);
    hub.store.write_rows(draft.draft_id, NewRows { rows, skipped: skipped.clone(), remembered_for_days }).await?;
    let submitted = commit(hub, batch, (new.retry_of, new.campaign), skipped).await?;
    if submitted.new {
        channels.into_iter().for_each(metrics::accepted_on);
    }
    Ok(submitted)
}

fn channels_to_count(candidates: &[Candidate]) -> Vec<Channel> {
    let counted = candidates.iter().filter(|candidate| !candidate.engagement.test_mode);
    counted.map(|candidate| candidate.engagement.channel).collect()
}

async fn commit(
    hub: &Hub,
    batch: Batch,
    (retry_of, campaign): (Option<&Batch>, Option<&Campaign>),
    skipped: Vec<SkippedRow>,
) -> Result<Submitted, SubmitError> {
    match hub.store.commit_batch(&batch, retry_of, campaign).await? {
        Commitment::Committed => {
            tracing::info!(batch_id = %batch.batch_id, rows = batch.rows, skipped = batch.skipped, "batch accepted");
            enqueue_batch(hub, &batch, SignedDuration::ZERO).await;
            Ok(Submitted { batch, skipped, new: true })
        }
        // The rows of this draft are no engagements, and go when the draft counts as given up.
        Commitment::Existing(batch) if campaign.is_some() => {
            Ok(Submitted { batch: *batch, skipped: Vec::new(), new: false })
        }
        Commitment::Existing(existing) => answer_again(hub, *existing, &batch.request_hash).await,
        Commitment::TooFewCredits => {
            let account = hub.store.account(batch.account_id).await?;
            let missing = missing(batch.price, account.map_or(0, |account| account.balance)).max(1);
            Err(SubmitError::TooFewCredits { price: batch.price, missing })
        }
        Commitment::Reopened => Err(SubmitError::Reopened),
        Commitment::GivenUp => {
            let told = format!("batch {} took so long that it was given up", batch.batch_id);
            Err(StoreError::OutOfOrder(told).into())
        }
    }
}

impl NewBatch<'_> {
    fn batch(&self, draft_id: DraftId, rows: usize, skipped: usize, price: u64, hub: &Hub, now: Moment) -> Batch {
        Batch {
            batch_id: self.batch_id,
            draft_id,
            account_id: self.domain.account_id,
            domain_name: self.domain.domain_name.clone(),
            version: 1,
            status: BatchStatus::Running,
            file_name: self.file_name.clone(),
            rows: number(rows),
            skipped: number(skipped),
            price,
            created_at: now,
            due_at: Some(hub.settings.pace.plan(now, now).due_at),
            released: 0,
            passed_over: 0,
            next_release_at: now,
            ending_since: None,
            resuming: false,
            called_off: 0,
            completed_at: None,
            ended: None,
            retry_of: self.retry_of.map(|batch| batch.batch_id),
            retried_as: None,
            request_hash: self.request_hash.clone(),
        }
    }
}

fn draft(domain: &Domain, candidates: usize, skipped: usize, now: Moment) -> Draft {
    Draft {
        draft_id: DraftId::random(),
        domain_name: domain.domain_name.clone(),
        places: number(candidates),
        skipped: number(candidates + skipped),
        due_at: now + GIVEN_UP_AFTER,
    }
}

/// A count of rows, of which there are at most ten thousand.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn missing(price: u64, balance: u64) -> u64 {
    price.saturating_sub(balance)
}

fn no_rows(skipped: Vec<SkippedRow>) -> SubmitError {
    SubmitError::NoRows { skipped: in_order(skipped) }
}

fn in_order(mut skipped: Vec<SkippedRow>) -> Vec<SkippedRow> {
    skipped.sort_by_key(|row| row.number);
    skipped
}

/// The rows of a batch at their places, which are those of a line that moves at this pace: rows that quiet hours will hold
/// back when their turn comes stand behind those that can go out meanwhile.
fn in_places(
    batch: &Batch,
    domain: &Domain,
    apart: SignedDuration,
    mut candidates: Vec<Candidate>,
) -> Vec<(Engagement, Option<Content>)> {
    let time = |candidate: &Candidate| earliest(&candidate.engagement, Some(domain), batch.created_at);
    candidates.sort_by_cached_key(|candidate| (time(candidate), candidate.number));
    let mut next = batch.created_at;
    let mut in_line: Vec<_> =
        candidates.into_iter().map(|one| (turn(&one.engagement, domain, apart, &mut next), one)).collect();
    in_line.sort_by_key(|(at, _)| *at);
    (0..).zip(in_line).map(|(place, (_, candidate))| at_place(batch, place, candidate)).collect()
}

/// When a row's turn is, where the next one of its line is at `next`. A row that has to wait for the end of quiet hours
/// lets the others pass.
fn turn(row: &Engagement, domain: &Domain, apart: SignedDuration, next: &mut Moment) -> Moment {
    let (at, without_quiet) = (earliest(row, Some(domain), *next), earliest(row, None, *next));
    if at == without_quiet {
        *next = at + apart;
    }
    at
}

fn at_place(batch: &Batch, place: u32, candidate: Candidate) -> (Engagement, Option<Content>) {
    let Candidate { number, mut engagement, content } = candidate;
    engagement.engagement_id = batch.row(place);
    engagement.due_at = None;
    engagement.batch = Some(BatchRow { batch_id: batch.batch_id, number, place, stage: RowStage::Waiting });
    if size(&content) > SHORT {
        return (engagement, Some(content));
    }
    engagement.content = Some(Box::new(content));
    (engagement, None)
}

/// About how large it is as an item; what cannot be told counts as large.
fn size(content: &Content) -> usize {
    serde_json::to_vec(content).map_or(usize::MAX, |json| json.len())
}
