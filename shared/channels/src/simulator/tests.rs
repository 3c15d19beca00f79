use std::collections::HashMap;
use std::sync::Mutex;

use futures::FutureExt;
use hub_models::talk::AnsweredBy;
use hub_models::talk::Meant;

use super::*;

/// A journal in memory, which may be told to fail.
#[derive(Default)]
struct Memory {
    kept: Mutex<HashMap<(EngagementId, u32), Left>>,
    broken: bool,
}

impl Memory {
    fn ready(&self) -> Result<(), JournalError> {
        if self.broken {
            return Err(JournalError("disk full".into()));
        }
        Ok(())
    }
}

impl Journal for Memory {
    fn record(&self, left: Left) -> BoxFuture<'_, Result<String, JournalError>> {
        async move {
            self.ready()?;
            let mut kept = self.kept.lock().unwrap();
            let kept = kept.entry((left.engagement_id, left.attempt)).or_insert(left);
            Ok(kept.provider_id())
        }
        .boxed()
    }

    fn find(&self, id: EngagementId, attempt: u32) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
        async move {
            self.ready()?;
            Ok(self.kept.lock().unwrap().get(&(id, attempt)).map(Left::provider_id))
        }
        .boxed()
    }
}

fn left(channel: Channel, contact: &str, attempt: u32) -> Left {
    Left {
        channel,
        contact: contact.to_owned(),
        engagement_id: EngagementId::from_bytes([7; 12]),
        attempt,
        subject: None,
        text: "Hello.".to_owned(),
        html: None,
        sent_at: Moment::from_millisecond(0),
    }
}

fn script(contact: &str, channel: Channel, engagement_type: EngagementType) -> Script {
    let contact = Contact::parse(contact, channel).unwrap();
    Simulator::script(&contact, channel, engagement_type, 2)
}

/// How an engagement ends: whether the contact was reached, with which outcome, and whether it never is again.
fn end(contact: &str, channel: Channel, engagement_type: EngagementType) -> Option<(bool, Outcome, bool)> {
    match script(contact, channel, engagement_type) {
        Script::Ends { reached, outcome, opt_out, .. } => Some((reached, outcome, opt_out)),
        Script::Talks(Part { answered_by: AnsweredBy::Machine, .. }) => Some((true, Outcome::Voicemail, false)),
        Script::Talks(_) => Some((true, Outcome::Answered, false)),
        Script::NeverEnds => None,
    }
}

