//! Who a domain's emails may be from, where the operator names it: all domains send through one mail service.

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::email_senders::{CUSTOMER, SETTINGS, allow, from, sender};
use crate::problem::{problem, state};
use crate::requests::{integration, with};
use crate::setup::outbound_email;

// E9
#[tokio::test(flavor = "multi_thread")]
async fn mail_from_a_sender_that_is_allowed_no_more_does_not_leave() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    outbound_email(&hub, &acme, json!({"from": "hello@acme.example"})).await;
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&acme, with(integration(&acme, "email", CUSTOMER), json!({"scheduled_time": at}))).await;
    allow(&hub, &acme, json!(["hello@globex.example"])).await;
    let before = state(&hub, &acme).await;
    let detail = problem(&hub.post(&acme, "/integration/start", integration(&acme, "email", CUSTOMER)).await, 400);
    assert!(detail.contains("set a sender with PUT /account-settings/outbound-email"), "{detail}");
    assert_eq!(state(&hub, &acme).await, before);
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert_eq!(report["outcome"], "refused", "{report}");
    assert_eq!(hub.messages("").await, Vec::<Value>::new());
    allow(&hub, &acme, json!([])).await;
    assert_eq!(sender(&hub, &acme, "agent-7").await, "hello@acme.example");
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_user_whose_sender_is_allowed_no_more_writes_as_the_domain() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    outbound_email(&hub, &acme, json!({"outbound_email_user_overrides_enabled": true})).await;
    let [_, users] = from(&acme, "agent@partner.example");
    hub.put(&acme, SETTINGS, users).await.expect(200);
    assert_eq!(sender(&hub, &acme, "agent-7").await, "agent@partner.example");
    allow(&hub, &acme, json!(["acme.example"])).await;
    assert_eq!(sender(&hub, &acme, "agent-7").await, "hello@acme.example");
}
