//! Bookings, and the diaries that keep two of them apart.
//!
//! A booking is two items with the same in them: one by its id, one by its time, for lists. Beside them each UTC day has a
//! diary of what is taken on it. Whoever books reads the diaries of the time, finds it free, and writes booking and
//! diaries in one transaction, on condition that the diaries are still those that were read. So two bookings never
//! overlap, whatever their lengths and whatever the calendar's slots were when they were made: an item for each slot
//! would hold only as long as nobody changes the slots, and one for each five minutes would be up to 288 of them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::TransactWriteItem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_models::calendar::{Booking, BookingStatus, Diary, LONGEST_BUFFER, Period};
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::id::BookingId;
use hub_models::moment::Moment;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, text, to_item};
use crate::keys::{self, Key};
use crate::listing::{CursorError, Page};
use crate::transaction::{Refused, Transacted, delete, put};

/// How often one request for a list reads on. A page may come short and still have a cursor.
const MOST_ROUNDS: usize = 10;

/// How many bookings one round of a filtered list reads past.
const READ_PAST: usize = 200;

/// The most bytes of a sort key.
const LONGEST_KEY: usize = 1024;

/// What became of a booking that was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookingSaved {
    /// It was written.
    Yes,
    /// Another booking has the time, or is nearer to it than the buffer.
    Taken,
    /// Another change came first; read it again.
    Conflict,
    /// One with this id is there already.
    Existing(Box<Booking>),
}

/// Which bookings are listed. What is not named is not asked for.
#[derive(Clone, Debug, Default)]
pub struct BookingFilter {
    /// Beginning at or after.
    pub from: Option<Moment>,
    /// Beginning before.
    pub to: Option<Moment>,
    /// The status.
    pub status: Option<BookingStatus>,
    /// Whose they are.
    pub contact: Option<Contact>,
}

impl BookingFilter {
    fn keeps(&self, booking: &Booking) -> bool {
        self.status.is_none_or(|status| booking.status == status)
            && self.contact.as_ref().is_none_or(|contact| booking.contact.key() == contact.key())
    }

    fn leaves_out(&self) -> bool {
        self.status.is_some() || self.contact.is_some()
    }
}

/// Where a list of bookings goes on: behind this one. The tenant always comes from the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingCursor(String);

impl BookingCursor {
    /// The cursor as callers carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// The cursor that was encoded so.
    ///
    /// # Errors
    /// When it was not.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let key = String::from_utf8(bytes).map_err(|_| CursorError)?;
        let readable = key.starts_with(keys::BOOKED) && key.len() <= LONGEST_KEY;
        if readable { Ok(Self(key)) } else { Err(CursorError) }
    }
}

impl Store {
    /// Writes a new booking where nobody has its time.
    ///
    /// # Errors
    /// When the table cannot be used.
    pub async fn create_booking(&self, booking: &Booking, buffer: SignedDuration) -> Result<BookingSaved, StoreError> {
        self.write_booking(booking, None, buffer).await
    }

    /// Writes a changed booking over the one that it was made from, where nobody else has its time.
    ///
    /// # Errors
    /// When the table cannot be used.
    pub async fn save_booking(
        &self,
        booking: &Booking,
        before: &Booking,
        buffer: SignedDuration,
    ) -> Result<BookingSaved, StoreError> {
        self.write_booking(booking, Some(before), buffer).await
    }