/// What a contact says in a conversation.
fn says(contact: &str, channel: Channel, engagement_type: EngagementType) -> Vec<Line> {
    match script(contact, channel, engagement_type) {
        Script::Talks(part) => part.says,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_attempt_has_the_same_sid_and_is_kept_once() {
    let memory = Arc::new(Memory::default());
    let simulator = Simulator::new(Some(memory.clone()));
    let first = simulator.take(left(Channel::Phone, "+14165551234", 1), false).await.unwrap();
    let again = simulator.take(left(Channel::Phone, "+14165551234", 1), false).await.unwrap();
    let next = simulator.take(left(Channel::Phone, "+14165551234", 2), false).await.unwrap();
    assert_eq!(first, again);
    assert_ne!(first, next);
    assert_eq!(memory.kept.lock().unwrap().len(), 2);
    assert!(first.provider_id.starts_with("CA") && first.provider_id.len() == 34);
    assert_eq!(first.call_sid, CallSid::Carrier(first.provider_id.clone()));
    let id = EngagementId::from_bytes([7; 12]);
    assert_eq!(simulator.find(id, 1).await, Ok(Some(first)));
    assert_eq!(simulator.find(id, 3).await, Ok(None));
}

#[tokio::test]
async fn in_test_mode_nothing_is_kept() {
    let memory = Arc::new(Memory::default());
    let simulator = Simulator::new(Some(memory.clone()));
    let taken = simulator.take(left(Channel::Sms, "+14165551234", 1), true).await.unwrap();
    assert!(taken.provider_id.starts_with("SM"));
    let email = simulator.take(left(Channel::Email, "a@example.com", 1), true).await.unwrap();
    assert_eq!(email.call_sid, CallSid::Email(EngagementId::from_bytes([7; 12])));
    assert!(memory.kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_journal_that_fails_leaves_it_unknown_whether_it_was_taken() {
    let broken = Memory { broken: true, ..Memory::default() };
    let simulator = Simulator::new(Some(Arc::new(broken)));
    let taken = simulator.take(left(Channel::Phone, "+14165551234", 1), false).await;
    assert!(matches!(taken, Err(ProviderError::Unknown { .. })), "{taken:?}");
    let found = simulator.find(EngagementId::from_bytes([7; 12]), 1).await;
    assert!(matches!(found, Err(ProviderError::OutOfOrder { .. })), "{found:?}");
}

#[tokio::test]
async fn some_contacts_are_not_taken_at_once() {
    let simulator = Simulator::default();
    let take = async |contact, attempt| simulator.take(left(Channel::Sms, contact, attempt), true).await;
    let outcome = |error| match error {
        Err(ProviderError::Refused { outcome, .. }) => Some(outcome),
        _ => None,
    };
    assert_eq!(outcome(take("+15005550001", 1).await), Some(Outcome::InvalidNumber));
    assert_eq!(outcome(take("+15005550012", 1).await), Some(Outcome::Refused));
    let throttled = take("+15005550009", 1).await;
    assert!(matches!(throttled, Err(ProviderError::OutOfOrder { .. })), "{throttled:?}");
    assert!(take("+15005550009", 2).await.is_ok());
}

#[test]
fn each_number_has_its_outcome_on_the_phone() {
    let informational = EngagementType::Informational;
    for (contact, ends) in [
        ("+15005550001", Some((false, Outcome::InvalidNumber, false))),
        ("+15005550002", Some((false, Outcome::Busy, false))),
        ("+15005550003", Some((false, Outcome::NoAnswer, false))),
        ("+15005550004", Some((false, Outcome::Rejected, false))),
        ("+15005550005", Some((false, Outcome::TemporarilyUnavailable, false))),
        ("+15005550006", Some((true, Outcome::Answered, false))),
        ("+15005550007", Some((true, Outcome::Voicemail, false))),
        ("+15005550008", Some((true, Outcome::OptedOut, true))),
        ("+15005550009", Some((true, Outcome::Answered, false))),
        ("+15005550010", None),
        ("+15005550011", Some((true, Outcome::Answered, false))),
        ("+15005550012", Some((false, Outcome::Refused, false))),
        ("+14165551234", Some((true, Outcome::Answered, false))),
    ] {
        assert_eq!(end(contact, Channel::Phone, informational), ends, "{contact}");
    }
}

#[test]
fn what_only_happens_to_calls_leaves_messages_alone() {
    let informational = EngagementType::Informational;
    let delivered = Some((true, Outcome::Delivered, false));
    for contact in ["+15005550002", "+15005550003", "+15005550004", "+15005550007", "+14165551234"] {
        assert_eq!(end(contact, Channel::Sms, informational), delivered, "{contact}");
    }
    let unavailable = Some((false, Outcome::TemporarilyUnavailable, false));
    assert_eq!(end("+15005550005", Channel::Wmsg, informational), unavailable);
}

#[test]
fn a_conversation_fits_its_purpose() {
    use EngagementType::{AppointmentBooking, Confirmational, Conversational};
    for (contact, engagement_type, said) in [
        ("+15005550011", Confirmational, vec![Line::Word(Meant::Yes)]),
        ("+15005550011", AppointmentBooking, vec![Line::Word(Meant::Number(1))]),
        ("+15005550011", Conversational, vec![Line::Word(Meant::No)]),
        ("+15005550006", Confirmational, vec![Line::Word(Meant::Later)]),
        ("+15005550008", Conversational, vec![Line::Text("STOP")]),
        ("+15005550013", Confirmational, vec![Line::Word(Meant::No)]),
        ("+15005550015", Conversational, vec![]),
    ] {
        assert_eq!(says(contact, Channel::Sms, engagement_type), said, "{contact}");
    }
    assert_eq!(says("+15005550008", Channel::Phone, Conversational), [Line::Word(Meant::Stop)]);
}

#[test]
fn some_contacts_are_played_by_hand() {
    let contact = |number: &str| Contact::parse(number, Channel::Phone).unwrap();
    let simulator = Simulator::default();
    assert!(simulator.is_played_by_hand(&contact("+15005550201")));
    assert!(!simulator.is_played_by_hand(&contact("+14165551234")));
    simulator.play_by_hand(&contact("+14165551234"));
    assert!(simulator.is_played_by_hand(&contact("+14165551234")));
}

#[test]
fn each_address_has_its_outcome() {
    for (name, ends) in [
        ("success", (true, Outcome::Delivered, false)),
        ("bounce", (false, Outcome::Bounced, true)),
        ("Complaint", (true, Outcome::Complained, true)),
        ("suppressionlist", (false, Outcome::Bounced, true)),
        ("throttle", (true, Outcome::Delivered, false)),
    ] {
        let contact = format!("{name}@simulator.amazonses.com");
        assert_eq!(end(&contact, Channel::Email, EngagementType::Informational), Some(ends));
    }
}

#[test]
fn every_magic_contact_is_one_that_the_hub_accepts() {
    for magic in MAGIC_CONTACTS {
        let channel = if magic.contact.contains('@') { Channel::Email } else { Channel::Phone };
        assert!(Contact::parse(magic.contact, channel).is_ok(), "{}", magic.contact);
    }
}
