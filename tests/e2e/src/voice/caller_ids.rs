//! Who may show a number: whoever has heard what it was told (checklist L2).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, errors, related, resource};

const NUMBER: &str = "+14165550106";

async fn made(client: &Client<'_>) -> String {
    client.made("caller-ids", json!({"phone-number": NUMBER}), json!({})).await
}

/// Another code than this.
fn other(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

async fn status(client: &Client<'_>, id: &str) -> Value {
    client.get(&format!("caller-ids/{id}")).await.expect(200)["data"]["attributes"]["status"].clone()
}

// L2: who asks for a call has not heard it.
#[tokio::test(flavor = "multi_thread")]
async fn the_code_is_heard_by_the_number_and_read_by_nobody() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let id = made(&client).await;
    client.code_told(NUMBER).await;
    let list = hub.get(&acme, &acme.at("/integration/engagements")).await.expect(200);
    let call = list["engagements"][0]["engagement_id"].as_str().expect("a call").to_owned();
    hub.until_status(&acme, &call, "Completed").await;
    let report = hub.report(&acme, &call).await;
    assert_eq!(report["transcript"][0]["content"], "A verification code was told.");
    assert!(!report.to_string().contains("code is"), "{report}");
    assert_eq!(report["source_record_id"], json!(id));
}

// L2, H1
#[tokio::test(flavor = "multi_thread")]
async fn what_a_test_key_has_verified_is_shown_in_test_mode_only() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let tester = Client::with(&hub, &acme, json!({"name": "tests", "mode": "test"})).await;
    let client = Client::of(&hub, &acme).await;
    let id = made(&tester).await;
    errors(&client.verify(&id, "000000").await, 422);
    tester.verify(&id, "000000").await.expect(200);
    assert_eq!((status(&tester, &id).await, status(&client, &id).await), (json!("verified"), json!("pending")));
    let engagement = tester.engagement().await;
    let relationships =
        json!({"engagement": related("engagements", &engagement), "caller-id": related("caller-ids", &id)});
    let activity = resource("activities", json!({"kind": "voice"}), relationships);
    assert!(errors(&client.post("activities", activity.clone()).await, 422)[0].1.contains("not verified"));
    let activity = tester.post("activities", activity).await.expect(201);
    tester.say(activity["data"]["id"].as_str().expect("an id"), "voice-human", "Hello.").await;
    tester.envelope(&engagement, json!({"phone-number": "+14165551234"})).await;
    let told = errors(&client.schedule(&engagement).await, 400);
    assert!(told[0].1.contains("no verified caller-id"), "{told:?}");
    assert_eq!(hub.messages("contact=%2B14165550106").await.len(), 0, "nobody was called");
    // Its owner hears a code, and then it is shown by every call.
    client
        .post(&format!("caller-ids/{id}/verify"), json!({"data": {"type": "caller-ids", "id": id}}))
        .await
        .expect(202);
    client.verify(&id, &client.code_told(NUMBER).await).await.expect(200);
    client.schedule(&engagement).await.expect(202);
}

// L2, A6
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_called_again_once_for_each_key() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let id = made(&client).await;
    client.code_told(NUMBER).await;
    let again = json!({"data": {"type": "caller-ids", "id": id}});
    let path = format!("/api/v1/caller-ids/{id}/verify");
    for (key, calls) in [("again-1", 2), ("again-1", 2), ("again-2", 3)] {
        let request = client.request(Method::POST, &path).header("Idempotency-Key", key).body(again.to_string());
        hub.send(request).await.expect(202);
        let told = async || match hub.messages("contact=%2B14165550106").await.len() {
            told if told >= calls => Ok(told),
            told => Err(told.to_string()),
        };
        assert_eq!(hub.until("the number is called", told).await, calls, "{key}");
    }
    hub.advance(SignedDuration::from_hours(25));
    let request = client.request(Method::POST, &path).header("Idempotency-Key", "again-2").body(again.to_string());
    hub.send(request).await.expect(202);
    let told = async || match hub.messages("contact=%2B14165550106").await.len() {
        4 => Ok(()),
        told => Err(told.to_string()),
    };
    hub.until("a key counts for a day", told).await;
    client.verify(&id, &client.code_told(NUMBER).await).await.expect(200);
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_codes_the_right_one_does_not_count_until_another_is_told() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let id = made(&client).await;
    let code = client.code_told(NUMBER).await;
    for _ in 0..5 {
        assert!(errors(&client.verify(&id, other(&code)).await, 422)[0].1.contains("not the code"));
    }
    assert!(errors(&client.verify(&id, &code).await, 422)[0].1.contains("called again"));
    assert_eq!(status(&client, &id).await, "pending");
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn a_code_counts_for_a_quarter_of_an_hour() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let id = made(&client).await;
    let code = client.code_told(NUMBER).await;
    hub.advance(SignedDuration::from_mins(16));
    assert!(errors(&client.verify(&id, &code).await, 422)[0].1.contains("15 minutes"));
}

// A6, L2
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_be_called_makes_no_caller_id_and_spoils_no_code() {
    let hub = TestHub::start().await;
    let poor = hub.tenant("poor", 1).await;
    let client = Client::of(&hub, &poor).await;
    let id = made(&client).await;
    let code = client.code_told(NUMBER).await;
    errors(&client.post("caller-ids", resource("caller-ids", json!({"phone-number": NUMBER}), json!({}))).await, 402);
    assert_eq!(client.get("caller-ids").await.expect(200)["meta"]["total"], 1);
    let again = json!({"data": {"type": "caller-ids", "id": id}});
    errors(&client.post(&format!("caller-ids/{id}/verify"), again).await, 402);
    client.verify(&id, &code).await.expect(200);
}
