//! The contacts that make the simulator behave in a given way.

use hub_models::channel::Channel;

/// How a contact behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Like any contact: reached, listens, and is friendly.
    Friendly,
    InvalidNumber,
    Busy,
    NoAnswer,
    Rejected,
    TemporarilyUnavailable,
    Voicemail,
    OptsOut,
    ThrottledFirst,
    NeverEnds,
    Agrees,
    Declines,
    AsksForAgent,
    IsSilent,
    HangsUp,
    Refused,
    Bounces,
    Complains,
}

impl Behaviour {
    /// How this contact behaves on this channel.
    pub(super) fn of(contact: &str, channel: Channel) -> Self {
        let magic = MAGIC_CONTACTS.iter().find(|magic| magic.contact.eq_ignore_ascii_case(contact));
        magic.map_or(Self::Friendly, |magic| magic.behaviour.on(channel))
    }

    /// What only happens to calls leaves messages as they are.
    fn on(self, channel: Channel) -> Self {
        match self {
            Self::Busy | Self::NoAnswer | Self::Rejected | Self::Voicemail if !channel.is_voice() => Self::Friendly,
            behaviour => behaviour,
        }
    }
}

/// A contact with which an engagement goes in a way that is known beforehand.
#[derive(Clone, Copy, Debug)]
pub struct MagicContact {
    /// The number or address.
    pub contact: &'static str,
    /// What happens to a call.
    pub call: &'static str,
    /// What happens to a text or WhatsApp message, or to an email.
    pub message: &'static str,
    behaviour: Behaviour,
}

const fn phone(contact: &'static str, behaviour: Behaviour, call: &'static str, message: &'static str) -> MagicContact {
    MagicContact { contact, call, message, behaviour }
}

const fn email(contact: &'static str, behaviour: Behaviour, message: &'static str) -> MagicContact {
    MagicContact { contact, call: "—", message, behaviour }
}

/// Numbers that begin so are played by hand.
pub const BY_HAND: &str = "+150055502";

/// The contacts that the simulator knows, as the README lists them. It takes any other like `+15005550006`.
pub const MAGIC_CONTACTS: &[MagicContact] = &[
    phone(
        "+15005550001",
        Behaviour::InvalidNumber,
        "refused at once: invalid number",
        "refused at once: invalid number",
    ),
    phone("+15005550002", Behaviour::Busy, "busy", "delivered"),
    phone("+15005550003", Behaviour::NoAnswer, "no answer", "delivered"),
    phone("+15005550004", Behaviour::Rejected, "rejected by the contact", "delivered"),
    phone("+15005550005", Behaviour::TemporarilyUnavailable, "temporarily unavailable", "temporarily unavailable"),
    phone("+15005550006", Behaviour::Friendly, "answered", "delivered, and answered in a conversation"),
    phone("+15005550007", Behaviour::Voicemail, "taken by a machine", "delivered"),
    phone("+15005550008", Behaviour::OptsOut, "the contact asks not to be called again", "the contact replies STOP"),
    phone(
        "+15005550009",
        Behaviour::ThrottledFirst,
        "throttled at the first attempt, then answered",
        "throttled at the first attempt, then delivered",
    ),
    phone("+15005550010", Behaviour::NeverEnds, "talks until it is cancelled", "in progress until it is cancelled"),
    phone(
        "+15005550011",
        Behaviour::Agrees,
        "confirms the booking, or makes one",
        "confirms the booking, or makes one",
    ),
    phone("+15005550012", Behaviour::Refused, "refused by the provider", "refused by the provider"),
    phone("+15005550013", Behaviour::Declines, "declines the booking", "declines the booking"),
    phone(
        "+15005550014",
        Behaviour::AsksForAgent,
        "asks for the agent, and to be called back where nobody answers",
        "asks for the agent, and to be called back",
    ),
    phone("+15005550015", Behaviour::IsSilent, "answers and says nothing", "never replies"),
    phone("+15005550016", Behaviour::HangsUp, "answers and hangs up", "never replies"),
    email("success@simulator.amazonses.com", Behaviour::Friendly, "delivered"),
    email("bounce@simulator.amazonses.com", Behaviour::Bounces, "delivered, then bounced"),
    email("complaint@simulator.amazonses.com", Behaviour::Complains, "delivered, then called spam"),
    email("suppressionlist@simulator.amazonses.com", Behaviour::Bounces, "delivered, then bounced"),
    email(
        "throttle@simulator.amazonses.com",
        Behaviour::ThrottledFirst,
        "throttled at the first attempt, then delivered",
    ),
];
