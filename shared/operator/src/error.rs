//! Why a customer could not be set up, and what to do about it.

use hub_channels::ses::IdentityError;
use hub_models::domain::DomainName;
use hub_models::engagement::WireStatus;
use hub_models::id::EngagementId;

use crate::access::AccessError;
use crate::hub_api::HubError;
use crate::kept::KeptError;

/// A step that failed.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The hub cannot be called at all.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The hub did not do it.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// SES did not do it.
    #[error(
        "{error}. Use AWS credentials that have the right ses:{}, or have SES left alone by giving the operator key \
         itself in HUB_OPERATOR_KEY",
        .error.operation
    )]
    Ses {
        /// What it did not do.
        #[from]
        error: IdentityError,
    },
    /// What was made cannot be kept.
    #[error(transparent)]
    Kept(#[from] KeptError),
    /// The domain is somebody else's.
    #[error("the domain {domain} belongs to {owner}: choose another --domain, or give --organization \"{owner}\"")]
    DomainOfAnother {
        /// The domain.
        domain: DomainName,
        /// The organization it belongs to.
        owner: String,
    },
    /// The email did not leave.
    #[error("the email {engagement_id} is {status}: {summary} Mend that; the same command then starts another one")]
    NotSent {
        /// The email.
        engagement_id: EngagementId,
        /// How it ended.
        status: WireStatus,
        /// Why.
        summary: String,
    },
    /// Nobody can read what is told.
    #[error("what is done cannot be shown")]
    Console(#[from] std::io::Error),
}
