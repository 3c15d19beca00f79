//! The calendar of a domain.

use hub_models::calendar::Calendar;
use hub_models::domain::DomainName;

use crate::Store;
use crate::access::if_condition_held;
use crate::domains::Saved;
use crate::error::StoreError;
use crate::item::to_item;
use crate::keys;

impl Store {
    /// The calendar as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn calendar(&self, domain: &DomainName) -> Result<Option<Calendar>, StoreError> {
        self.read(&self.tables.accounts, &keys::calendar(domain)).await
    }

    /// Whether the domain has a calendar.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn has_calendar(&self, domain: &DomainName) -> Result<bool, StoreError> {
        self.is_there(&self.tables.accounts, &keys::calendar(domain)).await
    }

    /// Writes a calendar over the version before it, or the domain's first one, whose version is 1.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_calendar(&self, domain: &DomainName, calendar: &Calendar) -> Result<Saved, StoreError> {
        let item = to_item(&keys::calendar(domain), calendar)?;
        let table = &self.tables.accounts;
        if calendar.version > 1 {
            let written = self.write_over(table, item, calendar.version - 1).await?;
            return Ok(if written { Saved::Yes } else { Saved::Conflict });
        }
        let put = self.client.put_item().table_name(table).set_item(Some(item));
        let sent = put.condition_expression("attribute_not_exists(pk)").send().await;
        let written = if_condition_held(sent)?.is_some();
        Ok(if written { Saved::Yes } else { Saved::Conflict })
    }
}
