//! The hub's two DynamoDB tables: one method per access pattern, and nothing else in the hub knows a key.
//!
//! | pattern | call | request units (items up to 1 KB) |
//! |---|---|---|
//! | who calls, may they use the domain | 2 Get, cached 30 s | 1 read each |
//! | whose settings and which template an email has | 1 to 3 Get, cached 30 s | 1 read per 4 KB |
//! | of which workspace a CRM's user is | 1 Get, cached 30 s | 1 read |
//! | contact on do-not-contact | 1 Get | 1 read |
//! | close channels to a contact | 1 Update | 1 write |
//! | open channels to a contact | 1 Get, 1 Update or Delete | 1 read, 1 write |
//! | do-not-contact list of a domain | 16 Query, again where a filter leaves much out | 1 read each |
//! | accept an engagement | 1 Transact of 3 | 6 write, and 2 for the indexes |
//! | claim | 1 Update | 1 write |
//! | an email's turn, where the mail service has a limit | 1 Update, at most 50 a second | 1 write |
//! | a call's or message's turn at its sender | 1 Update, 2 where others wait | 1 write |
//! | record a transition | 1 Put | 1 write, and 1 where the due date changes |
//! | record a transition that is told or refunded | 1 Transact of 2 or 3 | 4 or 6 write |
//! | note a draft, clear it away | 1 Put, 1 Update, BatchWrite of 25 | 2 write; 1 per item |
//! | write rows | BatchWrite of 25 | 1 write per KB, and 1 where contacts are remembered |
//! | commit a batch | 1 Transact of 3 | 6 write, and 4 for the indexes |
//! | release a row | 1 BatchGet for 100, 1 Put | 1 read, 1 to 2 write, and 2 for the indexes |
//! | a row's end | 1 Transact of 2 to 4 | 4 to 8 write |
//! | a batch and how far it is | 1 Query | 1 or 2 read |
//! | rows of a batch, by place | BatchGet of 100 | 1 read each |
//! | who of many is on do-not-contact, or was engaged lately | BatchGet of 100 | 1 read each |
//! | call rows off | 1 BatchGet and 4 Transact for 96 | 4 write each |
//! | status with its transcript | 1 Query | 1 read per 4 KB |
//! | a turn of a conversation | 1 Query, 1 Transact of 4, 1 Put where it is answered by message | 1 read per 4 KB, 9 write |
//! | whose message it is | 1 Get, or 1 Update for WhatsApp | 1 read or 1 write |
//! | results of triggered calls | BatchGet of 100 | 1 read each |
//! | engagements of a domain | 1 Query a day, 1 BatchGet | 0.5 read per 4 KB, 0.5 per item |
//! | templates of a scope | 1 Query | 1 read per 4 KB of names and subjects |
//! | save a template | 1 Transact of 2 or 3 | 2 write per KB, and 2 or 4 for the name |
//! | what a domain keeps for its campaigns | 1 Get, or 1 Query for all of a kind | 1 read per 4 KB |
//! | a campaign of the JSON:API | 1 Get | 1 read per 4 KB |
//! | write a campaign | 1 Put, or 1 Transact with up to 25 items of 40 envelopes each | 1 write, or 2 per KB |
//! | envelopes of a campaign | 1 Query | 1 read per 4 KB |
//! | what is due | 16 Query | 0.5 read each |
//! | what a calendar has free | 1 Get, 1 Query | 1 read each |
//! | book, move or call off | 1 BatchGet, 1 Transact of 3 to 6 | 1 read a day, 2 write each |
//! | bookings of a domain | 1 Query, again where a filter leaves much out | 1 read per 4 KB |

mod access;
mod accounts;
mod agents;
mod batches;
mod bookings;
mod cache;
mod calendars;
mod campaigns;
mod credits;
mod deliveries;
mod do_not_contact;
mod do_not_contact_list;
mod domains;
mod drafts;
mod due;
mod engagements;
mod error;
mod heard;
mod item;
mod kept;
mod keys;
mod listing;
mod many;
mod marks;
mod outbound_email;
mod pairs;
mod rows;
mod sending;
mod tallies;
mod templates;
mod transaction;
mod workspaces;

use aws_sdk_dynamodb::Client;
use hub_models::clock::Clock;

pub use agents::AgentSlot;
pub use batches::Commitment;
pub use bookings::{BookingCursor, BookingFilter, BookingSaved};
pub use campaigns::CampaignWritten;
pub use credits::AddCredits;
pub use do_not_contact::ContactAdded;
pub use do_not_contact_list::ContactCursor;
pub use domains::{Created, Saved};
pub use drafts::Draft;
pub use due::{Due, DueKind, SHARDS};
pub use engagements::{Acceptance, Claiming, Story, Written};
pub use error::StoreError;
pub use heard::{Conversation, Heard};
pub use listing::{Cursor, CursorError, EngagementFilter, Page};
pub use marks::Mark;
pub use pairs::Pair;
pub use rows::NewRows;
pub use sending::{SendingLine, Turns, TurnsWanted};
pub use tallies::Counted;
pub use templates::TemplateSaved;

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
        let cached = cache::Cached::new(&clock);
        Self { client, tables, clock, cached }
    }

    /// The same store, which keeps nothing that it has read: every use of it begins as in a new execution environment.
    #[must_use]
    pub fn uncached(self) -> Self {
        Self { cached: cache::Cached::nothing(&self.clock), ..self }
    }
}
