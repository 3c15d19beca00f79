//! Parts that are throttled, refuse, or are out of order.

use aws_sdk_sqs::Client;
use futures::future::join_all;
use hub_fixture::TestHub;
use hub_local::aws::{Injected, Kind, Service};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{
    OPENING, all_messages, assert_left_once, count, direct_email, email, engagements, events, fast_path, fault,
    seconds, start, until_all_ended, until_event,
};

async fn until_hits(hub: &TestHub, rule: &Injected, hits: u64) {
    hub.until("the fault has struck", || async {
        if rule.hits() >= hits { Ok(()) } else { Err(rule.hits().to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_mail_is_tried_again_until_it_is_sent_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::Throttle, Service::Ses, "SendEmail").times(3));
    let id = hub.started(&acme, email()).await;
    for times in 1..=3 {
        let report = until_event(&hub, &acme, &id, "Postponed", times).await;
        assert_eq!(report["status"], "Queued");
        hub.advance(seconds(61));
    }
    hub.until_status(&acme, &id, "Completed").await;
    assert_left_once(&hub, &id).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_whose_provider_is_throttled_is_queued() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::Throttle, Service::Ses, "SendEmail").times(1));
    let answer = hub.post(&acme, "/start", direct_email()).await.expect(200);
    assert_eq!(answer["status"], "queued");
    assert!(answer["call_sid"].as_str().is_some_and(|sid| sid.starts_with("QUEUED_")), "{answer}");
    hub.advance(seconds(61));
    assert_eq!(count(&until_all_ended(&hub, &acme).await, "Completed"), 1);
    assert_eq!(hub.messages("").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_provider_is_waited_for_however_long_it_takes_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::Throttle, Service::Ses, "SendEmail").times(20));
    let id = hub.started(&acme, email()).await;
    for times in 1..=20 {
        until_event(&hub, &acme, &id, "Postponed", times).await;
        hub.advance(seconds(61));
    }
    hub.until_status(&acme, &id, "Completed").await;
    assert_left_once(&hub, &id).await;
}

/// Nothing was handed over, so nobody has to wait until it is sure that nothing was.
#[tokio::test(flavor = "multi_thread")]
async fn an_email_whose_data_cannot_be_read_is_tried_again_soon_and_awaits_no_evidence() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let on_the_list = |body: &Value| body["Key"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("DNC#"));
    // The start reads it once; the dispatcher's call is repeated by the SDK before it gives up.
    let down = fault(Kind::ServerError, Service::DynamoDb, "GetItem").when(on_the_list).skip(1).times(3);
    hub.local.embedded.faults().inject(down);
    let id = hub.started(&acme, email()).await;
    until_event(&hub, &acme, &id, "Retried", 1).await;
    hub.advance(seconds(6));
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert!(!events(&report).contains(&"Unconfirmed".to_owned()), "{report}");
    assert_left_once(&hub, &id).await;
}

/// An email never leaves without the link by which its reader ends the emails.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_stays_down_fails_the_engagement_in_the_end_and_gives_its_credits_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let link_key = |body: &Value| body["SecretId"] == "hub/link-key";
    let down = fault(Kind::ServerError, Service::SecretsManager, "GetSecretValue").when(link_key);
    hub.local.embedded.faults().inject(down);
    let id = hub.started(&acme, email()).await;
    for failures in 1..16 {
        until_event(&hub, &acme, &id, "Retried", failures).await;
        hub.advance(seconds(15 * 60 + 6));
    }
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert_eq!(report["outcome"], "refused");
    assert!(report["summary"].as_str().is_some_and(|why| why.contains("unsubscribe link")), "{report}");
    assert!(!report.to_string().contains("hub/link-key"), "{report}");
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, OPENING);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_fails_with_its_reason_and_gives_its_credits_back() {
    let hub = TestHub::start_with({
        let refusing = refusing_mail_server().await;
        move |options| options.smtp_url = Some(refusing)
    })
    .await;
    let acme = hub.demo();
    let mail = hub.started(&acme, email()).await;
    let sms = hub.started(&acme, start("acme", "sms", "+15005550012")).await;
    let call = hub.started(&acme, start("acme", "phone", "+15005550001")).await;
    for (id, outcome, why) in
        [(mail, "refused", "no such user"), (sms, "refused", "refuses"), (call, "invalid_number", "no such number")]
    {
        let report = hub.until_status(&acme, &id, "Failed").await;
        assert_eq!(report["outcome"], outcome);
        assert!(report["summary"].as_str().is_some_and(|summary| summary.contains(why)), "{report}");
        assert!(!events(&report).contains(&"Sent".to_owned()));
    }
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, OPENING);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_email_that_is_refused_says_why_and_is_not_paid_for() {
    let refusing = refusing_mail_server().await;
    let hub = TestHub::start_with(|options| options.smtp_url = Some(refusing)).await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/account-settings/send-test-email", test_email()).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.text("detail").contains("no such user"), "{}", answer.body);
    assert!(hub.messages("").await.is_empty());
    assert_eq!((count(&engagements(&hub, &acme).await, "Failed"), hub.balance(&acme).await), (1, OPENING));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_email_whose_provider_is_throttled_is_queued_and_can_be_followed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::Throttle, Service::Ses, "SendEmail").times(1));
    let answer = hub.post(&acme, "/account-settings/send-test-email", test_email()).await.expect(200);
    assert_eq!(answer["status"], "queued");
    let id = answer["engagement_id"].as_str().expect("an engagement");
    until_event(&hub, &acme, id, "Postponed", 1).await;
    hub.advance(seconds(61));
    hub.until_status(&acme, id, "Completed").await;
    assert_left_once(&hub, id).await;
}

