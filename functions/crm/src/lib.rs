//! `/rest/aventora/*`: what a CRM asks for its users, with their workspace's tokens (checklist J).
//!
//! | function | route |
//! |---|---|
//! | crm-email-templates | `GET /rest/aventora/email-templates` |
//! | crm-start-engagement | `POST /rest/aventora/start-engagement` |

pub mod email_templates;
mod names;
pub mod start_engagement;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![email_templates::endpoint(), start_engagement::endpoint()]
}
