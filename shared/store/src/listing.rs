//! Lists of a domain, newest first, a page at a time, over one index partition a day.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_models::channel::Channel;
use hub_models::domain::DomainName;
use hub_models::engagement::{Engagement, WireStatus};
use hub_models::id::BatchId;
use hub_models::moment::Moment;
use hub_models::text::ForeignId;
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, s, text};
use crate::keys::{self, Key};
use crate::many::{Reading, key_of};

/// How many queries one request makes, a day each at least. A page may come short and still have a cursor.
const MOST_QUERIES: usize = 62;

/// How many index entries one query of a filtered list reads past.
const READ_PAST: usize = 500;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T, C = Cursor> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next: Option<C>,
}

/// Where a list goes on. It names times and ids only; the tenant always comes from the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(Position);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Position {
    /// A place among the rows of a batch.
    Row { place: u32 },
    /// A day, and an entry of it.
    Day(DayCursor),
}

/// Where a list by days goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DayCursor {
    day: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<[String; 3]>,
}

/// A text that is no cursor of this hub.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a cursor; use the next_cursor of the page before.")]
pub struct CursorError;

impl Cursor {
    /// The cursor as callers carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The cursor that was encoded so.
    ///
    /// # Errors
    /// When it was not.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| CursorError)?;
        let readable = match &cursor.0 {
            Position::Row { .. } => true,
            Position::Day(day) => day.start_of_day().is_some(),
        };
        if readable { Ok(cursor) } else { Err(CursorError) }
    }

    /// The cursor at this place among the rows of a batch.
    pub(crate) fn at_row(place: u32) -> Self {
        Self(Position::Row { place })
    }

    /// The place among the rows of a batch; the first one where it is a cursor of another list.
    pub(crate) fn row(&self) -> u32 {
        match &self.0 {
            Position::Row { place } => *place,
            Position::Day(_) => 0,
        }
    }

    /// The place in a list by days; none where it is a cursor of another list.
    fn into_day(self) -> Option<DayCursor> {
        match self.0 {
            Position::Day(day) => Some(day),
            Position::Row { .. } => None,
        }
    }
}

impl DayCursor {
    fn at(day: String) -> Self {
        Self { day, after: None }
    }

    fn start_of_day(&self) -> Option<Moment> {
        format!("{}T00:00:00Z", self.day).parse().ok()
    }

    /// The cursor behind this index entry, on the same day.
    fn after(&self, item: &Item) -> Self {
        let after = Some(["created_at", "pk", "sk"].map(|name| text(item, name).to_owned()));
        Self { day: self.day.clone(), after }
    }

    /// The start of the day before, unless that is before `since`.
    fn day_before(&self, since: Moment) -> Option<Self> {
        let day = (self.start_of_day()? + SignedDuration::from_hours(-24)).day();
        (day >= since.day()).then(|| Self::at(day))
    }

    fn start_key(&self, partition: &str) -> Option<Item> {
        let [created_at, pk, sk] = self.after.as_ref()?;
        let key = [("domain_day", partition), ("created_at", created_at), ("pk", pk), ("sk", sk)];
        Some(key.into_iter().map(|(name, value)| (name.to_owned(), s(value))).collect())
    }
}

/// Which engagements are listed. What is not named is not asked for.
#[derive(Clone, Debug, Default)]
pub struct EngagementFilter {
    /// Accepted at or after.
    pub from: Option<Moment>,
    /// Accepted before.
    pub to: Option<Moment>,
    /// The status as callers see it.
    pub status: Option<WireStatus>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The contact.
    pub contact: Option<String>,
    /// The caller's record.
    pub source_record_id: Option<String>,
    /// The batch. Its rows are listed in the order in which they are released.
    pub batch_id: Option<BatchId>,
}

impl EngagementFilter {
    fn on_index(&self) -> Option<Filter> {
        let fixed = [
            ("channel", self.channel.map(|channel| channel.as_str().to_owned())),
            ("contact", self.contact.clone()),
            ("source_record_id", self.source_record_id.clone()),
        ];
        let asked: Vec<(&str, String)> = fixed.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        (!asked.is_empty()).then(|| Filter::all_equal(&asked))
    }

    /// Whether an engagement that was not found by the index is asked for.
    fn keeps_row(&self, engagement: &Engagement) -> bool {
        self.keeps(engagement)
            && self.channel.is_none_or(|channel| engagement.channel == channel)
            && self.contact.as_ref().is_none_or(|contact| engagement.contact.as_str() == contact)
            && (self.source_record_id.is_none()
                || engagement.source.record_id.as_ref().map(ForeignId::as_str) == self.source_record_id.as_deref())
    }

    fn keeps(&self, engagement: &Engagement) -> bool {
        self.status.is_none_or(|status| engagement.state.wire() == status)
            && self.from.is_none_or(|from| engagement.created_at >= from)
            && self.to.is_none_or(|to| engagement.created_at < to)
    }
}

/// A filter that the index itself can apply.
pub(crate) struct Filter {
    expression: String,
    names: HashMap<String, String>,
    values: Item,
}

