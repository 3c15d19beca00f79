//! A campaign by the voice JSON:API, from its caller id to what was said (checklist L). The local rest is in `voice`.

use serde_json::json;

use super::acme;
use crate::voice::client::{Client, HUMAN, MACHINE};

// L1–L3
#[tokio::test(flavor = "multi_thread")]
async fn people_and_machines_hear_what_their_triggers_say() {
    let (hub, acme) = acme().await;
    let client = Client::with(&hub, &acme, json!({"name": "tests", "mode": "test"})).await;
    let engagement = client.blast().await;
    for (number, name) in [(HUMAN, "Ann"), (MACHINE, "Bob")] {
        client.envelope(&engagement, json!({"phone-number": number, "meta": {"first-name": name}})).await;
    }
    let scheduled = client.schedule(&engagement).await.expect(202);
    assert_eq!(scheduled["data"]["attributes"]["count-total"], 2);
    client.until(&engagement, "completed").await;
    let shown = client.envelopes(&engagement).await;
    assert_eq!(client.heard(&shown[0]).await, "Hello Ann, this is for you.");
    assert_eq!(client.heard(&shown[1]).await, "Hello Bob, please call us back.");
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn emails_go_out_by_the_saved_template() {
    let (hub, acme) = acme().await;
    let client = Client::of(&hub, &acme).await;
    let written = json!({"subject": "Specials for {{first-name}}", "body": "<p>Hello {{first-name}}.</p>"});
    let template = client.made("email-templates", written, json!({})).await;
    let engagement = client.engagement().await;
    let relationships = json!({
        "engagement": {"data": {"type": "engagements", "id": engagement}},
        "email-template": {"data": {"type": "email-templates", "id": template}},
    });
    client.made("activities", json!({"kind": "email"}), relationships).await;
    let envelope = json!({"email-address": "success@simulator.amazonses.com", "meta": {"first-name": "Ann"}});
    client.envelope(&engagement, envelope).await;
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    assert_eq!(hub.messages_of(&client.caller).await[0]["subject"], "Specials for Ann");
}
