//! Writes the paragraph of an email that has nothing but an instruction (checklist E4).

mod bedrock;
mod plain_text;

use hub_models::channel::Language;
use hub_models::text::{Instruction, Name};

use crate::error::ProviderError;

/// What a paragraph is written from.
#[derive(Clone, Copy, Debug)]
pub struct Brief<'a> {
    /// What the reader is to be told.
    pub instruction: &'a Instruction,
    /// The language to write in.
    pub language: Language,
    /// The reader.
    pub client_name: Option<&'a Name>,
    /// Who writes.
    pub organization_name: &'a str,
    /// The email's subject.
    pub subject: &'a str,
}

/// Writes paragraphs.
#[derive(Clone, Debug)]
pub enum Writer {
    /// Repeats the instruction and says that it does.
    Plain,
    /// Asks a model of Amazon Bedrock.
    Bedrock {
        /// The client.
        client: aws_sdk_bedrockruntime::Client,
        /// The model or the inference profile.
        model_id: String,
    },
}

impl Writer {
    /// A short paragraph in plain text that says what the brief asks for.
    ///
    /// # Errors
    /// When the model refuses the brief or is out of order. Writing has no effect outside, so it can be repeated.
    pub async fn paragraph(&self, brief: &Brief<'_>) -> Result<String, ProviderError> {
        match self {
            Self::Plain => Ok(format!("[Draft by the built-in writer] {}", brief.instruction)),
            Self::Bedrock { client, model_id } => bedrock::paragraph(client, model_id, brief).await,
        }
    }
}
