//! What each kind of invocation writes, line by line and document by document.

use std::collections::BTreeSet;

use hub_engagements::METRICS;
use hub_local::aws::{Kind, Rule, Service};
use hub_runtime::{Observer, collect_metrics};
use insta::assert_json_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::lambda::{GATEWAY_ID, LAMBDA_ID, Lambda};
use crate::output::Written;

const CUSTOMER: &str = "customer@example.com";

const SEND_EMAIL: &str = "dispatch-send-email";

const OF_THIS_STACK: &str = "EngagementHub/hub-test";

fn email(contact: &str) -> Value {
    json!({"channel": "email", "phone_number": contact, "domain_name": "acme", "source_record_id": "1", "source_org_id": "acme", "instruction": "Say hello."})
}

/// Every line has what Lambda and an operator look for, and every document is of the table of metrics.
fn assert_well_made(written: &Written, function: &str, request_id: &str) {
    assert!(!written.lines.is_empty());
    for line in &written.lines {
        let timestamp = line["timestamp"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        assert!(timestamp.is_some() && line["level"].is_string() && line["message"].is_string(), "{line:?}");
        assert_eq!((&line["function"], &line["request_id"]), (&json!(function), &json!(request_id)), "{line:?}");
    }
    for document in &written.metrics {
        assert_eq!((&document["function"], &document["request_id"]), (&json!(function), &json!(request_id)));
        assert_in_the_table(document);
    }
}

/// Held against the specification of the embedded metric format, and against [`METRICS`].
fn assert_in_the_table(document: &Map<String, Value>) {
    let directive = &document["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], OF_THIS_STACK);
    let dimensions: Vec<&str> = directive["Dimensions"][0].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    assert!(dimensions.iter().all(|name| document[*name].is_string()), "{document:?}");
    for metric in directive["Metrics"].as_array().unwrap() {
        let name = metric["Name"].as_str().unwrap();
        let known = METRICS.iter().find(|known| known.name == name).unwrap_or_else(|| panic!("{name} is not known"));
        assert!(known.dimensions.contains(&dimensions.as_slice()), "{name} with {dimensions:?}");
        assert_eq!(metric["Unit"], format!("{:?}", known.unit), "{name}");
        assert!(document[name].is_number() || document[name].is_array(), "{document:?}");
    }
}

fn assert_snapshots(name: &str, written: &Written) {
    assert_json_snapshot!(format!("{name}_lines"), written.lines, {
        "[].timestamp" => "[timestamp]", "[].engagement_id" => "[engagement_id]", "[].milliseconds" => "[milliseconds]",
        "[].message_id" => "[message_id]"
    });
    assert_json_snapshot!(format!("{name}_metrics"), written.metrics, {
        "[]._aws.Timestamp" => "[timestamp]", "[].QueueWait[]" => "[milliseconds]"
    });
}

/// The names and sets of dimensions of all that was counted.
fn counted(written: &Written) -> BTreeSet<String> {
    let directives = written.metrics.iter().map(|document| &document["_aws"]["CloudWatchMetrics"][0]);
    let names = directives.flat_map(|directive| {
        let metrics = directive["Metrics"].as_array().unwrap().iter();
        metrics.map(|metric| format!("{} {}", metric["Name"], directive["Dimensions"][0]))
    });
    names.collect()
}

/// All that can be counted.
fn countable() -> BTreeSet<String> {
    let sets = METRICS.iter().flat_map(|metric| metric.dimensions.iter().map(|set| (metric.name, set)));
    sets.map(|(name, set)| format!("{} {}", json!(name), json!(set))).collect()
}

#[tokio::test]
async fn what_is_done_is_told_line_by_line_and_counted_metric_by_metric() {
    let metrics = collect_metrics(OF_THIS_STACK).unwrap();
    let lambda = Lambda::start(Box::new(|function, output| Observer::new(function, metrics, output))).await;
    let told = [
        a_start_and_its_sending(&lambda).await,
        a_tick(&lambda).await,
        a_refusal(&lambda).await,
        a_postponement(&lambda).await,
        a_failure(&lambda).await,
        a_lost_answer(&lambda).await,
        what_the_mail_service_tells(&lambda).await,
        a_webhook_that_is_gone(&lambda).await,
        a_message_that_comes_again(&lambda).await,
    ];
    let counted: BTreeSet<String> = told.iter().flatten().flat_map(counted).collect();
    assert_eq!(counted, countable(), "each metric of the table was counted, and no other");
}

async fn a_start_and_its_sending(lambda: &Lambda) -> Vec<Written> {
    let (answer, start) = lambda.request("integration-start", "/integration/start", &email(CUSTOMER)).await;
    assert_well_made(&start, "integration-start", GATEWAY_ID);
    assert_snapshots("start", &start);
    let id = &answer["engagement_id"];
    assert!(start.lines.iter().all(|line| &line["engagement_id"] == id), "{id}: {start:?}");
    let sending = lambda.work(SEND_EMAIL).await;
    assert_well_made(&sending, SEND_EMAIL, LAMBDA_ID);
    assert_snapshots("send", &sending);
    let about: Vec<_> = sending.lines.iter().map(|line| line.get("engagement_id")).collect();
    assert_eq!(about, [Some(id), None], "the last line is about the whole batch: {sending:?}");
    vec![start, sending]
}

async fn a_tick(lambda: &Lambda) -> Vec<Written> {
    let mut later = email(CUSTOMER);
    later["scheduled_time"] = json!((Timestamp::now() + SignedDuration::from_hours(1)).to_string());
    let id = lambda.hub.started(&lambda.hub.demo(), later).await;
    lambda.hub.advance(SignedDuration::from_hours(2));
    let tick = lambda.tick("dispatch-release-due").await;
    assert_well_made(&tick, "dispatch-release-due", LAMBDA_ID);
    let late = tick.metrics.iter().find(|document| document.contains_key("DueReleased")).expect("a release");
    assert!((3_600.0..3_700.0).contains(&late["OldestDue"].as_f64().unwrap()), "{late:?}");
    assert_eq!((&late["DueReleased"], &late["Kind"]), (&json!(1), &json!("engagement")));
    assert!(tick.lines.iter().any(|line| line.get("engagement_id") == Some(&json!(id))), "{tick:?}");
    vec![tick, lambda.work(SEND_EMAIL).await]
}

async fn a_refusal(lambda: &Lambda) -> Vec<Written> {
    lambda.hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    let (answer, refusal) = lambda.request("integration-start", "/integration/start", &email(CUSTOMER)).await;
    lambda.hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    assert_well_made(&refusal, "integration-start", GATEWAY_ID);
    assert_eq!(answer["request_id"], GATEWAY_ID, "the caller has the id that is in the log");
    assert_eq!(refusal.lines.last().unwrap()["status"], 503, "{refusal:?}");
    vec![refusal]
}

async fn a_postponement(lambda: &Lambda) -> Vec<Written> {
    lambda.hub.started(&lambda.hub.demo(), email(CUSTOMER)).await;
    lambda.hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    let held = lambda.work(SEND_EMAIL).await;
    lambda.hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    let postponed = held.metrics.iter().find(|document| document.contains_key("EngagementsPostponed"));
    assert_eq!(postponed.expect("a postponement")["Reason"], "domain_paused");
    lambda.hub.advance(SignedDuration::from_mins(1));
    vec![held, lambda.work(SEND_EMAIL).await]
}

async fn a_failure(lambda: &Lambda) -> Vec<Written> {
    let acme = lambda.hub.demo();
    lambda.hub.started(&acme, email("stop@example.com")).await;
    let listed = json!({"domain_name": "acme", "contact": "stop@example.com", "reason": "Asked by phone."});
    lambda.hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let failure = lambda.work(SEND_EMAIL).await;
    assert_well_made(&failure, SEND_EMAIL, LAMBDA_ID);
    let reasons: Vec<_> =
        failure.metrics.iter().filter(|document| document.contains_key("EngagementsFailed")).collect();
    assert_eq!(reasons.iter().filter_map(|document| document.get("Reason")).collect::<Vec<_>>(), ["do_not_contact"]);
    vec![failure]
}

async fn a_lost_answer(lambda: &Lambda) -> Vec<Written> {
    let faults = lambda.hub.local.embedded.faults();
    faults.inject(Rule::new(Kind::TimeoutAfterEffect).on(Service::Ses, "SendEmail"));
    let id = lambda.hub.started(&lambda.hub.demo(), email(CUSTOMER)).await;
    let lost = lambda.work_at(SEND_EMAIL, "warn").await;
    faults.clear();
    assert_well_made(&lost, SEND_EMAIL, LAMBDA_ID);
    let told: Vec<_> = lost.lines.iter().map(|line| (&line["level"], &line["engagement_id"])).collect();
    assert_eq!(told, [(&json!("WARN"), &json!(id))], "a filter takes no ids from the lines that it lets through");
    assert!(!lost.metrics.is_empty(), "nor does it take the metrics");
    lambda.hub.advance(lambda.hub.local.hub.settings.pace.lease + SignedDuration::from_secs(1));
    vec![lost, lambda.work(SEND_EMAIL).await]
}

async fn what_the_mail_service_tells(lambda: &Lambda) -> Vec<Written> {
    let events = lambda.work("carriers-email-events").await;
    assert_well_made(&events, "carriers-email-events", LAMBDA_ID);
    vec![events]
}

async fn a_webhook_that_is_gone(lambda: &Lambda) -> Vec<Written> {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(410)).mount(&server).await;
    let acme = lambda.hub.demo();
    let webhook = json!({"domain_name": "acme", "url": server.uri()});
    lambda.hub.put(&acme, "/account-settings/webhook", webhook).await.expect(200);
    lambda.hub.started(&acme, email(CUSTOMER)).await;
    let sending = lambda.work(SEND_EMAIL).await;
    let telling = lambda.work("dispatch-deliver-webhook").await;
    assert_well_made(&telling, "dispatch-deliver-webhook", LAMBDA_ID);
    assert!(telling.lines[0]["delivery_id"].is_string() && telling.lines[0]["engagement_id"].is_string());
    vec![sending, telling]
}

async fn a_message_that_comes_again(lambda: &Lambda) -> Vec<Written> {
    let failed = lambda.work_on(SEND_EMAIL, "no job").await;
    assert_well_made(&failed, SEND_EMAIL, LAMBDA_ID);
    let counted =
        failed.metrics.iter().find(|document| document.contains_key("MessagesHandedBack")).expect("a message");
    assert_eq!((&counted["MessagesHandedBack"], &counted["Queue"]), (&json!(1), &json!("send-email")));
    vec![failed]
}
