//! The shape of errors, and when which status is answered (checklist A3, A4).

use hub_fixture::TestHub;
use hub_local::aws::{Kind, Rule, Service};
use reqwest::Method;
use serde_json::json;

use crate::problem::{problem, state};
use crate::requests::{ALEX, OPTS_OUT, direct, integration, with};

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_asked_to_be_left_alone_is_403_on_every_channel() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, integration(&acme, "sms", OPTS_OUT)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let before = state(&hub, &acme).await;
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        for (path, body) in [
            ("/integration/start", integration(&acme, channel, OPTS_OUT)),
            ("/start", direct(&acme, channel, OPTS_OUT)),
        ] {
            let detail = problem(&hub.post(&acme, path, body).await, 403);
            assert!(detail.contains("do-not-contact") && detail.contains(channel), "{detail}");
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
    // Another tenant may still write to the same contact.
    let globex = hub.account("globex", 10).await;
    hub.started(&globex, with(integration(&acme, "sms", OPTS_OUT), json!({"domain_name": "globex"}))).await;
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_overloaded_is_429_with_retry_after() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.get(&acme, "/calls?domain_name=acme").await.expect(200);
    hub.local.embedded.faults().inject(Rule::new(Kind::Throttle).on(Service::DynamoDb, "TransactWriteItems"));
    let answer = hub.post(&acme, "/integration/start", integration(&acme, "phone", ALEX)).await;
    hub.local.embedded.faults().clear();
    problem(&answer, 429);
    assert!(answer.headers.contains_key("retry-after"));
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_what_left_the_hub_has_errors_in_the_same_shape() {
    let hub = TestHub::start().await;
    let answer = hub.send(hub.request(Method::GET, "/_local/messages?channel=fax&limit=many")).await;
    assert_eq!(answer.faulty_fields(), ["channel", "limit"]);
    assert!(answer.text("request_id").len() > 10 && answer.status == 400);
}

// A4: the router itself refuses these, and must do so in the API's shape. API Gateway has decoded the path before.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_cannot_be_read_is_an_error_in_the_same_shape() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for path in ["/integration/engagement/%FF", "/calls/%FF"] {
        problem(&hub.get(&acme, path).await, 400);
    }
    let answer = hub.admin(Method::GET, "/admin/domains/%FF", None).await;
    problem(&answer, 400);
}
