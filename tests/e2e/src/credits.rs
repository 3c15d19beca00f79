//! Credits, their ledger, and prices (checklist N1, A4).

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, integration, with};

async fn add(hub: &TestHub, caller: &Caller, credits: Value) -> hub_fixture::Answer {
    hub.admin(Method::POST, &format!("/admin/accounts/{}/credits", caller.account_id), Some(credits)).await
}

fn globex(body: Value) -> Value {
    with(body, json!({"domain_name": "globex"}))
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_lists_what_the_operator_added_and_took() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    add(&hub, &caller, json!({"amount": 50, "reason": "Invoice 7"})).await.expect(201);
    let now = add(&hub, &caller, json!({"amount": -30, "reason": "Refund"})).await.expect(201);
    insta::assert_json_snapshot!("credits", now, {".entries[].created_at" => "[time]"});
    let path = format!("/admin/accounts/{}/credits", caller.account_id);
    assert_eq!(hub.admin(Method::GET, &path, None).await.expect(200), now);
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn a_balance_never_goes_below_zero() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    problem(&add(&hub, &caller, json!({"amount": -101, "reason": "Too much"})).await, 409);
    assert_eq!(hub.balance(&caller).await, 100);
    let starts = (0..8).map(|_| hub.post(&caller, "/integration/start", globex(integration("phone", ALEX))));
    hub.set_domain("globex", json!({"prices": {"phone": 30}})).await;
    let statuses: Vec<u16> = join_all(starts).await.into_iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 402].contains(status)), "{statuses:?}");
    assert_eq!(hub.balance(&caller).await, 10);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn credits_without_amount_or_reason_are_not_added() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
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

// N1
#[tokio::test(flavor = "multi_thread")]
async fn each_channel_has_its_price() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    hub.set_domain("globex", json!({"prices": {"phone": 5, "sms": 2, "email": 0}})).await;
    let mut balance = 100;
    for (channel, contact, price) in
        [("phone", ALEX, 5), ("sms", ALEX, 2), ("email", "a@example.com", 0), ("wmsg", ALEX, 1)]
    {
        hub.started(&caller, globex(integration(channel, contact))).await;
        balance -= price;
        assert_eq!(hub.balance(&caller).await, balance, "{channel}");
    }
}

// N1: what fails or is cancelled is given back; what was reached is not.
#[tokio::test(flavor = "multi_thread")]
async fn credits_come_back_exactly_where_nothing_was_delivered() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    hub.set_domain("globex", json!({"prices": {"phone": 10}})).await;
    for (contact, status, balance) in [
        ("+15005550002", "Failed", 100),
        ("+15005550001", "Failed", 100),
        ("+15005550012", "Failed", 100),
        (ALEX, "Completed", 90),
        ("+15005550007", "Completed", 80),
    ] {
        let id = hub.started(&caller, globex(integration("phone", contact))).await;
        hub.until_status(&caller, &id, status).await;
        assert_eq!(hub.balance(&caller).await, balance, "{contact}");
    }
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&caller, globex(with(integration("phone", ALEX), json!({"scheduled_time": at})))).await;
    assert_eq!(hub.balance(&caller).await, 70);
    for _ in 0..2 {
        hub.post(&caller, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
        assert_eq!(hub.balance(&caller).await, 80);
    }
}

// N1: a price that changes later changes nothing for what was accepted.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_debited_is_what_is_given_back() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&caller, globex(with(integration("phone", ALEX), json!({"scheduled_time": at})))).await;
    hub.set_domain("globex", json!({"prices": {"phone": 50}})).await;
    hub.post(&caller, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
    assert_eq!(hub.balance(&caller).await, 100);
}
