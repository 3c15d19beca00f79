//! Resources that a request names: by its path, or as what another is related to; and what a domain keeps of a kind.

use axum::http::StatusCode;
use hub_engagements::Hub;
use hub_engagements::voice::{VoiceError, campaign};
use hub_models::domain::Domain;
use hub_models::fault::FieldFault;
use hub_models::voice::{Campaign, Kept, KeptKind, PartKind, ShortId};
use hub_web::ApiError;
use hub_web::jsonapi::{Answer, Asked, Listing, Resource, id_in_path};
use serde::Serialize;

/// What the domain keeps under the id in a path.
pub(crate) async fn kept_at<T: Kept>(hub: &Hub, domain: &Domain, kind: KeptKind, path: &str) -> Result<T, ApiError> {
    let id = id_in_path(kind.as_str(), path)?;
    let kept = hub.store.kept(&domain.domain_name, kind, id).await?;
    kept.ok_or_else(|| ApiError::not_found(format!("There is no such resource of type {kind} with the id {id}.")))
}

/// A page of all that the domain keeps of a kind.
pub(crate) async fn kept_page<T: Kept, A: Serialize, R: Serialize>(
    hub: &Hub,
    domain: &Domain,
    (kind, asked): (KeptKind, &Asked),
    shown: impl Fn(&T) -> Resource<A, R>,
) -> Result<Answer, ApiError> {
    let [] = asked.filters([])?;
    let all = hub.store.all_kept(&domain.domain_name, kind).await?;
    let (page, total) = asked.page_of(&all);
    let path = format!("/api/v1/{kind}");
    Listing { path: &path, asked, total }.answer(page.into_iter().map(shown).collect())
}

/// Keeps what was changed, unless someone else was faster.
pub(crate) async fn keep_changed<T: Kept>(hub: &Hub, domain: &Domain, changed: &T) -> Result<(), ApiError> {
    let saved = hub.store.save_kept(&domain.domain_name, changed).await?;
    if saved { Ok(()) } else { Err(ApiError::overtaken()) }
}

/// Removes what the domain keeps under the id in a path.
pub(crate) async fn forget_at<T: Kept>(
    hub: &Hub,
    domain: &Domain,
    kind: KeptKind,
    path: &str,
) -> Result<Answer, ApiError> {
    let kept: T = kept_at(hub, domain, kind, path).await?;
    if !hub.store.forget_kept(&domain.domain_name, &kept).await? {
        return Err(ApiError::overtaken());
    }
    Ok(Answer::gone())
}

/// What the domain keeps under the id that a relationship names; `pointer` points to that.
pub(crate) async fn kept_for<T: Kept>(
    hub: &Hub,
    domain: &Domain,
    kind: KeptKind,
    (pointer, id): (&str, ShortId),
) -> Result<T, ApiError> {
    let kept = hub.store.kept(&domain.domain_name, kind, id).await?;
    kept.ok_or_else(|| not_there(kind.as_str(), (pointer, id)))
}

/// The campaign of which a relationship names a part of this type; `pointer` points to that.
pub(crate) async fn campaign_for(
    hub: &Hub,
    domain: &Domain,
    kind: PartKind,
    (pointer, id): (&str, ShortId),
) -> Result<Campaign, ApiError> {
    match campaign(hub, domain, kind, id).await {
        Ok((campaign, _)) => Ok(campaign),
        Err(VoiceError::Unknown { .. }) => Err(not_there(kind.as_str(), (pointer, id))),
        Err(error) => Err(error.into()),
    }
}

/// A relationship to what is not there.
pub(crate) fn not_there(kind: &str, (pointer, id): (&str, ShortId)) -> ApiError {
    let detail = format!("There is no such resource of type {kind} with the id {id}.");
    ApiError::of_field(StatusCode::NOT_FOUND, FieldFault::invalid(format!("{pointer}/data/id"), detail))
}
