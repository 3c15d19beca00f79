//! Resources: made, found, listed, changed and deleted (checklist L2).

use hub_fixture::TestHub;
use serde_json::{Value, json};

use super::client::{Client, errors, related, resource};

fn pointers(told: Vec<(String, String)>) -> Vec<String> {
    told.into_iter().map(|(pointer, _)| pointer).collect()
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_id_is_verified_by_the_code_that_its_number_is_told() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let number = "+14165550101";
    let id = client.made("caller-ids", json!({"name": "Head office", "phone-number": number}), json!({})).await;
    let verify = format!("caller-ids/{id}/verify");
    let code = client.code_told(number).await;
    let said = |code: &str| json!({"data": {"type": "caller-ids", "id": id, "attributes": {"code": code}}});
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(pointers(errors(&client.post(&verify, said(wrong)).await, 422)), ["/data/attributes/code"]);
    let shown = client.get(&format!("caller-ids/{id}")).await.expect(200);
    assert_eq!(shown["data"]["attributes"]["status"], "pending");
    let verified = client.post(&verify, said(&code)).await.expect(200);
    assert_eq!(verified["data"]["attributes"]["is-verified"], true);
    let again = client.post(&verify, said(wrong)).await.expect(200);
    assert_eq!(again["data"]["attributes"]["status"], "verified");
    client.delete(&format!("caller-ids/{id}")).await.expect(204);
    errors(&client.get(&format!("caller-ids/{id}")).await, 404);
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_called_again_with_another_code_where_that_is_asked_for() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let number = "+14165550102";
    let id = client.made("caller-ids", json!({"phone-number": number}), json!({})).await;
    client.code_told(number).await;
    let again = json!({"data": {"type": "caller-ids", "id": id}});
    client.post(&format!("caller-ids/{id}/verify"), again).await.expect(202);
    hub.until("the number was called twice", || async {
        let calls = hub.messages("contact=%2B14165550102").await.len();
        if calls == 2 { Ok(()) } else { Err(calls.to_string()) }
    })
    .await;
    let code = client.code_told(number).await;
    let said = json!({"data": {"type": "caller-ids", "id": id, "attributes": {"code": code}}});
    client.post(&format!("caller-ids/{id}/verify"), said).await.expect(200);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_makes_the_same_caller_id_and_one_call() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let make = async |number: &str| {
        let body = resource("caller-ids", json!({"phone-number": number}), json!({})).to_string();
        let request = client.request(reqwest::Method::POST, "/api/v1/caller-ids");
        hub.send(request.header("Idempotency-Key", "office").body(body)).await
    };
    let first = make("+14165550104").await.expect(201);
    let again = make("+14165550104").await.expect(201);
    assert_eq!(first["data"]["id"], again["data"]["id"]);
    client.code_told("+14165550104").await;
    assert_eq!(hub.messages("contact=%2B14165550104").await.len(), 1);
    errors(&make("+14165550105").await, 422);
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn an_activity_needs_a_caller_id_that_is_verified() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let unverified = client.made("caller-ids", json!({"phone-number": "+14165550103"}), json!({})).await;
    let with = |caller_id: &str| {
        let relationships =
            json!({"engagement": related("engagements", &engagement), "caller-id": related("caller-ids", caller_id)});
        resource("activities", json!({"kind": "voice"}), relationships)
    };
    let told = errors(&client.post("activities", with(&unverified)).await, 422);
    assert!(told[0].1.contains("not verified"), "{told:?}");
    let told = errors(&client.post("activities", with("cu8Eo9RyrUsV4MXEiDZpLM")).await, 404);
    assert_eq!(told[0].0, "/data/relationships/caller-id/data/id");
}

