//! Credits, their ledger, and prices (checklist N1, A4).

use futures::future::join_all;
use hub_fixture::{AnyHub, Caller, Hub};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{integration, with};

async fn add(hub: &Hub, caller: &Caller, credits: Value) -> hub_fixture::Answer {
    hub.admin(Method::POST, &format!("/admin/accounts/{}/credits", caller.account_id), Some(credits)).await
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_lists_what_the_operator_added_and_took() {
    let hub = AnyHub::reach().await;
    let caller = hub.tenant("globex", 100).await;
    add(&hub, &caller, json!({"amount": 50, "reason": "Invoice 7"})).await.expect(201);
    let now = add(&hub, &caller, json!({"amount": -30, "reason": "Refund"})).await.expect(201);
    insta::assert_json_snapshot!("credits", now, {".entries[].created_at" => "[time]"});
    let path = format!("/admin/accounts/{}/credits", caller.account_id);
    assert_eq!(hub.admin(Method::GET, &path, None).await.expect(200), now);
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn a_balance_never_goes_below_zero() {
    let hub = AnyHub::reach().await;
    let caller = hub.tenant("globex", 100).await;
    problem(&add(&hub, &caller, json!({"amount": -101, "reason": "Too much"})).await, 409);
    assert_eq!(hub.balance(&caller).await, 100);
    let starts =
        (0..8).map(|_| hub.post(&caller, "/integration/start", integration(&caller, "email", "customer@example.com")));
    hub.set_domain(&caller.domain_name, json!({"prices": {"email": 30}})).await;
    let statuses: Vec<u16> = join_all(starts).await.into_iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 402].contains(status)), "{statuses:?}");
    assert_eq!(hub.balance(&caller).await, 10);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn credits_without_amount_or_reason_are_not_added() {
    let hub = AnyHub::reach().await;
    let caller = hub.tenant("globex", 100).await;
    for (credits, faulty) in [
        (json!({}), vec!["amount", "reason"]),
        (json!({"amount": 0, "reason": ""}), vec!["amount", "reason"]),
        (json!({"amount": "5", "reason": "x"}), vec!["amount"]),
        (json!({"amount": 1e12, "reason": "x"}), vec!["amount"]),
    ] {
        let answer = add(&hub, &caller, credits).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), faulty);
    }
    assert_eq!(hub.balance(&caller).await, 100);
}

// N1: a price that changes later changes nothing for what was accepted.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_debited_is_what_is_given_back() {
    let hub = AnyHub::reach().await;
    let caller = hub.tenant("globex", 100).await;
    let at = (hub.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub
        .started(&caller, with(integration(&caller, "email", "customer@example.com"), json!({"scheduled_time": at})))
        .await;
    hub.set_domain(&caller.domain_name, json!({"prices": {"email": 50}})).await;
    hub.post(&caller, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
    assert_eq!(hub.balance(&caller).await, 100);
}
