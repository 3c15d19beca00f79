//! Who may speak, and in which media types (checklist L1).

use hub_fixture::TestHub;
use reqwest::Method;
use serde_json::json;

use super::client::{Client, authorization, errors, id, related, resource};

/// A list of each function.
const LISTS: [&str; 9] = [
    "caller-ids",
    "voice-templates",
    "engagements",
    "activities",
    "triggers",
    "envelopes",
    "text-templates",
    "email-templates",
    "phone-numbers",
];

// L1: as recorded from a client of 2020.
#[tokio::test(flavor = "multi_thread")]
async fn what_existing_clients_send_is_understood_and_answered_as_json() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let body = json!({"data": {"type": "engagements", "attributes": {"name": "Voice Blast", "direction": "outbound"}},
        "included": [{"type": "activities", "id": null, "attributes": {}}]});
    let request = client.request(Method::POST, "/api/v1/engagements");
    let request =
        request.header("Content-Type", "application/json; charset=utf-8").header("Accept", "application/json");
    let made = hub.send(request.body(body.to_string())).await;
    assert_eq!(made.headers["content-type"], "application/json");
    assert!(made.headers["location"].to_str().unwrap().starts_with("/api/v1/engagements/"));
    let engagement = id(&made.expect(201));
    let relationships = json!({"engagement": related("engagements", &engagement)});
    let one = resource("envelopes", json!({"phone-number": "+14165551234"}), relationships);
    let request = client.request(Method::POST, "/api/v1/envelopes");
    let odd = "application/json; charset=utf-8,application/vnd.api+json;ext=bulk";
    let bulk = json!({"data": [one["data"], one["data"]]});
    let made = hub.send(request.header("Content-Type", odd).body(bulk.to_string())).await;
    assert_eq!(made.headers["content-type"], "application/json");
    assert_eq!(made.expect(201)["data"].as_array().map(Vec::len), Some(2));
    let repeated = json!({"name": "Voice Blast", "direction": "outbound", "is-archived": false});
    client.patch("engagements", &engagement, repeated).await.expect(200);
}

// L1
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_and_an_error_go_as_what_is_accepted() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    for (path, status) in [("/api/v1/engagements", 200), ("/api/v1/engagements/cu8Eo9RyrUsV4MXEiDZpLM", 404)] {
        let request = client.request(Method::GET, path).header("Accept", "application/vnd.api+json");
        let answer = hub.send(request).await;
        assert_eq!(
            (answer.status, &answer.headers["content-type"]),
            (status, &"application/vnd.api+json".parse().unwrap())
        );
    }
    let html = client.request(Method::GET, "/api/v1/engagements").header("Accept", "text/html");
    errors(&hub.send(html).await, 406);
    let other =
        client.request(Method::GET, "/api/v1/engagements").header("Accept", "application/vnd.api+json; version=2");
    errors(&hub.send(other).await, 406);
    let form = client.request(Method::POST, "/api/v1/engagements").header("Content-Type", "text/plain").body("{}");
    errors(&hub.send(form).await, 415);
}

// L1, A4
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_route_is_told_as_every_other_error() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    errors(&client.get("fax-templates").await, 404);
    errors(&client.delete("envelopes").await, 405);
}

// L1, A1
#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_known_is_asked_for_basic_authorization() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let other = Client::of(&hub, &acme).await;
    let key = &client.caller.api_key;
    let wrong = [
        None,
        Some("Basic !".to_owned()),
        Some("Basic SDcyTFk0clFIU1hUYUIzR2Z".to_owned()),
        Some(format!("Bearer {key}")),
        Some(authorization("key_0", key)),
        Some(authorization("", &other.caller.api_key)),
    ];
    for header in wrong {
        let request = hub.request(Method::GET, "/api/v1/engagements");
        let request = header.iter().fold(request, |request, header| request.header("Authorization", header));
        let answer = hub.send(request).await;
        errors(&answer, 401);
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic realm="), "{header:?}");
    }
    let reader = Client::with(&hub, &acme, json!({"name": "x", "permissions": ["account_settings"]})).await;
    let told = errors(&reader.get("engagements").await, 403);
    assert!(told[0].1.contains("call_management"), "{told:?}");
}

// L1
#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_only_domain_is_meant_where_none_is_named() {
    let hub = TestHub::start().await;
    let acme = hub.tenant("only", 10).await;
    let client = Client::of(&hub, &acme).await;
    let key = client.request(Method::GET, "/").build().unwrap().headers()["authorization"].clone();
    let at = |path: &str| hub.request(Method::GET, path).header("Authorization", key.clone());
    for list in LISTS {
        hub.send(at(&format!("/api/v1/{list}"))).await.expect(200);
    }
    let bare = || at("/api/v1/engagements");
    hub.second_domain(&acme).await;
    let told = errors(&hub.send(bare()).await, 400);
    assert!(told[0].1.contains("X-Account-Key"), "{told:?}");
    let strangers = hub.tenant("stranger", 10).await;
    for name in [strangers.domain_name.as_str(), "nobody", "Not A Name"] {
        let told = errors(&hub.send(bare().header("X-Account-Key", name)).await, 404);
        assert!(told[0].1.contains("X-Account-Key"), "{told:?}");
    }
}

// A2: another account's is as if it were not there.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_changes_what_another_domain_has() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.tenant("globex", 10).await);
    let (client, stranger) = (Client::of(&hub, &acme).await, Client::of(&hub, &globex).await);
    let engagement = client.blast().await;
    let envelope = client.envelope(&engagement, json!({"phone-number": "+14165551234"})).await;
    let shown = client.get(&format!("engagements/{engagement}")).await.expect(200);
    let activity = shown["data"]["relationships"]["activity"]["data"]["id"].as_str().expect("an id");
    let templates = client.get("voice-templates").await.expect(200);
    let template = templates["data"][0]["id"].as_str().expect("an id");
    for (kind, id) in [
        ("engagements", engagement.as_str()),
        ("activities", activity),
        ("envelopes", &envelope),
        ("voice-templates", template),
    ] {
        errors(&stranger.get(&format!("{kind}/{id}")).await, 404);
        errors(&stranger.delete(&format!("{kind}/{id}")).await, 404);
        errors(&stranger.patch(kind, id, json!({})).await, 404);
        let list = stranger.get(kind).await.expect(200);
        assert_eq!((&list["data"], &list["meta"]["total"]), (&json!([]), &json!(0)));
    }
    let relationships = json!({"engagement": related("engagements", &engagement)});
    let foreign = resource("envelopes", json!({"phone-number": "+14165551234"}), relationships);
    let told = errors(&stranger.post("envelopes", foreign).await, 404);
    assert_eq!(told[0].0, "/data/relationships/engagement/data/id");
}
