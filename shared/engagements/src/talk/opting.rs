//! STOP and START, which count whatever they belong to (checklist M4).

use hub_models::channel::{Channel, Language};
use hub_models::contact::Contact;
use hub_models::do_not_contact::{AddedBy, DoNotContact, Entry, Reason, Scope};
use hub_models::domain::DomainName;
use hub_models::engagement::{Ended, Outcome, Role, State, Turn};
use hub_models::id::EngagementId;
use hub_models::talk::{Talk, Wish};
use hub_models::wording::Conversing;
use hub_store::{Conversation, Heard, StoreError};
use tracing::Instrument;

use super::message::{Inbound, MessageAnswer, begun, distinct, is_test, key};
use super::record::{Recorded, TurnTaken, write};
use super::{MOST_TRIES, TalkError, load, too_lively};
use crate::Hub;
use crate::spans::engagement_span;

/// The reason of an entry that a contact's own words have made, and that its own words can take back.
pub(super) const STOPPED_BECAUSE: &str = "The contact asked not to be contacted.";

/// The reason of an entry that was made because the carrier has heard those words and takes nothing for the contact.
pub(crate) const STOPPED_AT_CARRIER: &str = "The contact has told the carrier to stop.";

/// Takes a message that is a wish. STOP ends every conversation that there is, and START begins none. It is confirmed last, so
/// that a wish that was not carried out whole and is brought again is confirmed then.
pub(super) async fn opted(
    hub: &Hub,
    message: &Inbound,
    open: Option<Conversation>,
    wish: (Wish, Language),
) -> Result<MessageAnswer, TalkError> {
    let Inbound { domain, channel, from, .. } = message;
    let a_test = open.as_ref().is_some_and(is_test);
    let engagement_id = open.as_ref().map(|open| open.engagement.engagement_id);
    if !a_test {
        carry_out(hub, domain, *channel, from, wish.0).await?;
    }
    if wish.0 == Wish::Stop {
        let others = if a_test { Vec::new() } else { others(hub, message, engagement_id).await? };
        for open in open.into_iter().chain(others) {
            let id = open.engagement.engagement_id;
            end_by_stop(hub, open, message, &confirmation(wish)).instrument(engagement_span(id)).await?;
        }
    }
    let confirmed = a_test || is_confirmed(hub, message, wish.0).await?;
    Ok(MessageAnswer {
        engagement_id,
        sent: Vec::new(),
        to_send: confirmed.then(|| confirmation(wish)).into_iter().collect(),
    })
}

/// Whether a wish that was carried out is confirmed: once, and START only where the contact is free to be contacted now.
async fn is_confirmed(hub: &Hub, message: &Inbound, wish: Wish) -> Result<bool, StoreError> {
    let Inbound { message_id, domain, channel, from, .. } = message;
    if wish == Wish::Start && hub.store.do_not_contact(domain, from, *channel).await?.is_some() {
        return Ok(false);
    }
    hub.store.answers_first(domain, *channel, message_id).await
}

/// The conversations by message that the contact has with the domain besides this one: nobody is written to after STOP.
async fn others(hub: &Hub, message: &Inbound, this: Option<EngagementId>) -> Result<Vec<Conversation>, StoreError> {
    let mut found = Vec::new();
    for channel in [Channel::Sms, Channel::Wmsg] {
        let pair = hub.store.pair(&message.domain, channel, &message.from).await?;
        for id in distinct(pair.engagements()).filter(|id| Some(*id) != this) {
            let conversation = hub.store.conversation(id).await?;
            let open = |one: &Conversation| {
                matches!(one.engagement.state, State::InProgress | State::OnHold) && one.engagement.awaits_messages()
            };
            found.extend(conversation.filter(open));
        }
    }
    Ok(found)
}

/// Ends a conversation with what the contact has written, and what is answered to it.
async fn end_by_stop(
    hub: &Hub,
    open: Conversation,
    Inbound { message_id, text, .. }: &Inbound,
    confirmation: &str,
) -> Result<(), TalkError> {
    let mut conversation = open;
    let id = conversation.engagement.engagement_id;
    for _ in 0..MOST_TRIES {
        let conversation_now = begun(hub, conversation).await?;
        let engagement = conversation_now.engagement;
        let Some(talk) = engagement.talk.as_deref().filter(|_| !engagement.state.is_final()) else { return Ok(()) };
        let now = hub.clock.now();
        let turn = |role, text: &str| Turn { role, content: text.to_owned(), timestamp: now };
        let said = vec![turn(Role::User, text), turn(Role::Assistant, confirmation)];
        let summary = "The contact asked not to be contacted again.".to_owned();
        let ended = Some(Ended { reached: true, outcome: Outcome::OptedOut, summary });
        let talk = Talk { outgoing: None, ending: None, heard: true, last_at: now, ..talk.saying(&said) };
        let heard = Some(Heard::unanswered(&key(message_id), Some(text)));
        let taken = TurnTaken { talk, said, heard, ended, note: None, look_again: now };
        match write(hub, engagement, taken).await? {
            Recorded::Written(_) => return Ok(()),
            Recorded::Overtaken => conversation = load(hub, id).await?,
        }
    }
    Err(too_lively(id))
}

/// What is answered to a wish.
fn confirmation((wish, language): (Wish, Language)) -> String {
    let phrases = Conversing::of(language);
    match wish {
        Wish::Stop => phrases.stopped_by_message(),
        Wish::Start => phrases.started.to_owned(),
    }
}

/// Carries a wish out. Doing it twice is doing it once.
pub(super) async fn carry_out(
    hub: &Hub,
    domain: &DomainName,
    channel: Channel,
    contact: &Contact,
    wish: Wish,
) -> Result<(), StoreError> {
    match wish {
        Wish::Stop => {
            let reason = Reason::beginning(STOPPED_BECAUSE);
            let entry = Entry { reason, added_by: AddedBy::Recipient, added_at: hub.clock.now() };
            hub.store.add_do_not_contact(domain, &DoNotContact::new(contact.clone(), [Scope::All], &entry)).await?;
        }
        Wish::Start => {
            for scope in [Scope::All, Scope::from(channel)] {
                hub.store.take_back_do_not_contact(domain, contact, scope, is_own).await?;
            }
        }
    }
    Ok(())
}

/// Whether the contact itself has made this entry by its words, to the hub or to the carrier, which takes it back too.
fn is_own(entry: &Entry) -> bool {
    let said = [STOPPED_BECAUSE, STOPPED_AT_CARRIER].map(Reason::beginning);
    entry.added_by == AddedBy::Recipient && said.contains(&entry.reason)
}
