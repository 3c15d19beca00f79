//! The hub over HTTP, rule by rule of the checklist: each area has a module, each rule a test that fails without it.

mod access;
mod bad_input;
mod call_log;
mod channels_and_types;
mod control;
mod credits;
mod direct_start;
mod documents;
mod email;
mod email_params;
mod errors;
mod idempotency;
mod integration_start;
mod listing;
mod live_calls;
mod magic_contacts;
mod operator;
mod placeholders;
mod problem;
mod requests;
mod schedule;
mod setup;
mod tenants;
mod test_mode;
mod tracking;
