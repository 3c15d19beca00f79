use proptest::prelude::*;

use super::*;
use crate::channel::{Channel, EngagementType};
use crate::contact::Contact;
use crate::id::{AccountId, EngagementId};
use crate::start::Source;

const PRICE: u64 = 3;

fn queued() -> Engagement {
    Engagement {
        engagement_id: EngagementId::from_bytes([7; 12]),
        account_id: AccountId::from_bytes([1; 12]),
        domain_name: "acme".parse().unwrap(),
        version: 1,
        state: State::Queued,
        wish: None,
        channel: Channel::Phone,
        engagement_type: EngagementType::Informational,
        contact: Contact::parse("+14165551234", Channel::Phone).unwrap(),
        client_name: None,
        user_phone_number: None,
        source: Source::default(),
        test_mode: false,
        price: PRICE,
        created_at: at(0),
        scheduled_time: None,
        due_at: Some(at(60)),
        attempt: 1,
        failures: 0,
        claim: None,
        started_at: None,
        completed_at: None,
        outcome: None,
        summary: None,
        call_sid: None,
        provider_id: None,
        history: Vec::new(),
        request_hash: String::new(),
    }
}

fn at(second: i64) -> Moment {
    Moment::from_millisecond(second * 1_000)
}

fn claim() -> Event {
    Event::Claimed { claim: Claim { id: "c".to_owned(), at: at(1), unconfirmed_since: None } }
}

fn taken() -> Taken {
    Taken { provider_id: "p".to_owned(), call_sid: CallSid::Carrier("CA1".to_owned()) }
}

fn after(events: impl IntoIterator<Item = Event>) -> Engagement {
    events.into_iter().fold(queued(), |engagement, event| engagement.apply(event, at(2)).unwrap().engagement)
}

