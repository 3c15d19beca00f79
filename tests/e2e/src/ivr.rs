//! What is told of a triggered call to addresses outside: the scenario that takes it once it is answered, and the destination
//! of its result (checklist K1, K3). Both take a receiver that a hub elsewhere does not reach.

use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::anywhere::ivr::{CALL, only_report, parameters, post, results, trigger, triggered, until_ended};
use crate::problem::problem;
use crate::requests::{ALEX, TALKER, with};

/// The system of an IVR project, which takes scenarios and results.
async fn project(scenario: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/scenarios/renewal/start")).respond_with(scenario).mount(&server).await;
    Mock::given(method("POST")).and(path("/results")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    server
}

/// What a project sends that has its scenarios, and wants its results, at this server.
fn at(server: &MockServer, caller: &Caller, number: &str) -> Value {
    let own = json!({
        "OrchestratorUrl": format!("{}/scenarios/", server.uri()),
        "ResultDestination": format!("{}/results", server.uri()),
    });
    with(trigger(caller, number), own)
}

/// What came to a path of the server so far.
async fn received(server: &MockServer, path: &str) -> Vec<Request> {
    let mut requests = server.received_requests().await.expect("requests are recorded");
    requests.retain(|request| request.url.path() == path);
    requests
}

/// The first that comes to a path of the server.
async fn until_received(hub: &TestHub, server: &MockServer, path: &str) -> Request {
    hub.until(&format!("something comes to {path}"), || async {
        let mut received = received(server, path).await;
        if received.is_empty() { Err("nothing".to_owned()) } else { Ok(received.remove(0)) }
    })
    .await
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

// K1
#[tokio::test(flavor = "multi_thread")]
async fn an_answered_call_is_handed_to_its_scenario_with_everything() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    let acme = hub.demo();
    let mut parameters = parameters(ALEX);
    parameters.as_array_mut().expect("a list").push(json!({"Name": "AmountDue", "Value": 12.5}));
    let more = json!({
        "Locale": "tr-TR",
        "EndUser": {"Name": "John Doe", "Phone": "4165551234", "Email": "johndoe@example.com"},
        "ScenarioInputParameters": parameters,
    });
    let id = triggered(&hub, with(at(&server, &acme, ALEX), more)).await;
    assert_eq!(until_ended(&hub, &id).await["CallState"], "Answered");
    let handed = received(&server, "/scenarios/renewal/start").await;
    assert_eq!(handed.len(), 1);
    assert_eq!(handed[0].headers["content-type"], "application/json");
    let told = body(&handed[0]);
    assert_eq!(told["UniqueId"], json!(id));
    assert_json_snapshot!("scenario", told, {".UniqueId" => "[id]"});
    let report = only_report(&hub, &acme).await;
    assert!(report["summary"].as_str().is_some_and(|it| it.ends_with("Its scenario took the call.")), "{report}");
}

// K1, K3, H1
#[tokio::test(flavor = "multi_thread")]
async fn in_test_mode_the_scenario_is_not_called_and_the_result_is_told() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    let tester = hub.with_key(&hub.demo(), json!({"name": "tests", "mode": "test"})).await;
    let id = triggered(&hub, at(&server, &tester, ALEX)).await;
    assert_eq!(until_ended(&hub, &id).await["CallState"], "Answered");
    assert_eq!(body(&until_received(&hub, &server, "/results").await)["CallState"], "Answered");
    assert!(received(&server, "/scenarios/renewal/start").await.is_empty());
    let report = only_report(&hub, &tester).await;
    assert!(report["summary"].as_str().is_some_and(|it| it.contains("In test mode")), "{report}");
}

// K1
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_answers_is_handed_to_no_scenario() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    let id = triggered(&hub, at(&server, &hub.demo(), "+15005550003")).await;
    assert_eq!(until_ended(&hub, &id).await["CallState"], "No Answer");
    until_received(&hub, &server, "/results").await;
    assert!(received(&server, "/scenarios/renewal/start").await.is_empty());
}

