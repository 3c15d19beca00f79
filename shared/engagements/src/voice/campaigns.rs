//! Campaigns, found and changed. Every change is decided on what is there, and decided again where another was faster.

use hub_models::domain::Domain;
use hub_models::voice::{Campaign, CampaignId, Part, PartKind, ShortId};
use hub_store::{CampaignWritten, StoreError};

use super::VoiceError;
use crate::Hub;

/// What a change makes of a campaign, with what is to be told of it.
pub type CampaignEdit<T> = Result<(Campaign, T), VoiceError>;

/// The campaign with the part that this id names, if it is the domain's.
///
/// # Errors
/// When there is none, or the table cannot be read.
pub async fn campaign(hub: &Hub, domain: &Domain, kind: PartKind, id: ShortId) -> Result<(Campaign, Part), VoiceError> {
    let (campaign_id, part) = CampaignId::of(id);
    let found = hub.store.campaign(campaign_id).await?.filter(|campaign| campaign.domain_name == domain.domain_name);
    let named = found.filter(|campaign| part.kind() == kind && campaign.has(part));
    named.map(|campaign| (campaign, part)).ok_or(VoiceError::Unknown { kind: kind.as_str(), id })
}

/// All campaigns of a domain, in the order in which they were made.
///
/// # Errors
/// When the tables cannot be read.
pub async fn all(hub: &Hub, domain: &Domain) -> Result<Vec<Campaign>, StoreError> {
    let ids = hub.store.campaigns(&domain.domain_name).await?;
    hub.store.campaigns_with(&ids).await
}

/// Changes the campaign of which this id names a part.
///
/// # Errors
/// When there is none, it cannot be changed so, or a table cannot be used.
pub async fn change<T>(
    hub: &Hub,
    domain: &Domain,
    (kind, id): (PartKind, ShortId),
    edit: impl Fn(Campaign, Part) -> CampaignEdit<T>,
) -> CampaignEdit<T> {
    loop {
        let (current, part) = campaign(hub, domain, kind, id).await?;
        let (next, told) = edit(current, part)?;
        let next = next.next_version(hub.clock.now());
        if hub.store.save_campaign(&next).await? == CampaignWritten::Yes {
            return Ok((next, told));
        }
    }
}

/// Removes a campaign that was not submitted, with all that belongs to it.
///
/// # Errors
/// When there is none, it was submitted, or a table cannot be used.
pub async fn remove(hub: &Hub, domain: &Domain, id: ShortId) -> Result<(), VoiceError> {
    loop {
        let (current, _) = campaign(hub, domain, PartKind::Engagements, id).await?;
        current.open()?;
        if hub.store.delete_campaign(&current).await? == CampaignWritten::Yes {
            return Ok(());
        }
    }
}
