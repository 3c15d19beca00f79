//! In place of Lambda: brings a function what wakes it, and catches what it writes.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use aws_sdk_sqs::Client;
use axum::body::{Body, to_bytes};
use hub_fixture::TestHub;
use hub_local::{Waking, functions};
use hub_runtime::{InvocationIds, Observer, Worker, observed};
use lambda_http::request::from_str;
use lambda_http::{Context, RequestExt};
use serde_json::{Value, json};
use tower::ServiceExt;
use tracing::instrument::WithSubscriber;

use crate::output::{Output, Written};

/// The id that Lambda gives each invocation here.
pub const LAMBDA_ID: &str = "7c1f6b1e-5a3e-4d3b-9a53-8f2f2d1c9a01";

/// The id that API Gateway gives each request here.
pub const GATEWAY_ID: &str = "JKJaXmPLvHcESHA=";

/// Observes a function of this name on this output.
pub type Observe = Box<dyn Fn(&'static str, Output) -> Observer<Output>>;

/// A hub whose functions are woken by hand.
pub struct Lambda {
    /// The hub.
    pub hub: TestHub,
    output: Output,
    observe: Observe,
}

impl Lambda {
    /// A hub of its own.
    pub async fn start(observe: Observe) -> Self {
        let hub = TestHub::start_with(|options| options.waking = Waking::ByHand).await;
        Self { hub, output: Output::default(), observe }
    }

    /// Has an endpoint answer a POST, and gives its answer and what it wrote.
    pub async fn request(&self, function: &'static str, path: &str, body: &Value) -> (Value, Written) {
        let endpoints = functions::endpoints();
        let endpoint = endpoints.into_iter().find(|endpoint| endpoint.function == function).expect("a function");
        let router = hub_web::app(vec![endpoint], self.hub.local.hub.clone());
        let service = observed(router, (self.observe)(function, self.output.clone()));
        let key = &self.hub.local.credentials.api_key;
        let (parts, body) = from_str(&post(key, path, body)).expect("an event").into_parts();
        let mut context = Context::default();
        context.request_id = LAMBDA_ID.to_owned();
        let request = axum::http::Request::from_parts(parts, Body::new(body)).with_lambda_context(context);
        let answer = service.oneshot(request).with_subscriber(self.output.log("info")).await.unwrap();
        let answer = to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        (serde_json::from_slice(&answer).unwrap(), self.output.take())
    }

    /// Has a worker do what is in its queue, and gives what it wrote.
    pub async fn work(&self, function: &str) -> Written {
        self.work_at(function, "info").await
    }

    /// The same with this log filter.
    pub async fn work_at(&self, function: &str, filter: &str) -> Written {
        let worker = worker(function);
        let event = self.receive(worker.queue).await;
        self.wake(worker, event, filter).await
    }

    /// Has a worker do one message with this text, and gives what it wrote.
    pub async fn work_on(&self, function: &str, text: &str) -> Written {
        let mut message = SqsMessage::default();
        (message.message_id, message.body) = (Some("message-1".to_owned()), Some(text.to_owned()));
        let mut event = SqsEvent::default();
        event.records = vec![message];
        self.wake(worker(function), event, "info").await
    }

    async fn wake(&self, worker: Worker, event: SqsEvent, filter: &str) -> Written {
        let invocation = worker.invoke(&self.hub.local.hub, event);
        let observer = (self.observe)(worker.function, self.output.clone());
        observer.observe(IDS, invocation).with_subscriber(self.output.log(filter)).await;
        self.output.take()
    }

    /// Has a schedule tick, and gives what it wrote.
    pub async fn tick(&self, function: &str) -> Written {
        let schedules = functions::schedules();
        let schedule = schedules.into_iter().find(|schedule| schedule.function == function).expect("a schedule");
        let invocation = schedule.invoke(&self.hub.local.hub);
        let observer = (self.observe)(schedule.function, self.output.clone());
        observer.observe(IDS, invocation).with_subscriber(self.output.log("info")).await.unwrap();
        self.output.take()
    }

    async fn receive(&self, queue: &str) -> SqsEvent {
        let embedded = &self.hub.local.embedded;
        let receive = Client::new(&embedded.sdk_config()).receive_message().queue_url(embedded.queue_url(queue));
        let received = receive.max_number_of_messages(10).wait_time_seconds(20).send().await.expect("messages");
        let mut event = SqsEvent::default();
        event.records = received.messages().iter().map(record).collect();
        event
    }
}

fn worker(function: &str) -> Worker {
    functions::workers().into_iter().find(|worker| worker.function == function).expect("a worker")
}

const IDS: InvocationIds<'_> = InvocationIds { request_id: LAMBDA_ID, lambda_request_id: None };

fn record(message: &aws_sdk_sqs::types::Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = message.message_id.clone();
    record.body = message.body.clone();
    record
}

/// A POST as API Gateway hands it over.
fn post(key: &str, path: &str, body: &Value) -> String {
    let http = json!({"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.24"});
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "isBase64Encoded": false,
        "headers": {"authorization": format!("Bearer {key}"), "content-type": "application/json", "host": "hub.example"},
        "requestContext": {"requestId": GATEWAY_ID, "stage": "$default", "http": http},
        "body": body.to_string()
    })
    .to_string()
}
