//! Forms without files, as browsers and carriers send them (`application/x-www-form-urlencoded`).

use axum::extract::{FromRequest, Request};

use crate::body::{FORM_LIMIT, collect};
use crate::error::ApiError;

/// The names and values of a form, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebForm(pub Vec<(String, String)>);

impl WebForm {
    /// The value of a field; the first of several. An empty one counts as none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for WebForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request.into_body(), FORM_LIMIT).await?;
        Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}
