//! `/api/v1/*`: campaigns by the voice JSON:API, put together resource by resource (checklist L).
//!
//! Each function serves one resource: its list, and what can be done with one of it.
//!
//! | function | routes |
//! |---|---|
//! | voice-caller-ids | `/api/v1/caller-ids`, `…/{id}`, `…/{id}/verify` |
//! | voice-templates | `/api/v1/voice-templates`, `…/{id}` |
//! | voice-engagements | `/api/v1/engagements`, `…/{id}` |
//! | voice-activities | `/api/v1/activities`, `…/{id}` |
//! | voice-triggers | `/api/v1/triggers`, `…/{id}` |
//! | voice-envelopes | `/api/v1/envelopes`, `…/{id}` |
//! | voice-text-templates | `/api/v1/text-templates`, `…/{id}` |
//! | voice-email-templates | `/api/v1/email-templates`, `…/{id}` |
//! | voice-senders | `/api/v1/phone-numbers`, `/api/v1/email-ids`, `…/{id}` |

pub mod activities;
pub mod caller_ids;
pub mod email_templates;
mod engagement;
pub mod engagements;
mod envelope;
pub mod envelopes;
mod related;
pub mod senders;
// Its types are described, and never made.
#[allow(dead_code)]
mod sent;
pub mod text_templates;
pub mod triggers;
pub mod voice_templates;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        caller_ids::endpoint(),
        voice_templates::endpoint(),
        engagements::endpoint(),
        activities::endpoint(),
        triggers::endpoint(),
        envelopes::endpoint(),
        text_templates::endpoint(),
        email_templates::endpoint(),
        senders::endpoint(),
    ]
}
