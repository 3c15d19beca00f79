//! Campaigns: `/bulk-calls/*` (checklist I).

mod batches;
mod campaigns;
mod files;
mod results;
mod retry;
mod rows;
mod steering;
mod submit;
mod upload;
