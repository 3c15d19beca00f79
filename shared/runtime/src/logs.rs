//! The log of a function: one JSON object a line, in the fields that Lambda reads and an operator searches.
//!
//! `timestamp`, `level` and `message` are what Lambda expects of a line; beside them stands everything that the line says
//! and everything that the spans around it say, such as `function`, `request_id` and `engagement_id`.

use json_subscriber::JsonLayer;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::layer::SubscriberExt;

/// The filter that `HUB_LOG` asks for, or `info`.
pub(crate) fn asked_for() -> String {
    std::env::var("HUB_LOG").unwrap_or_else(|_| "info".to_owned())
}

/// Writes the lines that pass the filter to `writer`; a filter that cannot be read lets `info` pass.
pub fn json_log<W>(writer: W, filter: &str) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let mut lines = JsonLayer::new(writer);
    lines
        .with_timer("timestamp", SystemTime)
        .with_level("level")
        .with_target("target")
        .with_top_level_flattened_span_list()
        .with_flattened_event();
    let filter = hub_only(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::registry().with(filter).with(lines)
}

/// The runtime has a span with the id of an invocation too, in words of its own, and a line for each error that a
/// function returns, without that id: the hub's own lines say both, once.
fn hub_only(filter: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(format!("{filter},lambda_runtime=warn,lambda_runtime::layers::panic=off"))
}

/// Has a panic told in a line like any other, instead of in several that are no JSON.
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
}
