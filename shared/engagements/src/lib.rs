//! What the hub does: the use cases that its functions share, from the acceptance of an engagement to its last webhook.
//!
//! Every step can be taken twice and broken off anywhere: what must happen is in the table before anything is done
//! about it, and each transition is one conditional write (see [`hub_models::engagement`]).

mod access;
mod control;
mod direct;
mod dispatch;
mod follow;
mod hub;
mod idempotency;
mod mail_events;
mod publish;
mod release;
mod report;
mod send;
mod start;
mod transition;
mod unconfirmed;

pub use access::{AccessError, domain_of};
pub use control::{ControlError, cancel, pause, resume};
pub use direct::{Answer, DirectError, start_now};
pub use dispatch::{Job, dispatch};
pub use hub::{Hub, Settings};
pub use idempotency::{IdempotencyKey, IdempotencyKeyError, request_hash};
pub use mail_events::{MailEvent, MailEventKind, record_mail_event};
pub use publish::{DeliveryJob, deliver, redeliver, test_delivery};
pub use release::{Released, release_due};
pub use report::{DeliveryType, Report};
pub use start::{StartError, Started, Submission, start};
