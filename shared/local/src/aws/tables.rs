//! The two tables, as template.yaml declares them for AWS.

use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::{Database, DynoxideError, Item};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The table of what is configured: accounts, domains, keys, templates.
pub const ACCOUNTS: &str = "accounts";

/// The table of engagements and all that belongs to them.
pub const ENGAGEMENTS: &str = "engagements";

/// The attribute that tells when an item may be deleted, in seconds since 1970.
pub(super) const TIME_TO_LIVE: &str = "expires_at";

const SWEEP_PAGE: usize = 100;

/// Makes the tables that are not there yet.
pub(super) fn create_missing(database: &Database) -> Result<(), DynoxideError> {
    for definition in [accounts(), engagements()] {
        let name = definition["TableName"].clone();
        match database.create_table(request(definition)?) {
            Ok(_) => {}
            Err(DynoxideError::ResourceInUseException(_)) => continue,
            Err(error) => return Err(error),
        }
        let specification = json!({ "AttributeName": TIME_TO_LIVE, "Enabled": true });
        let time_to_live = json!({ "TableName": name, "TimeToLiveSpecification": specification });
        database.update_time_to_live(request(time_to_live)?)?;
    }
    Ok(())
}

fn accounts() -> Value {
    json!({
        "TableName": ACCOUNTS,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": strings(&["pk", "sk"]),
        "KeySchema": key(&["pk", "sk"]),
    })
}

fn engagements() -> Value {
    let attributes = ["pk", "sk", "due_shard", "due_at", "domain_day", "created_at", "call_sid"];
    json!({
        "TableName": ENGAGEMENTS,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": strings(&attributes),
        "KeySchema": key(&["pk", "sk"]),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "due",
                "KeySchema": key(&["due_shard", "due_at"]),
                "Projection": include(&["kind", "channel", "attempt", "domain_name"]),
            },
            {
                "IndexName": "by_domain",
                "KeySchema": key(&["domain_day", "created_at"]),
                "Projection": include(&["channel", "contact", "source_record_id", "batch_id", "type", "test_mode"]),
            },
            {
                "IndexName": "by_call_sid",
                "KeySchema": key(&["call_sid"]),
                "Projection": { "ProjectionType": "KEYS_ONLY" },
            },
        ],
    })
}

fn strings(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect()
}

/// A key of a hash and perhaps a range.
fn key(names: &[&str]) -> Value {
    names.iter().zip(["HASH", "RANGE"]).map(|(name, part)| json!({ "AttributeName": name, "KeyType": part })).collect()
}

fn include(attributes: &[&str]) -> Value {
    json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": attributes })
}

/// Deletes the items whose time to live is before `now`. The engine's own sweep does not know the hub's clock.
pub(super) fn sweep_expired(database: &Database, now: i64) -> Result<usize, DynoxideError> {
    let mut deleted = 0;
    for table in [ACCOUNTS, ENGAGEMENTS] {
        let mut start: Option<Item> = None;
        loop {
            let page = database.scan(expired(table, start.as_ref(), now)?)?;
            for item in page.items.unwrap_or_default() {
                deleted += usize::from(delete_expired(database, table, &item, now)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
    }
    Ok(deleted)
}

fn expired(table: &str, start: Option<&Item>, now: i64) -> Result<ScanRequest, DynoxideError> {
    request(json!({
        "TableName": table,
        "Limit": SWEEP_PAGE,
        "ExclusiveStartKey": start,
        "FilterExpression": "#expires <= :now",
        "ProjectionExpression": "pk, sk",
        "ExpressionAttributeNames": { "#expires": TIME_TO_LIVE },
        "ExpressionAttributeValues": { ":now": { "N": now.to_string() } },
    }))
}

/// Deletes one item, unless it has been written again in the meantime and lives longer now.
fn delete_expired(database: &Database, table: &str, key: &Item, now: i64) -> Result<bool, DynoxideError> {
    let delete: DeleteItemRequest = request(json!({
        "TableName": table,
        "Key": key,
        "ConditionExpression": "#expires <= :now",
        "ExpressionAttributeNames": { "#expires": TIME_TO_LIVE },
        "ExpressionAttributeValues": { ":now": { "N": now.to_string() } },
    }))?;
    match database.delete_item(delete) {
        Ok(_) => Ok(true),
        Err(DynoxideError::ConditionalCheckFailedException(..)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn request<T: DeserializeOwned>(definition: Value) -> Result<T, DynoxideError> {
    serde_json::from_value(definition).map_err(|error| DynoxideError::SerializationException(error.to_string()))
}
