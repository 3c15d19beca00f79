//! What is particular to calls of the other dialects: a scenario takes them over, or their words are laid down (checklist K1,
//! L3).

use hub_fixture::twilio::{Placed, Replied};
use serde_json::json;

use super::support::{Line, VOICE, carrier, contact};
use crate::anywhere::control::steer;
use crate::anywhere::ivr::{CALL, only_report, parameters, post, results, trigger, triggered, until_ended};
use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, with, without};
use crate::voice::client::{Client, related};

/// The hub's engagement of the envelope to a number, as soon as there is one.
async fn engagement_of(client: &Client<'_>, line: &Line, blast: &str, number: &str) -> String {
    line.hub
        .until("the envelope is an engagement", || async {
            let envelopes = client.envelopes(blast).await;
            let envelope = envelopes.iter().find(|envelope| envelope["attributes"]["phone-number"] == number);
            let id = envelope.and_then(|envelope| envelope["attributes"]["results"]["engagement-id"].as_str());
            id.map(str::to_owned).ok_or_else(|| format!("{envelopes:?}"))
        })
        .await
}

// K1, K2
#[tokio::test(flavor = "multi_thread")]
async fn the_scenario_of_an_ivr_project_takes_a_call_as_soon_as_it_is_answered() {
    let line = Line::open().await;
    let unique_id = triggered(&line.hub, trigger(&line.acme, ALEX)).await;
    let id = only_report(&line.hub, &line.acme).await["engagement_id"].as_str().expect("an id").to_owned();
    let call = line.placed(&id, ALEX).await;
    let reply = line.twilio.answer(&call, "human").await;
    let to = reply.texts("Redirect").concat();
    assert!(to.starts_with("https://10.0.0.1/scenarios/renewal/start?"), "{}", reply.body);
    assert!(to.contains(&unique_id) && to.contains("ConversationId=conversation-1"), "{to}");
    assert_eq!(reply.attribute("Redirect", "method").as_deref(), Some("POST"));
    assert!(!reply.body.contains("<Say"), "{}", reply.body);
    assert_eq!(results(&line.hub, &[&unique_id]).await[0]["CallState"], "", "it goes on");
    line.twilio.report_call(&call, "completed", &[("AnsweredBy", "human")]).await;
    assert_eq!(until_ended(&line.hub, &unique_id).await["CallState"], "Answered");
}

/// Answers a call that was held while it rang: it is neither opened nor ended, and asks again. Gives what it is told when it
/// goes on.
async fn answered_while_held(line: &Line, id: &str, call: &Placed, answered_by: &str) -> Replied {
    steer(&line.hub, &line.acme, "pause", id).await;
    let held = line.twilio.answer(call, answered_by).await;
    let again = held.texts("Redirect").concat();
    assert!(again.contains("/carriers/twilio/voice/answer?") && !held.body.contains("<Hangup/>"), "{}", held.body);
    steer(&line.hub, &line.acme, "resume", id).await;
    line.twilio.post(&again, &[("CallSid", call.sid.as_str()), ("CallStatus", "in-progress")]).await
}

// F3, K1
#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_takes_a_call_that_was_held_while_it_rang_when_it_goes_on() {
    let line = Line::open().await;
    let unique_id = triggered(&line.hub, trigger(&line.acme, ALEX)).await;
    let id = only_report(&line.hub, &line.acme).await["engagement_id"].as_str().expect("an id").to_owned();
    let call = line.placed(&id, ALEX).await;
    let reply = answered_while_held(&line, &id, &call, "human").await;
    assert!(
        reply.texts("Redirect").concat().starts_with("https://10.0.0.1/scenarios/renewal/start?"),
        "{}",
        reply.body
    );
    line.twilio.report_call(&call, "completed", &[("AnsweredBy", "human")]).await;
    assert_eq!(until_ended(&line.hub, &unique_id).await["CallState"], "Answered");
}

// F3, L3
#[tokio::test(flavor = "multi_thread")]
async fn a_campaigns_call_that_was_held_while_it_rang_says_what_is_laid_down_for_whoever_answered() {
    let line = Line::without_carrier().await;
    let client = Client::of(&line.hub, &line.acme).await;
    let blast = client.blast().await;
    for number in [ALEX, JORDAN] {
        client.envelope(&blast, json!({"phone-number": number, "meta": {"first-name": "friend"}})).await;
    }
    line.set(carrier()).await.expect(200);
    client.schedule(&blast).await.expect(202);
    for (number, answered_by, words) in [
        (ALEX, "human", "Hello friend, this is for you."),
        (JORDAN, "machine_end_beep", "Hello friend, please call us back."),
    ] {
        let id = engagement_of(&client, &line, &blast, number).await;
        let call = line.placed(&id, number).await;
        let reply = answered_while_held(&line, &id, &call, answered_by).await;
        assert_eq!(reply.texts("Say"), [words], "{}", reply.body);
        line.twilio.report_call(&call, "completed", &[("AnsweredBy", answered_by)]).await;
        line.until(&id, "Completed").await;
    }
}

// K1: what a carrier is sent to must be short enough for it, and for the server there.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_an_address_holds_is_refused_where_a_carrier_follows_it() {
    let line = Line::open().await;
    let mut list = parameters(ALEX);
    list.as_array_mut().expect("a list").push(json!({"Name": "Text", "Value": "é".repeat(700)}));
    let long = with(trigger(&line.acme, ALEX), json!({"ScenarioInputParameters": list}));
    let answer = post(&line.hub, CALL, &long, &[]).await;
    assert!(problem(&answer, 400).contains("4000 characters"), "{}", answer.body);
    assert_eq!(answer.faulty_fields(), ["ScenarioInputParameters"]);
    assert!(line.twilio.calls().is_empty());
    let tester = line.hub.with_key(&line.acme, json!({"name": "tests", "mode": "test"})).await;
    triggered(&line.hub, with(long, json!({"AccessToken": tester.api_key}))).await;
}

