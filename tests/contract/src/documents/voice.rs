//! voice-json-api.md: every example request as it is written there, with the ids that its reader has by then.

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::json_api::client::Client;

const VOICE_TEMPLATE: &str = r#"{
"data": {
"type": "voice-templates",
"attributes": {
"subject": "Weekly Specials",
"kind": "text",
"body": "Hello {{first-name}}, voice template support variables.",
"voice": "Polly-Brian"
}
}
}"#;

const ENGAGEMENT: &str = r#"{
"data": {
"type": "engagements",
"attributes": {
"name": "Voice Blast",
"direction": "outbound"
}
}
}"#;

const ACTIVITY: &str = r#"{
"data": {
"type": "activities",
"attributes": {
"name": "Voice Blast",
"kind": "voice"
},
"relationships": {
"engagement": {
"data": {"type": "engagements", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}
},
"caller-id": {
"data": {"type": "caller-ids", "id": "Lv8UgucPVGWcwZd9Hre9dn"}
}
}
}
}"#;

const TRIGGER_FOR_MACHINE: &str = r#"{
"data": {
"type": "triggers",
"attributes": {
"kind": "say",
"on-event": "voice-machine"
},
"relationships": {
"activity": {
"data": {"type": "activities", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}
},
"voice-template": {
"data": {"type": "voice-templates", "id": "RyrUsV4MXEicu8Eo9DZpLM"}
}
}
}
}"#;

const TRIGGER_FOR_HUMAN: &str = r#"{
"data": {
"type": "triggers",
"attributes": {
"kind": "say",
"on-event": "voice-human"
},
"relationships": {
"activity": {
"data": {"type": "activities", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}
},
"voice-template": {
"data": {"type": "voice-templates", "id": "RyrUsV4MXEicu8Eo9DZpLM"}
}
}
}
}"#;

const ENVELOPES: &str = r#"{
"data": [{
"type": "envelopes",
"attributes": {
"phone-number": "+15197566220",
"meta": {
"first-name": "Alexander",
"last-name": "Bell"
}
},
"relationships": {
"engagement": {
"data": {"type": "engagements", "id": "yrbCdxqV2ZMdQBCszhA7TZ"}
}
}
},
{
"type": "envelopes",
"attributes": {
"phone-number": "+19734390088",
"meta": {
"first-name": "Michael",
"last-name": "Morgan"
}
},
"relationships": {
"engagement": {
"data": {"type": "engagements", "id": "yrbCdxqV2ZMdQBCszhA7TZ"}
}
}
}]
}"#;

const SUBMIT: &str = r#"{
"data":{
"id": "yrbCdxqV2ZMdQBCszhA7TZ",
"type": "engagements",
"attributes": {
"status": "scheduled",
"delivery-type": "immediately"
}
}
}"#;

/// The headers of "Create Envelopes"; the other requests have none but those that say who calls.
const BULK: [(&str, &str); 2] =
    [("Content-Type", "application/vnd.api+json; ext=bulk"), ("Accept", "application/vnd.api+json; ext=bulk")];

// L1–L3
#[tokio::test(flavor = "multi_thread")]
async fn the_seven_requests_of_a_voice_campaign() {
    let hub = TestHub::start().await;
    let mut client = Client::new(&hub).await;
    client.make_caller_id().await;
    for (kind, name, document) in [
        ("voice-templates", "voice_template", VOICE_TEMPLATE),
        ("engagements", "engagement", ENGAGEMENT),
        ("activities", "activity", ACTIVITY),
        ("triggers", "trigger_for_machine", TRIGGER_FOR_MACHINE),
        ("triggers", "trigger_for_human", TRIGGER_FOR_HUMAN),
    ] {
        assert_shown(name, &client.make(kind, document, &[]).await.body);
    }
    let envelopes = client.make("envelopes", ENVELOPES, &BULK).await;
    assert_eq!(envelopes.headers["content-type"], BULK[1].1);
    assert_eq!(envelopes.body["data"].as_array().map(Vec::len), Some(2));
    assert_shown("envelope", &json!({"data": envelopes.body["data"][0]}));
    let path = "/api/v1/engagements/{id}";
    let scheduled = client.speak(&Method::PATCH, path, Some(client.filled(SUBMIT)), &[]).await;
    assert_eq!((scheduled.status, &scheduled.body["data"]["attributes"]["count-total"]), (202, &json!(2)));
    let completed = hub.until("the engagement is completed", async || {
        let shown = client.get(path).await;
        if shown["data"]["attributes"]["status"] == "completed" { Ok(shown) } else { Err(shown.to_string()) }
    });
    assert_shown("completed", &completed.await);
    let envelopes = client.get("/api/v1/envelopes").await;
    assert_eq!(heard(&hub, &envelopes["data"][0]).await, "Hello Alexander, voice template support variables.");
    assert_eq!(heard(&hub, &envelopes["data"][1]).await, "Hello Michael, voice template support variables.");
}

/// What was said first to the contact of an envelope.
async fn heard(hub: &TestHub, envelope: &Value) -> Value {
    let id = envelope["attributes"]["results"]["engagement-id"].as_str().expect("an engagement");
    hub.report(&hub.demo(), id).await["transcript"][0]["content"].clone()
}

/// What is shown, but for ids and times.
fn assert_shown(name: &str, document: &Value) {
    assert_json_snapshot!(name, document, {
        ".data.id" => "[id]", ".data.links.self" => "[link]", ".data.relationships.*.data.id" => "[id]",
        ".data.relationships.*.data[].id" => "[id]", ".data.relationships.*.links.related" => "[link]",
        ".data.attributes[\"created-at\"]" => "[time]", ".data.attributes[\"updated-at\"]" => "[time]",
    });
}
