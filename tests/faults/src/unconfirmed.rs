//! Claims whose outcome nobody recorded: evidence settles them, and nothing is sent twice (DESIGN §4).

use std::time::Duration;

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
use serde_json::{Value, json};

use crate::crash::{claim, known, record, start_and_crash, until_struck};
use crate::support::{
    OPENING, assert_left_once, direct_email, email, events, fault, grace, lease, seconds, slow_events, start,
    until_event,
};

fn send_email(kind: Kind) -> Rule {
    fault(kind, Service::Ses, "SendEmail").times(1)
}

/// A look at the queue of email events.
fn receive_email_events(kind: Kind) -> Rule {
    fault(kind, Service::Sqs, "ReceiveMessage")
        .when(|body| body["QueueUrl"].as_str().is_some_and(|url| url.ends_with("email-events")))
}

/// Waits until the claim is known to have run out, and then until its grace is over too.
async fn wait_out(hub: &TestHub, caller: &Caller, id: &str) {
    hub.advance(lease(hub));
    until_event(hub, caller, id, "Unconfirmed", 1).await;
    hub.advance(grace(hub));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_left_without_an_answer_is_completed_by_its_send_event() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(send_email(Kind::TimeoutAfterEffect));
    let id = hub.started(&acme, email()).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!((report["outcome"].as_str(), events(&report)), (Some("delivered"), words(&["Queued", "Sent", "Ended"])));
    // Whatever still comes for it finds it done.
    hub.advance(lease(&hub) + grace(&hub));
    assert_left_once(&hub, &id).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 1);
}

