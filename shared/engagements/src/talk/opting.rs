//! STOP and START, which count whatever they belong to (checklist M4).

use hub_models::channel::{Channel, Language};
use hub_models::contact::Contact;
use hub_models::do_not_contact::{AddedBy, DoNotContact, Entry, Reason, Scope};
use hub_models::domain::DomainName;
use hub_models::talk::Wish;
use hub_models::wording::Conversing;
use hub_store::StoreError;

use crate::Hub;

/// The reason of an entry that a contact's own words have made, and that its own words can take back.
pub(super) const STOPPED_BECAUSE: &str = "The contact asked not to be contacted.";

/// The reason of an entry that was made because the carrier has heard those words and takes nothing for the contact.
pub(crate) const STOPPED_AT_CARRIER: &str = "The contact has told the carrier to stop.";

/// What is answered to a wish.
pub(super) fn confirmation((wish, language): (Wish, Language)) -> String {
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

/// The one confirmation of a wish; none where this message was confirmed before.
pub(super) async fn confirm_once(
    hub: &Hub,
    domain: &DomainName,
    channel: Channel,
    wish: (Wish, Language),
    message_id: &str,
) -> Result<Option<String>, StoreError> {
    Ok(hub.store.answers_first(domain, channel, message_id).await?.then(|| confirmation(wish)))
}

/// Whether the contact itself has made this entry by its words, to the hub or to the carrier, which takes it back too.
fn is_own(entry: &Entry) -> bool {
    let said = [STOPPED_BECAUSE, STOPPED_AT_CARRIER].map(Reason::beginning);
    entry.added_by == AddedBy::Recipient && said.contains(&entry.reason)
}
