//! The calendar of a domain.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use hub_models::calendar::Calendar;
use hub_models::domain::DomainName;

use crate::Store;
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
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(Saved::Yes),
            Err(error)
                if matches!(error.as_service_error(), Some(PutItemError::ConditionalCheckFailedException(_))) =>
            {
                Ok(Saved::Conflict)
            }
            Err(error) => Err(error.into()),
        }
    }
}
