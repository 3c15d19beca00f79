//! The hub's two DynamoDB tables: one method per access pattern, and nothing else in the hub knows a key.
//!
//! | pattern | call | request units (items up to 1 KB) |
//! |---|---|---|
//! | who calls, may they use the domain | 2 Get, cached 30 s | 1 read each |
//! | contact on do-not-contact | 1 Get | 0.5 read |
//! | accept an engagement | 1 Transact of 3 | 6 write, and 2 for the indexes |
//! | claim | 1 Update | 1 write |
//! | record a transition | 1 Put | 1 write, and 1 where the due date changes |
//! | record a transition that is told or refunded | 1 Transact of 2 or 3 | 4 or 6 write |
//! | status with its transcript | 1 Query | 1 read per 4 KB |
//! | engagements of a domain | 1 Query a day, 1 BatchGet | 0.5 read per 4 KB, 0.5 per item |
//! | what is due | 16 Query | 0.5 read each |

mod accounts;
mod agents;
mod bookings;
mod cache;
mod credits;
mod deliveries;
mod do_not_contact;
mod domains;
mod due;
mod engagements;
mod error;
mod item;
mod keys;
mod listing;
mod transaction;

use aws_sdk_dynamodb::Client;
use hub_models::clock::Clock;

pub use accounts::ApiKeyListing;
pub use agents::AgentSlot;
pub use credits::AddCredits;
pub use do_not_contact::DoNotContact;
pub use domains::{Created, Saved};
pub use due::{Due, DueKind, SHARDS};
pub use engagements::{Acceptance, Claiming, Story, Written};
pub use error::StoreError;
pub use listing::{Cursor, CursorError, EngagementFilter, Page};

/// The names of the two tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Configuration: accounts, keys, domains, do-not-contact.
    pub accounts: String,
    /// The hot path: engagements, their content, transcripts and webhook deliveries.
    pub engagements: String,
}

/// Access to both tables.
pub struct Store {
    client: Client,
    tables: Tables,
    clock: Clock,
    cached: cache::Cached,
}

impl Store {
    /// A store over these tables.
    #[must_use]
    pub fn new(client: Client, tables: Tables, clock: Clock) -> Self {
        let cached = cache::Cached::new(clock.clone());
        Self { client, tables, clock, cached }
    }
}
