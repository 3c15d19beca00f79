//! A callback of Twilio's about one engagement, known by its signature.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, Uri};
use hub_auth::is_signed_by_twilio;
use hub_engagements::Hub;
use hub_engagements::carrier::{AccountError, account_of, doubt_account};
use hub_engagements::concerns;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use hub_web::{ApiError, App, PublicUrl, WebForm};
use url::Url;
use url::form_urlencoded;

/// The header with the signature.
const SIGNATURE: &str = "x-twilio-signature";

/// A callback that Twilio has made about this engagement.
pub(crate) struct Callback {
    /// The engagement as it stands.
    pub(crate) engagement: Engagement,
    /// What Twilio tells.
    pub(crate) form: WebForm,
    uri: Uri,
    public_url: Option<Url>,
}

impl Callback {
    /// A parameter of the address.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.uri, name)
    }

    /// Where Twilio reaches the hub.
    pub(crate) fn public_url(&self) -> Result<&Url, ApiError> {
        self.public_url.as_ref().ok_or_else(not_the_carrier)
    }
}

impl FromRequest<App> for Callback {
    type Rejection = ApiError;

    async fn from_request(request: Request, hub: &App) -> Result<Self, ApiError> {
        let signed = Signed::read(request, hub).await?;
        let id: Option<EngagementId> = signed.parameter("engagement_id").and_then(|id| id.parse().ok());
        let engagement = match id {
            Some(id) => hub.store.engagement(id).await?,
            None => None,
        };
        let engagement = engagement.ok_or_else(not_the_carrier)?;
        concerns(engagement.engagement_id);
        signed.check(hub, &engagement.domain_name).await?;
        let Signed { uri, public_url, form, .. } = signed;
        Ok(Self { engagement, form, uri, public_url })
    }
}

/// A request that claims to be Twilio's.
pub(crate) struct Signed {
    uri: Uri,
    headers: HeaderMap,
    /// Where Twilio reaches the hub.
    pub(crate) public_url: Option<Url>,
    pub(crate) form: WebForm,
}

impl Signed {
    pub(crate) async fn read(request: Request, hub: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Ok(PublicUrl(public_url)) = PublicUrl::from_request_parts(&mut parts, hub).await;
        let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
        let form = WebForm::from_request(Request::from_parts(parts, body), hub).await?;
        Ok(Self { uri, headers, public_url, form })
    }

    /// A parameter of the address.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.uri, name)
    }

    /// Whether the account of the domain's carrier has signed it. Who is not that learns nothing of what there is.
    pub(crate) async fn check(&self, hub: &Hub, name: &DomainName) -> Result<(), ApiError> {
        let domain = hub.store.domain_cached(name).await?;
        if domain.is_none_or(|domain| domain.carrier.is_none()) {
            return Err(not_the_carrier());
        }
        // The token may have been changed since this process has read it.
        let signed =
            self.is_signed_for(hub, name).await? || (doubt_account(hub, name) && self.is_signed_for(hub, name).await?);
        if signed { Ok(()) } else { Err(not_the_carrier()) }
    }

    async fn is_signed_for(&self, hub: &Hub, name: &DomainName) -> Result<bool, ApiError> {
        let account = account_of(hub, name).await.map_err(|error| match error {
            AccountError::Store(error) => error.into(),
            error => ApiError::internal(error.to_string()),
        })?;
        let signature = self.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let called = self.called();
        Ok(called.is_some_and(|url| is_signed_by_twilio(&account.auth_token, &url, &self.form.0, signature)))
    }

    /// The address that Twilio has called: the hub's own, with the path and the query of this request.
    fn called(&self) -> Option<String> {
        let base = self.public_url.as_ref()?.as_str().trim_end_matches('/').to_owned();
        let query = self.uri.query().map_or_else(String::new, |query| format!("?{query}"));
        Some(format!("{base}{}{query}", self.uri.path()))
    }
}

fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn not_the_carrier() -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "This is for the domain's carrier, with its signature in X-Twilio-Signature.")
}
