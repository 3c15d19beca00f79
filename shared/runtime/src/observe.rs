//! Logs and metrics of a deployed function, both on its standard output: JSON lines and CloudWatch's embedded metrics.

use metrics_cloudwatch_embedded::{Builder, Collector};
use tracing_subscriber::EnvFilter;

/// Writes a function's metrics when an invocation is over.
#[derive(Clone, Copy)]
pub(crate) struct Metrics(Option<&'static Collector>);

/// Begins to log and to count for the function of this name.
pub(crate) fn observe(function: &'static str) -> Metrics {
    let filter = EnvFilter::try_from_env("HUB_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber would be a fault of the binary; the first one goes on.
    let _ = tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).try_init();
    let collector = Builder::new().cloudwatch_namespace("EngagementHub").with_dimension("Function", function).init();
    Metrics(collector.ok())
}

impl Metrics {
    pub(crate) fn flush(self) {
        if let Some(Err(error)) = self.0.map(|collector| collector.flush(std::io::stdout())) {
            tracing::warn!(%error, "metrics were not written");
        }
    }
}
