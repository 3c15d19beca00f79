//! `GET /account-settings/email-template-catalog`: ready email layouts for common occasions (checklist E11).

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use hub_models::placeholders::custom_keys;
use hub_web::{AccountSettings, Authorized, Endpoint, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::catalog::{LAYOUTS, Layout};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-template-catalog", routes!(handle))
}

/// The catalog, the same for every account.
#[derive(Serialize, ToSchema)]
struct Catalog {
    /// The layouts.
    templates: Vec<CatalogTemplate>,
}

/// A ready layout: copy it into a template of your own, or send it as it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogTemplate {
    /// What it is called in a program.
    #[schema(example = "policy-renewal")]
    id: &'static str,
    /// What it is called on a screen.
    #[schema(example = "Policy renewal")]
    name: &'static str,
    /// When to use it.
    #[schema(example = "Tells a policyholder that a policy is due for renewal, and on what terms.")]
    description: &'static str,
    /// The subject line, with placeholders.
    #[schema(example = "Your policy {{POLICY_NUMBER}} renews on {{RENEWAL_DATE}}")]
    subject_template: &'static str,
    /// The body's HTML, with placeholders; your branding is wrapped around it.
    body_html: &'static str,
    /// The placeholders that need a value in `email_template_params`.
    #[schema(example = json!(["POLICY_NUMBER", "RENEWAL_DATE"]))]
    custom_placeholder_keys: BTreeSet<String>,
    /// A believable value for each, to preview the layout with.
    #[schema(example = json!({"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026"}))]
    sample_params: BTreeMap<&'static str, &'static str>,
}

impl From<&Layout> for CatalogTemplate {
    fn from(layout: &Layout) -> Self {
        Self {
            id: layout.id,
            name: layout.name,
            description: layout.description,
            subject_template: layout.subject,
            body_html: layout.body,
            custom_placeholder_keys: custom_keys([layout.subject, layout.body]),
            sample_params: layout.samples.iter().copied().collect(),
        }
    }
}

/// Lists ready email layouts for common occasions, each with sample values.
#[utoipa::path(
    get, path = "/account-settings/email-template-catalog", tag = "Email",
    responses(
        (status = 200, body = Catalog),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(_: Authorized<AccountSettings>) -> Json<Catalog> {
    Json(Catalog { templates: LAYOUTS.iter().map(CatalogTemplate::from).collect() })
}
