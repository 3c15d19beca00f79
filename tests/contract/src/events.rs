//! Every event under `events/` is replayed through the function that it is for, as Lambda would hand it over.

use aws_lambda_events::sqs::SqsEvent;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::TestHub;
use hub_local::functions;
use lambda_http::request::from_str;
use tower::ServiceExt;

use crate::repository::{entries, read};

/// The demo account's key as Basic authorization has it.
async fn basic(hub: &TestHub) -> String {
    let account = hub.demo().account_id.parse().unwrap();
    let keys = hub.local.hub.store.api_keys_of(account).await.unwrap();
    STANDARD.encode(format!("{}:{}", keys[0].api_key_id, hub.demo().api_key))
}

/// The events of a function, with the hub's own keys in place of the placeholders.
async fn events_of(function: &str, hub: &TestHub) -> Vec<(String, String)> {
    let (credentials, basic) = (&hub.local.credentials, basic(hub).await);
    let named = entries(&format!("events/{function}")).into_iter().map(|file| {
        let name = format!("events/{function}/{file}");
        let event = read(&name)
            .replace("hub_test_key_placeholder", &credentials.api_key)
            .replace("hub_operator_key_placeholder", &credentials.operator_key)
            .replace("hub_basic_authorization_placeholder", &basic);
        (name, event)
    });
    named.collect()
}

async fn answer(router: axum::Router, event: &str) -> axum::response::Response {
    let (parts, body) = from_str(event).expect("an event of API Gateway").into_parts();
    let request = axum::http::Request::from_parts(parts, Body::new(body));
    router.oneshot(request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_answers_its_events() {
    let hub = TestHub::start().await;
    for endpoint in functions::endpoints() {
        let function = endpoint.function;
        let router = hub_web::app(vec![endpoint], hub.local.hub.clone());
        for (name, event) in events_of(function, &hub).await {
            let status = answer(router.clone(), &event).await.status().as_u16();
            assert!((200..500).contains(&status) && status != 405, "{name}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_route_is_told_so() {
    let hub = TestHub::start().await;
    for (name, event) in events_of(functions::UNKNOWN, &hub).await {
        let answer = answer(hub_service::unknown::router(), &event).await;
        let allow = answer.headers().get("allow").map(|methods| methods.to_str().unwrap());
        match answer.status().as_u16() {
            404 => assert_eq!(allow, None, "{name}"),
            405 => assert_eq!(allow, Some("POST"), "{name}"),
            other => panic!("{name}: {other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_worker_does_its_messages_and_reports_only_those_it_cannot_read() {
    let hub = TestHub::start().await;
    for worker in functions::workers() {
        for (name, event) in events_of(worker.function, &hub).await {
            let event: SqsEvent = serde_json::from_str(&event).expect("an event of SQS");
            let unreadable = |body: &str| serde_json::from_str::<serde_json::Value>(body).is_err();
            let records = event.records.iter().filter(|record| unreadable(record.body.as_deref().unwrap_or_default()));
            let expected: Vec<_> = records.filter_map(|record| record.message_id.clone()).collect();
            let failures = worker.batch(&hub.local.hub, event).await.batch_item_failures;
            let reported: Vec<_> = failures.into_iter().map(|failure| failure.item_identifier).collect();
            assert_eq!(reported, expected, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_schedule_ticks() {
    let hub = TestHub::start().await;
    for schedule in functions::schedules() {
        for (name, event) in events_of(schedule.function, &hub).await {
            let _: serde_json::Value = serde_json::from_str(&event).unwrap_or_else(|error| panic!("{name}: {error}"));
            schedule.tick(&hub.local.hub).await.unwrap();
        }
    }
}
