//! A scheduled engagement is held, let go on and called off (checklist L3).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::client::{Client, errors};

async fn for_tomorrow(hub: &TestHub, client: &Client<'_>) -> String {
    let engagement = client.blast().await;
    client.envelope(&engagement, json!({"phone-number": "+14165551120"})).await;
    let tomorrow = (hub.now() + SignedDuration::from_hours(24)).to_string();
    let attributes = json!({"status": "scheduled", "delivery-time": tomorrow});
    client.patch("engagements", &engagement, attributes).await.expect(202);
    engagement
}

fn counts(shown: &Value) -> [&Value; 3] {
    ["count-complete", "count-incomplete", "count-hold"].map(|name| &shown["data"]["attributes"][name])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_engagement_is_held_and_goes_on() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = for_tomorrow(&hub, &client).await;
    let held = client.patch("engagements", &engagement, json!({"status": "paused"})).await.expect(202);
    assert_eq!(
        (held["data"]["attributes"]["status"].as_str(), counts(&held)),
        (Some("paused"), [&json!(0), &json!(0), &json!(1)])
    );
    hub.advance(SignedDuration::from_hours(25));
    let goes_on = client.schedule(&engagement).await.expect(202);
    assert_eq!(counts(&goes_on), [&json!(0), &json!(1), &json!(0)]);
    client.until(&engagement, "completed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_engagement_is_called_off_and_its_credits_come_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let engagement = for_tomorrow(&hub, &client).await;
    let paid = hub.balance(&acme).await;
    client.patch("engagements", &engagement, json!({"status": "canceled"})).await.expect(202);
    hub.until("the credit is back", || async {
        let balance = hub.balance(&acme).await;
        if balance == paid + 1 { Ok(()) } else { Err(balance.to_string()) }
    })
    .await;
    let shown = client.until(&engagement, "canceled").await;
    assert_eq!(counts(&shown), [&json!(1), &json!(0), &json!(0)]);
    assert_eq!(client.envelopes(&engagement).await[0]["attributes"]["status"], "canceled");
    let pending = client.engagement().await;
    errors(&client.patch("engagements", &pending, json!({"status": "canceled"})).await, 422);
}
