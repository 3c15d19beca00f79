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
//! | account-settings-email-templates-list | `GET /account-settings/email-templates` |
//! | account-settings-email-templates-create | `POST /account-settings/email-templates` |
//! | account-settings-email-templates-update | `PUT /account-settings/email-templates` |
//! | account-settings-email-templates-delete | `DELETE /account-settings/email-templates` |
//! | account-settings-send-test-email | `POST /account-settings/send-test-email` |
//! | account-settings-email-preview | `POST /account-settings/email-preview` |
//! | account-settings-logo | `GET /stats/logo/{domain_name}` |
//! | account-settings-calendar | `GET` and `PUT /account-settings/calendar` |
//! | account-settings-email-template-catalog | `GET /account-settings/email-template-catalog` |

pub mod calendar;
mod calendar_blocks;
mod calendar_get;
mod calendar_hours;
mod calendar_put;
mod catalog;
mod change;
mod delivery;
pub mod email_preview;
mod email_template;
pub mod email_template_catalog;
pub mod email_templates_create;
pub mod email_templates_delete;
pub mod email_templates_list;
pub mod email_templates_update;
pub mod logo;
mod logo_change;
mod outbound_email;
pub mod outbound_email_get;
pub mod outbound_email_put;
pub mod send_test_email;
mod sender;
mod trial_email;
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
        email_templates_list::endpoint(),
        email_templates_create::endpoint(),
        email_templates_update::endpoint(),
        email_templates_delete::endpoint(),
        send_test_email::endpoint(),
        email_preview::endpoint(),
        logo::endpoint(),
        email_template_catalog::endpoint(),
        calendar::endpoint(),
    ]
}
