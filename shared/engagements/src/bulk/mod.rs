//! Batches: many engagements submitted together, released at the domain's rate, and steered as one (checklist I).
//!
//! A batch begins as a draft. Its rows are written as engagements that wait: no date is set for them and no index has
//! them, so nothing acts on them. One transaction then makes the batch and debits the account, and from that moment all
//! rows are engagements; a draft that never comes so far is cleared away. The batch's own due item lets the rows go, a
//! slice at a time: first each row gets its date, then the batch moves on. If a step is interrupted, its slice is
//! repeated; each row is still released only once.
//!
//! Each row counts itself in the write that ends it. A batch ends when its counts say that all rows have.

mod advance;
mod call_off;
mod check;
mod end;
mod hold;
mod let_go;
mod report;
mod retry;
mod steer;
mod submit;

pub use advance::{BatchJob, advance};
pub(crate) use advance::{release_batch, release_draft};
pub(crate) use hold::hold_back_of;
pub use report::{BatchReport, Progress, batch, batches, first_skipped, rows, skipped};
pub use retry::{RetryError, retry};
pub use steer::{BatchError, cancel, pause, resume};
pub(crate) use submit::submit_as;
pub use submit::{BatchSubmission, SubmitError, Submitted, submit};