    /// The booking as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn booking(&self, domain: &DomainName, id: BookingId) -> Result<Option<Booking>, StoreError> {
        self.read(&self.tables.accounts, &keys::booking(domain, id)).await
    }

    /// What the bookings of a domain hold of this time, in order.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn taken(&self, domain: &DomainName, within: Period) -> Result<Vec<Period>, StoreError> {
        let days = within.with_margin(LONGEST_BUFFER).days();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
        let query = self
            .client
            .query()
            .table_name(&self.tables.accounts)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(keys::domain_pk(domain)))
            .expression_attribute_values(":first", s(keys::diary(domain, *first).sk))
            .expression_attribute_values(":last", s(keys::diary(domain, *last).sk))
            .consistent_read(true);
        let mut pages = query.into_paginator().items().send();
        let mut taken = BTreeSet::new();
        while let Some(item) = pages.next().await {
            let diary: Diary = from_item(item?)?;
            taken.extend(diary.entries.into_iter().map(|entry| entry.period));
        }
        Ok(taken.into_iter().collect())
    }

    /// The bookings of a domain in the order of their times.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn bookings(
        &self,
        domain: &DomainName,
        filter: &BookingFilter,
        cursor: Option<BookingCursor>,
        limit: usize,
    ) -> Result<Page<Booking, BookingCursor>, StoreError> {
        let (mut items, mut at) = (Vec::new(), cursor);
        for _ in 0..MOST_ROUNDS {
            let (found, read_to) = self.bookings_behind(domain, filter, at.as_ref(), limit - items.len()).await?;
            items.extend(found);
            at = read_to;
            if at.is_none() || items.len() >= limit {
                break;
            }
        }
        Ok(Page { items, next: at })
    }

    /// At most `wanted` bookings behind the cursor, and how far was read; nothing at the end.
    async fn bookings_behind(
        &self,
        domain: &DomainName,
        filter: &BookingFilter,
        cursor: Option<&BookingCursor>,
        wanted: usize,
    ) -> Result<(Vec<Booking>, Option<BookingCursor>), StoreError> {
        let (first, last) = (first_key(filter, cursor), keys::booked_to(filter.to));
        // No table takes a range that ends before it begins.
        if first > last {
            return Ok((Vec::new(), None));
        }
        let read_at_once = if filter.leaves_out() { READ_PAST } else { wanted };
        let query = self
            .client
            .query()
            .table_name(&self.tables.accounts)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(keys::domain_pk(domain)))
            .expression_attribute_values(":from", s(first))
            .expression_attribute_values(":to", s(last))
            .consistent_read(true)
            .limit(i32::try_from(read_at_once).unwrap_or(i32::MAX));
        let answer = query.send().await?;
        let last_read = answer.last_evaluated_key.map(|key| BookingCursor(text(&key, "sk").to_owned()));
        let mut found = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let sk = text(&item, "sk").to_owned();
            let booking: Booking = from_item(item)?;
            if filter.keeps(&booking) {
                found.push(booking);
            }
            if found.len() >= wanted {
                return Ok((found, Some(BookingCursor(sk))));
            }
        }
        Ok((found, last_read))
    }

    async fn write_booking(
        &self,
        booking: &Booking,
        before: Option<&Booking>,
        buffer: SignedDuration,
    ) -> Result<BookingSaved, StoreError> {
        loop {
            let Some(diaries) = self.diaries_with(booking, before, buffer).await? else {
                return Ok(BookingSaved::Taken);
            };
            let mut writes = self.booking_writes(booking, before)?;
            for (diary, seen) in &diaries {
                writes.push(self.diary_write(&booking.domain_name, diary, *seen)?);
            }
            let Transacted::Refused(reasons) = self.transact(writes).await? else { return Ok(BookingSaved::Yes) };
            if let Some(refused) = reasons.into_iter().next().flatten() {
                return refused_booking(booking, before, refused);
            }
            // Somebody else was entered into a diary meanwhile, for this time or for another one.
        }
    }

    /// The diaries as they are with this booking, where they change, each with the version that was read; none where
    /// another booking is in the way.
    async fn diaries_with(
        &self,
        booking: &Booking,
        before: Option<&Booking>,
        buffer: SignedDuration,
    ) -> Result<Option<Vec<(Diary, u64)>>, StoreError> {
        let (held, held_before) = (booking.held(), before.and_then(Booking::held));
        if held == held_before {
            return Ok(Some(Vec::new()));
        }
        let own_days = held.map_or(Vec::new(), |period| period.with_margin(buffer).days());
        // The buffer may have been another one when the booking was entered.
        let days_before = held_before.map_or(Vec::new(), |period| period.with_margin(LONGEST_BUFFER).days());
        let days: BTreeSet<Date> = own_days.iter().chain(&days_before).copied().collect();
        let mut changed = Vec::new();
        for diary in self.diaries(&booking.domain_name, &days).await? {
            let entered = held.filter(|_| own_days.contains(&diary.day));
            if entered.is_some_and(|period| !diary.is_free_for(booking.booking_id, &period, buffer)) {
                return Ok(None);
            }
            let entries = diary.entries_with(booking.booking_id, entered);
            if entries != diary.entries {
                let seen = diary.version;
                changed.push((Diary { entries, version: seen + 1, ..diary }, seen));
            }
        }
        Ok(Some(changed))
    }

    async fn diaries(&self, domain: &DomainName, days: &BTreeSet<Date>) -> Result<Vec<Diary>, StoreError> {
        let keys = days.iter().map(|day| keys::diary(domain, *day)).collect();
        let mut found = self.get_many(&self.tables.accounts, keys).await?;
        let diary = |day: &Date| match found.remove(&keys::diary(domain, *day)) {
            Some(item) => from_item(item),
            None => Ok(Diary::blank(*day)),
        };
        days.iter().map(diary).collect()
    }

    /// The writes of the booking itself. The first is the one whose condition tells whether it may be written.
    fn booking_writes(
        &self,
        booking: &Booking,
        before: Option<&Booking>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let table = &self.tables.accounts;
        let whole = to_item(&keys::booking(&booking.domain_name, booking.booking_id), booking)?;
        let first = match before {
            None => put(table, whole, Some("attribute_not_exists(pk)"), Item::new())?,
            Some(before) => {
                let version = Item::from([(":before".to_owned(), n(before.version))]);
                put(table, whole, Some("version = :before"), version)?
            }
        };
        let by_time = by_time(booking);
        let mut writes = vec![first, put(table, to_item(&by_time, booking)?, None, Item::new())?];
        if let Some(old) = before.map(self::by_time).filter(|old| *old != by_time) {
            writes.push(delete(table, &old, None, Item::new())?);
        }
        Ok(writes)
    }

    fn diary_write(&self, domain: &DomainName, diary: &Diary, seen: u64) -> Result<TransactWriteItem, StoreError> {
        let item = to_item(&keys::diary(domain, diary.day), diary)?;
        let values = Item::from([(":seen".to_owned(), n(seen))]);
        match seen {
            0 => put(&self.tables.accounts, item, Some("attribute_not_exists(pk)"), Item::new()),
            _ => put(&self.tables.accounts, item, Some("version = :seen"), values),
        }
    }
}

