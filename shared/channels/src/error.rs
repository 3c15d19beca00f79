//! The ways in which a provider does not take something. They decide what may happen next.

use std::error::Error;

use hub_models::engagement::Outcome;

/// Why a provider did not answer that it took something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It is refused for good: trying again would change nothing.
    #[error("refused: {reason}")]
    Refused {
        /// How the engagement ends.
        outcome: Outcome,
        /// Why, for a person to act on.
        reason: String,
    },
    /// It was surely not taken, and may be tried again later.
    #[error("out of order: {reason}")]
    OutOfOrder {
        /// What the provider said.
        reason: String,
    },
    /// It was surely not taken, because the provider takes no more for now. However often, that is no failure.
    #[error("busy: {reason}")]
    Busy {
        /// What the provider said.
        reason: String,
    },
    /// Nobody knows whether it was taken. Only evidence may settle it: trying again might send it twice.
    #[error("unknown whether taken: {reason}")]
    Unknown {
        /// What is known.
        reason: String,
    },
}

impl ProviderError {
    /// Refused by a provider, with nothing more to say about the contact.
    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused { outcome: Outcome::Refused, reason: reason.into() }
    }

    pub(crate) fn out_of_order(reason: impl Into<String>) -> Self {
        Self::OutOfOrder { reason: reason.into() }
    }

    pub(crate) fn busy(reason: impl Into<String>) -> Self {
        Self::Busy { reason: reason.into() }
    }

    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}

/// An error and all that caused it, the innermost last.
pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}