impl Filter {
    fn all_equal(asked: &[(&str, String)]) -> Self {
        let terms: Vec<String> = (0..asked.len()).map(|i| format!("#f{i} = :f{i}")).collect();
        let names = asked.iter().enumerate().map(|(i, (name, _))| (format!("#f{i}"), (*name).to_owned())).collect();
        let values = asked.iter().enumerate().map(|(i, (_, value))| (format!(":f{i}"), s(value))).collect();
        Self { expression: terms.join(" AND "), names, values }
    }
}

impl Store {
    /// The engagements of a domain, newest first. Days before `since`, when the domain was made, are not looked at.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn engagements(
        &self,
        domain: &DomainName,
        since: Moment,
        filter: &EngagementFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Engagement>, StoreError> {
        let since = filter.from.map_or(since, |from| from.max(since));
        if let Some(batch_id) = filter.batch_id {
            return self.engagements_of_batch(domain, batch_id, filter, cursor, limit).await;
        }
        let newest = filter.to.map_or(self.clock.now(), |to| to.min(self.clock.now()));
        let list =
            List { partition: |day: &str| keys::domain_day(domain, day), since, filter: filter.on_index(), limit };
        self.newest_first(&list, cursor, newest, |engagement| filter.keeps(engagement)).await
    }

    async fn engagements_of_batch(
        &self,
        domain: &DomainName,
        batch_id: BatchId,
        filter: &EngagementFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Engagement>, StoreError> {
        let batch = self.batch(batch_id).await?.filter(|batch| batch.domain_name == *domain);
        let Some(batch) = batch else { return Ok(Page { items: Vec::new(), next: None }) };
        let (mut items, mut place) = (Vec::new(), cursor.map_or(0, |cursor| cursor.row()));
        for _ in 0..MOST_QUERIES {
            let wanted = u32::try_from(limit - items.len()).unwrap_or(u32::MAX);
            let end = place.saturating_add(wanted).min(batch.rows);
            if place >= end {
                break;
            }
            let rows = self.rows(&batch, place..end).await?;
            items.extend(rows.into_iter().filter(|row| filter.keeps_row(row)));
            place = end;
        }
        Ok(Page { items, next: (place < batch.rows).then(|| Cursor::at_row(place)) })
    }

    pub(crate) async fn newest_first<T: DeserializeOwned>(
        &self,
        list: &List<impl Fn(&str) -> String>,
        cursor: Option<Cursor>,
        newest: Moment,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Page<T>, StoreError> {
        let start = cursor.and_then(Cursor::into_day).unwrap_or_else(|| DayCursor::at(newest.day()));
        let (mut items, mut at) = (Vec::new(), Some(start));
        for _ in 0..MOST_QUERIES {
            let Some(cursor) = at.take() else { break };
            let (found, next) = self.index_page(list, &cursor, list.limit - items.len()).await?;
            items.extend(self.whole(&found).await?.into_iter().filter(&keep));
            at = next.or_else(|| cursor.day_before(list.since));
            if items.len() >= list.limit {
                break;
            }
        }
        Ok(Page { items, next: at.map(Position::Day).map(Cursor) })
    }

    /// The keys of at most `wanted` items of the cursor's day, and where that day goes on.
    async fn index_page(
        &self,
        list: &List<impl Fn(&str) -> String>,
        cursor: &DayCursor,
        wanted: usize,
    ) -> Result<(Vec<Item>, Option<DayCursor>), StoreError> {
        let partition = (list.partition)(&cursor.day);
        let read_at_once = if list.filter.is_some() { READ_PAST } else { wanted };
        let mut query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .index_name("by_domain")
            .key_condition_expression("domain_day = :day")
            .expression_attribute_values(":day", s(&partition))
            .set_exclusive_start_key(cursor.start_key(&partition))
            .scan_index_forward(false)
            .limit(i32::try_from(read_at_once).unwrap_or(i32::MAX));
        if let Some(filter) = &list.filter {
            query = query.filter_expression(&filter.expression);
            for (name, attribute) in &filter.names {
                query = query.expression_attribute_names(name, attribute);
            }
            for (name, value) in &filter.values {
                query = query.expression_attribute_values(name, value.clone());
            }
        }
        let answer = query.send().await?;
        let mut found = answer.items.unwrap_or_default();
        let more = found.len() > wanted;
        found.truncate(wanted);
        let last = if more { found.last() } else { answer.last_evaluated_key.as_ref() };
        let next = last.map(|item| cursor.after(item));
        Ok((found, next))
    }

    /// The items whose keys were found, in that order.
    async fn whole<T: DeserializeOwned>(&self, found: &[Item]) -> Result<Vec<T>, StoreError> {
        let keys: Vec<Key> = found.iter().map(key_of).collect();
        let mut items = self.get_many_as(Reading::Lately, &self.tables.engagements, keys.clone()).await?;
        keys.iter().filter_map(|key| items.remove(key)).map(from_item).collect()
    }
}

/// What is listed and how far back.
pub(crate) struct List<P> {
    /// The index's partition of a day.
    pub(crate) partition: P,
    /// The first day that can have anything.
    pub(crate) since: Moment,
    /// What the index leaves out.
    pub(crate) filter: Option<Filter>,
    /// The most items of a page.
    pub(crate) limit: usize,
}
