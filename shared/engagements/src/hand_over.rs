//! What becomes of an engagement that is handed to its provider.

use hub_channels::ProviderError;
use hub_models::engagement::{Hindrance, Outcome, Taken};
use hub_models::moment::Moment;

/// What became of an engagement that was to be handed over.
pub(crate) enum HandOver {
    /// The provider has it.
    Taken(Taken),
    /// It was not taken, or nobody knows.
    Failed(ProviderError),
    /// It must wait, through no fault of its own.
    NotNow {
        /// Until when.
        until: Moment,
        /// What keeps it back.
        hindrance: Hindrance,
        /// Why, in words.
        reason: String,
    },
}

impl From<Result<Taken, ProviderError>> for HandOver {
    fn from(answer: Result<Taken, ProviderError>) -> Self {
        answer.map_or_else(Self::Failed, Self::Taken)
    }
}

/// A refusal for good, by the hub itself.
pub(crate) fn refused(reason: String) -> ProviderError {
    ProviderError::Refused { outcome: Outcome::Refused, reason }
}
