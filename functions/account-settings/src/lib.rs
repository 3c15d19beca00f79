//! `/account-settings/*`: what a domain's owners set for themselves.
//!
//! | function | route |
//! |---|---|
//! | account-settings-webhook-get | `GET /account-settings/webhook` |
//! | account-settings-webhook-put | `PUT /account-settings/webhook` |
//! | account-settings-webhook-test | `POST /account-settings/webhook/test` |
//! | account-settings-webhook-deliveries | `GET /account-settings/webhook/deliveries` |
//! | account-settings-webhook-redeliver | `POST /account-settings/webhook/deliveries/{delivery_id}/redeliver` |
//! | account-settings-outbound-email-get | `GET /account-settings/outbound-email` |
//! | account-settings-outbound-email-put | `PUT /account-settings/outbound-email` |

mod change;
mod delivery;
mod outbound_email;
pub mod outbound_email_get;
pub mod outbound_email_put;
mod webhook;
pub mod webhook_deliveries;
pub mod webhook_get;
pub mod webhook_put;
pub mod webhook_redeliver;
pub mod webhook_test;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        webhook_get::endpoint(),
        webhook_put::endpoint(),
        webhook_test::endpoint(),
        webhook_deliveries::endpoint(),
        webhook_redeliver::endpoint(),
        outbound_email_get::endpoint(),
        outbound_email_put::endpoint(),
    ]
}
