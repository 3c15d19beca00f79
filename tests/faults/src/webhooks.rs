//! Webhooks: what is told, when it is told again, and where it is never told (checklist G).

use std::time::Instant;

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Service};
use hub_models::outside::UrlPolicy;
use jiff::SignedDuration;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{direct_email, email, fast_path, fault, seconds, start, until_event};

/// A receiver that answers everything in this way.
async fn receiver(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

/// Sets the webhook of a caller's domain, and gives its secret.
async fn set(hub: &TestHub, caller: &Caller, url: &str) -> String {
    let webhook = json!({"domain_name": caller.domain_name, "url": url});
    let set = hub.put(caller, "/account-settings/webhook", webhook).await.expect(200);
    set["secret"].as_str().expect("a secret").to_owned()
}

/// What a receiver got, as soon as it got so much.
async fn until_received(hub: &TestHub, server: &MockServer, count: usize) -> Vec<Request> {
    hub.until(&format!("{count} webhooks have come"), || async {
        let received = server.received_requests().await.expect("requests are recorded");
        if received.len() >= count { Ok(received) } else { Err(received.len().to_string()) }
    })
    .await
}

async fn deliveries(hub: &TestHub, caller: &Caller) -> Vec<Value> {
    let path = format!("/account-settings/webhook/deliveries?domain_name={}&limit=100", caller.domain_name);
    let page = hub.get(caller, &path).await.expect(200);
    page["deliveries"].as_array().expect("deliveries").clone()
}

/// The only delivery, as soon as so many tries of it are recorded.
async fn until_tried(hub: &TestHub, caller: &Caller, tries: usize) -> Value {
    hub.until(&format!("{tries} tries are recorded"), || async {
        let found = deliveries(hub, caller).await;
        match found.as_slice() {
            [one] if attempts(one).len() >= tries => Ok(one.clone()),
            _ => Err(format!("{found:?}")),
        }
    })
    .await
}

fn attempts(delivery: &Value) -> &[Value] {
    delivery["attempts"].as_array().expect("attempts")
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers[name].to_str().expect("visible ASCII")
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_the_report_signed_with_a_secret_that_is_made_where_none_is_given() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(204)).await;
    let secret = set(&hub, &acme, &server.uri()).await;
    assert!(secret.starts_with("whsec_"));
    let id = hub.started(&acme, email()).await;
    let received = until_received(&hub, &server, 1).await;
    let told = body(&received[0]);

    let mut report = hub.report(&acme, &id).await;
    report["delivery_type"] = "push".into();
    report["sent_at"] = told["sent_at"].clone();
    assert_eq!(told, report);
    assert_eq!(header(&received[0], "x-aventora-webhook-secret"), secret);
    assert_eq!(header(&received[0], "content-type"), "application/json");
    let verifier = Webhook::new(&secret).expect("a standard secret");
    verifier.verify(&received[0].body, &received[0].headers).expect("the signature is right");

    let delivery = until_tried(&hub, &acme, 1).await;
    assert_eq!(delivery["delivery_id"], header(&received[0], "webhook-id"));
    assert_eq!((delivery["status"].as_str(), &delivery["engagement_id"]), (Some("delivered"), &json!(id)));
    assert_eq!(attempts(&delivery)[0]["status_code"], 204);
    // A secret of one's own is used as it is.
    let own = json!({"domain_name": "acme", "url": server.uri(), "secret": "a-secret-of-my-own"});
    hub.put(&acme, "/account-settings/webhook", own).await.expect(200);
    hub.started(&acme, email()).await;
    let received = until_received(&hub, &server, 2).await;
    assert_eq!(header(&received[1], "x-aventora-webhook-secret"), "a-secret-of-my-own");
    let verifier = Webhook::from_bytes(b"a-secret-of-my-own".to_vec()).expect("a key");
    verifier.verify(&received[1].body, &received[1].headers).expect("the signature is right");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_not_taken_is_tried_eight_times_over_a_day_and_each_try_is_recorded() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(500)).await;
    set(&hub, &acme, &server.uri()).await;
    hub.started(&acme, email()).await;
    let (minute, hour) = (60, 3_600);
    for (tries, pause) in [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour].into_iter().enumerate()
    {
        let delivery = until_tried(&hub, &acme, tries + 1).await;
        assert_eq!(delivery["status"], "pending");
        hub.advance(seconds(pause - 4));
        // Neither the queue, which brings it up to a quarter of an hour later, nor the tick brings it before its time.
        if [5 * minute, 2 * hour].contains(&pause) {
            until_ticked(&hub).await;
            assert_eq!(attempts(&deliveries(&hub, &acme).await[0]).len(), tries + 1, "before {pause} s were over");
        }
        hub.advance(seconds(5));
    }
    let delivery = until_tried(&hub, &acme, 8).await;
    assert_eq!((delivery["status"].as_str(), &delivery["next_attempt_at"]), (Some("failed"), &Value::Null));
    assert!(attempts(&delivery).iter().all(|attempt| attempt["status_code"] == 500 && attempt["error"].is_string()));
    let received = until_received(&hub, &server, 8).await;
    assert!(received.iter().all(|request| delivery["delivery_id"] == header(request, "webhook-id")));
    hub.advance(SignedDuration::from_hours(48));
    until_ticked(&hub).await;
    assert_eq!(until_received(&hub, &server, 8).await.len(), 8);
}

