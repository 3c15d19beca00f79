//! Running the hub's functions: configuration, clients built once, and the three ways in which a function is woken.
//!
//! On AWS each binary calls one of [`run_http`], [`run_worker`] and [`run_schedule`]; on one machine the same
//! endpoints, workers and schedules are mounted in one process.

mod clients;
mod configuration;
mod http;
mod logs;
mod observe;
mod schedule;
mod worker;

pub use clients::{Sdk, build_hub};
pub use configuration::{
    BULK_CALL_RATE_LIMIT, CONVERSATION_SILENCE, Configuration, ConfigurationError, TWILIO, silence_hours,
};
pub use http::{observed, run_http, run_router};
pub use lambda_runtime::Error;
pub use logs::json_log;
pub use observe::{InvocationIds, Observer, collect_metrics};
pub use schedule::{Schedule, run_schedule};
pub use worker::{WorkError, Worker, run_worker};
