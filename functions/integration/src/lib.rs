//! `/integration/*`: start an engagement, follow it, hold it, call it off.
//!
//! | function | route |
//! |---|---|
//! | integration-start | `POST /integration/start` |
//! | integration-status | `GET /integration/engagement/{engagement_id}` |
//! | integration-list | `GET /integration/engagements` |
//! | integration-pause | `POST /integration/pause` |
//! | integration-resume | `POST /integration/resume` |
//! | integration-cancel | `POST /integration/cancel` |

pub mod cancel;
mod control;
pub mod list;
pub mod pause;
pub mod resume;
pub mod start;
pub mod status;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        start::endpoint(),
        status::endpoint(),
        list::endpoint(),
        pause::endpoint(),
        resume::endpoint(),
        cancel::endpoint(),
    ]
}
