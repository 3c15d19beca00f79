//! Text and email activities: the same campaign over another channel (checklist L2).

use hub_fixture::TestHub;
use serde_json::{Value, json};

use super::client::{Client, errors, related, resource};

/// The only resource of a list.
async fn only(client: &Client<'_>, kind: &str) -> String {
    let list = client.get(kind).await.expect(200);
    let id = list["data"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(client.get(&format!("{kind}/{id}")).await.expect(200)["data"], list["data"][0]);
    id
}

async fn campaign(client: &Client<'_>, activity: Value, relationships: Value, envelope: Value) -> String {
    let engagement = client.engagement().await;
    let mut all = relationships;
    all["engagement"] = related("engagements", &engagement);
    client.made("activities", activity, all).await;
    client.envelope(&engagement, envelope).await;
    engagement
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_activity_sends_its_template_to_everyone() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let number = only(&client, "phone-numbers").await;
    let template =
        client.made("text-templates", json!({"name": "Specials", "body": "Hello {{first-name}}."}), json!({})).await;
    let relationships = json!({
        "phone-number": related("phone-numbers", &number), "text-template": related("text-templates", &template),
    });
    let envelope = json!({"phone-number": "+14165551130", "meta": {"first-name": "Ann"}});
    let engagement = campaign(&client, json!({"kind": "text"}), relationships, envelope).await;
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    let message = hub.messages("contact=%2B14165551130").await.remove(0);
    assert_eq!((&message["channel"], &message["text"]), (&json!("sms"), &json!("Hello Ann.")));
    let changed = client.patch("text-templates", &template, json!({"body": "Goodbye."})).await.expect(200);
    assert_eq!(changed["data"]["attributes"]["body"], "Goodbye.");
    assert_eq!(client.get(&format!("text-templates/{template}")).await.expect(200)["data"], changed["data"]);
    client.delete(&format!("text-templates/{template}")).await.expect(204);
    assert_eq!(client.get("text-templates").await.expect(200)["meta"]["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_activity_sends_its_template_to_everyone() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let mailbox = only(&client, "email-ids").await;
    let written =
        json!({"subject": "Specials for {{first-name}}", "body": "<p>Hello {{first-name}} {{last-name}}.</p>"});
    let template = client.made("email-templates", written, json!({})).await;
    let relationships = json!({
        "email-id": related("email-ids", &mailbox), "email-template": related("email-templates", &template),
    });
    let envelope = json!({"email-address": "ann@example.com", "meta": {"first-name": "Ann", "last-name": "<b>"}});
    let engagement = campaign(&client, json!({"kind": "email"}), relationships, envelope).await;
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    let mail = hub.messages("contact=ann@example.com").await.remove(0);
    assert_eq!(mail["subject"], "Specials for Ann");
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("Hello Ann &lt;b&gt;."), "{html}");
}

// L2: a relationship that is sent replaces the one before, also where it is to none.
#[tokio::test(flavor = "multi_thread")]
async fn senders_and_templates_are_taken_away_by_null() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let written = json!({"name": "Specials", "subject": "Specials", "body": "Hello."});
    for (kind, (sender, senders), (template, templates)) in [
        ("text", ("phone-number", "phone-numbers"), ("text-template", "text-templates")),
        ("email", ("email-id", "email-ids"), ("email-template", "email-templates")),
    ] {
        let of = client.made(templates, written.clone(), json!({})).await;
        let relationships = json!({
            "engagement": related("engagements", &client.engagement().await),
            sender: related(senders, &only(&client, senders).await), template: related(templates, &of),
        });
        let activity = client.made("activities", json!({"kind": kind}), relationships.clone()).await;
        let kept = client.patch("activities", &activity, json!({"name": "Another"})).await.expect(200);
        assert_eq!(kept["data"]["relationships"][sender], relationships[sender]);
        assert_eq!(kept["data"]["relationships"][template], relationships[template]);
        let none = json!({"data": null});
        client.relate("activities", &activity, json!({sender: none, template: none})).await.expect(200);
        let shown = client.get(&format!("activities/{activity}")).await.expect(200);
        assert_eq!(shown["data"]["relationships"][sender], none);
        assert_eq!(shown["data"]["relationships"][template], none);
    }
}

// E10: they are the domain's saved templates.
#[tokio::test(flavor = "multi_thread")]
async fn email_templates_are_the_domains_saved_templates() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let written = || json!({"subject": "Specials", "body": "<p>Hello {{first-name}}.</p>"});
    let first = client.made("email-templates", written(), json!({})).await;
    client.made("email-templates", written(), json!({})).await;
    let saved = hub.get(&acme, &acme.at("/account-settings/email-templates")).await.expect(200);
    assert_eq!(saved["templates"].as_array().map(Vec::len), Some(2));
    assert_eq!(saved["templates"][0]["customPlaceholderKeys"], json!(["FIRST_NAME"]));
    let changed = client.patch("email-templates", &first, json!({"name": "Weekly", "subject": "Hi"})).await.expect(200);
    assert_eq!(changed["data"]["attributes"]["subject"], "Hi");
    assert_eq!(client.get(&format!("email-templates/{first}")).await.expect(200)["data"], changed["data"]);
    let taken = resource("email-templates", json!({"name": "Weekly", "subject": "x", "body": "<p>x</p>"}), json!({}));
    errors(&client.post("email-templates", taken).await, 409);
    client.delete(&format!("email-templates/{first}")).await.expect(204);
    assert_eq!(client.get("email-templates").await.expect(200)["meta"]["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_needs_a_template_that_is_there_and_contacts_of_its_kind() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let nowhere = "cu8Eo9RyrUsV4MXEiDZpLM";
    for (kind, name, of) in [
        ("text", "text-template", "text-templates"),
        ("text", "phone-number", "phone-numbers"),
        ("email", "email-template", "email-templates"),
        ("email", "email-id", "email-ids"),
    ] {
        let relationships = json!({"engagement": related("engagements", &engagement), name: related(of, nowhere)});
        let told =
            errors(&client.post("activities", resource("activities", json!({"kind": kind}), relationships)).await, 404);
        assert_eq!(told[0].0, format!("/data/relationships/{name}/data/id"));
    }
    client
        .made("activities", json!({"kind": "text"}), json!({"engagement": related("engagements", &engagement)}))
        .await;
    let of = json!({"engagement": related("engagements", &engagement)});
    let email = resource("envelopes", json!({"email-address": "ann@example.com"}), of);
    assert_eq!(errors(&client.post("envelopes", email).await, 422)[0].0, "/data/attributes/phone-number");
    client.envelope(&engagement, json!({"phone-number": "+14165551131"})).await;
    let told = errors(&client.schedule(&engagement).await, 400);
    assert!(told[0].1.contains("text-template"), "{told:?}");
    let shown = client.get(&format!("engagements/{engagement}")).await.expect(200);
    assert_eq!(shown["data"]["attributes"]["status"], "pending");
}
