use proptest::prelude::*;

use super::*;
use crate::batch::{BatchRow, RowStage};
use crate::channel::{Channel, EngagementType};
use crate::contact::Contact;
use crate::engagement::{Accepted, Claim, Hindrance, Outcome};
use crate::id::{AccountId, BatchId, CallSid, EngagementId};
use crate::start::Source;

const PRICE: u64 = 3;

fn queued() -> Engagement {
    let accepted = Accepted {
        engagement_id: EngagementId::from_bytes([7; 12]),
        account_id: AccountId::from_bytes([1; 12]),
        domain_name: "acme".parse().unwrap(),
        channel: Channel::Phone,
        engagement_type: EngagementType::Informational,
        contact: Contact::parse("+14165551234", Channel::Phone).unwrap(),
        client_name: None,
        user_phone_number: None,
        source: Source::default(),
        test_mode: false,
        price: PRICE,
        created_at: at(0),
        request_hash: String::new(),
    };
    Engagement { due_at: Some(at(60)), ..accepted.into() }
}

/// The same as a row that its batch has not let go.
fn waiting() -> Engagement {
    let row = BatchRow { batch_id: BatchId::from_bytes([9; 12]), number: 2, place: 1, stage: RowStage::Waiting };
    Engagement { due_at: None, batch: Some(row), ..queued() }
}

fn start() -> impl Strategy<Value = Engagement> {
    prop_oneof![Just(queued()), Just(waiting())]
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
        Just(Event::Postponed { due_at: at(30), hindrance: Hindrance::QuietHours, reason: reason() }),
        Just(Event::LeaseRanOut { look_again: at(90) }),
        Just(Event::NeverTaken { due_at: at(30) }),
        Just(Event::Ended { reached: true, outcome: Outcome::Answered, summary: reason() }),
        Just(Event::Ended { reached: false, outcome: Outcome::Busy, summary: reason() }),
        Just(Event::Reported { reached: true, outcome: Outcome::Answered, summary: reason(), raw: reason() }),
        Just(Event::Reported { reached: false, outcome: Outcome::Busy, summary: reason(), raw: reason() }),
        Just(Event::HungUp),
        Just(Event::Released { look_again: at(90) }),
        Just(Event::Noted { detail: reason() }),
        Just(Event::Pause),
        Just(Event::Resume { due_at: at(30) }),
        Just(Event::Cancel),
        Just(Event::LetGo { due_at: at(30) }),
        Just(Event::HeldBack { wish: Wish::Pause }),
        Just(Event::HeldBack { wish: Wish::Cancel }),
        Just(Event::LetGoOn { due_at: at(30) }),
        Just(Event::CalledOff),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_a_final_state_stays_and_credits_go_back_at_most_once(
        start in start(),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let (mut engagement, mut refunded, mut ended) = (start, 0, 0);
        for event in events {
            let before = engagement.clone();
            if let Ok(change) = engagement.apply(event, at(2)) {
                refunded += change.refund;
                ended += u32::from(change.counts == Some(Counting::Ended));
                engagement = change.engagement;
                prop_assert_eq!(engagement.version, before.version + 1);
                prop_assert!(!before.state.is_final() || engagement.state == before.state);
            }
            prop_assert_eq!(engagement.completed_at.is_some(), engagement.state.is_final());
            prop_assert_eq!(refunded, if engagement.state.owes_nothing() { PRICE } else { 0 });
            prop_assert_eq!(engagement.claim.is_some(), engagement.state == State::Dispatching);
            prop_assert_eq!(engagement.state.is_final() && engagement.due_at.is_some(), engagement.to_hang_up);
            prop_assert_eq!(ended, u32::from(engagement.batch.is_some() && engagement.state.is_final()));
            prop_assert!(!engagement.waits_for_its_batch() || engagement.due_at.is_none());
        }
    }

    #[test]
    fn what_is_not_final_nor_held_is_always_due(
        start in start(),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let engagement = events.into_iter().fold(start, |engagement, event| {
            engagement.apply(event, at(2)).map_or(engagement, |change| change.engagement)
        });
        let waits = matches!(engagement.state, State::Paused | State::OnHold) || engagement.waits_for_its_batch();
        let done = engagement.state.is_final() && !engagement.to_hang_up;
        prop_assert_eq!(engagement.due_at.is_none(), waits || done);
    }
}

fn stage(engagement: &Engagement) -> Option<RowStage> {
    engagement.batch.map(|row| row.stage)
}

#[test]
fn a_waiting_row_cannot_be_claimed_and_is_let_go_once() {
    assert_eq!(waiting().apply(claim(), at(2)), Err(Refusal::NotNow(State::Queued)));
    let released = waiting().apply(Event::LetGo { due_at: at(30) }, at(2)).unwrap().engagement;
    assert_eq!((stage(&released), released.due_at), (Some(RowStage::Released), Some(at(30))));
    assert_eq!(released.apply(Event::LetGo { due_at: at(60) }, at(3)), Err(Refusal::AlreadySo));
    assert!(released.apply(claim(), at(3)).is_ok());
}

