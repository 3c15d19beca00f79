//! The states of an engagement and the words for them.

use serde::{Deserialize, Serialize};

use crate::channel::wire_words;

wire_words! {
    /// Where an engagement stands. The words are those of the table; callers see [`State::wire`].
    State {
        /// It waits for its time.
        Scheduled = "scheduled",
        /// It waits for a dispatcher.
        Queued = "queued",
        /// A dispatcher has claimed it and may be calling the provider.
        Dispatching = "dispatching",
        /// The provider has taken it; the contact is being engaged.
        InProgress = "in_progress",
        /// Held back before it was sent.
        Paused = "paused",
        /// Held in the middle: the hub does not reply until it is resumed.
        OnHold = "on_hold",
        /// It reached its end.
        Completed = "completed",
        /// It did not reach the contact.
        Failed = "failed",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

impl State {
    /// The word that callers see (checklist F2).
    #[must_use]
    pub const fn wire(self) -> WireStatus {
        match self {
            Self::Scheduled => WireStatus::Scheduled,
            Self::Queued | Self::Dispatching => WireStatus::Queued,
            Self::InProgress => WireStatus::InProgress,
            Self::Paused | Self::OnHold => WireStatus::Paused,
            Self::Completed => WireStatus::Completed,
            Self::Failed => WireStatus::Failed,
            Self::Cancelled => WireStatus::Cancelled,
        }
    }

    /// Whether nothing moves it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    /// Whether nothing is owed for it: its credits are given back.
    #[must_use]
    pub const fn owes_nothing(self) -> bool {
        matches!(self, Self::Failed | Self::Cancelled)
    }
}

wire_words! {
    /// The status as callers see it.
    WireStatus {
        /// Due later.
        Scheduled = "Scheduled",
        /// On its way out.
        Queued = "Queued",
        /// Under way.
        InProgress = "In Progress",
        /// Held until resumed.
        Paused = "Paused",
        /// Done.
        Completed = "Completed",
        /// Not delivered.
        Failed = "Failed",
        /// Called off.
        Cancelled = "Cancelled",
    }
}

wire_words! {
    /// How it ended, as far as is known.
    Outcome {
        /// The message was taken for delivery.
        Delivered = "delivered",
        /// The contact was reached and heard the message.
        Answered = "answered",
        /// A machine took the call.
        Voicemail = "voicemail",
        /// The conversation came to its end.
        Conversed = "conversed",
        /// The contact confirmed the booking.
        Confirmed = "confirmed",
        /// The contact declined the booking.
        Declined = "declined",
        /// The contact made a booking.
        Booked = "booked",
        /// The line was engaged.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// There is no such number.
        InvalidNumber = "invalid_number",
        /// The contact declined the call.
        Rejected = "rejected",
        /// The contact's phone could not be reached.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// Something else kept it from the contact.
        Error = "error",
        /// The message came back.
        Bounced = "bounced",
        /// The contact called the message spam.
        Complained = "complained",
        /// The contact asked not to be contacted.
        OptedOut = "opted_out",
        /// The contact had asked so before it was sent.
        DoNotContact = "do_not_contact",
        /// The provider refused it.
        Refused = "refused",
        /// It was called off.
        Cancelled = "cancelled",
    }
}
