//! Handing one claimed call or message to the carrier, once.

use hub_channels::ProviderError;
use hub_channels::twilio::{Address, Callbacks, Cause, NewCall, NewMessage, TwilioAccount, TwilioError, Words};
use hub_models::carrier::Carrier;
use hub_models::channel::Channel;
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement, Outcome, Taken};
use hub_models::id::CallSid;
use hub_store::StoreError;
use jiff::SignedDuration;
use url::Url;

use super::account::{account_of, secret_of};
use super::links::callbacks;
use super::pacing::next_turn;
use crate::Hub;
use crate::do_not_contact::close;
use crate::hand_over::{HandOver, refused};
use crate::pacing::{Turn, patience_of};
use crate::send::within_lease;
use crate::talk::STOPPED_AT_CARRIER;

/// How long a contact's phone rings.
const RINGS_FOR: SignedDuration = SignedDuration::from_secs(30);

/// How long a call lasts at most, with whatever the agent has to say: nobody pays for a line that nobody has hung up.
const LASTS_FOR: SignedDuration = SignedDuration::from_hours(2);

/// Hands an engagement to the carrier of its domain, with this to say first. `public_url` is where the carrier reaches the hub.
pub(crate) async fn send_by_carrier(
    hub: &Hub,
    engagement: &Engagement,
    content: &Content,
    text: &str,
    domain: &Domain,
    public_url: Option<&Url>,
) -> Result<HandOver, StoreError> {
    let mut sending = match Sending::prepare(hub, engagement, content, text, domain, public_url).await {
        Ok(sending) => sending,
        Err(error) => return Ok(HandOver::Failed(error)),
    };
    if engagement.channel == Channel::Wmsg && !may_write_freely(hub, engagement).await? {
        let Some(template) = &sending.carrier.whatsapp_template else { return Ok(HandOver::Failed(no_template())) };
        sending.words = Words::Template { content_sid: template.in_language(content.language), text };
    }
    if let Turn::Later { until, hindrance, reason } =
        next_turn(hub, engagement, sending.carrier, (sending.from.number, patience_of(hub, engagement))).await?
    {
        return Ok(HandOver::NotNow { until, hindrance, reason });
    }
    if let Err(error) = within_lease(hub, engagement) {
        return Ok(HandOver::Failed(error));
    }
    match sending.leave(hub).await {
        Ok(sid) => Ok(HandOver::Taken(taken(sid))),
        Err(error) => not_taken(hub, engagement, error).await.map(HandOver::Failed),
    }
}

/// A call or message that the carrier has under this SID.
pub(super) fn taken(sid: String) -> Taken {
    Taken { call_sid: CallSid::Carrier(sid.clone()), provider_id: sid }
}

/// The two ends of a call or a message. A call whose words are laid down may show a number of its own.
pub(super) fn ends<'a>(
    carrier: &'a Carrier,
    engagement: &'a Engagement,
    content: Option<&'a Content>,
) -> Option<(Address<'a>, Address<'a>)> {
    let channel = engagement.channel;
    let Contact::Phone(contact) = &engagement.contact else { return None };
    let address = |number: &'a PhoneNumber| Address { channel, number };
    let sender = carrier.sender(channel)?;
    let shown = content.and_then(|content| content.scripts.as_ref()?.caller_id.as_ref());
    Some((address(shown.filter(|_| channel == Channel::Phone).unwrap_or(sender)), address(contact)))
}

/// Everything that the one request is made of.
struct Sending<'a> {
    carrier: &'a Carrier,
    account: TwilioAccount,
    from: Address<'a>,
    to: Address<'a>,
    words: Words<'a>,
    callbacks: Callbacks,
}

impl<'a> Sending<'a> {
    async fn prepare(
        hub: &Hub,
        engagement: &'a Engagement,
        content: &'a Content,
        text: &'a str,
        domain: &'a Domain,
        public_url: Option<&Url>,
    ) -> Result<Self, ProviderError> {
        let carrier = domain.carrier.as_ref().ok_or_else(no_carrier)?;
        let (from, to) = ends(carrier, engagement, Some(content)).ok_or_else(|| no_sender(engagement))?;
        let public_url = public_url.ok_or_else(no_address)?;
        let account = account_of(hub, &domain.domain_name).await.map_err(|error| {
            tracing::error!(%error, "the carrier's account cannot be opened");
            ProviderError::OutOfOrder { reason: "The credentials of the domain's carrier cannot be read.".to_owned() }
        })?;
        Ok(Self { carrier, account, from, to, words: Words::Text(text), callbacks: callbacks(public_url, engagement) })
    }

    /// The one request.
    async fn leave(&self, hub: &Hub) -> Result<String, TwilioError> {
        let Self { account, from, to, callbacks, .. } = self;
        let (from, to) = (*from, *to);
        if from.channel.is_voice() {
            let call = NewCall { from, to, callbacks, rings_for: RINGS_FOR, lasts_for: LASTS_FOR };
            return hub.twilio.call(account, &call).await;
        }
        let message = NewMessage { from, to, words: self.words.clone(), status: Some(&callbacks.status) };
        hub.twilio.message(account, &message).await
    }
}

/// Side effects of a carrier's refusal: an opted-out contact goes on the do-not-contact list; rejected credentials leave
/// the cache.
pub(super) async fn not_taken(
    hub: &Hub,
    engagement: &Engagement,
    error: TwilioError,
) -> Result<ProviderError, StoreError> {
    if error.cause == Cause::LockedOut {
        tracing::error!(domain_name = %engagement.domain_name, "the carrier does not accept the domain's credentials");
        hub.secrets.forget(&secret_of(hub, &engagement.domain_name));
    }
    if matches!(error.error, ProviderError::Refused { outcome: Outcome::OptedOut, .. }) {
        let reason = Reason::beginning(STOPPED_AT_CARRIER);
        close(hub, engagement, Scope::from(engagement.channel), AddedBy::Recipient, reason).await?;
    }
    Ok(error.error)
}

/// For how long after a contact has written by WhatsApp it may be written to freely.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// Whether the contact has written by WhatsApp within its window; else WhatsApp takes approved templates only.
async fn may_write_freely(hub: &Hub, engagement: &Engagement) -> Result<bool, StoreError> {
    let pair = hub.store.pair(&engagement.domain_name, engagement.channel, &engagement.contact).await?;
    Ok(pair.heard_at.is_some_and(|heard_at| hub.clock.now() - heard_at < WINDOW))
}

fn no_template() -> ProviderError {
    let reason = "The contact has not written by WhatsApp within 24 hours, and the domain has no approved template for \
                  that; have its operator set the carrier's whatsapp_template.";
    refused(reason.to_owned())
}

pub(super) fn no_carrier() -> ProviderError {
    refused("No carrier is configured for the domain any more.".to_owned())
}

pub(super) fn no_sender(engagement: &Engagement) -> ProviderError {
    let setting = Carrier::setting(engagement.channel);
    refused(format!("The domain's carrier has no {setting} any more; have its operator set it."))
}

fn no_address() -> ProviderError {
    let reason = "The hub does not know where its carrier reaches it; its operator must set HUB_PUBLIC_URL.".to_owned();
    ProviderError::OutOfOrder { reason }
}