/// Two events are heard at once: whichever is recorded first, what the other tells is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_that_is_heard_at_once_with_the_send_event_counts() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(fault(Kind::TimeoutAfterEffect, Service::Ses, "SendEmail"));
    for _ in 0..20 {
        let caller = hub.second_domain(&acme).await;
        let id = hub.started(&caller, start(&caller.domain_name, "email", "bounce@simulator.amazonses.com")).await;
        let report = hub.until_status(&caller, &id, "Completed").await;
        hub.until_quiet().await;
        let outcome = hub.report(&caller, &id).await["outcome"].clone();
        assert_eq!(outcome, "bounced", "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_nobody_knows_of_is_sent_by_a_new_attempt_after_the_grace() {
    let runs = [Kind::TimeoutBeforeEffect, Kind::ServerError].map(async |kind| {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        slow_events(&hub);
        let struck = hub.local.embedded.faults().inject(send_email(kind));
        let id = hub.started(&acme, email()).await;
        until_struck(&hub, &struck).await;
        wait_out(&hub, &acme, &id).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(events(&report), words(&["Queued", "Unconfirmed", "Retried", "Noted", "Sent", "Ended"]), "{kind:?}");
        assert_left_once(&hub, &id).await;
        assert_eq!(hub.balance(&acme).await, OPENING - 1);
    });
    join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_dispatcher_died_after_its_claim_is_sent_by_a_new_attempt() {
    let runs = [claim(Kind::CrashAfterEffect), send_email(Kind::Crash)].map(async |rule| {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        hub.local.embedded.faults().inject(rule);
        let id = start_and_crash(&hub, &acme, email()).await;
        let hub = hub.revive().await;
        let id = known(&hub, &acme, id).await;
        wait_out(&hub, &acme, &id).await;
        hub.until_status(&acme, &id, "Completed").await;
        assert_left_once(&hub, &id).await;
    });
    join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_dispatcher_died_after_it_left_is_completed_by_its_send_event() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(send_email(Kind::CrashAfterEffect));
    let id = start_and_crash(&hub, &acme, email()).await;
    let hub = hub.revive().await;
    let id = known(&hub, &acme, id).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert!(!events(&report).contains(&"Retried".to_owned()), "{report}");
    hub.advance(lease(&hub) + grace(&hub));
    assert_left_once(&hub, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_record_could_not_be_written_is_completed_by_its_send_event() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let struck = hub.local.embedded.faults().inject(record(Kind::ServerError, "completed"));
    let id = hub.started(&acme, email()).await;
    until_struck(&hub, &struck).await;
    // The table is down for longer than the lease; the event comes again for as long as it cannot be recorded.
    hub.advance(lease(&hub));
    until_event(&hub, &acme, &id, "Unconfirmed", 1).await;
    hub.local.embedded.faults().clear();
    hub.advance(lease(&hub));
    hub.until_status(&acme, &id, "Completed").await;
    hub.advance(grace(&hub));
    assert_left_once(&hub, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_messages_that_nobody_recorded_are_settled_by_what_the_carrier_knows() {
    let cases =
        [("sms", Died::Claiming), ("sms", Died::Recording), ("phone", Died::Claiming), ("phone", Died::Recording)];
    join_all(cases.map(|(channel, died)| settled(channel, died))).await;
}

#[derive(Clone, Copy, PartialEq)]
enum Died {
    Claiming,
    Recording,
}

async fn settled(channel: &str, died: Died) {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(match died {
        Died::Claiming => claim(Kind::CrashAfterEffect),
        Died::Recording => record(Kind::Crash, "in_progress"),
    });
    let id = start_and_crash(&hub, &acme, start("acme", channel, "+14165551234")).await;
    let hub = hub.revive().await;
    let id = known(&hub, &acme, id).await;
    hub.advance(lease(&hub));
    until_event(&hub, &acme, &id, "Unconfirmed", 1).await;
    match died {
        Died::Claiming => hub.advance(grace(&hub)),
        Died::Recording => drop(until_event(&hub, &acme, &id, "Sent", 1).await),
    }
    hub.advance(seconds(2));
    let report = hub.until_status(&acme, &id, "Completed").await;
    let tried_again = events(&report).contains(&"Retried".to_owned());
    assert_eq!(tried_again, died == Died::Claiming, "{report}");
    assert_left_once(&hub, &id).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_that_took_longer_than_its_lease_does_not_call_the_provider() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    // The first look at the do-not-contact list is the acceptance's, the second the dispatcher's.
    let slow = fault(Kind::Latency(Duration::from_secs(1)), Service::DynamoDb, "GetItem");
    let on_the_list = |key: &Value| key["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("DNC#"));
    let slow = slow.when(move |body| on_the_list(&body["Key"])).skip(1).times(1);
    let slow = hub.local.embedded.faults().inject(slow);
    let id = hub.started(&acme, email()).await;
    until_struck(&hub, &slow).await;
    hub.advance(lease(&hub));
    until_event(&hub, &acme, &id, "Retried", 1).await;
    assert!(hub.messages("").await.is_empty());
    hub.advance(lease(&hub));
    hub.until_status(&acme, &id, "Completed").await;
    assert_left_once(&hub, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_during_an_unconfirmed_attempt_is_carried_out_when_it_was_never_taken() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let struck = hub.local.embedded.faults().inject(send_email(Kind::TimeoutBeforeEffect));
    let id = hub.started(&acme, email()).await;
    until_struck(&hub, &struck).await;
    hub.post(&acme, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
    wait_out(&hub, &acme, &id).await;
    hub.until_status(&acme, &id, "Cancelled").await;
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, OPENING);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_comes_while_its_owner_holds_it_keeps_it_from_being_sent_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let struck = hub.local.embedded.faults().inject(send_email(Kind::TimeoutAfterEffect));
    // The event is late: the look at its queue that is under way may find it, and cannot write what it proves; the
    // later ones fail. Were it found again and again, it would be given up on a slow machine.
    hub.local.embedded.faults().inject(record(Kind::ServerError, "completed"));
    hub.local.embedded.faults().inject(receive_email_events(Kind::ServerError));
    let id = hub.started(&acme, email()).await;
    until_struck(&hub, &struck).await;
    hub.post(&acme, "/integration/pause", json!({"engagement_id": id})).await.expect(200);
    wait_out(&hub, &acme, &id).await;
    hub.until_status(&acme, &id, "Paused").await;
    hub.local.embedded.faults().clear();
    hub.advance(lease(&hub));
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.post(&acme, "/integration/resume", json!({"engagement_id": id})).await.status, 409);
    assert_left_once(&hub, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_of_a_mail_is_kept_when_its_send_event_is_recorded_first() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let slow = record(Kind::Latency(Duration::from_secs(1)), "completed").times(1);
    hub.local.embedded.faults().inject(slow);
    let mut body = email();
    body["email_body_html"] = "<p>Policy {{POLICY_NUMBER}}</p>".into();
    let id = hub.started(&acme, body).await;
    let report = until_event(&hub, &acme, &id, "Noted", 1).await;
    assert_eq!(events(&report), words(&["Queued", "Sent", "Ended", "Noted"]));
    assert!(report["history"][3]["detail"].as_str().is_some_and(|what| what.contains("POLICY_NUMBER")));
    assert_left_once(&hub, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_whose_answer_is_lost_is_queued_and_answers_so_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(send_email(Kind::TimeoutBeforeEffect));
    let key = [("Idempotency-Key", "direct-1")];
    let first = hub.post_with(&acme, "/start", direct_email(), &key).await.expect(200);
    assert_eq!(first["status"], "queued");
    hub.advance(lease(&hub));
    let again = hub.post_with(&acme, "/start", direct_email(), &key).await.expect(200);
    assert_eq!(again["call_sid"], first["call_sid"]);
    assert_eq!(hub.balance(&acme).await, OPENING - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_that_could_not_be_recorded_is_not_refused_any_more() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.local.embedded.faults().inject(record(Kind::ServerError, "completed"));
    let answer = hub.post(&acme, "/start", direct_email()).await.expect(200);
    assert_eq!(answer["status"], "queued");
    assert_eq!(hub.messages("").await.len(), 1);
    assert_eq!(hub.balance(&acme).await, OPENING - 1);
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_that_comes_with_the_evidence_of_its_mail_is_recorded_too() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    // The mail's events find it claimed, and all but one of them find that another has proved it meanwhile.
    hub.local.embedded.faults().inject(record(Kind::Latency(Duration::from_millis(500)), "completed"));
    let id = hub.started(&acme, start("acme", "email", "complaint@simulator.amazonses.com")).await;
    until_event(&hub, &acme, &id, "Updated", 1).await;
    assert_eq!(hub.report(&acme, &id).await["outcome"], "complained");
}
