//! Every example of the voice document, as it is written there, with the ids that its reader has by then.

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, id};

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

// The document has a bracket too many here.
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

/// An example with ids of this hub in place of the document's.
fn example(text: &str, ids: &[(&str, &str)]) -> String {
    ids.iter().fold(text.to_owned(), |text, (documents, own)| text.replace(documents, own))
}

async fn sent(client: &Client<'_>, hub: &TestHub, method: Method, path: &str, body: String) -> (u16, Value) {
    let answer = hub.send(client.request(method, path).body(body)).await;
    (answer.status, answer.body)
}

async fn posted(client: &Client<'_>, hub: &TestHub, path: &str, body: String) -> Value {
    let (status, body) = sent(client, hub, Method::POST, path, body).await;
    assert_eq!(status, 201, "{body}");
    body
}

// L1–L3
#[tokio::test(flavor = "multi_thread")]
async fn the_documents_seven_requests_call_everyone_and_speak_to_them_by_name() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let caller_id = client.caller_id().await;
    let template = posted(&client, &hub, "/api/v1/voice-templates", VOICE_TEMPLATE.to_owned()).await;
    assert_shown("voice_template", &template);
    let engagement = posted(&client, &hub, "/api/v1/engagements", ENGAGEMENT.to_owned()).await;
    assert_shown("engagement", &engagement);
    let (engagement, template) = (id(&engagement), id(&template));
    let ids = [("cu8Eo9RyrUsV4MXEiDZpLM", engagement.as_str()), ("Lv8UgucPVGWcwZd9Hre9dn", &caller_id)];
    let activity = posted(&client, &hub, "/api/v1/activities", example(ACTIVITY, &ids)).await;
    assert_shown("activity", &activity);
    let activity = id(&activity);
    let ids = [("cu8Eo9RyrUsV4MXEiDZpLM", activity.as_str()), ("RyrUsV4MXEicu8Eo9DZpLM", &template)];
    let trigger = posted(&client, &hub, "/api/v1/triggers", example(TRIGGER_FOR_MACHINE, &ids)).await;
    assert_shown("trigger", &trigger);
    posted(&client, &hub, "/api/v1/triggers", example(TRIGGER_FOR_HUMAN, &ids)).await;
    let ids = [("yrbCdxqV2ZMdQBCszhA7TZ", engagement.as_str())];
    let bulk = "application/vnd.api+json; ext=bulk";
    let request = client.request(Method::POST, "/api/v1/envelopes").header("Content-Type", bulk).header("Accept", bulk);
    let envelopes = hub.send(request.body(example(ENVELOPES, &ids))).await;
    assert_eq!(envelopes.headers["content-type"], bulk);
    let envelopes = envelopes.expect(201);
    assert_eq!(envelopes["data"].as_array().map(Vec::len), Some(2));
    assert_shown("envelope", &json!({"data": envelopes["data"][0]}));
    let path = format!("/api/v1/engagements/{engagement}");
    let (status, scheduled) = sent(&client, &hub, Method::PATCH, &path, example(SUBMIT, &ids)).await;
    assert_eq!(status, 202, "{scheduled}");
    assert_eq!(scheduled["data"]["attributes"]["count-total"], 2);
    assert_shown("completed", &client.until(&engagement, "completed").await);
    let texts: Vec<Value> = client.envelopes(&engagement).await;
    assert_eq!(client.heard(&texts[0]).await, "Hello Alexander, voice template support variables.");
    assert_eq!(client.heard(&texts[1]).await, "Hello Michael, voice template support variables.");
}

/// What is shown, but for ids and times.
fn assert_shown(name: &str, document: &Value) {
    assert_json_snapshot!(name, document, {
        ".data.id" => "[id]", ".data.links.self" => "[link]", ".data.relationships.*.data.id" => "[id]",
        ".data.relationships.*.data[].id" => "[id]", ".data.relationships.*.links.related" => "[link]",
        ".data.attributes[\"created-at\"]" => "[time]", ".data.attributes[\"updated-at\"]" => "[time]",
    });
}
