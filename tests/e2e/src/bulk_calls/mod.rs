//! Campaigns: `/bulk-calls/*` (checklist I).

mod batches;
mod campaigns;
mod files;
mod results;
mod rows;
mod steering;
mod submit;
mod upload;
