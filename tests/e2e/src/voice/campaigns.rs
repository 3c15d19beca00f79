//! Envelopes and scheduling: each becomes one engagement, and the verdict selects what is said (checklist L2, L3).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::client::{Client, HUMAN, MACHINE, errors, related};

fn bulk(engagement: &str, attributes: impl IntoIterator<Item = Value>) -> Value {
    let one = |attributes: Value| json!({"type": "envelopes", "attributes": attributes, "relationships": {"engagement": related("engagements", engagement)}});
    json!({"data": attributes.into_iter().map(one).collect::<Vec<_>>()})
}

// L3
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_hears_another_text_than_a_person() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.blast().await;
    let envelopes = [(HUMAN, "Ann"), (MACHINE, "Bob")];
    let envelopes = envelopes.map(|(number, name)| json!({"phone-number": number, "meta": {"first-name": name}}));
    client.post("envelopes", bulk(&engagement, envelopes)).await.expect(201);
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    let shown = client.envelopes(&engagement).await;
    let ends: Vec<&Value> = shown.iter().map(|one| &one["attributes"]["callback-status"]).collect();
    assert_eq!(ends, ["answered", "voicemail"]);
    assert_eq!(client.heard(&shown[0]).await, "Hello Ann, this is for you.");
    assert_eq!(client.heard(&shown[1]).await, "Hello Bob, please call us back.");
}

// L2: a thousand at once.
#[tokio::test(flavor = "multi_thread")]
async fn bulk_makes_every_envelope_or_none() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let good = |number: u32| json!({"phone-number": format!("+1416555{number:04}"), "meta": {"first-name": "Ann"}});
    let bad = [good(0), json!({"phone-number": "call me"}), good(1), json!({"meta": {"first-name": ["Ann"]}})];
    let told = errors(&client.post("envelopes", bulk(&engagement, bad)).await, 422);
    let pointers: Vec<&str> = told.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        ["/data/1/attributes/phone-number", "/data/3/attributes/phone-number", "/data/3/attributes/meta"]
    );
    assert_eq!(client.envelopes(&engagement).await, Vec::<Value>::new());
    let made = client.post("envelopes", bulk(&engagement, (0..1_000).map(good))).await.expect(201);
    assert_eq!(made["data"].as_array().map(Vec::len), Some(1_000));
    let list = client.get(&format!("envelopes?filter[engagement.id]=eq:{engagement}&page[size]=1")).await.expect(200);
    assert_eq!(list["meta"]["total"], 1_000);
    let told = errors(&client.post("envelopes", bulk(&engagement, (0..1_001).map(good))).await, 400);
    assert!(told[0].1.contains("1 to 1000"), "{told:?}");
}

// L2: all of one request are of one engagement.
#[tokio::test(flavor = "multi_thread")]
async fn the_envelopes_of_one_request_are_of_one_engagement() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let (first, second) = (client.engagement().await, client.engagement().await);
    let one = |engagement: &str| bulk(engagement, [json!({"phone-number": HUMAN})])["data"][0].clone();
    let mixed = json!({"data": [one(&first), one(&second)]});
    let told = errors(&client.post("envelopes", mixed).await, 422);
    assert_eq!(told[0].0, "/data/1/relationships/engagement/data/id");
    let without = json!({"data": [{"type": "envelopes", "attributes": {"phone-number": HUMAN}}]});
    let told = errors(&client.post("envelopes", without).await, 422);
    assert_eq!(told[0].0, "/data/0/relationships/engagement");
}

// L2: code 100 is what real clients know it by.
#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_without_a_trigger_for_the_verdict_is_not_scheduled() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    errors(&client.schedule(&engagement).await, 400);
    let activity = client.activity(&engagement).await;
    client.envelope(&engagement, json!({"phone-number": HUMAN})).await;
    let refused = client.schedule(&engagement).await;
    let told = errors(&refused, 400);
    assert!(told[0].1.ends_with("is missing a voice-machine or voice-human trigger."), "{told:?}");
    assert_eq!(refused.body["errors"][0]["code"], 100);
    client.say(&activity, "voice-machine", "Please call back.").await;
    client.schedule(&engagement).await.expect(202);
}

