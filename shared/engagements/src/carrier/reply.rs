//! Replies in a conversation by message: each is handed over once, and its evidence is in the carrier's list.

use hub_channels::ProviderError;
use hub_channels::twilio::{NewMessage, TwilioAccount, Words};
use hub_models::domain::Domain;
use hub_models::engagement::Engagement;
use hub_models::moment::Moment;
use hub_store::StoreError;

use super::account::account_of;
use super::follow::CLOCKS_DIFFER;
use super::pacing::next_turn;
use super::send::{ends, no_carrier, no_sender, not_taken};
use crate::Hub;
use crate::pacing::{Turn, patience};

/// Sends a reply, once.
pub(crate) async fn send_reply(
    hub: &Hub,
    engagement: &Engagement,
    domain: &Domain,
    text: &str,
) -> Result<(), ProviderError> {
    let carrier = domain.carrier.as_ref().ok_or_else(no_carrier)?;
    let (from, to) = ends(carrier, engagement, None).ok_or_else(|| no_sender(engagement))?;
    let account = opened(hub, engagement).await?;
    let turn = next_turn(hub, engagement, carrier, (from.number, patience(hub))).await;
    if let Turn::Later { reason, .. } = turn.map_err(|error| out_of_reach(&error))? {
        return Err(ProviderError::Busy { reason });
    }
    let message = NewMessage { from, to, words: Words::Text(text), status: None };
    match hub.twilio.message(&account, &message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(not_taken(hub, engagement, error).await.unwrap_or_else(|error| out_of_reach(&error))),
    }
}

/// Whether the carrier has a message with this text that was sent since.
pub(crate) async fn reply_was_taken(
    hub: &Hub,
    engagement: &Engagement,
    domain: &Domain,
    text: &str,
    since: Moment,
) -> Result<bool, ProviderError> {
    let carrier = domain.carrier.as_ref().ok_or_else(no_carrier)?;
    let (from, to) = ends(carrier, engagement, None).ok_or_else(|| no_sender(engagement))?;
    let account = opened(hub, engagement).await?;
    let listed = hub.twilio.messages(&account, Some(&from), &to).await.map_err(|error| error.error)?;
    let mut recent = listed.into_iter().filter(|one| one.created_at >= since + -CLOCKS_DIFFER);
    Ok(recent.any(|one| one.body.as_deref() == Some(text)))
}

async fn opened(hub: &Hub, engagement: &Engagement) -> Result<TwilioAccount, ProviderError> {
    let account = account_of(hub, &engagement.domain_name).await;
    account.map_err(|error| {
        tracing::error!(%error, "the carrier's account cannot be opened");
        ProviderError::OutOfOrder { reason: "The credentials of the domain's carrier cannot be read.".to_owned() }
    })
}

fn out_of_reach(error: &StoreError) -> ProviderError {
    tracing::error!(%error, "a reply was not sent");
    ProviderError::OutOfOrder { reason: "The hub could not reach its data.".to_owned() }
}
