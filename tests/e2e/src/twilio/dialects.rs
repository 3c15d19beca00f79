//! What is particular to calls of the other dialects: a scenario takes them over, or their words are laid down (checklist K1,
//! L3).

use serde_json::json;

use super::support::{Line, VOICE, carrier};
use crate::anywhere::ivr::{only_report, results, trigger, triggered, until_ended};
use crate::requests::{ALEX, JORDAN, with};
use crate::voice::client::Client;

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