// L2, A3: what is not served is told with what is, and every fault at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_refused_with_what_is() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let told = errors(
        &client
            .post("triggers", resource("triggers", json!({"kind": "gather", "on-event": "voice-busy"}), json!({})))
            .await,
        422,
    );
    assert!(told.iter().any(|(_, detail)| detail.contains("say, dial, pause, hangup")), "{told:?}");
    assert!(told.iter().any(|(_, detail)| detail.contains("voice-answered, voice-human, voice-machine")), "{told:?}");
    assert!(told.iter().any(|(pointer, _)| pointer == "/data/relationships/activity"), "{told:?}");
    let told = errors(
        &client.post("voice-templates", resource("voice-templates", json!({"kind": "audio"}), json!({}))).await,
        422,
    );
    assert_eq!(pointers(told), ["/data/attributes/subject", "/data/attributes/kind", "/data/attributes/body"]);
    let told =
        errors(&client.post("activities", resource("activities", json!({"kind": "dial"}), json!({}))).await, 422);
    assert!(told[0].1.contains("voice, text, email"), "{told:?}");
    let told = errors(
        &client.post("engagements", resource("engagements", json!({"direction": "inbound"}), json!({}))).await,
        422,
    );
    assert_eq!(pointers(told), ["/data/attributes/direction", "/data/attributes/name"]);
}

// L1: what is no document of the resource.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_another_type_or_with_an_id_of_its_own_is_refused() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    for (body, status, pointer) in [
        (json!({}), 400, "/data"),
        (json!({"data": []}), 400, "/data"),
        (json!({"data": {"type": "engagements", "attributes": 1}}), 400, "/data/attributes"),
        (json!({"data": {"type": "triggers"}}), 409, "/data/type"),
        (json!({"data": {"type": "engagements", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}}), 403, "/data/id"),
    ] {
        assert_eq!(pointers(errors(&client.post("engagements", body).await, status)), [pointer]);
    }
    let engagement = client.engagement().await;
    let other = json!({"data": {"type": "engagements", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}});
    let path = format!("/api/v1/engagements/{engagement}");
    assert_eq!(pointers(errors(&client.send(reqwest::Method::PATCH, &path, &other).await, 409)), ["/data/id"]);
}

// L2, A3: of a bulk too.
#[tokio::test(flavor = "multi_thread")]
async fn every_resource_of_a_bulk_that_is_none_is_told() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let bulk = json!({"data": [
        {"type": "triggers"}, {"type": "envelopes"}, 1, {"type": "envelopes", "id": "1", "attributes": [], "relationships": 1},
    ]});
    let faulty = ["/data/0/type", "/data/2", "/data/3/id", "/data/3/attributes", "/data/3/relationships"];
    assert_eq!(pointers(errors(&client.post("envelopes", bulk).await, 400)), faulty);
    let bulk = json!({"data": [{"type": "triggers"}, {"type": "activities"}]});
    assert_eq!(pointers(errors(&client.post("envelopes", bulk).await, 409)), ["/data/0/type", "/data/1/type"]);
}

// L2: what the values of an envelope's variables may take.
#[tokio::test(flavor = "multi_thread")]
async fn the_values_of_an_envelope_have_a_limit() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let relationships = json!({"engagement": related("engagements", &client.engagement().await)});
    let of = |meta: Value| {
        resource("envelopes", json!({"phone-number": "+14165551234", "meta": meta}), relationships.clone())
    };
    // That it is too large is told once, whatever else is wrong with it.
    let many: serde_json::Map<String, Value> =
        (0..5_000).map(|number| (format!("no name {number}"), json!([]))).collect();
    let told = errors(&client.post("envelopes", of(Value::Object(many))).await, 422);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("bytes as JSON"), "{told:?}");
    client.post("envelopes", of(json!({"first-name": "Ann"}))).await.expect(201);
}

// L2: also where a client repeats what it knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_may_repeat_what_a_resource_belongs_to_but_not_move_it() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let (engagement, other) = (client.engagement().await, client.engagement().await);
    let (activity, other_activity) = (client.activity(&engagement).await, client.activity(&other).await);
    let trigger = client.say(&activity, "voice-human", "Hello.").await;
    let envelope = client.envelope(&engagement, json!({"phone-number": "+14165551234"})).await;
    for (kind, id, name, of, own, foreign) in [
        ("activities", activity.as_str(), "engagement", "engagements", engagement.as_str(), other.as_str()),
        ("triggers", &trigger, "activity", "activities", &activity, &other_activity),
        ("envelopes", &envelope, "engagement", "engagements", &engagement, &other),
    ] {
        let change = async |relationship: Value| client.relate(kind, id, json!({name: relationship})).await;
        change(related(of, own)).await.expect(200);
        let at = format!("/data/relationships/{name}");
        for other in [related(of, foreign), json!({"data": null})] {
            assert_eq!(pointers(errors(&change(other).await, 422)), [at.as_str()]);
        }
        assert_eq!(pointers(errors(&change(json!({})).await, 422)), [format!("{at}/data")]);
    }
}

