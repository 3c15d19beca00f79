//! Disturbs calls to AWS, for tests: what can go wrong there goes wrong here, when it is told to.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::call::{Answer, Call, Failure, Service};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The service refuses, because there are too many calls. The SDK tries again.
    Throttle,
    /// The service fails with a 500. The SDK tries again.
    ServerError,
    /// Another transaction holds one of the items.
    TransactionConflict,
    /// The last entry of a batch fails and the others are done; a call that is no batch is not disturbed.
    PartialBatch,
    /// The call takes longer, as it does over a network.
    Latency(Duration),
    /// The call never arrives, and the caller sees a timeout.
    TimeoutBeforeEffect,
    /// The call is done, but its answer is lost, and the caller sees a timeout.
    TimeoutAfterEffect,
    /// The process dies before the call: this call and all later ones never end, and have no effect.
    Crash,
    /// The process dies after the call: it is done, but it and all later ones never end.
    CrashAfterEffect,
}

type Predicate = Arc<dyn Fn(&Value) -> bool + Send + Sync>;

/// What goes wrong, and at which calls.
#[derive(Clone)]
pub struct Rule {
    kind: Kind,
    service: Option<Service>,
    operation: Option<String>,
    body: Option<Predicate>,
    skip: u32,
    times: Option<u32>,
}

impl Rule {
    /// Every call goes wrong, until the rule is narrowed.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, service: None, operation: None, body: None, skip: 0, times: None }
    }

    /// Only calls of `operation` of `service`.
    #[must_use]
    pub fn on(self, service: Service, operation: &str) -> Self {
        Self { service: Some(service), operation: Some(operation.to_owned()), ..self }
    }

    /// Only calls of `service`.
    #[must_use]
    pub fn service(self, service: Service) -> Self {
        Self { service: Some(service), ..self }
    }

    /// Only calls whose JSON body `predicate` accepts.
    #[must_use]
    pub fn when(self, predicate: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self { body: Some(Arc::new(predicate)), ..self }
    }

    /// Only after `skip` calls of those have gone well.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Only `times` times; without it, until the rules are cleared.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn matches(&self, call: &Call) -> bool {
        self.service.is_none_or(|service| service == call.service)
            && self.operation.as_ref().is_none_or(|operation| *operation == call.operation)
            && self.body.as_ref().is_none_or(|accepts| accepts(&call.json().unwrap_or_default()))
    }

    /// Whether the rule strikes at a call that it matches, which uses it up by one.
    fn strikes(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            Some(0) => false,
            Some(times) => {
                *times -= 1;
                true
            }
            None => true,
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("kind", &self.kind)
            .field("service", &self.service)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A rule that is in force: tells how often it struck.
#[derive(Clone, Debug)]
pub struct Injected(Arc<AtomicU64>);

impl Injected {
    /// How many calls it made go wrong.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The switch for faults. Without a rule nothing goes wrong. Clones share the rules.
#[derive(Clone, Debug)]
pub struct Faults {
    rules: Arc<Mutex<Vec<(Rule, Injected)>>>,
    crashed: watch::Sender<bool>,
    under_way: watch::Sender<usize>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { rules: Arc::default(), crashed: watch::Sender::new(false), under_way: watch::Sender::new(0) }
    }
}

impl Faults {
    /// Puts `rule` in force. The first rule that matches a call strikes.
    pub fn inject(&self, rule: Rule) -> Injected {
        let injected = Injected(Arc::default());
        self.lock().push((rule, injected.clone()));
        injected
    }

    /// Takes all rules away and ends a crash, for the calls that come: those that hang already will never end.
    pub fn clear(&self) {
        self.lock().clear();
        self.crashed.send_replace(false);
    }

    /// Whether a crash has happened.
    #[must_use]
    pub fn has_crashed(&self) -> bool {
        *self.crashed.borrow()
    }

    /// Waits until a crash has happened, and has ended all that was under way.
    pub async fn crashed(&self) {
        self.died().await;
        // The sender lives as long as `self`, so waiting can only end well.
        let _ = self.under_way.subscribe().wait_for(|calls| *calls == 0).await;
    }

    /// Does `call`, unless the process dies meanwhile: then it ends in the middle, and is never answered.
    pub(super) async fn while_alive<T>(&self, call: impl Future<Output = T>) -> T {
        let answer = {
            let _counted = UnderWay::enter(&self.under_way);
            tokio::select! {
                biased;
                () = self.died() => None,
                answer = call => Some(answer),
            }
        };
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    async fn died(&self) {
        let _ = self.crashed.subscribe().wait_for(|crashed| *crashed).await;
    }

    /// What happens to `call`.
    pub(super) fn strike(&self, call: &mut Call) -> Strike {
        if self.has_crashed() {
            return Strike { kind: Some(Kind::Crash), left_out: None };
        }
        let kind = self.struck(call);
        let left_out = if kind == Some(Kind::PartialBatch) { leave_one_out(call) } else { None };
        if kind == Some(Kind::Crash) {
            self.crashed.send_replace(true);
        }
        Strike { kind, left_out }
    }

    fn struck(&self, call: &Call) -> Option<Kind> {
        let mut rules = self.lock();
        let (rule, injected) = rules
            .iter_mut()
            .find_map(|(rule, injected)| (rule.matches(call) && rule.strikes()).then_some((rule, injected)))?;
        injected.0.fetch_add(1, Ordering::SeqCst);
        Some(rule.kind)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Rule, Injected)>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a call for as long as it is under way, however it ends.
struct UnderWay<'a>(&'a watch::Sender<usize>);

impl<'a> UnderWay<'a> {
    fn enter(calls: &'a watch::Sender<usize>) -> Self {
        calls.send_modify(|calls| *calls += 1);
        Self(calls)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|calls| *calls -= 1);
    }
}

/// What happens to one call.
#[derive(Debug)]
pub(super) struct Strike {
    kind: Option<Kind>,
    left_out: Option<LeftOut>,
}

/// Whether the service gets to see a call.
pub(super) enum Outcome {
    /// It does.
    Proceed,
    /// It does not, and this is the answer.
    Instead(Answer),
}

impl Strike {
    /// What happens before the call reaches its service.
    pub(super) async fn before(&self, call: &Call) -> Result<Outcome, ConnectorError> {
        Ok(Outcome::Instead(match self.kind {
            Some(Kind::Throttle) => throttled(call.service).into(),
            Some(Kind::ServerError) => server_error(call.service).into(),
            Some(Kind::TransactionConflict) => conflict(call),
            Some(Kind::TimeoutBeforeEffect) => return Err(timeout()),
            Some(Kind::Crash) => std::future::pending().await,
            Some(Kind::Latency(latency)) => {
                tokio::time::sleep(latency).await;
                return Ok(Outcome::Proceed);
            }
            Some(Kind::PartialBatch | Kind::TimeoutAfterEffect | Kind::CrashAfterEffect) | None => {
                return Ok(Outcome::Proceed);
            }
        }))
    }

    /// What happens to the answer of the service.
    pub(super) async fn after(self, faults: &Faults, answer: Answer) -> Result<Answer, ConnectorError> {
        if self.kind == Some(Kind::CrashAfterEffect) {
            faults.crashed.send_replace(true);
        }
        if faults.has_crashed() {
            return std::future::pending().await;
        }
        match (self.kind, self.left_out) {
            (Some(Kind::TimeoutAfterEffect), _) => Err(timeout()),
            (_, Some(left_out)) => Ok(left_out.told(answer)),
            _ => Ok(answer),
        }
    }
}

fn timeout() -> ConnectorError {
    ConnectorError::timeout("the answer did not come in time".into())
}

fn throttled(service: Service) -> Failure {
    let message = "Rate exceeded";
    match service {
        Service::DynamoDb => Failure::new("ProvisionedThroughputExceededException", message),
        Service::Sqs => Failure::new("RequestThrottled", message),
        Service::Ses => Failure::new("TooManyRequestsException", message).with_status(429),
        Service::SecretsManager => Failure::new("ThrottlingException", message),
    }
}

fn server_error(service: Service) -> Failure {
    let code = match service {
        Service::DynamoDb => "InternalServerError",
        Service::Sqs => "InternalError",
        Service::Ses => "InternalServiceErrorException",
        Service::SecretsManager => "InternalServiceError",
    };
    Failure::new(code, "An error occurred on the server side.").with_status(500)
}

/// A transaction is cancelled with a reason for each of its items, a single write is refused.
fn conflict(call: &Call) -> Answer {
    let message = "Transaction is ongoing for the item";
    let body: Value = call.json().unwrap_or_default();
    let Some(items) = body["TransactItems"].as_array() else {
        return Failure::new("TransactionConflictException", message).into();
    };
    let reason = |place: usize| match place {
        0 => json!({ "Code": "TransactionConflict", "Message": message }),
        _ => json!({ "Code": "None" }),
    };
    let codes: Vec<_> = (0..items.len()).map(|place| if place == 0 { "TransactionConflict" } else { "None" }).collect();
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", ")),
        "CancellationReasons": (0..items.len()).map(reason).collect::<Vec<_>>(),
    });
    Answer::raw(400, body.to_string().into_bytes())
}

