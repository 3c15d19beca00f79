//! What was heard in a conversation, each with its answer: what comes twice is answered with the same.

use std::collections::HashMap;

use hub_models::engagement::{Content, Engagement, Turn};
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_models::talk::CallStep;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{from_item, s, text, to_item};
use crate::keys;

/// Something that was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The turn of a call, or the carrier's id of a message.
    pub key: String,
    /// What was heard, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it was answered; nothing as long as it was not. A message is answered by another and has an empty step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<CallStep>,
    /// The starts of the times that are offered in it, where it is an opening.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Moment>,
}

impl Heard {
    /// Something that is answered by this step.
    #[must_use]
    pub fn answered(key: &str, text: Option<&str>, answer: CallStep) -> Self {
        Self { answer: Some(answer), ..Self::unanswered(key, text) }
    }

    /// Something that is not answered yet.
    #[must_use]
    pub fn unanswered(key: &str, text: Option<&str>) -> Self {
        Self { key: key.to_owned(), text: text.map(str::to_owned), answer: None, offered: Vec::new() }
    }
}

/// An engagement with everything that was said, heard and is to be said.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The engagement.
    pub engagement: Engagement,
    /// What it is about.
    pub content: Option<Content>,
    /// What was heard, by its key.
    pub heard: HashMap<String, Heard>,
    /// What was said, in order.
    pub transcript: Vec<Turn>,
}

impl Store {
    /// Everything of a conversation, in one query.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn conversation(&self, id: EngagementId) -> Result<Option<Conversation>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(keys::engagement_pk(id)))
            .consistent_read(true);
        let mut items = query.into_paginator().items().send();
        let (mut engagement, mut content) = (None::<Engagement>, None);
        let (mut heard, mut transcript) = (HashMap::new(), Vec::new());
        while let Some(item) = items.next().await {
            let item = item?;
            match text(&item, "sk") {
                keys::META => engagement = Some(from_item(item)?),
                keys::CONTENT => content = Some(from_item(item)?),
                sk if sk.starts_with(keys::TURN) => transcript.push(from_item(item)?),
                sk if sk.starts_with(keys::HEARD) => {
                    let one: Heard = from_item(item)?;
                    heard.insert(one.key.clone(), one);
                }
                _ => {}
            }
        }
        Ok(engagement.map(|engagement| {
            let content = content.or_else(|| engagement.content.as_deref().cloned());
            Conversation { engagement, content, heard, transcript }
        }))
    }

    /// Keeps something of a conversation before it begins, such as how it is to begin.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn keep_heard(&self, id: EngagementId, heard: &Heard) -> Result<(), StoreError> {
        let item = to_item(&keys::heard(id, &heard.key), heard)?;
        self.client.put_item().table_name(&self.tables.engagements).set_item(Some(item)).send().await?;
        Ok(())
    }
}
