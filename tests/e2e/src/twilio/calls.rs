//! Calls that Twilio puts through, from the request to their end.

use serde_json::json;

use super::support::{Line, VOICE, WHATSAPP, contact, events, raw};
use crate::requests::{ALEX, direct};

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_placed_once_with_callbacks_that_name_its_attempt() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    assert_eq!((call.form.get("From"), call.form.get("To")), (Some(VOICE), Some(ALEX)));
    assert_eq!(call.form.all("StatusCallbackEvent"), ["initiated", "ringing", "answered", "completed"]);
    let base = &line.hub.base_url;
    for (field, path) in [("Url", "answer"), ("StatusCallback", "status")] {
        let expected = format!("{base}/carriers/twilio/voice/{path}?engagement_id={id}&attempt=1");
        assert_eq!(call.form.get(field), Some(expected.as_str()));
    }
    assert_eq!((line.twilio.calls().len(), line.hub.messages("").await.len()), (1, 0));
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_whatsapp_call_goes_between_whatsapp_addresses() {
    let line = Line::open().await;
    let id = line.start("wvoice", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    assert_eq!(call.form.get("From"), Some(format!("whatsapp:{WHATSAPP}").as_str()));
    assert_eq!(call.form.get("To"), Some(format!("whatsapp:{ALEX}").as_str()));
}

// C3
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_answers_with_twilios_own_sid() {
    let line = Line::open().await;
    for (channel, prefix) in [("phone", "CA"), ("sms", "SM"), ("wmsg", "SM"), ("wvoice", "CA")] {
        let answer = line.hub.post(&line.acme, "/start", direct(&line.acme, channel, ALEX)).await.expect(200);
        let sid = answer["call_sid"].as_str().expect("a sid").to_owned();
        assert_eq!(answer["status"], "call_initiated");
        let calls = line.twilio.calls().into_iter().map(|call| call.sid);
        let mut sids = calls.chain(line.twilio.messages().into_iter().map(|sent| sent.sid));
        assert!(sid.starts_with(prefix) && sids.any(|known| known == sid), "{channel}: {sid}");
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_a_call_comes_to_its_state_and_its_outcome() {
    let line = Line::open().await;
    type Fields = &'static [(&'static str, &'static str)];
    let table: [(&str, Fields, &str, &str); 26] = [
        ("completed", &[("AnsweredBy", "human"), ("SipResponseCode", "200")], "Completed", "answered"),
        ("completed", &[], "Completed", "answered"),
        ("completed", &[("AnsweredBy", "machine_end_beep")], "Completed", "voicemail"),
        ("completed", &[("AnsweredBy", "fax")], "Completed", "voicemail"),
        ("busy", &[("SipResponseCode", "486")], "Failed", "busy"),
        ("busy", &[("SipResponseCode", "603")], "Failed", "rejected"),
        ("no-answer", &[("SipResponseCode", "487")], "Failed", "no_answer"),
        ("no-answer", &[], "Failed", "no_answer"),
        ("canceled", &[], "Failed", "no_answer"),
        ("failed", &[("SipResponseCode", "404")], "Failed", "invalid_number"),
        ("failed", &[("SipResponseCode", "480")], "Failed", "temporarily_unavailable"),
        ("failed", &[("SipResponseCode", "503")], "Failed", "temporarily_unavailable"),
        ("failed", &[("SipResponseCode", "603")], "Failed", "rejected"),
        ("failed", &[("SipResponseCode", "500")], "Failed", "error"),
        ("failed", &[("SipResponseCode", "408")], "Failed", "no_answer"),
        ("failed", &[("SipResponseCode", "410")], "Failed", "invalid_number"),
        ("failed", &[("SipResponseCode", "484")], "Failed", "invalid_number"),
        ("failed", &[("SipResponseCode", "600")], "Failed", "busy"),
        ("failed", &[("SipResponseCode", "604")], "Failed", "invalid_number"),
        ("failed", &[("SipResponseCode", "607")], "Failed", "rejected"),
        ("failed", &[("SipResponseCode", "608")], "Failed", "rejected"),
        ("failed", &[("ErrorCode", "13223")], "Failed", "invalid_number"),
        ("failed", &[("ErrorCode", "13224")], "Failed", "invalid_number"),
        ("failed", &[("ErrorCode", "21211")], "Failed", "invalid_number"),
        ("failed", &[("ErrorCode", "21217")], "Failed", "invalid_number"),
        ("failed", &[("ErrorCode", "13222")], "Failed", "error"),
    ];
    for (number, (status, more, state, outcome)) in table.into_iter().enumerate() {
        let contact = contact(number);
        let id = line.start("phone", &contact).await;
        let call = line.placed(&id, &contact).await;
        for progress in ["initiated", "ringing"] {
            assert_eq!(line.twilio.report_call(&call, progress, &[]).await.status, 204);
            assert_eq!(line.report(&id).await["status"], "In Progress");
        }
        assert_eq!(line.twilio.report_call(&call, status, more).await.status, 204);
        let report = line.report(&id).await;
        assert_eq!((&report["status"], &report["outcome"]), (&json!(state), &json!(outcome)), "{status} {more:?}");
        assert!(raw(&report).starts_with(&format!("Twilio: {status}")), "{report}");
        for (name, code) in more.iter().filter(|(name, _)| *name != "AnsweredBy") {
            let told = if *name == "ErrorCode" { format!("error {code}") } else { format!("SIP {code}") };
            assert!(raw(&report).contains(&told), "{report}");
        }
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_given_back_and_what_was_answered_is_paid_for() {
    let line = Line::open().await;
    let opening = line.hub.balance(&line.acme).await;
    for (number, (status, paid)) in [("busy", 0), ("completed", 1)].into_iter().enumerate() {
        let contact = contact(number);
        let id = line.start("phone", &contact).await;
        let call = line.placed(&id, &contact).await;
        line.twilio.report_call(&call, status, &[]).await;
        assert_eq!(line.hub.balance(&line.acme).await, opening - paid, "{status}");
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn callbacks_that_come_twice_late_or_out_of_order_change_nothing_more() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    let busy: &[(&str, &str)] = &[("SipResponseCode", "486")];
    line.twilio.report_call(&call, "busy", busy).await;
    let ended = line.report(&id).await;
    for (status, more) in [("busy", busy), ("ringing", &[]), ("initiated", &[]), ("completed", &[]), ("busy", busy)] {
        assert_eq!(line.twilio.report_call(&call, status, more).await.status, 204);
    }
    let report = line.report(&id).await;
    assert_eq!((&report["history"], &report["outcome"]), (&ended["history"], &json!("busy")));
    assert_eq!(events(&report), ["Queued", "Sent", "Ended"]);
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_callbacks_were_lost_is_asked_after() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    let call = line.placed(&id, ALEX).await;
    line.twilio.set_call(&call.sid, "completed", Some("machine_end_beep"));
    line.hub.advance(jiff::SignedDuration::from_mins(5));
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "voicemail");
    assert_eq!(line.twilio.calls().len(), 1);
}
