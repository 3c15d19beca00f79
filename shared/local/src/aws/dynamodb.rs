//! DynamoDB: one arm for each operation, on an embedded engine over SQLite.

use std::fmt;
use std::path::Path;

use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::{
    batch_get_item::BatchGetItemRequest, batch_write_item::BatchWriteItemRequest, delete_item::DeleteItemRequest,
    get_item::GetItemRequest, query::QueryRequest, scan::ScanRequest, transact_get_items::TransactGetItemsRequest,
    transact_write_items::TransactWriteItemsRequest, update_item::UpdateItemRequest,
};
use dynoxide::{Database, DynoxideError};
use hub_models::clock::Clock;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{Answer, Call, Failure};
use super::tables;

/// The tables.
#[derive(Clone)]
pub(super) struct DynamoDb {
    database: Database,
    clock: Clock,
}

impl fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDb").finish_non_exhaustive()
    }
}

impl DynamoDb {
    /// Opens the file at `path` and makes the tables that are missing.
    pub(super) fn open(path: &Path, clock: Clock) -> Result<Self, DynoxideError> {
        let database = Database::new(&path.to_string_lossy())?;
        // Going through bulk loading leaves synchronous=NORMAL, which outlives the process; the default waits for the
        // disk at every write, to outlive the machine.
        database.enable_bulk_loading()?;
        database.disable_bulk_loading()?;
        tables::create_missing(&database)?;
        Ok(Self { database, clock })
    }

    /// Answers one call, on a thread that may wait.
    pub(super) async fn answer(&self, call: &Call) -> Answer {
        let (database, operation, body) = (self.database.clone(), call.operation.clone(), call.body.clone());
        let answered = tokio::task::spawn_blocking(move || perform(&database, &operation, &body)).await;
        match answered {
            Ok(Ok(body)) => Answer::raw(200, body),
            Ok(Err(error)) => Answer::raw(error.status_code(), error.to_json().into_bytes()),
            Err(error) => Failure::internal(&error).into(),
        }
    }

    /// Deletes the items whose time to live has passed by the hub's clock, and returns how many they were.
    pub(super) async fn sweep_expired(&self) -> Result<usize, Failure> {
        let (database, now) = (self.database.clone(), self.clock.now().as_second());
        let swept = tokio::task::spawn_blocking(move || tables::sweep_expired(&database, now)).await;
        swept.map_err(|error| Failure::internal(&error))?.map_err(|error| Failure::internal(&error))
    }
}

fn perform(database: &Database, operation: &str, body: &[u8]) -> Result<Vec<u8>, DynoxideError> {
    match operation {
        "GetItem" => run(body, |request: GetItemRequest| database.get_item(request)),
        "PutItem" => run(body, |request: PutItemRequest| database.put_item(request)),
        "UpdateItem" => run(body, |request: UpdateItemRequest| database.update_item(request)),
        "DeleteItem" => run(body, |request: DeleteItemRequest| database.delete_item(request)),
        "Query" => run(body, |request: QueryRequest| database.query(request)),
        "Scan" => run(body, |request: ScanRequest| database.scan(request)),
        "BatchGetItem" => run(body, |request: BatchGetItemRequest| database.batch_get_item(request)),
        "BatchWriteItem" => run(body, |request: BatchWriteItemRequest| database.batch_write_item(request)),
        "TransactGetItems" => run(body, |request: TransactGetItemsRequest| database.transact_get_items(request)),
        "TransactWriteItems" => run(body, |request: TransactWriteItemsRequest| {
            // The SDK makes a token for each call, and the engine becomes slower with each token it remembers.
            database.transact_write_items(TransactWriteItemsRequest { client_request_token: None, ..request })
        }),
        _ => perform_on_tables(database, operation, body),
    }
}

fn perform_on_tables(database: &Database, operation: &str, body: &[u8]) -> Result<Vec<u8>, DynoxideError> {
    match operation {
        "CreateTable" => plain(body, |request| database.create_table(request)),
        "DeleteTable" => plain(body, |request| database.delete_table(request)),
        "DescribeTable" => plain(body, |request| database.describe_table(request)),
        "ListTables" => plain(body, |request| database.list_tables(request)),
        "UpdateTable" => plain(body, |request| database.update_table(request)),
        "UpdateTimeToLive" => plain(body, |request| database.update_time_to_live(request)),
        "DescribeTimeToLive" => plain(body, |request| database.describe_time_to_live(request)),
        _ => Err(DynoxideError::ValidationException(format!("{operation} is not embedded"))),
    }
}

/// A request that can be asked what it costs.
trait Costed {
    fn cost(&mut self) -> &mut Option<String>;
}

macro_rules! costed {
    ($($request:ty),+ $(,)?) => {
        $(impl Costed for $request {
            fn cost(&mut self) -> &mut Option<String> {
                &mut self.return_consumed_capacity
            }
        })+
    };
}

costed!(
    GetItemRequest,
    PutItemRequest,
    UpdateItemRequest,
    DeleteItemRequest,
    QueryRequest,
    ScanRequest,
    BatchGetItemRequest,
    BatchWriteItemRequest,
    TransactGetItemsRequest,
    TransactWriteItemsRequest,
);

/// Runs one operation on items, always asking what it costs: the meter reads that from the answer.
fn run<Q, A>(body: &[u8], operation: impl FnOnce(Q) -> Result<A, DynoxideError>) -> Result<Vec<u8>, DynoxideError>
where
    Q: DeserializeOwned + Costed,
    A: Serialize,
{
    plain(body, |mut request: Q| {
        let cost = request.cost();
        if cost.as_deref().is_none_or(|asked| asked == "NONE") {
            *cost = Some("TOTAL".to_owned());
        }
        operation(request)
    })
}

fn plain<Q, A>(body: &[u8], operation: impl FnOnce(Q) -> Result<A, DynoxideError>) -> Result<Vec<u8>, DynoxideError>
where
    Q: DeserializeOwned,
    A: Serialize,
{
    let request = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    let answer = operation(request)?;
    serde_json::to_vec(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// The engine marks in its messages which error AWS gives for a request that cannot be read.
fn unreadable(error: &serde_json::Error) -> DynoxideError {
    let message = error.to_string();
    let marked = ["VALIDATION_REQUEST:", "VALIDATION:"].iter().find_map(|mark| message.strip_prefix(mark));
    match marked {
        Some(reason) => DynoxideError::ValidationException(reason.to_owned()),
        None => DynoxideError::SerializationException(message),
    }
}
