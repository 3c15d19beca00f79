//! The voice JSON:API, as its clients speak it (checklist L).

mod caller_ids;
mod campaigns;
pub(crate) mod client;
mod messages;
mod queries;
mod resources;
mod speech;
mod steering;
