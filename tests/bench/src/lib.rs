//! What the benchmarks share: a release hub as a process of its own, connections that load it, and what it spends.

mod connection;
mod hub;
mod load;
mod usage;

pub use connection::{Connection, Request};
pub use hub::RunningHub;
pub use load::{Figures, load};
pub use usage::Usage;

/// Why a benchmark could not measure.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