// L3, I7: paid for at once, or not at all.
#[tokio::test(flavor = "multi_thread")]
async fn all_envelopes_are_paid_for_at_once_or_nothing_is_scheduled() {
    let hub = TestHub::start().await;
    let poor = hub.tenant("poor", 2).await;
    let client = Client::of(&hub, &poor).await;
    // The call that verifies the caller id takes one of two credits.
    let engagement = client.blast().await;
    let envelopes = [HUMAN, MACHINE].map(|number| json!({"phone-number": number}));
    client.post("envelopes", bulk(&engagement, envelopes)).await.expect(201);
    let told = errors(&client.schedule(&engagement).await, 402);
    assert!(told[0].1.contains("1 are missing"), "{told:?}");
    let shown = client.get(&format!("engagements/{engagement}")).await.expect(200);
    assert_eq!((&shown["data"]["attributes"]["status"], hub.balance(&poor).await), (&json!("pending"), 1));
    let spare = client.envelopes(&engagement).await[1]["id"].as_str().expect("an id").to_owned();
    client.delete(&format!("envelopes/{spare}")).await.expect(204);
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    assert_eq!(hub.balance(&poor).await, 0);
    // Asking again engages nobody again.
    client.schedule(&engagement).await.expect(202);
    assert_eq!(hub.messages("contact=%2B15005550006").await.len(), 1);
}

// L2, L3: to the end what was scheduled is what was shown.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_scheduled_is_not_changed_any_more() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.blast().await;
    let envelope = client.envelope(&engagement, json!({"phone-number": HUMAN})).await;
    client.schedule(&engagement).await.expect(202);
    errors(&client.post("envelopes", bulk(&engagement, [json!({"phone-number": HUMAN})])).await, 409);
    errors(&client.patch("envelopes", &envelope, json!({"phone-number": MACHINE})).await, 409);
    errors(&client.delete(&format!("envelopes/{envelope}")).await, 409);
    errors(&client.delete(&format!("engagements/{engagement}")).await, 409);
    client.patch("engagements", &engagement, json!({"is-archived": true})).await.expect(200);
}

// L3, I6: contacts that must not be engaged are left out, and told.
#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_that_must_not_be_engaged_is_left_out_with_the_reason() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let listed = json!({"domain_name": "acme", "contact": "+14165551111", "reason": "Asked by phone."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let engagement = client.blast().await;
    let numbers = ["+14165551110", "+14165551111", "+14165551112", "+14165551110"];
    let envelopes = numbers.map(|number| json!({"phone-number": number, "meta": {"first-name": number}}));
    client.post("envelopes", bulk(&engagement, envelopes)).await.expect(201);
    client.schedule(&engagement).await.expect(202);
    let done = client.until(&engagement, "completed").await;
    assert_eq!(
        (&done["data"]["attributes"]["count-total"], &done["data"]["attributes"]["count-complete"]),
        (&json!(4), &json!(4))
    );
    let shown = client.envelopes(&engagement).await;
    let statuses: Vec<&Value> = shown.iter().map(|one| &one["attributes"]["status"]).collect();
    assert_eq!(statuses, ["completed", "skipped", "completed", "skipped"]);
    let why = shown[1]["attributes"]["results"]["summary"].as_str().expect("a reason");
    assert!(why.contains("Asked by phone."), "{why}");
    assert_eq!(client.heard(&shown[2]).await, "Hello +14165551112, this is for you.");
}

// I6: whichever way they were engaged, or are to be.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_engaged_within_the_domains_days_is_left_out() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let (first, second) = (client.blast().await, client.blast().await);
    let tomorrow = (hub.now() + SignedDuration::from_hours(24)).to_string();
    for engagement in [&first, &second] {
        client.envelope(engagement, json!({"phone-number": "+14165551115"})).await;
    }
    let later = json!({"status": "scheduled", "delivery-time": tomorrow});
    client.patch("engagements", &first, later).await.expect(202);
    let told = errors(&client.schedule(&second).await, 400);
    assert!(told[0].1.contains("engaged within the last 7 days"), "{told:?}");
    client.envelope(&second, json!({"phone-number": "+14165551116"})).await;
    client.schedule(&second).await.expect(202);
    client.until(&second, "completed").await;
    let statuses: Vec<Value> =
        client.envelopes(&second).await.iter().map(|one| one["attributes"]["status"].clone()).collect();
    assert_eq!(statuses, ["skipped", "completed"]);
}

