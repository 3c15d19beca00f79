//! The envelopes of a campaign: put in together or not at all, and shown with what became of their contacts.

use std::collections::HashMap;
use std::ops::Range;

use hub_models::batch::SkippedRow;
use hub_models::domain::Domain;
use hub_models::engagement::Engagement;
use hub_models::voice::{Campaign, Envelope, Part, PartKind, ShortId};
use hub_store::{CampaignWritten, StoreError};

use super::{VoiceError, campaign};
use crate::Hub;

/// An envelope with what became of it.
#[derive(Clone, Debug)]
pub struct ShownEnvelope {
    /// The envelope.
    pub envelope: Envelope,
    /// The engagement that it became, once its campaign was submitted.
    pub engagement: Option<Engagement>,
    /// Why it became none.
    pub skipped: Option<SkippedRow>,
}

/// Puts envelopes into a campaign, all or none. Their numbers are given here.
///
/// # Errors
/// When there is no such campaign, it takes no more, or a table cannot be used.
pub async fn add(
    hub: &Hub,
    domain: &Domain,
    id: ShortId,
    new: Vec<Envelope>,
) -> Result<(Campaign, Vec<Envelope>), VoiceError> {
    let mut new = new;
    let more = u32::try_from(new.len()).unwrap_or(u32::MAX);
    loop {
        let (current, _) = campaign(hub, domain, PartKind::Engagements, id).await?;
        let (next, numbers) = current.with_envelopes(more)?;
        new.iter_mut().zip(numbers).for_each(|(envelope, number)| envelope.number = number);
        let next = next.next_version(hub.clock.now());
        if hub.store.add_envelopes(&next, &new).await? == CampaignWritten::Yes {
            return Ok((next, new));
        }
    }
}

/// The envelope with this id, with its campaign and what became of it.
///
/// # Errors
/// When it is not the domain's, or a table cannot be read.
pub async fn envelope(hub: &Hub, domain: &Domain, id: ShortId) -> Result<(Campaign, ShownEnvelope), VoiceError> {
    let (campaign, part) = campaign(hub, domain, PartKind::Envelopes, id).await?;
    let unknown = || VoiceError::Unknown { kind: PartKind::Envelopes.as_str(), id };
    let Part::Envelope(number) = part else { return Err(unknown()) };
    let envelope = hub.store.envelope(campaign.id, number).await?.ok_or_else(unknown)?;
    let shown = shown(hub, &campaign, vec![envelope]).await?.pop().ok_or_else(unknown)?;
    Ok((campaign, shown))
}

/// The envelopes of a campaign that was not submitted, or of which nothing more is to be known, by their numbers.
///
/// # Errors
/// When the table cannot be read.
pub async fn envelopes(hub: &Hub, campaign: &Campaign) -> Result<Vec<Envelope>, StoreError> {
    let all = hub.store.envelopes(campaign.id).await?;
    Ok(all.into_iter().filter(|envelope| campaign.has_envelope(envelope.number)).collect())
}

/// The envelopes of these campaigns that come in these places when they are counted through, with what became of them.
///
/// # Errors
/// When a table cannot be read.
pub async fn page_of_envelopes<'a>(
    hub: &Hub,
    campaigns: &'a [Campaign],
    places: Range<usize>,
) -> Result<Vec<(&'a Campaign, ShownEnvelope)>, StoreError> {
    let (mut page, mut before) = (Vec::new(), 0);
    for campaign in campaigns {
        let count = usize::try_from(campaign.envelopes()).unwrap_or(usize::MAX);
        let (from, to) = (places.start.saturating_sub(before), places.end.saturating_sub(before).min(count));
        before += count;
        if from < to {
            let wanted: Vec<_> = envelopes(hub, campaign).await?.into_iter().skip(from).take(to - from).collect();
            page.extend(shown(hub, campaign, wanted).await?.into_iter().map(|one| (campaign, one)));
        }
    }
    Ok(page)
}

/// Envelopes with what became of them.
async fn shown(hub: &Hub, campaign: &Campaign, envelopes: Vec<Envelope>) -> Result<Vec<ShownEnvelope>, StoreError> {
    let batch = match campaign.submitted_at {
        Some(_) => hub.store.batch(campaign.id.batch_id()).await?,
        None => None,
    };
    let Some(batch) = batch else {
        let alone = |envelope| ShownEnvelope { envelope, engagement: None, skipped: None };
        return Ok(envelopes.into_iter().map(alone).collect());
    };
    let skipped = if batch.skipped > 0 { hub.store.skipped_rows(batch.draft_id).await? } else { Vec::new() };
    let left_out: Vec<u32> = skipped.iter().map(|row| row.number).collect();
    let ids = envelopes.iter().filter_map(|envelope| campaign.place(envelope.number, &left_out));
    let engagements = hub.store.engagements_with(ids.map(|place| batch.row(place)).collect()).await?;
    let by_row = |engagement: Engagement| Some((engagement.batch?.number, engagement));
    let mut engagements: HashMap<u32, Engagement> = engagements.into_iter().filter_map(by_row).collect();
    let mut skipped: HashMap<u32, SkippedRow> = skipped.into_iter().map(|row| (row.number, row)).collect();
    let joined = envelopes.into_iter().map(|envelope| {
        let row = envelope.number + 1;
        ShownEnvelope { envelope, engagement: engagements.remove(&row), skipped: skipped.remove(&row) }
    });
    Ok(joined.collect())
}

/// Changes an envelope of a campaign that was not submitted.
///
/// # Errors
/// When there is none, its campaign was submitted, or a table cannot be used.
pub async fn change_envelope(
    hub: &Hub,
    domain: &Domain,
    id: ShortId,
    edit: impl Fn(&Campaign, Envelope) -> Result<Envelope, VoiceError>,
) -> Result<(Campaign, Envelope), VoiceError> {
    loop {
        let (campaign, ShownEnvelope { envelope, .. }) = envelope(hub, domain, id).await?;
        campaign.open()?;
        let now = hub.clock.now();
        let changed = Envelope { updated_at: now, ..edit(&campaign, envelope)? };
        let next = campaign.next_version(now);
        if hub.store.save_envelope(&next, changed.clone()).await? == CampaignWritten::Yes {
            return Ok((next, changed));
        }
    }
}
