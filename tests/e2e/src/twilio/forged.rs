//! Callbacks that are not Twilio's (checklist M1, DESIGN §6).

use hub_fixture::twilio::AUTH_TOKEN;
use serde_json::json;

use super::support::Line;
use crate::requests::{AGENT, ALEX};

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_the_domains_account_has_not_signed_changes_nothing() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    let before = line.report(&id).await;
    let url = call.form.get("StatusCallback").expect("a callback");
    let ended = [("CallSid", call.sid.as_str()), ("CallStatus", "completed")];
    assert_eq!(line.twilio.post_signed_with("another-token", url, &ended).await.status, 403);
    let unsigned = reqwest::Client::new().post(url).body("CallSid=CA1&CallStatus=completed").send().await;
    assert_eq!(unsigned.expect("an answer").status().as_u16(), 403);
    // The signature is of one address: that of another engagement is another.
    let other = line.start("phone", "+14165557777").await;
    let stolen = url.replace(&id, &other);
    let signed_for_this = line.twilio.post(url, &[("CallSid", "CA1"), ("CallStatus", "ringing")]).await;
    assert_eq!(signed_for_this.status, 204);
    let forged = line.twilio.post_signed_with("", &stolen, &ended).await;
    assert_eq!(forged.status, 403);
    let after = line.report(&id).await;
    assert_eq!((&after["status"], &after["history"]), (&before["status"], &before["history"]));
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_callback_about_nobodys_engagement_tells_nothing_of_what_there_is() {
    let line = Line::open().await;
    let path = "/carriers/twilio/voice/status?attempt=1";
    for id in ["", "&engagement_id=eng_000000000000000000000000", "&engagement_id=x"] {
        let url = format!("{}{path}{id}", line.hub.base_url);
        let fields = [("CallSid", "CA1"), ("CallStatus", "completed")];
        assert_eq!(line.twilio.post_signed_with(AUTH_TOKEN, &url, &fields).await.status, 403, "{id}");
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_another_call_changes_nothing() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    let url = call.form.get("StatusCallback").expect("a callback");
    let strange = [("CallSid", "CA99999999999999999999999999999999"), ("CallStatus", "failed")];
    assert_eq!(line.twilio.post(url, &strange).await.status, 204);
    assert_eq!(line.report(&id).await["status"], "In Progress");
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_and_the_end_of_an_agents_call_are_taken_from_the_carrier_alone_and_once() {
    let line = Line::open().await;
    let id = line.start_with("phone", json!({"type": "conversational", "user_phone_number": AGENT})).await;
    let call = line.placed(&id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    let turn = opening.attribute("Gather", "action").expect("an address");
    let spoken = [("CallSid", call.sid.as_str()), ("SpeechResult", "I want to speak to an agent")];
    assert_eq!(line.twilio.post_signed_with("another-token", &turn, &spoken).await.status, 403);
    let strange = [("CallSid", "CA99999999999999999999999999999999"), ("SpeechResult", "Stop calling me")];
    assert!(line.twilio.post(&turn, &strange).await.body.contains("<Response><Hangup/></Response>"));
    assert_eq!(line.report(&id).await["transcript"].as_array().map(Vec::len), Some(1));

    let dialling = line.twilio.post(&turn, &spoken).await;
    assert_eq!(line.twilio.post(&turn, &spoken).await, dialling, "replayed");
    let dialled = dialling.attribute("Dial", "action").expect("an address");
    let ended = [("CallSid", call.sid.as_str()), ("DialCallStatus", "completed")];
    assert_eq!(line.twilio.post_signed_with("another-token", &dialled, &ended).await.status, 403);
    assert_eq!(line.report(&id).await["status"], "In Progress");
    line.twilio.post(&dialled, &ended).await;
    let report = line.until(&id, "Completed").await;
    let missed = [("CallSid", call.sid.as_str()), ("DialCallStatus", "no-answer")];
    for replayed in [&ended, &missed] {
        assert!(line.twilio.post(&dialled, replayed).await.body.contains("<Hangup/>"));
    }
    assert_eq!(line.report(&id).await["history"], report["history"]);
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_taken_from_the_carrier_alone_and_for_its_own_message() {
    let line = Line::open().await;
    let id = line.start("sms", ALEX).await;
    let sent = line.sent(&id, ALEX).await;
    let url = sent.form.get("StatusCallback").expect("a callback");
    let failed = [("MessageSid", sent.sid.as_str()), ("MessageStatus", "failed"), ("ErrorCode", "30005")];
    assert_eq!(line.twilio.post_signed_with("another-token", url, &failed).await.status, 403);
    let strange = [("MessageSid", "SM99999999999999999999999999999999"), ("MessageStatus", "failed")];
    assert_eq!(line.twilio.post(url, &strange).await.status, 204);
    let unknown = [("MessageSid", sent.sid.as_str()), ("MessageStatus", "a word of tomorrow")];
    assert_eq!(line.twilio.post(url, &unknown).await.status, 204);
    assert_eq!(line.report(&id).await["status"], "In Progress");
}
