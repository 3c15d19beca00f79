//! Running the hub's functions: configuration, clients built once, and the three ways in which a function is woken.
//!
//! On AWS each binary calls one of [`run_http`], [`run_worker`] and [`run_schedule`]; on one machine the same
//! endpoints, workers and schedules are mounted in one process.

mod clients;
mod configuration;
mod http;
mod observe;
mod schedule;
mod worker;

pub use clients::build_hub;
pub use configuration::{Configuration, ConfigurationError};
pub use http::{run_http, run_router};
pub use lambda_runtime::Error;
pub use schedule::{Schedule, run_schedule};
pub use worker::{WorkError, Worker, run_worker};
