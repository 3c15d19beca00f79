//! Whether a booking or a calendar is there, which some engagements need (checklist D1).

use hub_models::domain::DomainName;
use hub_models::text::ForeignId;

use crate::Store;
use crate::error::StoreError;
use crate::keys;

impl Store {
    /// Whether the domain has this booking.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn has_booking(&self, domain: &DomainName, booking_id: &ForeignId) -> Result<bool, StoreError> {
        self.is_there(&self.tables.accounts, &keys::booking(domain, booking_id.as_str())).await
    }

    /// Whether the domain has a calendar.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn has_calendar(&self, domain: &DomainName) -> Result<bool, StoreError> {
        self.is_there(&self.tables.accounts, &keys::calendar(domain)).await
    }
}
