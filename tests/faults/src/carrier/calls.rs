//! A hub that dies in a call: Twilio asks again, and hears what it would have heard.

use std::collections::BTreeSet;

use hub_local::aws::{Kind, Rule, Service};
use jiff::SignedDuration;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::line::{Line, times_said};
use crate::crash::record;
use crate::support::{OPENING, fault};

/// The write of something that was heard.
fn hearing(kind: Kind, key: &'static str) -> Rule {
    let key = format!("HEARD#{key}");
    fault(kind, Service::DynamoDb, "TransactWriteItems").when(move |body| body.to_string().contains(&key))
}

const BEFORE_AND_AFTER: [Kind; 2] = [Kind::Crash, Kind::CrashAfterEffect];

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_answered_as_the_hub_died_is_opened_once() {
    for kind in BEFORE_AND_AFTER {
        let line = Line::open().await;
        let id = line.started("phone", "conversational").await;
        let answers = async |line: &Line| line.twilio.answer(&line.call(), "human").await;
        let line = line.dies_over(hearing(kind, "answered"), answers).await;
        let opening = line.twilio.answer(&line.call(), "human").await;
        assert!(opening.texts("Say").concat().starts_with("Say hello."), "{}", opening.body);
        line.twilio.say(&line.call(), &opening, Some("No.")).await;
        let report = line.hub.until_status(&line.acme, &id, "Completed").await;
        assert_eq!((&report["outcome"], times_said(&report, "Say hello.")), (&json!("conversed"), 1), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_in_which_the_hub_died_is_taken_once() {
    for kind in BEFORE_AND_AFTER {
        let line = Line::open().await;
        let id = line.started("phone", "conversational").await;
        let opening = line.twilio.answer(&line.call(), "human").await;
        let asks = async |line: &Line, reply| line.twilio.say(&line.call(), &reply, Some("How much is it?")).await;
        let line = line.dies_over(hearing(kind, "turn-1"), async |line| asks(line, opening.clone()).await).await;
        let answer = asks(&line, line.again(&opening)).await;
        assert!(answer.body.contains("<Gather"), "{}", answer.body);
        assert_eq!(asks(&line, line.again(&opening)).await, answer, "asked twice");
        line.twilio.say(&line.call(), &answer, Some("No.")).await;
        let report = line.hub.until_status(&line.acme, &id, "Completed").await;
        assert_eq!((times_said(&report, "How much is it?"), times_said(&report, "Say hello.")), (1, 1), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_end_came_as_the_hub_died_ends_once_is_given_back_once_and_told_once() {
    for kind in BEFORE_AND_AFTER {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let line = Line::open().await;
        let hook = json!({"domain_name": "acme", "url": server.uri()});
        line.hub.put(&line.acme, "/account-settings/webhook", hook).await.expect(200);
        let id = line.started("phone", "informational").await;
        let busy = [("SipResponseCode", "486")];
        let ends = async |line: &Line| line.twilio.report_call(&line.call(), "busy", &busy).await;
        let line = line.dies_over(record(kind, "failed"), ends).await;
        // Twilio tells it again, and twice.
        ends(&line).await;
        ends(&line).await;
        let report = line.hub.until_status(&line.acme, &id, "Failed").await;
        assert_eq!(report["outcome"], "busy", "{kind:?}");
        line.hub.advance(SignedDuration::from_mins(6));
        line.hub.until("it is told", async || told_of_the_end(&server).await.map(drop)).await;
        line.hub.until_quiet().await;
        assert_eq!(told_of_the_end(&server).await, Ok(1), "{kind:?}");
        assert_eq!(line.hub.balance(&line.acme).await, OPENING, "{kind:?}");
    }
}

/// How many deliveries told a webhook that the engagement has failed. One that is under way while the clock moves may be
/// made again, under the id that it has.
async fn told_of_the_end(server: &MockServer) -> Result<usize, String> {
    let received = server.received_requests().await.expect("requests are recorded");
    let tells = |request: &&Request| String::from_utf8_lossy(&request.body).contains("\"status\":\"Failed\"");
    let told: BTreeSet<_> =
        received.iter().filter(tells).map(|request| request.headers["webhook-id"].clone()).collect();
    if told.is_empty() { Err(format!("{} other deliveries", received.len())) } else { Ok(told.len()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_called_off_as_the_hub_died_is_hung_up() {
    let line = Line::open().await;
    let id = line.started("phone", "conversational").await;
    line.twilio.answer(&line.call(), "human").await;
    let body = json!({"engagement_id": id});
    let cancels = async |line: &Line| line.hub.post(&line.acme, "/integration/cancel", body.clone()).await;
    let line = line.dies_over(record(Kind::CrashAfterEffect, "cancelled"), cancels).await;
    line.hub.advance(SignedDuration::from_mins(1));
    line.hub
        .until("it is hung up", || async {
            let hung_up = line.call().hung_up;
            if hung_up == 1 { Ok(()) } else { Err(hung_up.to_string()) }
        })
        .await;
    assert_eq!(line.hub.report(&line.acme, &id).await["status"], "Cancelled");
}
