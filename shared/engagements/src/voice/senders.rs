//! Whom text messages and emails are from: what the domain has set up, under ids made of that.

use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::voice::ShortId;
use sha2::{Digest, Sha256};

use crate::Hub;

/// What text messages are from where no carrier takes them.
const SIMULATED_NUMBER: &str = "+15005550006";

/// Someone whom messages are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The same for the same address of the same domain.
    pub id: ShortId,
    /// The phone number, or the mailbox.
    pub address: String,
}

impl Sender {
    fn new(kind: &str, domain: &Domain, address: String) -> Self {
        let parts = [kind, domain.domain_name.as_str(), &address];
        let digest =
            parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update([0])).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self { id: ShortId::from_bytes(bytes), address }
    }
}

/// The numbers that the domain's text messages are from.
#[must_use]
pub fn phone_numbers(hub: &Hub, domain: &Domain) -> Vec<Sender> {
    let number = match &domain.carrier {
        Some(carrier) => carrier.sender(Channel::Sms).map(|number| number.as_str().to_owned()),
        None => hub.settings.simulate_carriers.then(|| SIMULATED_NUMBER.to_owned()),
    };
    number.into_iter().map(|number| Sender::new("phone-numbers", domain, number)).collect()
}

/// The mailboxes that the domain's emails are from.
#[must_use]
pub fn email_ids(domain: &Domain) -> Vec<Sender> {
    let settings = domain.with_allowed_sender(&domain.outbound_email);
    let from = settings.from.as_ref().map(ToString::to_string);
    from.into_iter().map(|address| Sender::new("email-ids", domain, address)).collect()
}
