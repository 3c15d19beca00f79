//! Campaigns of the JSON:API: one item with activity and triggers, and items with some of its envelopes each.
//!
//! Every change of a campaign is written over the version that it was made from, and envelopes in the same transaction.
//! So a campaign that was submitted has all envelopes that were ever answered for, and gets no more.

use aws_sdk_dynamodb::types::TransactWriteItem;
use hub_models::domain::DomainName;
use hub_models::voice::{Campaign, CampaignId, Envelope};
use serde::{Deserialize, Serialize};

use crate::engagements::NOT_THERE;
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, to_item};
use crate::keys;
use crate::transaction::{Transacted, check, delete, put};
use crate::{Store, Tables};

/// How many envelopes lie in one item: of the largest that are taken, about 100 kB.
const TOGETHER: usize = 40;

/// What became of a campaign that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignWritten {
    /// It was written.
    Yes,
    /// Another change came first; read it again.
    Conflict,
}

#[derive(Serialize, Deserialize)]
struct Note {
    id: CampaignId,
}

#[derive(Serialize, Deserialize)]
struct Envelopes {
    envelopes: Vec<Envelope>,
}

impl Store {
    /// Writes a new campaign, and the domain's note of it.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn create_campaign(&self, campaign: &Campaign) -> Result<(), StoreError> {
        let Tables { accounts, engagements } = &self.tables;
        let note = keys::campaign_note(&campaign.domain_name, campaign.created_at, campaign.id);
        let writes = vec![
            put(engagements, to_item(&keys::campaign(campaign.id), campaign)?, None, Item::new())?,
            put(accounts, to_item(&note, &Note { id: campaign.id })?, None, Item::new())?,
        ];
        self.transact(writes).await.map(drop)
    }

    /// The campaign as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn campaign(&self, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
        self.read(&self.tables.engagements, &keys::campaign(id)).await
    }

    /// The campaigns of a domain, in the order in which they were made.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub async fn campaigns(&self, domain: &DomainName) -> Result<Vec<CampaignId>, StoreError> {
        let notes: Vec<Note> =
            self.read_all(&self.tables.accounts, &keys::voice_pk(domain), keys::CAMPAIGN_NOTE).await?;
        Ok(notes.into_iter().map(|note| note.id).collect())
    }

    /// Those of these campaigns that are there, in that order.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn campaigns_with(&self, ids: &[CampaignId]) -> Result<Vec<Campaign>, StoreError> {
        let keys: Vec<_> = ids.iter().copied().map(keys::campaign).collect();
        let mut found = self.get_many(&self.tables.engagements, keys.clone()).await?;
        keys.iter().filter_map(|key| found.remove(key)).map(from_item).collect()
    }

    /// Writes a changed campaign over the one that it was made from.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_campaign(&self, campaign: &Campaign) -> Result<CampaignWritten, StoreError> {
        self.write_campaign_with(campaign, Vec::new()).await
    }

    /// The same, unless the campaign has its batch already.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_campaign_without_batch(&self, campaign: &Campaign) -> Result<CampaignWritten, StoreError> {
        let batch = keys::batch(campaign.id.batch_id());
        let no_batch = check(&self.tables.engagements, &batch, NOT_THERE, Item::new())?;
        self.write_campaign_with(campaign, vec![no_batch]).await
    }

    /// The same together with new envelopes of it, all or nothing. They are at most a thousand, and numbered in order.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn add_envelopes(&self, campaign: &Campaign, new: &[Envelope]) -> Result<CampaignWritten, StoreError> {
        let chunks = new.chunks(TOGETHER).map(|chunk| self.envelopes_put(campaign.id, chunk.to_vec()));
        self.write_campaign_with(campaign, chunks.collect::<Result<_, _>>()?).await
    }

    /// The same together with a changed envelope of it.
    ///
    /// # Errors
    /// When the table cannot be written, or the envelope is not there.
    pub async fn save_envelope(&self, campaign: &Campaign, changed: Envelope) -> Result<CampaignWritten, StoreError> {
        let mut together = self.envelopes_with(campaign.id, changed.number).await?;
        let place = together.iter_mut().find(|envelope| envelope.number == changed.number);
        *place.ok_or_else(|| StoreError::Unreadable("the envelope is gone".to_owned()))? = changed;
        let write = self.envelopes_put(campaign.id, together)?;
        self.write_campaign_with(campaign, vec![write]).await
    }

    async fn write_campaign_with(
        &self,
        campaign: &Campaign,
        mut writes: Vec<TransactWriteItem>,
    ) -> Result<CampaignWritten, StoreError> {
        let before = Item::from([(":before".to_owned(), n(campaign.version - 1))]);
        let item = to_item(&keys::campaign(campaign.id), campaign)?;
        writes.push(put(&self.tables.engagements, item, Some("version = :before"), before)?);
        let Transacted::Refused(reasons) = self.transact(writes).await? else { return Ok(CampaignWritten::Yes) };
        let found = reasons.into_iter().next_back().flatten().and_then(|reason| reason.found);
        // The very same is there: it was written before, and the answer was lost.
        let found: Option<Campaign> = found.map(from_item).transpose()?;
        Ok(if found.as_ref() == Some(campaign) { CampaignWritten::Yes } else { CampaignWritten::Conflict })
    }

    fn envelopes_put(&self, id: CampaignId, envelopes: Vec<Envelope>) -> Result<TransactWriteItem, StoreError> {
        let first = envelopes.first().map_or(0, |envelope| envelope.number);
        let item = to_item(&keys::envelopes(id, first), &Envelopes { envelopes })?;
        put(&self.tables.engagements, item, None, Item::new())
    }

    /// All envelopes that were ever put into a campaign, by their numbers; those that were taken out again are among them.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn envelopes(&self, id: CampaignId) -> Result<Vec<Envelope>, StoreError> {
        let parts: Vec<Envelopes> =
            self.read_all(&self.tables.engagements, &keys::campaign_pk(id), keys::ENVELOPES).await?;
        Ok(parts.into_iter().flat_map(|part| part.envelopes).collect())
    }

    /// The envelope with this number, even where it was taken out again.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn envelope(&self, id: CampaignId, number: u32) -> Result<Option<Envelope>, StoreError> {
        let together = self.envelopes_with(id, number).await?;
        Ok(together.into_iter().find(|envelope| envelope.number == number))
    }

    /// The envelopes that lie in one item with this one.
    async fn envelopes_with(&self, id: CampaignId, number: u32) -> Result<Vec<Envelope>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :this")
            .expression_attribute_values(":pk", s(keys::campaign_pk(id)))
            .expression_attribute_values(":first", s(keys::ENVELOPES))
            .expression_attribute_values(":this", s(keys::envelopes(id, number).sk))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(1);
        let item = query.send().await?.items.and_then(|mut items| items.pop());
        let part: Option<Envelopes> = item.map(from_item).transpose()?;
        Ok(part.map(|part| part.envelopes).unwrap_or_default())
    }

    /// Removes a campaign that was not changed since it was read, with the domain's note of it and its envelopes. Where
    /// this breaks off, envelopes may stay behind; they are out of everyone's reach then.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn delete_campaign(&self, campaign: &Campaign) -> Result<CampaignWritten, StoreError> {
        let Tables { accounts, engagements } = &self.tables;
        let before = Item::from([(":before".to_owned(), n(campaign.version))]);
        let note = keys::campaign_note(&campaign.domain_name, campaign.created_at, campaign.id);
        let writes = vec![
            delete(engagements, &keys::campaign(campaign.id), Some("version = :before"), before)?,
            delete(accounts, &note, None, Item::new())?,
        ];
        if let Transacted::Refused(_) = self.transact(writes).await? {
            return Ok(CampaignWritten::Conflict);
        }
        let parts: Vec<Envelopes> =
            self.read_all(engagements, &keys::campaign_pk(campaign.id), keys::ENVELOPES).await?;
        let firsts = parts.iter().filter_map(|part| part.envelopes.first());
        self.delete_many(firsts.map(|envelope| keys::envelopes(campaign.id, envelope.number)).collect()).await?;
        Ok(CampaignWritten::Yes)
    }
}