// K1, K2
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_goes_on_is_with_its_scenario_and_has_no_state_yet() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    let id = triggered(&hub, at(&server, &hub.demo(), TALKER)).await;
    let told = until_received(&hub, &server, "/scenarios/renewal/start").await;
    assert_eq!(body(&told)["UniqueId"], json!(id));
    assert_eq!(results(&hub, &[&id]).await[0]["CallState"], "");
    assert!(received(&server, "/results").await.is_empty());
}

// K1
#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_that_does_not_take_the_call_is_told_of_in_the_report() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(500)).await);
    let acme = hub.demo();
    let id = triggered(&hub, at(&server, &acme, ALEX)).await;
    assert_eq!(until_ended(&hub, &id).await["CallState"], "Answered");
    let report = only_report(&hub, &acme).await;
    let summary = report["summary"].as_str().expect("a summary");
    assert!(summary.contains("did not take the call: The endpoint answered 500."), "{summary}");
}

// K3
#[tokio::test(flavor = "multi_thread")]
async fn the_result_is_sent_to_its_destination_at_once_or_queued() {
    for at_once in [true, false] {
        let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
        let acme = hub.demo();
        let wanted = json!({"SendResultImmediately": at_once});
        let id = triggered(&hub, with(at(&server, &acme, "+15005550002"), wanted)).await;
        let told = until_received(&hub, &server, "/results").await;
        assert_eq!(body(&told), json!({"UniqueId": id, "CallRequestId": "", "CallState": "Busy"}));
        let list = hub.get(&acme, &acme.at("/account-settings/webhook/deliveries")).await.expect(200);
        let deliveries = list["deliveries"].as_array().expect("deliveries");
        assert_eq!(deliveries.len(), 1, "{list}");
        assert_eq!(deliveries[0]["destination"], "call_result");
        hub.until_quiet().await;
        assert_eq!(received(&server, "/results").await.len(), 1);
    }
}

// K3
#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_of_the_domain_is_told_beside_it_and_of_every_step() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    Mock::given(path("/hook")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let acme = hub.demo();
    let webhook = json!({"domain_name": "acme", "url": format!("{}/hook", server.uri())});
    hub.put(&acme, "/account-settings/webhook", webhook).await.expect(200);
    triggered(&hub, with(at(&server, &acme, ALEX), json!({"SendResultImmediately": true}))).await;
    until_received(&hub, &server, "/results").await;
    hub.until("the webhook knows the end", || async {
        let told: Vec<Value> =
            received(&server, "/hook").await.iter().map(|told| body(told)["status"].clone()).collect();
        if told.contains(&json!("Completed")) { Ok(()) } else { Err(format!("{told:?}")) }
    })
    .await;
}

// K3
#[tokio::test(flavor = "multi_thread")]
async fn without_a_destination_nobody_is_told() {
    let (hub, server) = (TestHub::start().await, project(ResponseTemplate::new(200)).await);
    let acme = hub.demo();
    let body = with(at(&server, &acme, ALEX), json!({"ResultDestination": null}));
    until_ended(&hub, &triggered(&hub, body).await).await;
    let list = hub.get(&acme, &acme.at("/account-settings/webhook/deliveries")).await.expect(200);
    assert_eq!(list["deliveries"], json!([]));
}

// K1, H1
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_paid_for_unless_it_reaches_nobody() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let before = hub.balance(&acme).await;
    until_ended(&hub, &triggered(&hub, trigger(&acme, ALEX)).await).await;
    assert_eq!(hub.balance(&acme).await, before - 1);
    until_ended(&hub, &triggered(&hub, trigger(&acme, "+15005550002")).await).await;
    assert_eq!(hub.balance(&acme).await, before - 1);
    let poor = hub.tenant("poor", 0).await;
    problem(&post(&hub, CALL, &trigger(&poor, ALEX), &[]).await, 402);
}
