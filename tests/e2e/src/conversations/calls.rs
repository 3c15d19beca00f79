//! Calls by speech turns (checklist M5).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use super::{HAND, booking_status, does, new_booking, open_calendar, played, roles, says, talking};
use crate::anywhere::control::steer;
use crate::problem::problem;
use crate::requests::{integration, with};

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_talked_through_turn_by_turn_to_its_end() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    let listens = "listens".to_owned();
    let opening = vec!["Say hello. Do you have any questions?".to_owned()];
    assert_eq!(played(&hub, "answer", json!({})).await, (opening, listens.clone()));
    let noted = vec!["Thank you, I will pass that on. Is there anything else?".to_owned()];
    assert_eq!(says(&hub, "phone", "How much is it?").await, (noted, listens));
    assert_eq!(says(&hub, "phone", "No.").await, (vec!["Thank you. Goodbye.".to_owned()], "hung up".to_owned()));
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(report["outcome"], "conversed");
    assert_eq!(roles(&report), ["assistant", "user", "assistant", "user", "assistant"]);
    assert_eq!(report["transcript"][1]["content"], "How much is it?");
    problem(&does(&hub, "reply", json!({"channel": "phone", "text": "Wait!"})).await, 404);
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_informs_says_so_and_hangs_up() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "wvoice", json!({"language": "ar"})).await;
    assert_eq!(played(&hub, "answer", json!({})).await, (vec!["Say hello.".to_owned()], "hung up".to_owned()));
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!((&report["outcome"], roles(&report)), (&json!("answered"), vec!["assistant"]));
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_confirmed_by_a_call_in_a_language_from_right_to_left() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking = new_booking(&hub, &acme).await;
    let fields =
        json!({"type": "confirmational", "booking_id": booking, "language": "ar", "instruction": "موعدكم عندنا."});
    let id = talking(&hub, &acme, "wvoice", fields).await;
    let (said, _) = played(&hub, "answer", json!({})).await;
    assert!(
        said[0].starts_with("موعدكم عندنا. (") && said[0].ends_with("هل ستحضرون؟ يرجى الإجابة بنعم أو لا."),
        "{said:?}"
    );
    let (said, then) = says(&hub, "wvoice", "نعم، بالتأكيد").await;
    assert_eq!((said[0].as_str(), then.as_str()), ("شكرًا لكم، تم تأكيد موعدكم. مع السلامة.", "hung up"));
    assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "confirmed");
    assert_eq!(booking_status(&hub, &acme, &booking).await, "confirmed");
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_declined_is_told_as_declined() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking = new_booking(&hub, &acme).await;
    let fields = json!({"type": "confirmational", "booking_id": booking});
    let id = hub.started(&acme, with(integration(&acme, "phone", "+15005550013"), fields)).await;
    assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "declined");
    assert_eq!(booking_status(&hub, &acme, &booking).await, "declined");
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_offered_and_booked_in_a_call() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    open_calendar(&hub, &acme).await;
    let id = talking(&hub, &acme, "phone", json!({"type": "appointment_booking"})).await;
    let (said, _) = played(&hub, "answer", json!({})).await;
    assert!(said[0].contains("1) ") && said[0].contains("3) "), "{said:?}");
    let second = said[0].split_once("2) ").and_then(|(_, rest)| rest.split_once(';')).expect("a second time").0;
    let (again, _) = says(&hub, "phone", "What did you say?").await;
    assert!(again[0].contains(second), "{again:?}");
    let (said, then) = says(&hub, "phone", "The second one, please.").await;
    assert_eq!(
        (said[0].clone(), then.as_str()),
        (format!("Thank you, you are booked for {second}. Goodbye."), "hung up")
    );
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(report["outcome"], "booked");
    let bookings = hub.get(&acme, &acme.at("/bookings")).await.expect(200);
    assert_eq!((&bookings["bookings"][0]["engagement_id"], &bookings["bookings"][1]), (&json!(id), &json!(null)));
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_twice_is_let_go() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let talk = with(integration(&acme, "phone", "+15005550015"), json!({"type": "conversational"}));
    let id = hub.started(&acme, talk).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!((&report["outcome"], roles(&report)), (&json!("answered"), vec!["assistant"; 3]));
    assert!(report["transcript"][1]["content"].as_str().is_some_and(|said| said.starts_with("Are you still there?")));
}

// K2
#[tokio::test(flavor = "multi_thread")]
async fn who_declines_the_call_or_lets_it_ring_was_not_reached() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    problem(&does(&hub, "reply", json!({"channel": "phone", "text": "Hello?"})).await, 409);
    does(&hub, "decline", json!({})).await.expect(200);
    assert_eq!(hub.until_status(&acme, &id, "Failed").await["outcome"], "rejected");
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    hub.until("the call rings", async || {
        // It is looked after a first time when the simulator has taken it, and again when it has rung for long.
        hub.advance(SignedDuration::from_mins(6));
        let report = hub.report(&acme, &id).await;
        if report["outcome"] == "no_answer" { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_held_call_waits_and_is_answered_when_it_goes_on() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    played(&hub, "answer", json!({})).await;
    steer(&hub, &acme, "pause", &id).await;
    let (said, then) = says(&hub, "phone", "No.").await;
    assert_eq!((said[0].as_str(), then.starts_with("takes a moment")), ("One moment, please.", true));
    assert_eq!(roles(&hub.report(&acme, &id).await), ["assistant", "user"]);
    steer(&hub, &acme, "resume", &id).await;
    let (said, _) = says(&hub, "phone", "Hello?").await;
    assert_eq!(said, ["Thank you. Goodbye."], "it is the first thing that is answered");
    assert_eq!(roles(&hub.until_status(&acme, &id, "Completed").await), ["assistant", "user", "assistant"]);
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_says_nothing_more() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    played(&hub, "answer", json!({})).await;
    steer(&hub, &acme, "cancel", &id).await;
    let engagement_id = id.parse().expect("an id");
    let step =
        hub_engagements::talk::heard(&hub.local.hub, engagement_id, (1, Some("Hello?")), None).await.expect("a step");
    assert_eq!(step, hub_engagements::talk::CallStep::hang_up(Vec::new()));
    assert_eq!(hub.report(&acme, &id).await["status"], "Cancelled");
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn the_same_turn_is_answered_with_the_same_step_however_often_it_is_heard() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    played(&hub, "answer", json!({})).await;
    let (inside, engagement_id) = (&hub.local.hub, id.parse().expect("an id"));
    let heard = |text: &'static str| hub_engagements::talk::heard(inside, engagement_id, (1, Some(text)), None);
    let (first, second) = futures::join!(heard("How much is it?"), heard("How much is it?"));
    let (first, second) = (first.expect("a step"), second.expect("a step"));
    assert_eq!(first, second);
    assert_eq!(heard("No.").await.expect("a step"), first, "late, it changes nothing");
    assert_eq!(roles(&hub.report(&acme, &id).await), ["assistant", "user", "assistant"]);
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_played_is_told_in_the_shape_of_the_api() {
    let hub = TestHub::start().await;
    let answer = does(&hub, "reply", json!({})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["channel", "text"]);
    assert!(problem(&does(&hub, "answer", json!({})).await, 404).contains("In Progress"));
    let request = hub.request(reqwest::Method::POST, "/_local/contacts/nobody/play");
    problem(&hub.send(request).await, 400);
    let request = hub.request(reqwest::Method::POST, &format!("/_local/contacts/{HAND}/play"));
    hub.send(request).await.expect(200);
}
