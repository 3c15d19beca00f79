//! The tokens of a CRM's users (JSON Web Tokens, RFC 7519), verified as their workspace says (checklist J1).

use hub_models::moment::Moment;
use hub_models::workspace::{PublicKeyError, TokenAlgorithm, TokenKey, Workspace, WorkspaceId};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

/// How far the clocks of the CRM and of the hub may lie apart where a token is not valid yet, in seconds.
const LEEWAY: f64 = 60.0;

/// A token that opens nothing. Why is for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no token, is signed otherwise than the workspace says, or lacks a claim.
    #[error("the token cannot be verified: {0}")]
    Unverified(&'static str),
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    Early,
    /// It is of another workspace than the one that it was verified for.
    #[error("the token is of another workspace")]
    OtherWorkspace,
    /// It is for someone else.
    #[error("the token is for another audience")]
    OtherAudience,
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        // Not in the library's words, which may quote the token.
        Self::Unverified(match error.kind() {
            ErrorKind::InvalidSignature => "its signature is not the workspace's",
            ErrorKind::InvalidAlgorithm => "it is signed otherwise than the workspace says",
            ErrorKind::Json(_) => "a claim is missing or cannot be read",
            _ => "it or the workspace's key is malformed",
        })
    }
}

/// What the hub reads of a token. Times are seconds since 1970, with or without fractions.
#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "workspaceId")]
    workspace_id: WorkspaceId,
    exp: f64,
    nbf: Option<f64>,
    aud: Option<Audiences>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Audiences {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Many(audiences) => audiences.iter().any(|audience| audience == wanted),
        }
    }
}

/// The workspace that a token claims to be of. Nothing is verified: it says only with whose key to verify.
#[must_use]
pub fn claimed_workspace(token: &str) -> Option<WorkspaceId> {
    #[derive(Deserialize)]
    struct Claim {
        #[serde(rename = "workspaceId")]
        workspace_id: WorkspaceId,
    }
    let claimed = jsonwebtoken::dangerous::insecure_decode_claims::<Claim>(token).ok()?;
    Some(claimed.workspace_id)
}

/// Passes only with a token that the workspace's key has signed, that is of the workspace, and whose time it is.
///
/// # Errors
/// Why it does not pass.
pub fn verify_token(token: &str, workspace: &Workspace, now: Moment) -> Result<(), TokenError> {
    let key = decoding_key(&workspace.jwt)?;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation(workspace.jwt.algorithm()))?.claims;
    let now = now.as_millisecond() as f64 / 1_000.0;
    // Times are held against the hub's own clock.
    if now >= claims.exp {
        return Err(TokenError::Expired);
    }
    if claims.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
        return Err(TokenError::Early);
    }
    if claims.workspace_id != workspace.workspace_id {
        return Err(TokenError::OtherWorkspace);
    }
    let for_us = match (&workspace.audience, &claims.aud) {
        (None, None) => true,
        (Some(wanted), Some(audiences)) => audiences.has(wanted.as_str()),
        (None, Some(_)) | (Some(_), None) => false,
    };
    if for_us { Ok(()) } else { Err(TokenError::OtherAudience) }
}

/// Whether tokens can be verified with this key.
///
/// # Errors
/// When its public key cannot be read, or is of another family than its algorithm's.
pub fn check_key(key: &TokenKey) -> Result<(), PublicKeyError> {
    decoding_key(key).map(drop).map_err(|_| PublicKeyError)
}

fn decoding_key(key: &TokenKey) -> Result<DecodingKey, TokenError> {
    Ok(match key {
        TokenKey::Hs256 { secret } => DecodingKey::from_secret(secret.expose().as_bytes()),
        TokenKey::Rs256 { public_key } => DecodingKey::from_rsa_pem(public_key.as_str().as_bytes())?,
        TokenKey::Es256 { public_key } => DecodingKey::from_ec_pem(public_key.as_str().as_bytes())?,
    })
}

/// The signature by this algorithm and no other, whatever the token's header says. Claims are looked at here.
fn validation(algorithm: TokenAlgorithm) -> Validation {
    let mut validation = Validation::new(match algorithm {
        TokenAlgorithm::Hs256 => Algorithm::HS256,
        TokenAlgorithm::Rs256 => Algorithm::RS256,
        TokenAlgorithm::Es256 => Algorithm::ES256,
    });
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
