use std::time::Duration;

use hub_models::carrier::{CallStatus, MessageStatus};
use hub_models::channel::Channel;
use hub_models::contact::PhoneNumber;
use hub_models::engagement::Outcome;
use hub_models::talk::AnsweredBy;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::matchers::{basic_auth, body_string_contains, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const SID: &str = "AC00000000000000000000000000000001";
const CALL: &str = "CA00000000000000000000000000000002";

fn account() -> TwilioAccount {
    TwilioAccount { account_sid: SID.parse().unwrap(), auth_token: "token".into() }
}

fn number(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

fn callbacks() -> Callbacks {
    let at = |path: &str| format!("https://hub.example.com/{path}?engagement_id=eng_1&attempt=1").parse().unwrap();
    Callbacks { answer: at("answer"), status: at("status") }
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(basic_auth(SID, "token")).respond_with(answer).mount(&server).await;
    server
}

fn twilio(server: &MockServer) -> Twilio {
    let patience = Patience { connect: Duration::from_secs(5), total: Duration::from_secs(60) };
    Twilio::with_patience(server.uri().parse().unwrap(), patience)
}

async fn called(twilio: &Twilio) -> Result<String, TwilioError> {
    let (from, to) = (number("+14165550100"), number("+14165551234"));
    let address = |number| Address { channel: Channel::Phone, number };
    let callbacks = callbacks();
    let (rings_for, lasts_for) = (SignedDuration::from_secs(30), SignedDuration::from_hours(2));
    let call = NewCall { from: address(&from), to: address(&to), callbacks: &callbacks, rings_for, lasts_for };
    twilio.call(&account(), &call).await
}

fn error(status: u16, code: u32) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"code": code, "message": "No.", "status": status}))
}

#[tokio::test]
async fn a_call_is_asked_for_with_everything_that_its_evidence_needs() {
    let server = answering(ResponseTemplate::new(201).set_body_json(json!({"sid": CALL}))).await;
    assert_eq!(called(&twilio(&server)).await.unwrap(), CALL);
    let asked = server.received_requests().await.unwrap().remove(0);
    assert_eq!(asked.url.path(), format!("/2010-04-01/Accounts/{SID}/Calls.json"));
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&asked.body).into_owned().collect();
    let form: Vec<String> = form.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    insta::assert_snapshot!(form.join("\n"), @"
    From=+14165550100
    To=+14165551234
    Url=https://hub.example.com/answer?engagement_id=eng_1&attempt=1
    Method=POST
    StatusCallback=https://hub.example.com/status?engagement_id=eng_1&attempt=1
    StatusCallbackMethod=POST
    Timeout=30
    TimeLimit=7200
    MachineDetection=DetectMessageEnd
    StatusCallbackEvent=initiated
    StatusCallbackEvent=ringing
    StatusCallbackEvent=answered
    StatusCallbackEvent=completed
    ");
}

#[tokio::test]
async fn a_template_of_whatsapp_has_the_text_as_its_variable() {
    let server = answering(ResponseTemplate::new(201).set_body_json(json!({"sid": "SM1"}))).await;
    let (from, to) = (number("+14165550100"), number("+14165551234"));
    let address = |number| Address { channel: Channel::Wmsg, number };
    let content_sid = format!("HX{}", "0".repeat(32)).parse().unwrap();
    let words = Words::Template { content_sid: &content_sid, text: "Say \"hello\"" };
    let status = callbacks().status;
    let message = NewMessage { from: address(&from), to: address(&to), words, status: Some(&status) };
    assert_eq!(twilio(&server).message(&account(), &message).await.unwrap(), "SM1");
    let asked = server.received_requests().await.unwrap().remove(0);
    let form: std::collections::HashMap<String, String> =
        url::form_urlencoded::parse(&asked.body).into_owned().collect();
    assert_eq!(form["To"], "whatsapp:+14165551234");
    assert!(!form.contains_key("Body"));
    let variables: Value = serde_json::from_str(&form["ContentVariables"]).unwrap();
    assert_eq!(variables, json!({"1": "Say \"hello\""}));
}

