//! Leads a conversation: says what comes of something that was heard (checklist M5).

mod bedrock;
mod prompt;
mod tools;

use std::time::Duration;

use futures::future::BoxFuture;
use hub_models::engagement::Turn;
use hub_models::talk::{Facts, Move, reply};

/// What is known when something is to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The purpose, the language and what is on offer.
    pub facts: &'a Facts<'a>,
    /// What the conversation is about.
    pub instruction: &'a str,
    /// The contact's name.
    pub client_name: Option<&'a str>,
    /// Whether there is an agent to be connected to.
    pub has_agent: bool,
    /// Whether it is spoken.
    pub voice: bool,
    /// What was said before.
    pub transcript: &'a [Turn],
    /// What was heard now.
    pub heard: &'a str,
}

/// The calendar of the engagement, which is all that a model can act on by itself.
pub trait Slots: Send + Sync {
    /// The times that are free now, as they are told to the contact.
    fn list(&self) -> BoxFuture<'_, Result<Vec<String>, SlotsError>>;

    /// Books one of the times that were listed last, counted from 1, and tells it; nothing where it has been taken.
    fn book(&self, number: usize) -> BoxFuture<'_, Result<Option<String>, SlotsError>>;
}

/// A calendar that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the calendar could not be used: {0}")]
pub struct SlotsError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Why nothing was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It takes longer than whoever waits has patience.
    Slow,
    /// It cannot be had.
    Down,
}

/// Leads conversations.
#[derive(Clone, Debug)]
pub enum Converser {
    /// By what single words mean.
    Keywords,
    /// By asking a model of Amazon Bedrock.
    Bedrock {
        /// The client.
        client: aws_sdk_bedrockruntime::Client,
        /// The model or the inference profile.
        model_id: String,
    },
}

impl Converser {
    /// Whether an answer takes so long that a process may break off in it.
    #[must_use]
    pub const fn thinks(&self) -> bool {
        matches!(self, Self::Bedrock { .. })
    }

    /// What comes of something that was heard.
    ///
    /// # Errors
    /// When it takes too long, or whoever leads the conversation cannot be had.
    pub async fn reply(
        &self,
        situation: &Situation<'_>,
        slots: &dyn Slots,
        patience: Duration,
    ) -> Result<Move, Refusal> {
        match self {
            Self::Keywords => Ok(reply(situation.facts, situation.heard).into()),
            Self::Bedrock { client, model_id } => bedrock::reply(client, model_id, situation, slots, patience).await,
        }
    }
}
