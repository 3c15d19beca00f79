//! Batches: whatever breaks off, no row is lost, doubled or miscounted.

mod accepting;
pub(crate) mod campaign;
mod costs;
pub(crate) mod crashes;
mod steering;