/// The entry that a batch was relieved of.
#[derive(Debug)]
enum LeftOut {
    /// An entry of an SQS batch, by its id.
    Entry(Value),
    /// A part of a DynamoDB batch: the member of the answer that tells of it, and what it holds.
    Unprocessed(&'static str, Value),
}

/// Takes the last entry out of a batch.
fn leave_one_out(call: &mut Call) -> Option<LeftOut> {
    let mut body: Value = call.json().ok()?;
    let left_out = match call.operation.as_str() {
        "BatchWriteItem" => {
            let (table, requests) = body["RequestItems"].as_object_mut()?.iter_mut().next()?;
            let request = requests.as_array_mut()?.pop()?;
            LeftOut::Unprocessed("UnprocessedItems", json!({ table: [request] }))
        }
        "BatchGetItem" => {
            let (table, keys) = body["RequestItems"].as_object_mut()?.iter_mut().next()?;
            let key = keys["Keys"].as_array_mut()?.pop()?;
            let mut rest = keys.clone();
            rest["Keys"] = json!([key]);
            LeftOut::Unprocessed("UnprocessedKeys", json!({ table: rest }))
        }
        _ => LeftOut::Entry(body["Entries"].as_array_mut()?.pop()?["Id"].take()),
    };
    call.body = body.to_string().into_bytes();
    Some(left_out)
}

impl LeftOut {
    /// The answer, telling of what was left out.
    fn told(self, answer: Answer) -> Answer {
        let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else {
            return answer;
        };
        match self {
            Self::Unprocessed(member, unprocessed) => body[member] = unprocessed,
            Self::Entry(id) => {
                let failed =
                    json!({ "Id": id, "Code": "InternalError", "Message": "Try again.", "SenderFault": false });
                match body["Failed"].as_array_mut() {
                    Some(others) => others.push(failed),
                    None => body["Failed"] = json!([failed]),
                }
            }
        }
        Answer::raw(answer.status, body.to_string().into_bytes())
    }
}