// L2: what a call cannot do without.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_does_not_take_away_what_is_needed() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let activity = client.activity(&client.engagement().await).await;
    let trigger = client.say(&activity, "voice-human", "Hello.").await;
    let hangup = json!({"kind": "hangup", "on-event": "voice-human"});
    let hangup = client.made("triggers", hangup, json!({"activity": related("activities", &activity)})).await;
    for (kind, id, name) in [("activities", &activity, "caller-id"), ("triggers", &trigger, "voice-template")] {
        let before = client.get(&format!("{kind}/{id}")).await.expect(200);
        let told = errors(&client.relate(kind, id, json!({name: {"data": null}})).await, 422);
        assert_eq!(told, [(format!("/data/relationships/{name}"), format!("{name} is required."))]);
        assert_eq!(client.get(&format!("{kind}/{id}")).await.expect(200), before);
    }
    let unused = [("triggers", &hangup, "voice-template"), ("activities", &activity, "text-template")];
    for (kind, id, name) in unused {
        client.relate(kind, id, json!({name: {"data": null}})).await.expect(200);
    }
}

// L2: before scheduling.
#[tokio::test(flavor = "multi_thread")]
async fn everything_is_changed_and_deleted_until_it_is_scheduled() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let activity = client.activity(&engagement).await;
    let trigger = client.say(&activity, "voice-human", "Hello.").await;
    let envelope = client.envelope(&engagement, json!({"phone-number": "+14165551234"})).await;
    for (kind, id, change) in [
        ("engagements", &engagement, json!({"name": "Another name"})),
        ("activities", &activity, json!({"name": "Another name"})),
        ("triggers", &trigger, json!({"delay-in-seconds": 3})),
        ("envelopes", &envelope, json!({"meta": {"first-name": "Ann"}})),
    ] {
        let changed = client.patch(kind, id, change.clone()).await.expect(200);
        let shown = client.get(&format!("{kind}/{id}")).await.expect(200);
        for (name, value) in change.as_object().expect("attributes") {
            assert_eq!((&changed["data"]["attributes"][name], &shown["data"]["attributes"][name]), (value, value));
        }
    }
    for (list, id) in [("activities", &activity), ("triggers", &trigger)] {
        assert_eq!(client.get(list).await.expect(200)["data"][0]["id"], json!(id));
    }
    for (list, id) in [("activities?filter[engagement.id]", &engagement), ("triggers?filter[activity.id]", &activity)] {
        assert_eq!(client.get(&format!("{list}=eq:{id}")).await.expect(200)["meta"]["total"], 1);
    }
    for (kind, id) in
        [("envelopes", envelope), ("triggers", trigger), ("activities", activity), ("engagements", engagement)]
    {
        client.delete(&format!("{kind}/{id}")).await.expect(204);
        errors(&client.get(&format!("{kind}/{id}")).await, 404);
    }
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn a_voice_template_is_changed_and_deleted() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let template = client.template("Hello.").await;
    let changed =
        client.patch("voice-templates", &template, json!({"body": "Goodbye.", "kind": "text"})).await.expect(200);
    assert_eq!(
        (&changed["data"]["attributes"]["body"], &changed["data"]["attributes"]["name"]),
        (&json!("Goodbye."), &json!("Test"))
    );
    assert_eq!(
        pointers(errors(&client.patch("voice-templates", &template, json!({"body": ""})).await, 422)),
        ["/data/attributes/body"]
    );
    client.delete(&format!("voice-templates/{template}")).await.expect(204);
    errors(&client.get(&format!("voice-templates/{template}")).await, 404);
}
