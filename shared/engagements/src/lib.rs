//! What the hub does: the use cases that its functions share, from the acceptance of an engagement to its last webhook.
//!
//! Every step can be taken twice and broken off anywhere: what must happen is in the table before anything is done
//! about it, and each transition is one conditional write (see [`hub_models::engagement`]).

mod access;
pub mod bulk;
pub mod calendar;
mod call_result;
pub mod carrier;
mod control;
mod direct;
mod dispatch;
mod do_not_contact;
mod email;
mod enqueue;
mod fitness;
mod follow;
mod hand_over;
mod hub;
mod idempotency;
mod mail_events;
mod metrics;
mod pacing;
mod publish;
mod release;
mod report;
mod scenario;
mod send;
mod spans;
mod start;
pub mod talk;
mod transition;
mod unconfirmed;
pub mod voice;

pub use access::{AccessError, domain_of};
pub use call_result::{CallResult, call_results};
pub use control::{ControlError, cancel, pause, resume};
pub use direct::{Answer, DirectError, start_now};
pub use dispatch::{Job, dispatch};
pub use email::{
    Followed, LinkError, Pacer, Preview, PreviewError, PreviewRequest, Reader, preview, reader_of, templates_to_send,
    unsubscribe,
};
pub use hub::{Hub, Settings};
pub use idempotency::{IdempotencyKey, IdempotencyKeyError, request_hash};
pub use mail_events::{MailEvent, MailEventKind, record_mail_event};
pub use metrics::{METRICS, Metric, NAMESPACE, describe_metrics, handed_back};
pub use publish::{DeliveryJob, deliver, redeliver, test_delivery};
pub use release::{Released, release_due};
pub use report::{DeliveryType, Report};
pub use scenario::ivr_scenario;
pub use spans::concerns;
pub use start::{StartError, Started, Submission, start};
