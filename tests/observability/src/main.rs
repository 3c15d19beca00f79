//! What the functions tell an operator: their log lines and metrics, as Lambda would find them on standard output.
//!
//! Metrics are counted for the whole process, so this is a process with one test.

mod lambda;
mod metrics;
mod output;
