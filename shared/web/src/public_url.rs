//! Where the hub is reached from outside, for the links that it gives away.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use url::Url;

use crate::App;

/// The configured address, else the one that this request came to: a function behind API Gateway cannot be told the
/// API's address, because the API is made of its functions.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub Option<Url>);

impl FromRequestParts<App> for PublicUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, Infallible> {
        Ok(Self(hub.settings.public_url.clone().or_else(|| requested(parts))))
    }
}

/// API Gateway passes on only requests for a host that it serves, by https.
fn requested(parts: &Parts) -> Option<Url> {
    let host = parts.headers.get(header::HOST)?.to_str().ok()?;
    format!("https://{host}").parse().ok()
}
