//! Handing an answered call to its scenario: at most once, whatever breaks (checklist K1, K3).

use hub_fixture::TestHub;
use hub_local::aws::{Kind, Service};
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{fast_path, fault};

/// The system of an IVR project, which takes scenarios and results.
async fn project() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    server
}

/// Has someone called who answers, and gives the `UniqueId`.
async fn triggered(hub: &TestHub, server: &MockServer) -> String {
    triggered_with(hub, server, json!({})).await
}

/// The same with these fields in place of its own.
async fn triggered_with(hub: &TestHub, server: &MockServer, changes: Value) -> String {
    let mut call = json!({
        "Project": "acme",
        "Tenant": "Default",
        "ConversationId": "conversation-1",
        "AccessToken": hub.demo().api_key,
        "ScenarioPath": "scenario",
        "OrchestratorUrl": server.uri(),
        "ScenarioInputParameters":
            [{"Name": "_DisplayNumber", "Value": "200"}, {"Name": "_Destination", "Value": "+14165551234"}],
        "ResultDestination": format!("{}/result", server.uri()),
        "SendResultImmediately": true,
    });
    let changes = changes.as_object().expect("fields").clone();
    call.as_object_mut().expect("fields").extend(changes);
    let answer = posted(hub, "/v2/call", call).await;
    answer["UniqueId"].as_str().expect("a UniqueId").to_owned()
}

async fn posted(hub: &TestHub, path: &str, body: Value) -> Value {
    let request = hub.request(Method::POST, path).header("Content-Type", "application/json").body(body.to_string());
    hub.send(request).await.expect(200)
}

async fn received(server: &MockServer, path: &str) -> usize {
    let requests = server.received_requests().await.expect("requests are recorded");
    requests.iter().filter(|request| request.url.path() == path).count()
}

async fn until_received(hub: &TestHub, server: &MockServer, path: &str) {
    hub.until(&format!("something comes to {path}"), async || {
        if received(server, path).await > 0 { Ok(()) } else { Err("nothing".to_owned()) }
    })
    .await;
}

async fn until_answered(hub: &TestHub, id: &str) {
    hub.until("the call has ended", async || {
        let told = posted(hub, "/v2/callresult", json!({"UniqueIds": [id]})).await;
        let state = told["CallResults"][0]["CallState"].clone();
        if state == "Answered" { Ok(()) } else { Err(state.to_string()) }
    })
    .await;
}

/// Whether a request writes the end of a call, which the delivery of its result goes with.
fn writes_the_end(body: &Value) -> bool {
    body.to_string().contains("call_result")
}

/// While the tick cannot look for what is due, only what takes the fast path is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_may_wait_is_told_by_the_tick_and_one_that_may_not_without_it() {
    for at_once in [true, false] {
        let (hub, server) = (TestHub::start().await, project().await);
        let tick = hub.local.embedded.faults().inject(fault(Kind::ServerError, Service::DynamoDb, "Query"));
        let id = triggered_with(&hub, &server, json!({"SendResultImmediately": at_once})).await;
        until_answered(&hub, &id).await;
        if at_once {
            until_received(&hub, &server, "/result").await;
            continue;
        }
        let before = tick.hits();
        hub.until("the tick has tried", async || {
            hub.advance(fast_path(&hub));
            if tick.hits() > before + 16 { Ok(()) } else { Err(tick.hits().to_string()) }
        })
        .await;
        hub.until_quiet().await;
        assert_eq!(received(&server, "/result").await, 0);
        hub.local.embedded.faults().clear();
        until_received(&hub, &server, "/result").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_end_could_not_be_written_is_not_handed_over_again() {
    let (hub, server) = (TestHub::start().await, project().await);
    // The SDK repeats a call twice before it gives up.
    let down = fault(Kind::ServerError, Service::DynamoDb, "TransactWriteItems").when(writes_the_end).times(3);
    let down = hub.local.embedded.faults().inject(down);
    let id = triggered(&hub, &server).await;
    hub.until("the end was not written", async || if down.hits() >= 3 { Ok(()) } else { Err(down.hits().to_string()) })
        .await;
    hub.advance(fast_path(&hub));
    until_answered(&hub, &id).await;
    until_received(&hub, &server, "/result").await;
    assert_eq!(received(&server, "/scenario").await, 1);
    let list = hub.get(&hub.demo(), "/integration/engagements?domain_name=acme").await.expect(200);
    let engagement_id = list["engagements"][0]["engagement_id"].as_str().expect("an id").to_owned();
    let summary = hub.report(&hub.demo(), &engagement_id).await["summary"].clone();
    assert!(summary.as_str().is_some_and(|it| it.contains("Nobody knows whether")), "{summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_the_queue_has_lost_is_told_by_the_tick() {
    let (hub, server) = (TestHub::start().await, project().await);
    let lost = |body: &Value| body["QueueUrl"].as_str().is_some_and(|url| url.ends_with("deliver-webhook"));
    let down = fault(Kind::ServerError, Service::Sqs, "SendMessage").when(lost).times(3);
    let down = hub.local.embedded.faults().inject(down);
    let id = triggered(&hub, &server).await;
    hub.until("the queue took nothing", async || if down.hits() >= 3 { Ok(()) } else { Err(down.hits().to_string()) })
        .await;
    until_answered(&hub, &id).await;
    hub.advance(fast_path(&hub));
    until_received(&hub, &server, "/result").await;
    assert_eq!(received(&server, "/result").await, 1);
}
