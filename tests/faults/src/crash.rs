//! A process that dies: at which write, and what is found of its engagement afterwards.

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Injected, Kind, Rule, Service};
use serde_json::Value;

use crate::support::{engagements, fault};

/// The claim of a dispatcher.
pub(crate) fn claim(kind: Kind) -> Rule {
    fault(kind, Service::DynamoDb, "UpdateItem")
        .when(|body| body["ExpressionAttributeValues"][":dispatching"].is_object())
        .times(1)
}

/// The write that puts an engagement into this state.
pub(crate) fn record(kind: Kind, state: &'static str) -> Rule {
    Rule::new(kind).service(Service::DynamoDb).when(move |body| {
        let transacted = body["TransactItems"][0]["Put"]["Item"]["state"]["S"] == state;
        transacted || body["Item"]["state"]["S"] == state
    })
}

/// Waits until a fault has struck.
pub(crate) async fn until_struck(hub: &TestHub, rule: &Injected) {
    hub.until("the fault has struck", || async { if rule.hits() > 0 { Ok(()) } else { Err("not yet".to_owned()) } })
        .await;
}

/// Starts an engagement on a hub that crashes over it; its id, if the answer came before the crash.
pub(crate) async fn start_and_crash(hub: &TestHub, caller: &Caller, body: Value) -> Option<String> {
    let mut id = None;
    tokio::select! {
        started = hub.started(caller, body) => id = Some(started),
        () = hub.local.embedded.faults().crashed() => {}
    }
    hub.local.embedded.faults().crashed().await;
    id
}

/// The id of the one engagement, also where its caller never learned it.
pub(crate) async fn known(hub: &TestHub, caller: &Caller, id: Option<String>) -> String {
    let all = engagements(hub, caller).await;
    let found = all[0]["engagement_id"].as_str().expect("an id").to_owned();
    assert!(all.len() == 1 && id.is_none_or(|id| id == found));
    found
}
