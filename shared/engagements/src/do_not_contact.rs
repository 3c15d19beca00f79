//! Closing channels to a contact because of what became of an engagement.

use hub_models::do_not_contact::{AddedBy, DoNotContact, Entry, Reason, Scope};
use hub_models::engagement::Engagement;
use hub_store::StoreError;

use crate::Hub;

/// Puts the engagement's contact on the do-not-contact list of its domain.
pub(crate) async fn close(
    hub: &Hub,
    engagement: &Engagement,
    scope: Scope,
    added_by: AddedBy,
    reason: Reason,
) -> Result<(), StoreError> {
    let entry = Entry { reason, added_by, added_at: hub.clock.now() };
    let listed = DoNotContact::new(engagement.contact.clone(), [scope], &entry);
    hub.store.add_do_not_contact(&engagement.domain_name, &listed).await.map(drop)
}