// K2: as a carrier reports them.
#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_a_triggered_call_comes_to_one_of_the_seven_states() {
    let line = Line::open().await;
    let ends: [(&str, &str, &str); 7] = [
        ("completed", "200", "Answered"),
        ("busy", "486", "Busy"),
        ("failed", "500", "Error"),
        ("failed", "404", "Invalid Number"),
        ("no-answer", "487", "No Answer"),
        ("busy", "603", "Rejected"),
        ("failed", "503", "Temporarily Unavailable"),
    ];
    for (number, (status, code, state)) in ends.into_iter().enumerate() {
        let contact = contact(number);
        let unique_id = triggered(&line.hub, trigger(&line.acme, &contact)).await;
        let list = line.hub.get(&line.acme, &line.acme.at("/integration/engagements?limit=1")).await.expect(200);
        let id = list["engagements"][0]["engagement_id"].as_str().expect("an id").to_owned();
        let call = line.placed(&id, &contact).await;
        line.twilio.report_call(&call, status, &[("SipResponseCode", code)]).await;
        assert_eq!(until_ended(&line.hub, &unique_id).await["CallState"], state, "{status} {code}");
    }
}

// L2, L3: every kind of trigger, as the carrier is told.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_speak_repeat_wait_connect_and_hang_up_in_the_carriers_words() {
    let line = Line::without_carrier().await;
    let client = Client::of(&line.hub, &line.acme).await;
    let engagement = client.engagement().await;
    let activity = client.activity(&engagement).await;
    let of = json!({"activity": related("activities", &activity)});
    let spoken = json!({"subject": "Specials", "kind": "text", "body": "Fish & chips.", "voice": "Polly-Brian"});
    let spoken = related("voice-templates", &client.made("voice-templates", spoken, json!({})).await);
    let say = json!({"kind": "say", "on-event": "voice-answered", "loop": 1});
    client.made("triggers", say, with(of.clone(), json!({"voice-template": spoken}))).await;
    for (event, kind) in [("voice-human", "pause"), ("voice-human", "dial"), ("voice-human", "hangup")] {
        let trigger = json!({"kind": kind, "on-event": event, "delay-in-seconds": 3, "phone-number": "+14165559999"});
        let trigger = if kind == "dial" { trigger } else { without(trigger, "phone-number") };
        client.made("triggers", trigger, of.clone()).await;
    }
    client.envelope(&engagement, json!({"phone-number": ALEX})).await;
    line.set(carrier()).await.expect(200);
    client.schedule(&engagement).await.expect(202);
    let id = engagement_of(&client, &line, &engagement, ALEX).await;
    let reply = line.twilio.answer(&line.placed(&id, ALEX).await, "human").await;
    insta::assert_snapshot!(reply.body, @r#"<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1"/><Say voice="Polly.Brian" loop="2">Fish &amp; chips.</Say><Pause length="3"/><Pause length="3"/><Dial timeout="25" callerId="+14165550100"><Number>+14165559999</Number></Dial><Pause length="3"/><Hangup/><Hangup/></Response>"#);
}

// L3
#[tokio::test(flavor = "multi_thread")]
async fn a_voice_campaign_shows_its_caller_id_and_says_what_is_laid_down_for_whoever_answers() {
    let line = Line::without_carrier().await;
    let client = Client::of(&line.hub, &line.acme).await;
    let blast = client.blast().await;
    for (number, name) in [(ALEX, "Alex"), (JORDAN, "Jordan")] {
        client.envelope(&blast, json!({"phone-number": number, "meta": {"first-name": name}})).await;
    }
    // The caller id of the campaign is the number that is the carrier's own elsewhere.
    line.set(with(carrier(), json!({"voice_from": "+14165550109"}))).await.expect(200);
    client.schedule(&blast).await.expect(202);
    for (number, answered_by, words, outcome) in [
        (ALEX, "human", "Hello Alex, this is for you.", "answered"),
        (JORDAN, "machine_end_beep", "Hello Jordan, please call us back.", "voicemail"),
    ] {
        let id = engagement_of(&client, &line, &blast, number).await;
        let call = line.placed(&id, number).await;
        assert_eq!(call.form.get("From"), Some(VOICE));
        let reply = line.twilio.answer(&call, answered_by).await;
        assert_eq!(reply.texts("Say"), [words], "{}", reply.body);
        assert!(reply.body.ends_with("<Hangup/></Response>"), "{}", reply.body);
        line.twilio.report_call(&call, "completed", &[("AnsweredBy", answered_by)]).await;
        assert_eq!(line.until(&id, "Completed").await["outcome"], outcome);
    }
}

// L2
#[tokio::test(flavor = "multi_thread")]
async fn the_phone_numbers_of_a_domain_are_its_carriers() {
    let line = Line::open().await;
    let client = Client::of(&line.hub, &line.acme).await;
    let numbers = client.get("phone-numbers").await.expect(200);
    assert_eq!(numbers["data"][0]["attributes"]["phone-number"], super::support::SMS);
    line.set(with(carrier(), json!({"sms_from": null}))).await.expect(200);
    assert_eq!(client.get("phone-numbers").await.expect(200)["data"], json!([]));
}