#[test]
fn a_row_that_is_held_by_its_owner_stays_held_when_its_batch_lets_it_go() {
    let held = waiting().apply(Event::Pause, at(2)).unwrap().engagement;
    let released = held.apply(Event::LetGo { due_at: at(30) }, at(3)).unwrap().engagement;
    assert_eq!((released.state, released.due_at), (State::Paused, None));
    let resumed = released.apply(Event::Resume { due_at: at(40) }, at(4)).unwrap().engagement;
    assert_eq!(resumed.due_at, Some(at(40)));
}

#[test]
fn a_row_that_is_resumed_before_its_turn_goes_on_waiting() {
    let held = waiting().apply(Event::Pause, at(2)).unwrap().engagement;
    let resumed = held.apply(Event::Resume { due_at: at(40) }, at(3)).unwrap().engagement;
    assert_eq!((resumed.state, resumed.due_at), (State::Queued, None));
    assert!(resumed.waits_for_its_batch());
}

#[test]
fn a_row_that_ends_before_its_turn_is_counted_and_never_let_go() {
    let change = waiting().apply(Event::Cancel, at(2)).unwrap();
    assert_eq!((change.counts, change.refund), (Some(Counting::Ended), PRICE));
    let withdrawn = change.engagement;
    assert_eq!(stage(&withdrawn), Some(RowStage::Withdrawn));
    assert_eq!(withdrawn.apply(Event::LetGo { due_at: at(30) }, at(3)), Err(Refusal::Final(State::Cancelled)));
}

#[test]
fn a_row_that_its_paused_batch_holds_back_goes_on_as_a_new_attempt() {
    let released = waiting().apply(Event::LetGo { due_at: at(30) }, at(2)).unwrap().engagement;
    let claimed = released.apply(claim(), at(3)).unwrap().engagement;
    let held = claimed.apply(Event::HeldBack { wish: Wish::Pause }, at(4)).unwrap();
    assert_eq!((held.engagement.state, held.counts), (State::Paused, Some(Counting::HeldBack)));
    let gone_on = held.engagement.apply(Event::LetGoOn { due_at: at(50) }, at(5)).unwrap();
    assert_eq!((gone_on.engagement.state, gone_on.counts), (State::Queued, Some(Counting::LetGoOn)));
    assert!(gone_on.engagement.attempt > claimed.attempt);
}

#[test]
fn calling_a_batch_off_leaves_what_is_under_way_alone() {
    let dispatching = after([claim()]);
    assert_eq!(dispatching.apply(Event::CalledOff, at(3)), Err(Refusal::NotNow(State::Dispatching)));
    let cancelled = waiting().apply(Event::CalledOff, at(3)).unwrap();
    assert_eq!((cancelled.engagement.state, cancelled.refund), (State::Cancelled, PRICE));
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

// F3
#[test]
fn a_call_that_is_called_off_is_due_until_it_is_hung_up() {
    let live = after([claim(), Event::Taken { taken: taken(), look_again: at(90) }]);
    let cancelled = live.apply(Event::Cancel, at(3)).unwrap();
    assert_eq!((cancelled.hang_up, cancelled.engagement.due_at), (true, Some(at(3))));
    let later = cancelled.engagement.apply(Event::Released { look_again: at(300) }, at(4)).unwrap().engagement;
    assert_eq!((later.state, later.due_at), (State::Cancelled, Some(at(300))));
    let over = later.apply(Event::HungUp, at(5)).unwrap().engagement;
    assert_eq!((over.state, over.due_at, over.to_hang_up), (State::Cancelled, None, false));
    assert_eq!(over.apply(Event::HungUp, at(6)), Err(Refusal::Final(State::Cancelled)));
}

// M1
#[test]
fn a_callback_that_comes_before_its_answer_is_evidence_in_every_state_before_the_end() {
    let event = || Event::Taken { taken: taken(), look_again: at(90) };
    for (before, state) in [
        (queued(), State::InProgress),
        (after([claim()]), State::InProgress),
        (after([claim(), Event::NeverTaken { due_at: at(30) }]), State::InProgress),
        (after([Event::Pause]), State::OnHold),
    ] {
        assert_eq!(before.apply(event(), at(3)).unwrap().engagement.state, state, "{}", before.state);
    }
}

// M2
#[test]
fn what_a_carrier_reports_is_kept_in_its_own_words_and_overwrites_no_conversation() {
    let report = |reached, outcome| Event::Reported {
        reached,
        outcome,
        summary: "The line was busy.".to_owned(),
        raw: "Twilio: busy, SIP 486.".to_owned(),
    };
    let live = after([claim(), Event::Taken { taken: taken(), look_again: at(90) }]);
    let failed = live.apply(report(false, Outcome::Busy), at(3)).unwrap();
    assert_eq!((failed.engagement.state, failed.refund), (State::Failed, PRICE));
    assert_eq!(failed.engagement.history.last().unwrap().detail.as_deref(), Some("Twilio: busy, SIP 486."));
    let talked = Event::Ended { reached: true, outcome: Outcome::Conversed, summary: "They talked.".to_owned() };
    let talked = live.apply(talked, at(3)).unwrap().engagement;
    assert_eq!(talked.apply(report(true, Outcome::Answered), at(4)), Err(Refusal::AlreadySo));
}
