//! What holds of every hub: these tests run against the one that `HUB_TEST_URL` names, else each against one of its own.
//!
//! They see a hub as its customers and its operator do, over HTTP, and read the mail that left it. Each has customers of
//! its own, so that they can run side by side on one hub. No carrier is needed: calls and messages are tests.

mod access;
pub(crate) mod bad_input;
mod booking_changes;
mod booking_invitations;
mod bookings;
pub(crate) mod branding;
mod calendar;
pub(crate) mod call_log;
mod channels_and_types;
pub(crate) mod control;
mod credits;
mod crm;
mod crm_tokens;
mod direct_start;
pub(crate) mod do_not_contact;
pub(crate) mod documents;
pub(crate) mod email;
mod email_catalog;
mod email_params;
pub(crate) mod email_preview;
pub(crate) mod email_senders;
mod email_template_changes;
pub(crate) mod email_templates;
mod errors;
pub(crate) mod idempotency;
mod integration_start;
pub(crate) mod ivr;
mod json_api;
pub(crate) mod listing;
mod live_calls;
pub(crate) mod logos;
pub(crate) mod magic_contacts;
mod operator;
mod placeholders;
pub(crate) mod schedule;
mod service;
mod settings_changes;
mod template_documents;
pub(crate) mod template_emails;
mod template_users;
mod tenants;
mod test_email;
pub(crate) mod test_mode;
mod tracking;
pub(crate) mod unsubscribe;
mod user_settings;
mod webhooks;
mod workspaces;

use hub_fixture::{AnyHub, Caller};
use serde_json::json;

/// A hub, and a new customer of it that no other test has.
async fn acme() -> (AnyHub, Caller) {
    let hub = AnyHub::reach().await;
    let acme = hub.acme().await;
    (hub, acme)
}

/// The same with a test key: everything goes through its states, nothing leaves and nothing is charged.
async fn acme_in_test_mode() -> (AnyHub, Caller) {
    let (hub, acme) = acme().await;
    let tester = hub.with_key(&acme, json!({"name": "tests", "mode": "test"})).await;
    (hub, tester)
}