/// Waits until the tick has looked at all there is, with the clock as it is now.
async fn until_ticked(hub: &TestHub) {
    let queries = || hub.local.embedded.meter().snapshot().calls(Service::DynamoDb, "Query");
    let before = queries();
    // Two whole ticks: one may have begun before the clock was moved.
    hub.until("the tick has looked", || async {
        if queries() >= before + 32 { Ok(()) } else { Err(queries().to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_not_called_again_until_it_is_set_anew() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(410)).await;
    set(&hub, &acme, &server.uri()).await;
    hub.started(&acme, email()).await;
    let webhook = || async { hub.get(&acme, "/account-settings/webhook?domain_name=acme").await.expect(200) };
    hub.until("it is disabled", || async {
        let webhook = webhook().await;
        if webhook["enabled"] == false { Ok(()) } else { Err(webhook.to_string()) }
    })
    .await;
    assert_eq!(until_tried(&hub, &acme, 1).await["status"], "failed");
    let id = hub.started(&acme, email()).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(deliveries(&hub, &acme).await.len(), 1);
    set(&hub, &acme, &server.uri()).await;
    assert_eq!(webhook().await["enabled"], true);
    hub.started(&acme, email()).await;
    until_received(&hub, &server, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_can_be_made_again_by_its_owner_only_and_keeps_its_id() {
    let hub = TestHub::start().await;
    let (acme, other) = (hub.demo(), hub.account("other", 1).await);
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    hub.started(&acme, email()).await;
    let delivery = until_tried(&hub, &acme, 1).await;
    let id = delivery["delivery_id"].as_str().expect("an id");
    let path = format!("/account-settings/webhook/deliveries/{id}/redeliver");
    assert_eq!(hub.post(&other, &path, json!({})).await.status, 404);
    assert_eq!(hub.get(&other, "/account-settings/webhook/deliveries?domain_name=acme").await.status, 404);
    assert_eq!(hub.post(&acme, &path, json!({})).await.expect(200)["status"], "pending");
    let received = until_received(&hub, &server, 2).await;
    assert_eq!(header(&received[1], "webhook-id"), id);
    let delivery = until_tried(&hub, &acme, 2).await;
    assert_eq!(delivery["status"], "delivered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_can_be_tested() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let test = || async { hub.post(&acme, "/account-settings/webhook/test", json!({"domain_name": "acme"})).await };
    assert_eq!(test().await.status, 409);
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    assert_eq!(test().await.expect(200)["delivered"], true);
    assert_eq!(body(&until_received(&hub, &server, 1).await[0])["status"], "Completed");
    let server = receiver(ResponseTemplate::new(404)).await;
    set(&hub, &acme, &server.uri()).await;
    let tested = test().await.expect(200);
    assert_eq!((&tested["delivered"], &tested["status_code"]), (&json!(false), &json!(404)));
    assert!(deliveries(&hub, &acme).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_are_not_called() {
    let hub = TestHub::start_with(|options| options.outside_urls = UrlPolicy::Https).await;
    let acme = hub.demo();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let plain = json!({"domain_name": "acme", "url": format!("http://127.0.0.1:{port}")});
    assert_eq!(hub.put(&acme, "/account-settings/webhook", plain).await.status, 400);
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "[fd00:ec2::254]",
    ] {
        set(&hub, &acme, &format!("https://{host}:{port}/")).await;
        let tested =
            hub.post(&acme, "/account-settings/webhook/test", json!({"domain_name": "acme"})).await.expect(200);
        assert_eq!(tested["delivered"], false);
        assert!(
            tested["error"].as_str().is_some_and(|why| why.contains("not on the public internet")),
            "{host}: {tested}"
        );
    }
    let nobody_came = listener.into_std().expect("a listener").accept();
    assert_eq!(nobody_came.expect_err("nobody came").kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_not_followed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let target = receiver(ResponseTemplate::new(200)).await;
    let server = receiver(ResponseTemplate::new(302).insert_header("location", target.uri().as_str())).await;
    set(&hub, &acme, &server.uri()).await;
    hub.started(&acme, email()).await;
    let delivery = until_tried(&hub, &acme, 1).await;
    assert_eq!(delivery["status"], "pending");
    assert!(attempts(&delivery)[0]["error"].as_str().is_some_and(|why| why.contains("redirect")), "{delivery}");
    assert!(target.received_requests().await.expect("requests are recorded").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_whose_receiver_hangs_does_not_delay_another_tenants_webhooks() {
    const HANGING: usize = 60;
    let hub = TestHub::start().await;
    let (slow, quick) = (hub.account("slow", 1_000).await, hub.account("quick", 10).await);
    let (url, mut connections) = silent_receiver().await;
    set(&hub, &slow, &url).await;
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &quick, &server.uri()).await;
    let begun = Instant::now();
    let hooked = start("slow", "email", "customer@example.com");
    join_all((0..HANGING).map(|_| hub.started(&slow, hooked.clone()))).await;
    let mut hanging = Vec::new();
    while hanging.len() < HANGING {
        hanging.push(connections.recv().await.expect("the receiver listens"));
    }
    // Every one of them is waiting for an answer now, and none is given up.
    assert!(
        deliveries(&hub, &slow).await.iter().all(|delivery| attempts(delivery).is_empty()),
        "{:?}",
        begun.elapsed()
    );
    hub.started(&quick, start("quick", "email", "customer@example.com")).await;
    until_received(&hub, &server, 1).await;
    let given_up = deliveries(&hub, &slow).await.iter().filter(|delivery| !attempts(delivery).is_empty()).count();
    assert_eq!(given_up, 0, "{:?}", begun.elapsed());
}

/// A receiver that takes connections and never answers: its URL, and the connections.
async fn silent_receiver() -> (String, mpsc::UnboundedReceiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if sender.send(stream).is_err() {
                return;
            }
        }
    });
    (url, receiver)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_claim_of_a_try_and_the_try_loses_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    let claimed = fault(Kind::CrashAfterEffect, Service::DynamoDb, "PutItem")
        .when(|body| body["Item"]["kind"]["S"] == "delivery" && body["Item"]["attempt"]["N"] == "2");
    hub.local.embedded.faults().inject(claimed);
    hub.started(&acme, email()).await;
    hub.local.embedded.faults().crashed().await;
    let hub = hub.revive().await;
    assert!(server.received_requests().await.expect("requests are recorded").is_empty());
    hub.advance(seconds(61));
    let received = until_received(&hub, &server, 1).await;
    let delivery = until_tried(&hub, &acme, 1).await;
    assert_eq!(
        (delivery["status"].as_str(), &delivery["delivery_id"]),
        (Some("delivered"), &json!(header(&received[0], "webhook-id")))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_delivered_by_the_tick_while_the_queue_is_down() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    let to_webhooks = fault(Kind::ServerError, Service::Sqs, "SendMessage")
        .when(|body| body["QueueUrl"].as_str().is_some_and(|url| url.ends_with("deliver-webhook")));
    let down = hub.local.embedded.faults().inject(to_webhooks);
    let id = hub.started(&acme, email()).await;
    hub.until_status(&acme, &id, "Completed").await;
    hub.until("the queue was tried", || async { if down.hits() > 0 { Ok(()) } else { Err("not yet".to_owned()) } })
        .await;
    hub.advance(fast_path(&hub));
    until_ticked(&hub).await;
    hub.local.embedded.faults().clear();
    hub.advance(seconds(2));
    until_received(&hub, &server, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_resuming_cancelling_and_failing_are_told() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    let mut later = email();
    later["scheduled_time"] = (hub.clock.now() + SignedDuration::from_hours(1)).to_string().into();
    let id = hub.started(&acme, later).await;
    for (number, (what, status)) in
        [("pause", "Paused"), ("resume", "Scheduled"), ("cancel", "Cancelled")].iter().enumerate()
    {
        hub.post(&acme, &format!("/integration/{what}"), json!({"engagement_id": id})).await.expect(200);
        let received = until_received(&hub, &server, number + 1).await;
        assert_eq!(body(&received[number])["status"], *status);
    }
    hub.started(&acme, start("acme", "sms", "+15005550012")).await;
    let received = until_received(&hub, &server, 4).await;
    let told = body(&received[3]);
    assert_eq!((&told["status"], &told["outcome"]), (&json!("Failed"), &json!("refused")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_after_delivery_is_told_and_closes_the_address() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(200)).await;
    set(&hub, &acme, &server.uri()).await;
    let to = start("acme", "email", "bounce@simulator.amazonses.com");
    let id = hub.started(&acme, to.clone()).await;
    let report = until_event(&hub, &acme, &id, "Updated", 1).await;
    assert_eq!((report["status"].as_str(), report["outcome"].as_str()), (Some("Completed"), Some("bounced")));
    let received = until_received(&hub, &server, 2).await;
    assert!(received.iter().any(|request| body(request)["outcome"] == "bounced"));
    let refused = hub.post(&acme, "/integration/start", to).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text("detail").contains("550 5.1.1"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_within_a_request_is_told_like_what_is_sent_later() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = receiver(ResponseTemplate::new(204)).await;
    set(&hub, &acme, &server.uri()).await;
    let test = json!({"domain_name": "acme", "to": "you@example.com"});
    for (told, (path, request)) in
        [("/start", direct_email()), ("/account-settings/send-test-email", test)].into_iter().enumerate()
    {
        hub.post(&acme, path, request).await.expect(200);
        let received = until_received(&hub, &server, told + 1).await;
        assert_eq!(body(&received[told])["status"], "Completed", "{path}");
    }
}
