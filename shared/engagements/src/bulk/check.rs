//! Which rows can be engaged, and what to tell of those that cannot (checklist I3, I6).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::future::try_join_all;
use hub_models::batch::{Batch, Row, SkipReason, SkippedRow};
use hub_models::contact::Contact;
use hub_models::do_not_contact::DoNotContact;
use hub_models::domain::{Domain, DomainName};
use hub_models::engagement::{Content, Engagement, State};
use hub_models::id::{BatchId, EngagementId};
use hub_models::moment::Moment;
use hub_models::schedule::Plan;
use hub_store::StoreError;
use jiff::SignedDuration;

use crate::Hub;
use crate::start::{Prepared, StartError, fits};

/// How many rows are looked at side by side, where something must be read for them.
const SIDE_BY_SIDE: usize = 16;

/// A row that may become an engagement.
pub(super) struct Candidate {
    pub(super) number: u32,
    pub(super) engagement: Engagement,
    pub(super) content: Content,
}

/// Rows that passed and rows that did not.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) kept: Vec<Candidate>,
    pub(super) skipped: Vec<SkippedRow>,
}

impl Checked {
    pub(super) fn add(&mut self, checked: Result<Candidate, SkippedRow>) {
        match checked {
            Ok(candidate) => self.kept.push(candidate),
            Err(skipped) => self.skipped.push(skipped),
        }
    }
}

/// Whether contacts are engaged once only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dedup {
    /// Once in a batch, and not again within so many days; 0 is without that.
    On { days: u32 },
    /// They were accepted once, and are tried again.
    Retry,
}

/// Makes an engagement of each row that goes together with the domain's setup.
pub(super) async fn draw_up(
    hub: &Hub,
    domain: &Arc<Domain>,
    rows: Vec<Row>,
    now: Moment,
) -> Result<Checked, StoreError> {
    let (mut checked, mut rows) = (Checked::default(), rows.into_iter());
    // The first row alone, so that what it reads is there for all others.
    if let Some(first) = rows.next() {
        checked.add(draw_up_one(hub, domain, first, now).await?);
    }
    loop {
        let some: Vec<_> = rows.by_ref().take(SIDE_BY_SIDE).map(|row| draw_up_one(hub, domain, row, now)).collect();
        if some.is_empty() {
            return Ok(checked);
        }
        try_join_all(some).await?.into_iter().for_each(|one| checked.add(one));
    }
}

async fn draw_up_one(
    hub: &Hub,
    domain: &Arc<Domain>,
    row: Row,
    now: Moment,
) -> Result<Result<Candidate, SkippedRow>, StoreError> {
    let Row { number, mut request } = row;
    let email = match fits(hub, domain, &mut request).await {
        Ok(email) => email,
        Err(StartError::Store(error)) => return Err(error),
        Err(StartError::Unfit(faults)) => return Ok(Err(unreadable(number, faults.sentences()))),
        Err(error) => return Ok(Err(unreadable(number, error.to_string()))),
    };
    let later = Plan { due_at: now, delay: None };
    let (engagement, content) = Prepared::row(Arc::clone(domain), request, email).into_engagement(later, None, now);
    Ok(Ok(Candidate { number, engagement, content }))
}

/// A row that cannot become an engagement, with what to mend.
pub(super) fn unreadable(number: u32, why: String) -> SkippedRow {
    SkippedRow { number, reason: SkipReason::Unreadable(why) }
}

/// Leaves out who must not be engaged: at all, or again.
pub(super) async fn leave_out(
    hub: &Hub,
    domain: &Domain,
    candidates: Vec<Candidate>,
    dedup: Dedup,
    now: Moment,
) -> Result<Checked, StoreError> {
    let contacts: Vec<&Contact> = candidates.iter().map(|candidate| &candidate.engagement.contact).collect();
    let (closed, lately) = futures::try_join!(
        hub.store.closed_to_many(&domain.domain_name, &contacts),
        engaged_lately(hub, &domain.domain_name, &contacts, dedup, now)
    )?;
    let mut sieve = Sieve { closed, lately, dedup, seen: HashSet::with_capacity(candidates.len()) };
    let mut checked = Checked::default();
    for candidate in candidates {
        let number = candidate.number;
        checked.add(match sieve.holds(&candidate.engagement) {
            Some(reason) => Err(SkippedRow { number, reason }),
            None => Ok(candidate),
        });
    }
    Ok(checked)
}

/// What holds rows back, one after the other.
struct Sieve {
    closed: HashMap<String, DoNotContact>,
    lately: HashSet<String>,
    dedup: Dedup,
    seen: HashSet<String>,
}

impl Sieve {
    fn holds(&mut self, engagement: &Engagement) -> Option<SkipReason> {
        let (key, channel) = (engagement.contact.key(), engagement.channel);
        if let Some(entry) = self.closed.get(&key).and_then(|closed| closed.closing(channel.into())) {
            return Some(SkipReason::DoNotContact { channel, reason: entry.reason.to_string() });
        }
        let Dedup::On { days } = self.dedup else { return None };
        if self.lately.contains(&key) {
            return Some(SkipReason::EngagedLately { days });
        }
        (!self.seen.insert(key)).then_some(SkipReason::Duplicate)
    }
}

/// Which contacts were engaged within the domain's days, by their key.
///
/// It looks before anything is written: of two campaigns that are submitted in the same moment neither sees the other, and
/// a contact of both is engaged twice.
async fn engaged_lately(
    hub: &Hub,
    domain: &DomainName,
    contacts: &[&Contact],
    dedup: Dedup,
    now: Moment,
) -> Result<HashSet<String>, StoreError> {
    let Dedup::On { days: days @ 1.. } = dedup else { return Ok(HashSet::new()) };
    let since = now + -SignedDuration::from_hours(24 * i64::from(days));
    let marks = hub.store.marks(domain, contacts).await?;
    let ids: HashSet<_> = marks.values().flat_map(|mark| mark.engagements_since(since)).collect();
    let engaged = really_engaged(hub, ids.into_iter().collect()).await?;
    let lately = marks.into_iter().filter(|(_, mark)| mark.engagements_since(since).any(|id| engaged.contains(&id)));
    Ok(lately.map(|(contact, _)| contact).collect())
}

/// Of these engagements, those that have reached their contact or still may: neither failed nor called off, and no rows
/// of a batch that never came about.
async fn really_engaged(hub: &Hub, ids: Vec<EngagementId>) -> Result<HashSet<EngagementId>, StoreError> {
    let mut engagements = hub.store.engagements_with(ids).await?;
    engagements.retain(|engagement| !matches!(engagement.state, State::Failed | State::Cancelled));
    let waiting = engagements.iter().filter(|engagement| engagement.waits_for_its_batch());
    let batches: HashSet<BatchId> = waiting.filter_map(|row| row.batch.map(|row| row.batch_id)).collect();
    let batches = hub.store.batches_with(batches.into_iter().collect()).await?;
    let batches: HashMap<BatchId, Batch> = batches.into_iter().map(|batch| (batch.batch_id, batch)).collect();
    let counts = |engagement: &Engagement| !engagement.waits_for_its_batch() || is_row(engagement, &batches);
    Ok(engagements.iter().filter(|engagement| counts(engagement)).map(|engagement| engagement.engagement_id).collect())
}

fn is_row(engagement: &Engagement, batches: &HashMap<BatchId, Batch>) -> bool {
    let Some(row) = engagement.batch else { return false };
    batches.get(&row.batch_id).is_some_and(|batch| batch.row(row.place) == engagement.engagement_id)
}
