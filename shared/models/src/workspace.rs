//! A CRM's workspaces: for which domain each engages, and how the tokens of its users are known (checklist J1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::DomainName;
use crate::id::AccountId;
use crate::moment::Moment;
use crate::text::Line;

/// What a CRM calls a workspace: 1 to 128 letters, digits, dots, hyphens and underscores, such as a UUID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkspaceId(String);

/// A text that names no workspace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 128 letters, digits, dots, hyphens or underscores, such as the workspace's UUID.")]
pub struct WorkspaceIdError;

impl WorkspaceId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WorkspaceId {
    type Err = WorkspaceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        let well_made = (1..=128).contains(&text.len()) && text.bytes().all(plain);
        if well_made { Ok(Self(text.to_owned())) } else { Err(WorkspaceIdError) }
    }
}

impl TryFrom<String> for WorkspaceId {
    type Error = WorkspaceIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<WorkspaceId> for String {
    fn from(id: WorkspaceId) -> Self {
        id.0
    }
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::channel::wire_words! {
    /// How a workspace's tokens are signed. The workspace says which, never the token.
    TokenAlgorithm {
        /// HMAC with SHA-256, by a secret that both sides have.
        Hs256 = "HS256",
        /// RSA with SHA-256, by the CRM's private key.
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256, by the CRM's private key.
        Es256 = "ES256",
    }
}

/// The secret of HS256. It prints nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenSecret(String);

/// A secret that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 32 to 1024 bytes, as many as HS256 needs (RFC 7518, section 3.2).")]
pub struct TokenSecretError;

impl TokenSecret {
    /// The secret, to verify with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenSecret {
    type Err = TokenSecretError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        if (32..=1_024).contains(&raw.len()) { Ok(Self(raw.to_owned())) } else { Err(TokenSecretError) }
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}

/// A public key in PEM. That it is one of the algorithm's family is for whoever verifies with it to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKeyPem(String);

/// A text that is no public key in PEM.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a public key in PEM, which begins with -----BEGIN PUBLIC KEY-----, of the family of jwt.alg.")]
pub struct PublicKeyError;

impl PublicKeyPem {
    /// The key as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicKeyPem {
    type Err = PublicKeyError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let well_made = raw.len() <= 4_000 && raw.trim_start().starts_with("-----BEGIN ") && raw.contains("PUBLIC KEY");
        if well_made { Ok(Self(raw.trim().to_owned())) } else { Err(PublicKeyError) }
    }
}

/// What a workspace's tokens are verified with.
///
/// It lies on the table of accounts beside the secrets of webhooks, encrypted at rest like everything there: a secret of
/// its own in Secrets Manager would cost each workspace more in a month than its requests, and open nothing less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
pub enum TokenKey {
    /// See [`TokenAlgorithm::Hs256`].
    #[serde(rename = "HS256")]
    Hs256 {
        /// What both sides have.
        secret: TokenSecret,
    },
    /// See [`TokenAlgorithm::Rs256`].
    #[serde(rename = "RS256")]
    Rs256 {
        /// The CRM's.
        public_key: PublicKeyPem,
    },
    /// See [`TokenAlgorithm::Es256`].
    #[serde(rename = "ES256")]
    Es256 {
        /// The CRM's.
        public_key: PublicKeyPem,
    },
}

impl TokenKey {
    /// The one algorithm that it verifies.
    #[must_use]
    pub const fn algorithm(&self) -> TokenAlgorithm {
        match self {
            Self::Hs256 { .. } => TokenAlgorithm::Hs256,
            Self::Rs256 { .. } => TokenAlgorithm::Rs256,
            Self::Es256 { .. } => TokenAlgorithm::Es256,
        }
    }
}

/// Whom a workspace's tokens are for.
pub type Audience = Line<256>;

/// A workspace of a CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// What the CRM calls it.
    pub workspace_id: WorkspaceId,
    /// Whose engagements its users start.
    pub account_id: AccountId,
    /// For which domain.
    pub domain_name: DomainName,
    /// What its tokens are verified with.
    pub jwt: TokenKey,
    /// Whom its tokens must be for; without it they must name nobody (RFC 7519, section 4.1.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// When it was made.
    pub created_at: Moment,
}

/// A workspace in a list: everything but what its tokens are verified with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSummary {
    /// What the CRM calls it.
    pub workspace_id: WorkspaceId,
    /// For which domain its users engage.
    pub domain_name: DomainName,
    /// How its tokens are signed.
    pub alg: TokenAlgorithm,
    /// Whom its tokens must be for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// When it was made.
    pub created_at: Moment,
}

impl Workspace {
    /// What is listed of it.
    #[must_use]
    pub fn summary(&self) -> WorkspaceSummary {
        WorkspaceSummary {
            workspace_id: self.workspace_id.clone(),
            domain_name: self.domain_name.clone(),
            alg: self.jwt.algorithm(),
            audience: self.audience.clone(),
            created_at: self.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_named_as_a_crm_names_it() {
        for good in ["20202020-1c25-4d02-bf25-6aeccf7ea419", "acme", "A.b_c-1"] {
            assert_eq!(good.parse::<WorkspaceId>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a#b", "a/b", "ä", &"x".repeat(129)] {
            assert_eq!(bad.parse::<WorkspaceId>(), Err(WorkspaceIdError), "{bad}");
        }
    }

    #[test]
    fn a_secret_has_as_many_bytes_as_its_hash_and_prints_nothing() {
        assert_eq!("x".repeat(31).parse::<TokenSecret>(), Err(TokenSecretError));
        let secret: TokenSecret = "x".repeat(32).parse().unwrap();
        assert_eq!(format!("{secret:?}"), "TokenSecret(…)");
    }
}
