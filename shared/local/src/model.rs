//! A model of Amazon Bedrock that writes for the local hub: the one service that is not embedded.

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_sqs::config::Credentials;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::Uri;
use jiff::SignedDuration;

use crate::aws::Record;

/// Where a model is asked that is at an address of its own.
const REGION: &str = "us-east-1";

/// A model that writes emails from instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The model or the inference profile.
    pub id: String,
    /// The address of what answers like Amazon Bedrock; none is Amazon Bedrock itself.
    pub endpoint: Option<String>,
}

impl Model {
    /// How long a claim lasts where a model has to write first. It may take 20 seconds for that.
    pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(30);

    /// How the model is reached: over the network, as the AWS SDK does it, with the credentials of whoever runs the
    /// hub. What is embedded has no part in it. None where no region is set for a model of Amazon Bedrock.
    pub(crate) async fn sdk_config(&self, record: Option<&Record>) -> Option<SdkConfig> {
        // The hub itself tries again, where its history shows it.
        let loader = aws_config::defaults(BehaviorVersion::latest()).retry_config(RetryConfig::disabled());
        let loader = match &self.endpoint {
            Some(endpoint) => at(loader, endpoint),
            None => loader,
        };
        let loader = match record {
            Some(record) => loader.http_client(record.of(over_the_network())),
            None => loader,
        };
        Some(loader.region(self.region().await?).load().await)
    }

    /// The region that somebody has set. The SDK's own search would go on to ask the network for one.
    async fn region(&self) -> Option<Region> {
        let variable = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
        match &self.endpoint {
            Some(_) => variable.or_else(REGION).region().await,
            None => variable.or_else(ProfileFileRegionProvider::new()).region().await,
        }
    }
}

/// The HTTP client that the AWS SDK has where none is given to it.
fn over_the_network() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
}

/// A server at an address of its own seldom asks who is there, so it can be called by somebody without credentials.
fn at(loader: ConfigLoader, endpoint: &str) -> ConfigLoader {
    let nobody = Credentials::new("local", "local", None, None, "nobody");
    let credentials = CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("nobody", nobody);
    loader.endpoint_url(endpoint).credentials_provider(credentials)
}

/// Whether this can be the address of a server.
pub(crate) fn is_address(text: &str) -> bool {
    let parsed: Result<Uri, _> = text.parse();
    parsed.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for address in ["http://localhost:8000", "https://models.example/bedrock", "http://[::1]:1"] {
            assert!(is_address(address), "{address}");
        }
        for text in ["localhost", "localhost:8000", "/x", "file:///x", "https://", "ftp://example.com"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[tokio::test]
    async fn a_model_at_an_address_needs_neither_a_region_nor_credentials_nor_a_second_try() {
        let model = Model { id: "m".to_owned(), endpoint: Some("http://localhost:1".to_owned()) };
        let config = model.sdk_config(None).await.unwrap();
        assert_eq!(config.endpoint_url(), Some("http://localhost:1"));
        assert!(config.region().is_some() && config.credentials_provider().is_some());
        assert_eq!(config.retry_config().map(RetryConfig::max_attempts), Some(1));
    }
}