fn by_time(booking: &Booking) -> Key {
    keys::booked(&booking.domain_name, booking.period.starts_at(), booking.booking_id)
}

/// Where a page begins: behind the cursor, where that is later than what is asked for. No key begins with another one.
fn first_key(filter: &BookingFilter, cursor: Option<&BookingCursor>) -> String {
    let from = keys::booked_from(filter.from);
    cursor.map_or(from.clone(), |BookingCursor(last)| from.max(format!("{last} ")))
}

/// What became of a booking whose own condition did not hold.
fn refused_booking(booking: &Booking, before: Option<&Booking>, refused: Refused) -> Result<BookingSaved, StoreError> {
    let found: Option<Booking> = refused.found.map(from_item).transpose()?;
    Ok(match (found, before) {
        // The very same is there when the answer to the first try of this write was lost.
        (Some(found), _) if found == *booking => BookingSaved::Yes,
        (Some(found), None) => BookingSaved::Existing(Box::new(found)),
        (None, _) | (Some(_), Some(_)) => BookingSaved::Conflict,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_as_it_was_written_and_nothing_else_is_one() {
        let cursor = BookingCursor("BOOKED#2026-06-19T14:30:00.000Z#bkg_000000000000000000000000".to_owned());
        assert_eq!(BookingCursor::decode(&cursor.encode()), Ok(cursor));
        for other in ["", "DOMAIN", "TEMPLATE#1"] {
            assert_eq!(BookingCursor::decode(&URL_SAFE_NO_PAD.encode(other)), Err(CursorError), "{other}");
        }
    }
}
