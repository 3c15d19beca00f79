//! Placeholder.

pub mod aws;