#[tokio::test]
async fn what_twilio_says_decides_what_can_be_done() {
    let refused = |outcome| move |error: &ProviderError| matches!(error, ProviderError::Refused { outcome: o, .. } if *o == outcome);
    let out_of_order = |error: &ProviderError| matches!(error, ProviderError::OutOfOrder { .. });
    let unknown = |error: &ProviderError| matches!(error, ProviderError::Unknown { .. });
    let busy = |error: &ProviderError| matches!(error, ProviderError::Busy { .. });
    type Is = Box<dyn Fn(&ProviderError) -> bool>;
    let table: Vec<(ResponseTemplate, Is)> = vec![
        (error(400, 21_211), Box::new(refused(Outcome::InvalidNumber))),
        (error(400, 21_217), Box::new(refused(Outcome::InvalidNumber))),
        (error(400, 21_614), Box::new(refused(Outcome::InvalidNumber))),
        (error(400, 21_610), Box::new(refused(Outcome::OptedOut))),
        (error(400, 21_606), Box::new(refused(Outcome::Refused))),
        (error(404, 20_404), Box::new(refused(Outcome::Refused))),
        (error(401, 20_003), Box::new(out_of_order)),
        (error(429, 20_429), Box::new(busy)),
        (error(503, 20_503), Box::new(out_of_order)),
        (error(500, 20_500), Box::new(unknown)),
        (ResponseTemplate::new(502), Box::new(unknown)),
        (ResponseTemplate::new(201), Box::new(unknown)),
        (ResponseTemplate::new(201).set_body_json(json!({"sid": "../x"})), Box::new(unknown)),
    ];
    for (number, (answer, is)) in table.into_iter().enumerate() {
        let server = answering(answer).await;
        let error = called(&twilio(&server)).await.unwrap_err();
        assert!(is(&error.error), "{number}: {error:?}");
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "it is asked once");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_leaves_it_unknown_whether_the_call_was_placed() {
    let late = ResponseTemplate::new(201).set_body_json(json!({"sid": CALL})).set_delay(Duration::from_secs(60));
    let server = answering(late).await;
    let patience = Patience { connect: Duration::from_secs(5), total: Duration::from_millis(300) };
    let twilio = Twilio::with_patience(server.uri().parse().unwrap(), patience);
    assert!(matches!(called(&twilio).await.unwrap_err().error, ProviderError::Unknown { .. }));
}

#[tokio::test]
async fn a_connection_that_is_not_made_has_placed_no_call() {
    let twilio = Twilio::new("http://127.0.0.1:1".parse().unwrap());
    assert!(matches!(called(&twilio).await.unwrap_err().error, ProviderError::OutOfOrder { .. }));
}

#[tokio::test]
async fn a_call_that_is_over_counts_as_hung_up() {
    for answer in
        [ResponseTemplate::new(200).set_body_json(json!({"sid": CALL})), error(400, 21_220), error(404, 20_404)]
    {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(body_string_contains("Status=completed"))
            .respond_with(answer)
            .mount(&server)
            .await;
        assert_eq!(twilio(&server).hang_up(&account(), CALL).await, Ok(()));
    }
}

#[tokio::test]
async fn a_call_and_a_message_are_shown_as_they_stand() {
    let server = MockServer::start().await;
    let shown = |what: &str, body: Value| {
        Mock::given(path(format!("/2010-04-01/Accounts/{SID}/{what}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
    };
    shown("Calls/CA1.json", json!({"status": "completed", "answered_by": "machine_end_beep"})).mount(&server).await;
    shown("Messages/SM1.json", json!({"status": "undelivered", "error_code": 30_003})).mount(&server).await;
    let call = twilio(&server).call_report(&account(), "CA1").await.unwrap().unwrap();
    assert_eq!((call.status, call.answered_by), (CallStatus::Completed, AnsweredBy::Machine));
    let message = twilio(&server).message_report(&account(), "SM1").await.unwrap().unwrap();
    assert_eq!((message.status, message.error_code), (MessageStatus::Undelivered, Some(30_003)));
    let server = answering(error(404, 20_404)).await;
    assert_eq!(twilio(&server).call_report(&account(), "CA9").await, Ok(None));
}

#[tokio::test]
async fn the_calls_to_a_contact_are_listed_with_their_times() {
    let server = MockServer::start().await;
    let calls = json!({"calls": [
        {"sid": "CA1", "date_created": "Thu, 18 Jun 2026 14:30:05 +0000", "status": "completed"},
        {"sid": "CA2", "date_created": "yesterday"},
    ], "next_page_uri": null});
    let mock = Mock::given(query_param("To", "+14165551234")).and(query_param("From", "+14165550100"));
    mock.respond_with(ResponseTemplate::new(200).set_body_json(calls)).mount(&server).await;
    let (from, to) = (number("+14165550100"), number("+14165551234"));
    let address = |number| Address { channel: Channel::Phone, number };
    let listed = twilio(&server).calls(&account(), Some(&address(&from)), &address(&to)).await.unwrap();
    let created_at = "2026-06-18T14:30:05Z".parse().unwrap();
    assert_eq!(listed, [Listed { sid: "CA1".to_owned(), created_at, body: None }]);
}
