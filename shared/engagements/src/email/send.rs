//! Sending one claimed email: gather it, compose it, hand it over once.

use std::collections::BTreeSet;

use hub_channels::ProviderError;
use hub_channels::email::Composed;
use hub_channels::ses::OutgoingEmail;
use hub_models::contact::{Contact, EmailAddress};
use hub_models::domain::Domain;
use hub_models::email::EmailContent;
use hub_models::engagement::{Content, Engagement, Taken};
use hub_models::id::CallSid;
use hub_models::moment::Moment;
use hub_store::StoreError;
use url::Url;

use super::letter::{Addressed, Letter, LetterError};
use super::pacing::{ask_again, may_leave, next_turn};
use super::unsubscribe::link;
use crate::Hub;
use crate::hand_over::{HandOver, refused};
use crate::pacing::Turn;
use crate::send::{left, within_lease};

/// Makes the email of an engagement and hands it over. `public_url` is where the hub is reached, for its links.
pub(crate) async fn send_email(
    hub: &Hub,
    engagement: &mut Engagement,
    content: &Content,
    domain: &Domain,
    public_url: Option<&Url>,
) -> Result<HandOver, StoreError> {
    let (Contact::Email(recipient), Some(email)) = (engagement.contact.clone(), &content.email) else {
        return Ok(HandOver::Failed(refused("The engagement has no email to send.".to_owned())));
    };
    let parts = Parts { hub, domain, content, email, recipient: &recipient, public_url };
    match parts.hand_over(engagement).await {
        Ok(hand_over) => Ok(hand_over),
        Err(LetterError::Store(error)) => Err(error),
        Err(LetterError::Writer(error)) => Ok(HandOver::Failed(error)),
        Err(error @ (LetterError::NoSender | LetterError::NothingToSay | LetterError::Compose(_))) => {
            Ok(HandOver::Failed(refused(error.to_string())))
        }
    }
}

/// What an email on its way out is made of.
struct Parts<'a> {
    hub: &'a Hub,
    domain: &'a Domain,
    content: &'a Content,
    email: &'a EmailContent,
    recipient: &'a EmailAddress,
    public_url: Option<&'a Url>,
}

impl Parts<'_> {
    async fn hand_over(&self, engagement: &mut Engagement) -> Result<HandOver, LetterError> {
        let hub = self.hub;
        if let (false, Turn::Later { until, hindrance, reason }) = (engagement.test_mode, may_leave(hub).await) {
            return Ok(HandOver::NotNow { until, hindrance, reason });
        }
        let client_name = engagement.client_name.clone();
        let letter = Letter::gather(hub, self.addressed(client_name.as_ref())).await?;
        let (id, now) = (engagement.engagement_id, hub.clock.now());
        let unsubscribe = match self.public_url.filter(|_| letter.can_be_ended()) {
            Some(url) => Some(link(hub, url, id).await?),
            None => None,
        };
        let composed = letter.compose(&id.to_string(), unsubscribe.as_ref(), now)?;
        note(engagement, &letter, &composed, now);
        if engagement.test_mode {
            return Ok(self.simulate(engagement, composed, now).await.into());
        }
        if let Turn::Later { until, hindrance, reason } = next_turn(hub, engagement).await? {
            return Ok(HandOver::NotNow { until, hindrance, reason });
        }
        Ok(self.leave(engagement, &letter, composed).await.into())
    }

    fn addressed<'b>(&'b self, client_name: Option<&'b hub_models::text::Name>) -> Addressed<'b> {
        let Self { domain, content, email, recipient, .. } = *self;
        Addressed { domain, recipient, client_name, content, email }
    }

    /// A test, which the simulator takes in place of the mail service.
    async fn simulate(&self, engagement: &Engagement, composed: Composed, now: Moment) -> Result<Taken, ProviderError> {
        within_lease(self.hub, engagement)?;
        let mut left = left(engagement, composed.text, now);
        (left.subject, left.html) = (Some(composed.subject), Some(composed.html));
        self.hub.simulator.take(left, true).await
    }

    /// The one call of the mail service, while the claim still gives the right to it.
    async fn leave(
        &self,
        engagement: &Engagement,
        letter: &Letter<'_>,
        composed: Composed,
    ) -> Result<Taken, ProviderError> {
        within_lease(self.hub, engagement)?;
        let mail = OutgoingEmail {
            from: letter.from(),
            to: self.recipient,
            raw: composed.raw,
            engagement_id: engagement.engagement_id,
            attempt: engagement.attempt,
            domain_name: &self.domain.domain_name,
        };
        let sent = self.hub.mailer.send(mail).await;
        if matches!(sent, Err(ProviderError::Busy { .. })) {
            ask_again(self.hub).await;
        }
        Ok(Taken { provider_id: sent?, call_sid: CallSid::Email(engagement.engagement_id) })
    }
}

/// Says which placeholders have no value. Names at most 20 of them: the history is rewritten with every transition and
/// must stay short.
fn without_a_value(missing: &BTreeSet<String>) -> String {
    const NAMED: usize = 20;
    let named: Vec<_> = missing.iter().take(NAMED).map(String::as_str).collect();
    let more = match missing.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Placeholders without a value: {}{more}.", named.join(", "))
}

/// Puts into the history what its owner should know about how the email was made; once, however often it is tried.
fn note(engagement: &mut Engagement, letter: &Letter<'_>, composed: &Composed, now: Moment) {
    let missing = (!composed.missing.is_empty()).then(|| without_a_value(&composed.missing));
    letter.notes().chain(missing).for_each(|detail| engagement.note_once(now, &detail));
}
