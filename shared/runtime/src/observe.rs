//! What a function tells of each invocation on its standard output: log lines, and metrics in CloudWatch's embedded format.

use std::io::Stdout;

use hub_engagements::{NAMESPACE, describe_metrics};
use lambda_runtime::Context;
use metrics_cloudwatch_embedded::{Builder, Collector};
use tracing::{Instrument, error_span};
use tracing_subscriber::fmt::MakeWriter;

use crate::Error;
use crate::logs::{asked_for, json_log, log_panics};

/// Observes the invocations of one function.
#[derive(Clone, Copy)]
pub struct Observer<W = fn() -> Stdout> {
    function: &'static str,
    metrics: &'static Collector,
    out: W,
}

/// By which ids an invocation is found.
#[derive(Clone, Copy, Debug)]
pub struct InvocationIds<'a> {
    /// The id that its caller knows: API Gateway's where it brings a request, otherwise Lambda's.
    pub request_id: &'a str,
    /// Lambda's own, where it is another.
    pub lambda_request_id: Option<&'a str>,
}

impl<'a> InvocationIds<'a> {
    /// The ids of an invocation that nobody asked for over HTTP.
    pub(crate) fn of(context: &'a Context) -> Self {
        Self { request_id: &context.request_id, lambda_request_id: None }
    }
}

/// The namespace that `HUB_METRICS_NAMESPACE` names: each stack has its own, so that none sets off another's alarms.
fn namespace() -> String {
    std::env::var("HUB_METRICS_NAMESPACE").unwrap_or_else(|_| NAMESPACE.to_owned())
}

/// Begins to collect what the hub counts, for the whole process, and to write it into this namespace.
///
/// # Errors
/// When something collects it already.
pub fn collect_metrics(namespace: impl Into<String>) -> Result<&'static Collector, Error> {
    let collector = Builder::new().cloudwatch_namespace(namespace.into()).init()?;
    describe_metrics();
    Ok(collector)
}

impl Observer {
    /// Begins to log and to count for a deployed function.
    pub(crate) fn begin(function: &'static str) -> Result<Self, Error> {
        tracing::subscriber::set_global_default(json_log(std::io::stdout, &asked_for()))?;
        log_panics();
        Ok(Self::new(function, collect_metrics(namespace())?, std::io::stdout as fn() -> Stdout))
    }
}

impl<W: for<'w> MakeWriter<'w>> Observer<W> {
    /// Observes this function, and writes its metrics to `out`.
    #[must_use]
    pub fn new(function: &'static str, metrics: &'static Collector, out: W) -> Self {
        Self { function, metrics, out }
    }

    /// Does the work of an invocation: each of its lines has its ids, and what it counted is written when it is over.
    pub async fn observe<F: Future>(&self, ids: InvocationIds<'_>, work: F) -> F::Output {
        let InvocationIds { request_id, lambda_request_id } = ids;
        // Of the highest level, so that no log filter takes the ids from the lines that it lets through.
        let span = error_span!("invocation", function = self.function, request_id, lambda_request_id);
        let output = work.instrument(span).await;
        self.write_metrics(request_id);
        output
    }

    /// The function and the request are properties and no dimensions: a dashboard asks what the hub does, not who did it.
    fn write_metrics(&self, request_id: &str) {
        self.metrics.set_property("function", self.function).set_property("request_id", request_id);
        if let Err(error) = self.metrics.flush(self.out.make_writer()) {
            tracing::warn!(%error, "metrics were not written");
        }
    }
}
