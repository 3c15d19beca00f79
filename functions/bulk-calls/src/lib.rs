//! `/bulk-calls/*`: campaigns, sent as JSON or as a file, followed and steered as one batch each (checklist I).
//!
//! | function | route |
//! |---|---|
//! | bulk-calls-submit | `POST /bulk-calls/submit` |
//! | bulk-calls-upload | `POST /bulk-calls/upload` |
//! | bulk-calls-template | `GET /bulk-calls/template.csv` |
//! | bulk-calls-list | `GET /bulk-calls/batches` |
//! | bulk-calls-get | `GET /bulk-calls/batches/{batch_id}` |
//! | bulk-calls-results | `GET /bulk-calls/batches/{batch_id}/results.csv` |
//! | bulk-calls-pause | `POST /bulk-calls/batches/{batch_id}/pause` |
//! | bulk-calls-resume | `POST /bulk-calls/batches/{batch_id}/resume` |
//! | bulk-calls-cancel | `POST /bulk-calls/batches/{batch_id}/cancel` |
//! | bulk-calls-retry | `POST /bulk-calls/batches/{batch_id}/retry` |

mod accept;
mod campaign;
pub mod cancel;
mod columns;
mod csv_file;
pub mod get;
pub mod list;
pub mod pause;
pub mod results;
pub mod resume;
pub mod retry;
mod row;
mod rows;
mod steered;
pub mod submit;
mod submitted;
pub mod template;
pub mod upload;
mod which;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        submit::endpoint(),
        upload::endpoint(),
        template::endpoint(),
        list::endpoint(),
        get::endpoint(),
        results::endpoint(),
        pause::endpoint(),
        resume::endpoint(),
        cancel::endpoint(),
        retry::endpoint(),
    ]
}
