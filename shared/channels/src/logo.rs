//! Fetches the logo of a domain from the address that its owner gives (checklist E9).

#[cfg(test)]
mod tests;

use hub_models::logo::{Logo, LogoError, LogoUrl};
use hub_models::outside::UrlPolicy;
use reqwest::Method;
use reqwest::header::ACCEPT;

use crate::outside::{NoAnswer, OutsideClient, Patience};

const SHOWN: &str = "image/png, image/jpeg, image/gif";

/// Why no logo could be fetched, for the person who gave its address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is not called, or did not answer.
    #[error("{reason}")]
    NoAnswer {
        /// Why.
        reason: String,
    },
    /// It answered with something else than success. Redirects are not followed.
    #[error("The address answered {0}; give one that serves the image itself.")]
    Status(u16),
    /// What it serves is no logo.
    #[error("What the address serves {0}")]
    Image(#[from] LogoError),
}

/// Fetches logos.
#[derive(Clone, Debug)]
pub struct LogoFetcher(OutsideClient);

impl LogoFetcher {
    /// A fetcher for the addresses that the policy allows. It waits 10 seconds for the whole image.
    #[must_use]
    pub fn new(policy: UrlPolicy) -> Self {
        Self::with_patience(policy, Patience::default())
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(policy: UrlPolicy, patience: Patience) -> Self {
        Self(OutsideClient::new(policy, patience))
    }

    /// Fetches the image at an address. What kind it is, its bytes say, and not the answer's headers.
    ///
    /// # Errors
    /// When the address is not on the public internet, does not answer in time and with success, or serves no logo.
    pub async fn fetch(&self, url: &LogoUrl) -> Result<Logo, FetchError> {
        let request = self.0.request(Method::GET, url.url())?.header(ACCEPT, SHOWN);
        let answer = self.0.send(request).await?;
        let status = answer.status();
        if !status.is_success() {
            return Err(FetchError::Status(status.as_u16()));
        }
        let bytes = self.0.read(answer, Logo::LARGEST).await?.ok_or(LogoError::TooLarge)?;
        Ok(Logo::parse(bytes)?)
    }
}

impl From<NoAnswer> for FetchError {
    fn from(error: NoAnswer) -> Self {
        Self::NoAnswer { reason: error.told_of("address") }
    }
}