// L2: later.
#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_goes_out_at_its_delivery_time() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.blast().await;
    client.envelope(&engagement, json!({"phone-number": "+14165551113"})).await;
    let told = errors(
        &client.patch("engagements", &engagement, json!({"status": "scheduled", "delivery-type": "scheduled"})).await,
        422,
    );
    assert_eq!(told[0].0, "/data/attributes/delivery-time");
    let later = (hub.now() + SignedDuration::from_hours(3)).to_string();
    let attributes = json!({"status": "scheduled", "delivery-type": "scheduled", "delivery-time": later});
    let scheduled = client.patch("engagements", &engagement, attributes).await.expect(202);
    assert_eq!(scheduled["data"]["attributes"]["delivery-type"], "scheduled");
    assert_eq!(scheduled["data"]["attributes"]["count-incomplete"], 1);
    assert_eq!(client.envelopes(&engagement).await[0]["attributes"]["status"], "scheduled");
    assert_eq!(hub.messages("contact=%2B14165551113").await.len(), 0);
    hub.advance(SignedDuration::from_hours(3));
    client.until(&engagement, "completed").await;
    assert_eq!(hub.messages("contact=%2B14165551113").await.len(), 1);
}

// L2: a time that cannot be kept is not taken.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_what_was_scheduled_may_be_repeated_but_not_moved() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.blast().await;
    client.envelope(&engagement, json!({"phone-number": "+14165551117"})).await;
    let [at, later] = [3, 4].map(|hours| (hub.now() + SignedDuration::from_hours(hours)).to_string());
    let scheduled = json!({"status": "scheduled", "delivery-type": "scheduled", "delivery-time": at});
    client.patch("engagements", &engagement, scheduled.clone()).await.expect(202);
    client.patch("engagements", &engagement, scheduled).await.expect(202);
    for moved in [json!({"delivery-time": later}), json!({"status": "scheduled", "delivery-type": "immediately"})] {
        errors(&client.patch("engagements", &engagement, moved).await, 409);
    }
    hub.advance(SignedDuration::from_hours(3));
    client.until(&engagement, "completed").await;
    client.patch("engagements", &engagement, json!({"delivery-type": "immediately"})).await.expect(200);
}

// L2: what happens in a call beside speaking.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_greet_wait_speak_again_and_hang_up() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let activity = client.activity(&engagement).await;
    client.say(&activity, "voice-answered", "Good day.").await;
    client.say(&activity, "voice-human", "All is well.").await;
    let of = || json!({"activity": related("activities", &activity)});
    client.made("triggers", json!({"kind": "pause", "on-event": "voice-human", "delay-in-seconds": 2}), of()).await;
    client
        .made("triggers", json!({"kind": "dial", "on-event": "voice-human", "phone-number": "+14165559999"}), of())
        .await;
    client.made("triggers", json!({"kind": "hangup", "on-event": "voice-machine"}), of()).await;
    let numbers = [HUMAN, MACHINE].map(|number| json!({"phone-number": number}));
    client.post("envelopes", bulk(&engagement, numbers)).await.expect(201);
    client.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    let shown = client.envelopes(&engagement).await;
    assert_eq!(client.heard(&shown[0]).await, "Good day.\nAll is well.");
    assert_eq!(client.heard(&shown[1]).await, "Good day.");
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_key_calls_nobody_and_pays_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let client = Client::of(&hub, &acme).await;
    let engagement = client.blast().await;
    client.envelope(&engagement, json!({"phone-number": "+14165551114"})).await;
    let before = hub.balance(&acme).await;
    let tester = Client::with(&hub, &acme, json!({"name": "tests", "mode": "test"})).await;
    tester.schedule(&engagement).await.expect(202);
    client.until(&engagement, "completed").await;
    assert_eq!((hub.balance(&acme).await, hub.messages("contact=%2B14165551114").await.len()), (before, 0));
}