fn test_email() -> Value {
    json!({"domain_name": "acme", "to": "customer@example.com"})
}

/// A mail server that refuses every recipient; its URL.
async fn refusing_mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("smtp://{}", listener.local_addr().expect("it has an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(refuse(stream));
        }
    });
    url
}

async fn refuse(stream: TcpStream) -> std::io::Result<()> {
    let (from, mut to) = stream.into_split();
    to.write_all(b"220 mail.example\r\n").await?;
    let mut lines = BufReader::new(from).lines();
    while let Some(line) = lines.next_line().await? {
        let answer = if line.to_uppercase().starts_with("RCPT") { "550 no such user\r\n" } else { "250 OK\r\n" };
        to.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_the_table_does_not_take_changes_nothing_and_says_when_to_come_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (kind, status) in [(Kind::Throttle, 429), (Kind::ServerError, 503), (Kind::TimeoutBeforeEffect, 503)] {
        hub.local.embedded.faults().inject(fault(kind, Service::DynamoDb, "TransactWriteItems"));
        for path in ["/integration/start", "/start"] {
            let body = if path == "/start" { direct_email() } else { email() };
            let answer = hub.post(&acme, path, body).await;
            assert_eq!(answer.status, status, "{path} {kind:?}");
            assert!(answer.headers.contains_key("retry-after"));
            assert!(!answer.body["detail"].as_str().expect("advice").contains("Exception"));
        }
        hub.local.embedded.faults().clear();
    }
    assert_eq!(engagements(&hub, &acme).await, Vec::<Value>::new());
    assert_eq!(hub.balance(&acme).await, OPENING);
    hub.until_status(&acme, &hub.started(&acme, email()).await, "Completed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_answer_from_the_table_is_lost_is_made_once_and_goes_out_at_once() {
    for key in [None, Some(("Idempotency-Key", "lost-1"))] {
        for path in ["/integration/start", "/start"] {
            let hub = TestHub::start().await;
            let acme = hub.demo();
            let lost = fault(Kind::TimeoutAfterEffect, Service::DynamoDb, "TransactWriteItems").times(1);
            hub.local.embedded.faults().inject(lost);
            let body = if path == "/start" { direct_email() } else { email() };
            let answer = hub.post_with(&acme, path, body.clone(), key.as_slice()).await.expect(200);
            assert_ne!(answer["status"], "queued");
            // Without the tick, which comes into play after five seconds.
            hub.until("the mail has left", || async {
                match hub.messages("").await.len() {
                    1 => Ok(()),
                    count => Err(count.to_string()),
                }
            })
            .await;
            assert_eq!(count(&until_all_ended(&hub, &acme).await, "Completed"), 1);
            if let Some(key) = key {
                let again = hub.post_with(&acme, path, body, &[key]).await.expect(200);
                assert_eq!(again, answer);
            }
            assert_eq!(engagements(&hub, &acme).await.len(), 1);
            assert_eq!(hub.balance(&acme).await, OPENING - 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_are_in_each_others_way_are_all_carried_out() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let storm = fault(Kind::TransactionConflict, Service::DynamoDb, "TransactWriteItems").times(80);
    let storm = hub.local.embedded.faults().inject(storm);
    let started = join_all((0..40).map(|_| hub.post(&acme, "/integration/start", email()))).await;
    assert!(started.iter().all(|answer| answer.status == 200));
    assert_eq!(storm.hits(), 80);
    assert_eq!(count(&until_all_ended(&hub, &acme).await, "Completed"), 40);
    assert_eq!((all_messages(&hub).await.len(), hub.balance(&acme).await), (40, OPENING - 40));
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_are_accepted_while_the_queue_is_down_and_the_tick_delivers_them() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let down = hub.local.embedded.faults().inject(fault(Kind::ServerError, Service::Sqs, "SendMessage"));
    let mut ids = Vec::new();
    for (channel, contact) in [("email", "customer@example.com"), ("sms", "+14165551234"), ("phone", "+14165551234")] {
        ids.push(hub.started(&acme, start("acme", channel, contact)).await);
    }
    // The tick finds them, and the queue is still down: they must not be put off for that.
    let before = down.hits();
    hub.advance(fast_path(&hub));
    until_hits(&hub, &down, before + 4).await;
    hub.local.embedded.faults().clear();
    for id in &ids {
        hub.until(&format!("{id} has left"), || async {
            hub.advance(seconds(1));
            let report = hub.report(&acme, id).await;
            if report["status"] == "Completed" { Ok(()) } else { Err(report.to_string()) }
        })
        .await;
        assert_left_once(&hub, id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_the_queue_brings_twice_do_no_harm() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::TimeoutAfterEffect, Service::Sqs, "SendMessage").times(1));
    hub.local.embedded.faults().inject(fault(Kind::PartialBatch, Service::Sqs, "DeleteMessageBatch"));
    let id = hub.started(&acme, email()).await;
    hub.until_status(&acme, &id, "Completed").await;
    let sqs = Client::new(&hub.local.embedded.sdk_config());
    let queue = hub.local.embedded.queue_url("send-email");
    for attempt in [1, 1, 1, 2, 7] {
        let job = json!({"engagement_id": id, "attempt": attempt}).to_string();
        sqs.send_message().queue_url(&queue).message_body(job).send().await.expect("it is sent");
    }
    hub.local.embedded.faults().clear();
    hub.advance(seconds(181));
    until_empty(&hub, "send-email").await;
    assert_left_once(&hub, &id).await;
    assert_eq!(hub.report(&acme, &id).await["status"], "Completed");
}

async fn until_empty(hub: &TestHub, queue: &str) {
    hub.until(&format!("{queue} is empty"), || async {
        let counts = hub.local.embedded.counts(queue).expect("the queue is there");
        if counts.total() == 0 { Ok(()) } else { Err(format!("{counts:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_can_read_goes_to_the_dead_letters_and_holds_nothing_up() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let sqs = Client::new(&hub.local.embedded.sdk_config());
    for queue in ["send-email", "deliver-webhook", "email-events"] {
        let url = hub.local.embedded.queue_url(queue);
        sqs.send_message().queue_url(url).message_body("{\"poison\":").send().await.expect("it is sent");
    }
    let ids = join_all((0..30).map(|_| hub.started(&acme, email()))).await;
    for id in &ids {
        hub.until_status(&acme, id, "Completed").await;
    }
    hub.until("the poison is among the dead letters", || async {
        hub.advance(seconds(1));
        let buried = |queue: &str| hub.local.embedded.counts(&format!("{queue}-dlq")).expect("it is there").total();
        let buried = ["send-email", "deliver-webhook", "email-events"].map(buried);
        if buried == [1, 1, 1] { Ok(()) } else { Err(format!("{buried:?}")) }
    })
    .await;
    assert_eq!(all_messages(&hub).await.len(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn dispatch_outlives_a_table_that_is_down() {
    let runs = ["UpdateItem", "GetItem"].map(async |operation| {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        let id = {
            // Accepted for a moment later, so that the table is down by then.
            let soon = hub.clock.now() + seconds(60);
            let mut body = email();
            body["scheduled_time"] = soon.to_string().into();
            hub.started(&acme, body).await
        };
        let down = hub.local.embedded.faults().inject(fault(Kind::ServerError, Service::DynamoDb, operation));
        hub.advance(seconds(61));
        until_hits(&hub, &down, 4).await;
        hub.local.embedded.faults().clear();
        // Read or written in part, it is unconfirmed at worst: the lease and the grace settle it.
        hub.until("it has left", || async {
            hub.advance(seconds(1));
            let report = hub.report(&acme, &id).await;
            if report["status"] == "Completed" { Ok(()) } else { Err(report.to_string()) }
        })
        .await;
        assert_left_once(&hub, &id).await;
    });
    join_all(runs).await;
}
