//! What a conversation is made of: where it stands, what the contact can mean by a word, and what the hub says to that.
//!
//! Nothing here asks anybody: a conversation without a model is decided by this module alone.

mod keywords;
mod opt_out;
mod plain;
mod segments;
mod state;
mod step;
mod words;

pub use keywords::{Meant, understand, word_for};
pub use opt_out::{Wish, opt_wish};
pub use plain::{Facts, Move, Next, Summary, opening, phrase_for, question, reply};
pub use segments::{Encoding, Segments, segments};
pub use state::{Asked, Ending, Outgoing, Talk};
pub use step::{AnsweredBy, CallStep, Then};
