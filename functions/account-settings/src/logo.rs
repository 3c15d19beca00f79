//! `GET /stats/logo/{domain_name}`: a domain's logo, for everyone (checklist E9).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_models::domain::DomainName;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

/// How long a browser may keep it.
const KEPT: &str = "public, max-age=300";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-logo", routes!(handle))
}

/// Serves the domain's logo. It asks for no key: the logo goes out with every email.
#[utoipa::path(
    get, path = "/stats/logo/{domain_name}", tag = "Email",
    params(("domain_name" = String, Path, description = "The tenant domain.")),
    responses(
        (status = 200, content_type = "image/png", description = "The image, as PNG, JPEG or GIF."),
        (status = 304, description = "It is the one of If-None-Match."),
        (status = 404, body = Problem, description = "There is no such domain, or it has no logo."),
    )
)]
async fn handle(State(hub): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let none = || ApiError::not_found("There is no logo at this address.");
    let name: DomainName = path.parse().map_err(|_| none())?;
    let domain = hub.store.domain_cached(&name).await?.ok_or_else(none)?;
    let digest = &domain.outbound_email.logo.as_ref().ok_or_else(none)?.digest;
    let tag = format!("\"{digest}\"");
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, KEPT.to_owned())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let logo = hub.store.logo(&name, None, digest).await?.ok_or_else(none)?;
    let kind = [(header::CONTENT_TYPE, logo.media_type.media_type()), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((caching, kind, logo.bytes.clone()).into_response())
}

/// Whether the caller has it already (RFC 9110, section 13.1.2): caches on the way may have made the tag a weak one.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|tags| tags.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
