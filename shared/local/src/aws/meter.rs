//! Counts the calls to AWS, and what they would cost.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use super::call::{Answer, Call, Service};

/// An operation of a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The service.
    pub service: Service,
    /// The operation's name, such as `SendMessage`.
    pub name: String,
    /// The index that a `Query` reads in place of its table.
    pub index: Option<String>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.index {
            Some(index) => f.pad(&format!("{} {index}", self.name)),
            None => f.pad(&self.name),
        }
    }
}

/// What the calls of one operation came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many there were, those that the SDK tried again included.
    pub calls: u64,
    /// How many of them were answered with an error.
    pub failed: u64,
    /// The request units that DynamoDB consumed.
    pub units: f64,
}

/// The request units that a table consumed, its indexes included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units.
    pub write: f64,
}

/// What was counted since the last reset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The calls, by operation.
    pub operations: BTreeMap<Operation, Tally>,
    /// The request units, by table.
    pub tables: BTreeMap<String, Units>,
    /// How many calls were made one after the other: those at the same time count as one, `ReceiveMessage` as none.
    ///
    /// Services in this process answer so quickly that calls which are meant to be at the same time may miss each
    /// other; [`Kind::Latency`](super::Kind::Latency) makes them meet.
    pub depth: u64,
}

impl Snapshot {
    /// How often `operation` of `service` was called.
    #[must_use]
    pub fn calls(&self, service: Service, operation: &str) -> u64 {
        let asked = |it: &Operation| it.service == service && it.name == operation;
        self.operations.iter().filter(|(operation, _)| asked(operation)).map(|(_, tally)| tally.calls).sum()
    }

    /// How many calls there were in all.
    #[must_use]
    pub fn total_calls(&self) -> u64 {
        self.operations.values().map(|tally| tally.calls).sum()
    }

    /// The request units of all tables.
    #[must_use]
    pub fn units(&self) -> Units {
        self.tables
            .values()
            .fold(Units::default(), |sum, units| Units { read: sum.read + units.read, write: sum.write + units.write })
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<15} {:<28} {:>8} {:>7} {:>10}", "service", "operation", "calls", "failed", "units")?;
        for (operation, tally) in &self.operations {
            let Tally { calls, failed, units } = tally;
            writeln!(f, "{:<15} {operation:<28} {calls:>8} {failed:>7} {units:>10.1}", operation.service)?;
        }
        for (table, units) in &self.tables {
            writeln!(f, "table {table}: {:.1} read units, {:.1} write units", units.read, units.write)?;
        }
        write!(f, "{} calls, {} deep", self.total_calls(), self.depth)
    }
}

/// Counts every call that the connector serves. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Snapshot>>);

/// A call that has begun: how deep the others were then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    depth: u64,
}

impl Meter {
    /// What has been counted so far.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.lock().clone()
    }

    /// Starts again from nothing, and returns what had been counted.
    pub fn reset(&self) -> Snapshot {
        std::mem::take(&mut *self.lock())
    }

    /// Counts a call. It counts even if its answer is lost.
    pub(super) fn begin(&self, call: &Call) -> Begun {
        let mut counted = self.lock();
        counted.operations.entry(operation(call)).or_default().calls += 1;
        Begun { depth: counted.depth }
    }

    /// Counts what a call came to.
    pub(super) fn end(&self, begun: Begun, call: &Call, answer: &Answer) {
        let consumed = if call.service == Service::DynamoDb { consumed(&answer.body) } else { Vec::new() };
        let mut counted = self.lock();
        // No other call began and ended within the time of this one, so this one made the chain longer.
        if begun.depth == counted.depth && call.operation != "ReceiveMessage" {
            counted.depth += 1;
        }
        let tally = counted.operations.entry(operation(call)).or_default();
        tally.failed += u64::from(answer.status >= 400);
        tally.units += consumed.iter().map(|consumed| consumed.capacity_units).sum::<f64>();
        for consumed in consumed {
            let units = counted.tables.entry(consumed.table_name).or_default();
            match reads(&call.operation) {
                true => units.read += consumed.capacity_units,
                false => units.write += consumed.capacity_units,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Snapshot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn operation(call: &Call) -> Operation {
    Operation { service: call.service, name: call.operation.clone(), index: index_of(call) }
}

fn index_of(call: &Call) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Query {
        index_name: Option<String>,
    }
    if call.operation != "Query" {
        return None;
    }
    serde_json::from_slice::<Query>(&call.body).ok()?.index_name
}

fn reads(operation: &str) -> bool {
    matches!(operation, "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Consumed {
    table_name: String,
    capacity_units: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Consumed),
    Many(Vec<Consumed>),
}

/// The part of DynamoDB's answer that tells the cost. The rest is skipped, not parsed.
#[derive(Deserialize)]
struct Costs {
    #[serde(rename = "ConsumedCapacity")]
    consumed: Option<OneOrMany>,
}

fn consumed(body: &[u8]) -> Vec<Consumed> {
    match serde_json::from_slice(body) {
        Ok(Costs { consumed: Some(OneOrMany::One(one)) }) => vec![one],
        Ok(Costs { consumed: Some(OneOrMany::Many(many)) }) => many,
        Ok(Costs { consumed: None }) | Err(_) => Vec::new(),
    }
}
