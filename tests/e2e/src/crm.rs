//! What a CRM's users start by phone and message, which takes the simulator in place of a carrier (checklist J3), and what
//! a gateway before the hub may rename.

use hub_fixture::TestHub;
use reqwest::Method;
use serde_json::json;

use crate::problem::problem;
use crate::requests::with;
use crate::workspace::{START, person, workspace};

// J3
#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_called_and_written_to_as_by_integration_start() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let workspace = workspace(&hub, &acme, "RS256").await;
    let before = hub.balance(&acme).await;
    for (channel, outcome) in
        [("phone", "answered"), ("sms", "delivered"), ("wmsg", "delivered"), ("wvoice", "answered")]
    {
        let body = with(person(), json!({"channel": channel, "contactIdentifier": "(416) 555-1234"}));
        let id = workspace.started(&hub, body).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!((&report["channel"], &report["outcome"]), (&json!(channel), &json!(outcome)));
        assert_eq!(report["contact_identifier"], "+14165551234");
        assert_eq!(hub.message(&id).await["text"], "Say hello.");
    }
    assert_eq!(hub.balance(&acme).await, before - 4);
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_told_what_would_be_taken() {
    let hub = TestHub::start().await;
    let answer = hub.call(Method::POST, START, "nonsense", Some(person()), &[]).await;
    problem(&answer, 401);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
}
