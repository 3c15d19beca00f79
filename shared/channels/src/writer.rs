//! Writes the paragraph of an email that has nothing but an instruction (checklist E4).

mod bedrock;
pub(crate) mod links;
mod paragraph;
pub(crate) mod plain_text;
mod prompt;

use hub_models::channel::Language;
use hub_models::text::{Instruction, Name};
use hub_models::wording::Letter;

use crate::error::ProviderError;

/// What the history says of an email that no model wrote.
const BUILT_IN: &str = "Written by the built-in writer around the instruction, because no model is configured.";

/// What a paragraph is written from.
#[derive(Clone, Copy, Debug)]
pub struct Brief<'a> {
    /// What the reader is to be told.
    pub instruction: &'a Instruction,
    /// The language to write in.
    pub language: Language,
    /// The reader.
    pub client_name: Option<&'a Name>,
    /// Who writes; empty where that is not known.
    pub organization_name: &'a str,
    /// The email's subject; empty for anything else.
    pub subject: &'a str,
    /// What is written.
    pub medium: Medium,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A paragraph of an email.
    Email,
    /// A short message.
    Message,
    /// What is said in a call.
    Speech,
}

/// What a writer made of a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// A paragraph of plain text, on one line.
    pub paragraph: String,
    /// What whoever started the engagement should know about how it came to be, for its history.
    pub note: Option<String>,
}

/// Writes paragraphs.
#[derive(Clone, Debug)]
pub enum Writer {
    /// Puts fixed phrases around the instruction, and says that it did.
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
    /// A short paragraph in plain text, in the brief's language, that says what the brief asks for.
    ///
    /// # Errors
    /// When the model refuses the brief or is out of order. Writing has no effect outside, so it can be repeated.
    pub async fn paragraph(&self, brief: &Brief<'_>) -> Result<Written, ProviderError> {
        match self {
            Self::Plain => Ok(Written { paragraph: around_the_instruction(brief), note: Some(BUILT_IN.to_owned()) }),
            Self::Bedrock { client, model_id } => {
                let paragraph = bedrock::paragraph(client, model_id, brief).await?;
                Ok(Written { paragraph, note: None })
            }
        }
    }
}

fn around_the_instruction(brief: &Brief<'_>) -> String {
    let organization = Some(brief.organization_name).filter(|name| !name.is_empty());
    let name = brief.client_name.map(Name::as_str);
    Letter::of(brief.language).paragraph(brief.instruction.as_str(), name, organization)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_model_the_instruction_is_told_as_it_is_and_the_history_says_so() {
        let instruction = Instruction::parse("Ihr Termin ist\nam Montag um {{UHRZEIT}}").unwrap().unwrap();
        let client_name = Name::parse("Alex Morgan").unwrap();
        let brief = Brief {
            instruction: &instruction,
            language: Language::De,
            client_name: client_name.as_ref(),
            organization_name: "",
            subject: "Ihr Termin",
            medium: Medium::Email,
        };
        let written = Writer::Plain.paragraph(&brief).await.unwrap();
        let expected = "Guten Tag Alex Morgan, wir haben eine Nachricht für Sie: Ihr Termin ist am Montag um \
            {{UHRZEIT}}. Bei Fragen antworten Sie einfach auf diese E-Mail.";
        assert_eq!(written.paragraph, expected);
        assert_eq!(written.note.as_deref(), Some(BUILT_IN));
    }
}