fn event() -> impl Strategy<Value = Event> {
    let reason = || "r".to_owned();
    prop_oneof![
        Just(claim()),
        Just(Event::Delivered(taken())),
        Just(Event::Taken { taken: taken(), look_again: at(90) }),
        Just(Event::Refused { outcome: Outcome::Refused, reason: reason() }),
        Just(Event::OutOfOrder { due_at: at(30), reason: reason() }),
        Just(Event::Postponed { due_at: at(30), reason: reason() }),
        Just(Event::LeaseRanOut { look_again: at(90) }),
        Just(Event::NeverTaken { due_at: at(30) }),
        Just(Event::Ended { reached: true, outcome: Outcome::Answered, summary: reason() }),
        Just(Event::Ended { reached: false, outcome: Outcome::Busy, summary: reason() }),
        Just(Event::Released { look_again: at(90) }),
        Just(Event::Noted { detail: reason() }),
        Just(Event::Pause),
        Just(Event::Resume { due_at: at(30) }),
        Just(Event::Cancel),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_a_final_state_stays_and_credits_go_back_at_most_once(events in prop::collection::vec(event(), 0..40)) {
        let (mut engagement, mut refunded) = (queued(), 0);
        for event in events {
            let before = engagement.clone();
            if let Ok(change) = engagement.apply(event, at(2)) {
                refunded += change.refund;
                engagement = change.engagement;
                prop_assert_eq!(engagement.version, before.version + 1);
                prop_assert!(!before.state.is_final() || engagement.state == before.state);
            }
            prop_assert_eq!(engagement.completed_at.is_some(), engagement.state.is_final());
            prop_assert_eq!(refunded, if engagement.state.owes_nothing() { PRICE } else { 0 });
            prop_assert_eq!(engagement.claim.is_some(), engagement.state == State::Dispatching);
            prop_assert!(!engagement.state.is_final() || engagement.due_at.is_none());
        }
    }

    #[test]
    fn what_is_not_final_nor_held_is_always_due(events in prop::collection::vec(event(), 0..40)) {
        let engagement = events.into_iter().fold(queued(), |engagement, event| {
            engagement.apply(event, at(2)).map_or(engagement, |change| change.engagement)
        });
        let waits = matches!(engagement.state, State::Paused | State::OnHold);
        prop_assert_eq!(engagement.due_at.is_none(), waits || engagement.state.is_final());
    }
}

#[test]
fn a_second_dispatcher_cannot_claim_the_same_attempt() {
    let claimed = after([claim()]);
    assert_eq!(claimed.apply(claim(), at(3)), Err(Refusal::NotNow(State::Dispatching)));
}

#[test]
fn cancelling_during_dispatch_is_done_when_the_provider_has_not_taken_it() {
    let wished = after([claim(), Event::Cancel]);
    let change = wished.apply(Event::OutOfOrder { due_at: at(30), reason: "down".to_owned() }, at(3)).unwrap();
    assert_eq!((change.engagement.state, change.refund), (State::Cancelled, PRICE));
}

#[test]
fn cancelling_during_dispatch_cannot_take_back_a_mail() {
    let wished = after([claim(), Event::Cancel]);
    let change = wished.apply(Event::Delivered(taken()), at(3)).unwrap();
    assert_eq!((change.engagement.state, change.refund), (State::Completed, 0));
}

#[test]
fn cancelling_during_dispatch_hangs_up_a_call_that_was_placed() {
    let wished = after([claim(), Event::Cancel]);
    let change = wished.apply(Event::Taken { taken: taken(), look_again: at(90) }, at(3)).unwrap();
    assert_eq!((change.engagement.state, change.hang_up), (State::Cancelled, true));
}

#[test]
fn evidence_that_comes_while_its_owner_holds_it_keeps_it_from_being_sent_again() {
    let down = Event::OutOfOrder { due_at: at(30), reason: "down".to_owned() };
    let held = after([claim(), down, Event::Pause]);
    let change = held.apply(Event::Delivered(taken()), at(3)).unwrap();
    assert_eq!((change.engagement.state, change.refund), (State::Completed, 0));
}

#[test]
fn a_late_answer_of_one_attempt_says_nothing_of_the_next() {
    let first = after([claim()]);
    let second = after([claim(), Event::NeverTaken { due_at: at(30) }, claim()]);
    let down = Event::OutOfOrder { due_at: at(30), reason: "down".to_owned() };
    let wished = after([claim(), Event::Cancel]);
    assert!(down.is_overtaken(&first, &second) && !down.is_overtaken(&first, &wished));
    // That it was sent is true whichever attempt is made now.
    assert!(!Event::Delivered(taken()).is_overtaken(&first, &second));
}

#[test]
fn a_bounce_after_delivery_changes_the_outcome_and_nothing_else() {
    let completed = after([claim(), Event::Delivered(taken())]);
    let bounce = Event::Ended { reached: false, outcome: Outcome::Bounced, summary: "No such mailbox.".to_owned() };
    let change = completed.apply(bounce.clone(), at(9)).unwrap();
    assert_eq!((change.engagement.state, change.engagement.outcome), (State::Completed, Some(Outcome::Bounced)));
    assert!(change.tell && change.refund == 0);
    assert_eq!(change.engagement.apply(bounce, at(10)), Err(Refusal::AlreadySo));
}

#[test]
fn pausing_twice_and_cancelling_twice_change_nothing_more() {
    assert_eq!(after([Event::Pause]).apply(Event::Pause, at(3)), Err(Refusal::AlreadySo));
    assert_eq!(after([Event::Cancel]).apply(Event::Cancel, at(3)), Err(Refusal::AlreadySo));
    assert_eq!(after([Event::Cancel]).apply(Event::Pause, at(3)), Err(Refusal::Final(State::Cancelled)));
}

#[test]
fn a_provider_out_of_order_for_too_long_fails_the_engagement_with_its_words() {
    let mut engagement = queued();
    while !engagement.state.is_final() {
        engagement = engagement.apply(claim(), at(2)).unwrap().engagement;
        let down = Event::OutOfOrder { due_at: at(30), reason: "HTTP 503".to_owned() };
        engagement = engagement.apply(down, at(3)).unwrap().engagement;
    }
    assert_eq!(engagement.state, State::Failed);
    assert!(engagement.summary.unwrap().ends_with("HTTP 503"));
}
