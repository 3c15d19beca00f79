//! The list of engagements (checklist F4, C5).

use hub_fixture::{Caller, Hub};
use serde_json::Value;

use crate::anywhere::acme;
use crate::requests::integration;

pub(crate) async fn list(hub: &Hub, acme: &Caller, query: &str) -> Vec<Value> {
    let page = hub.get(acme, &acme.at(&format!("/integration/engagements?{query}"))).await.expect(200);
    page["engagements"].as_array().expect("engagements").clone()
}

// F4
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_has_what_is_needed_to_find_its_engagement() {
    let (hub, acme) = acme().await;
    let id = hub.started(&acme, integration(&acme, "email", "customer@example.com")).await;
    hub.until_status(&acme, &id, "Completed").await;
    let entry = list(&hub, &acme, "").await.remove(0);
    insta::assert_json_snapshot!("list_entry", entry, {
        ".engagement_id" => "[id]", ".call_sid" => "[sid]",
        ".created_at" => "[time]", ".started_at" => "[time]", ".completed_at" => "[time]",
    });
}
