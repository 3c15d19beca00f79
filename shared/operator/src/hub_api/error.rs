//! Why a hub did not do what it was asked, and what to do about it.

use reqwest::StatusCode;

/// Why the hub did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// Nothing answers.
    #[error(
        "the hub does not answer at {base}: {reason}. Check the address, and that the hub runs; on this machine it is \
         started by `cargo run`"
    )]
    Unreachable {
        /// Where it should be.
        base: String,
        /// What went wrong.
        reason: String,
    },
    /// It is not the operator's key.
    #[error(
        "the hub at {base} does not take this operator key. On AWS it is in the secret that the stack's output \
         OperatorKeySecret names, on one machine it is operator_key in the data folder's credentials.json"
    )]
    WrongOperatorKey {
        /// Where it answers.
        base: String,
    },
    /// The hub refuses, and says why.
    #[error("{request} was answered {status}: {detail}")]
    Refused {
        /// Method and path.
        request: String,
        /// The status code.
        status: StatusCode,
        /// What the hub says to do.
        detail: String,
    },
    /// What answers is no hub.
    #[error("{request} was answered {status}, but not as a hub answers. Check that {base} is the address of a hub")]
    NoHub {
        /// Method and path.
        request: String,
        /// The status code.
        status: StatusCode,
        /// Where it answers.
        base: String,
    },
}

impl HubError {
    /// Whether what was asked for is not there.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }
}
