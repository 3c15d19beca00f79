//! The hub over HTTP, rule by rule of the checklist: each area has a module, each rule a test that fails without it.
//!
//! What can be seen from outside is in `anywhere` and runs against a deployed hub as well. The other modules move the
//! clock, look into the embedded AWS, start the hub with other options, or need the simulator in place of a carrier.

mod anywhere;
mod bad_input;
mod branding;
mod bulk_calls;
mod call_log;
mod channels_and_types;
mod command_line;
mod control;
mod conversations;
mod credits;
mod crm;
mod direct_start;
mod do_not_contact;
mod documents;
mod email;
mod email_preview;
mod email_senders;
mod email_templates;
mod errors;
mod idempotency;
mod integration_start;
mod ivr;
mod listing;
mod live_calls;
mod logos;
mod magic_contacts;
mod mail_events;
mod mails;
mod model;
mod problem;
mod requests;
mod schedule;
mod sending_quota;
mod set_up;
mod set_up_ses;
mod setup;
mod template_emails;
mod test_mode;
mod tracking;
mod twilio;
mod unsubscribe;
mod voice;
mod workspace;
