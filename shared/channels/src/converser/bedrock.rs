//! Asks a model by Amazon Bedrock's Converse. What the contact said goes to it as data, and nothing comes from it but
//! plain text and the tools of the conversation.

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::{BuildError, SdkError};
use aws_sdk_bedrockruntime::operation::converse::{ConverseError, ConverseOutput};
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, Message, StopReason, SystemContentBlock, ToolResultBlock,
    ToolResultContentBlock, ToolUseBlock,
};
use aws_smithy_types::Document;
use hub_models::talk::{Move, Next};
use hub_models::text::on_one_line;
use serde_json::json;

use super::tools::{self, Tool, object, text};
use super::{Refusal, Situation, Slots, prompt};
use crate::aws::words;
use crate::writer::links::{Known, without_unknown};
use crate::writer::plain_text;

/// Some 200 words: more than anybody says in one turn.
const MOST_TOKENS: i32 = 400;

/// The most characters of what is said in one turn.
const LONGEST: usize = 600;

/// How often the model may use the calendar before it has to say something.
const MOST_ROUNDS: usize = 4;

/// What comes of something that was heard.
pub(super) async fn reply(
    client: &Client,
    model_id: &str,
    situation: &Situation<'_>,
    slots: &dyn Slots,
    patience: Duration,
) -> Result<Move, Refusal> {
    let asked = talk(client, model_id, situation, slots);
    tokio::time::timeout(patience, asked).await.unwrap_or(Err(Refusal::Slow))
}

async fn talk(client: &Client, model_id: &str, situation: &Situation<'_>, slots: &dyn Slots) -> Result<Move, Refusal> {
    let mut messages = vec![message(ConversationRole::User, vec![ContentBlock::Text(told(situation))])?];
    for _ in 0..MOST_ROUNDS {
        let answer = ask(client, model_id, situation, &messages).await?;
        let content = said(&answer);
        let spoken = spoken(&content, situation);
        let used: Vec<&ToolUseBlock> = content.iter().filter_map(|block| block.as_tool_use().ok()).collect();
        if used.is_empty() {
            return listen(spoken, &answer.stop_reason);
        }
        let mut results = Vec::new();
        for tool in used {
            match using(tool, situation, slots).await? {
                Used::Decides(next) => {
                    return Ok(Move { say: spoken, next, summary: tools::summary(&tool.input) });
                }
                Used::Gives(result) => results.push(ContentBlock::ToolResult(result_of(tool, result)?)),
            }
        }
        messages.push(message(ConversationRole::Assistant, content)?);
        messages.push(message(ConversationRole::User, results)?);
    }
    tracing::warn!("the model only used its tools");
    Err(Refusal::Down)
}

async fn ask(
    client: &Client,
    model_id: &str,
    situation: &Situation<'_>,
    messages: &[Message],
) -> Result<ConverseOutput, Refusal> {
    let (version, system) = prompt::of(situation.facts.engagement_type);
    tracing::debug!(model_id, prompt = version, "a model is asked to talk");
    let request = client
        .converse()
        .model_id(model_id)
        .system(SystemContentBlock::Text(system.to_owned()))
        .set_messages(Some(messages.to_vec()))
        .tool_config(tools::offered(situation).map_err(impossible)?)
        .inference_config(InferenceConfiguration::builder().max_tokens(MOST_TOKENS).build());
    request.send().await.map_err(|error| classify(&error))
}

/// The situation as one JSON object: what the contact says is a value in it and nothing more.
fn told(situation: &Situation<'_>) -> String {
    let transcript = situation.transcript.iter();
    let transcript: Vec<_> =
        transcript.map(|turn| json!({"role": turn.role.as_str(), "content": turn.content})).collect();
    json!({
        "instruction": situation.instruction,
        "language": situation.facts.language.name(),
        "spoken": situation.voice,
        "customer_name": situation.client_name,
        "offered": situation.facts.offered,
        "transcript": transcript,
        "heard": situation.heard,
    })
    .to_string()
}

/// What a tool comes to.
enum Used {
    /// The turn is decided.
    Decides(Next),
    /// The model is told this.
    Gives(Document),
}

async fn using(tool: &ToolUseBlock, situation: &Situation<'_>, slots: &dyn Slots) -> Result<Used, Refusal> {
    let Some(known) = Tool::named(&tool.name, situation) else {
        tracing::warn!("the model asked for a tool that this conversation does not have");
        return Ok(Used::Gives(object([("error", text("There is no such tool in this conversation."))])));
    };
    Ok(match known {
        Tool::EndEngagement => Used::Decides(Next::End),
        Tool::TransferToAgent => Used::Decides(Next::Transfer),
        Tool::ConfirmBooking => Used::Decides(Next::Confirm),
        Tool::DeclineBooking => Used::Decides(Next::Decline),
        Tool::StopContacting => Used::Decides(Next::StopContacting),
        Tool::ListSlots => Used::Gives(numbered(&slots.list().await.map_err(unusable)?)),
        Tool::BookSlot => match tools::number(&tool.input) {
            Some(number) => match slots.book(number).await.map_err(unusable)? {
                Some(slot) => Used::Decides(Next::Booked(slot)),
                None => Used::Gives(object([("error", text("That time is not free. List the slots again."))])),
            },
            None => Used::Gives(object([("error", text("Give the number of a time that was listed."))])),
        },
    })
}

fn numbered(slots: &[String]) -> Document {
    let slots = (1_u64..).zip(slots).map(|(number, slot)| {
        let number = Document::Number(aws_smithy_types::Number::PosInt(number));
        object([("number", number), ("time", text(slot))])
    });
    object([("free", Document::Array(slots.collect()))])
}

fn result_of(tool: &ToolUseBlock, result: Document) -> Result<ToolResultBlock, Refusal> {
    let block = ToolResultBlock::builder().tool_use_id(&tool.tool_use_id).content(ToolResultContentBlock::Json(result));
    block.build().map_err(impossible)
}

fn message(role: ConversationRole, content: Vec<ContentBlock>) -> Result<Message, Refusal> {
    Message::builder().role(role).set_content(Some(content)).build().map_err(impossible)
}

fn said(answer: &ConverseOutput) -> Vec<ContentBlock> {
    let message = answer.output.as_ref().and_then(|output| output.as_message().ok());
    message.map(|message| message.content.clone()).unwrap_or_default()
}

/// The text in an answer, fit to be spoken or sent; nothing where there is none.
fn spoken(content: &[ContentBlock], situation: &Situation<'_>) -> Option<String> {
    let texts: Vec<&str> = content.iter().filter_map(|block| block.as_text().ok()).map(String::as_str).collect();
    let line = on_one_line(&plain_text::of(&texts.join("\n")));
    let line = without_unknown(&line, &Known::of([situation.instruction]));
    let line: String = line.trim().chars().take(LONGEST).collect();
    (!line.is_empty()).then_some(line)
}

fn listen(spoken: Option<String>, stop_reason: &StopReason) -> Result<Move, Refusal> {
    match (spoken, stop_reason) {
        // What the model declines to answer, the contact is asked in the hub's own words.
        (_, StopReason::ContentFiltered | StopReason::GuardrailIntervened) => Ok(Next::AskAgain.into()),
        (Some(say), _) => Ok(Move { say: Some(say), ..Next::Listen.into() }),
        (None, _) => Err(Refusal::Down),
    }
}

fn impossible(error: BuildError) -> Refusal {
    tracing::error!(%error, "the model cannot be asked");
    Refusal::Down
}

fn unusable(error: super::SlotsError) -> Refusal {
    tracing::warn!(%error, "the model could not use the calendar");
    Refusal::Down
}

/// What the service says may name accounts and roles, so it is for the log alone.
fn classify(error: &SdkError<ConverseError>) -> Refusal {
    tracing::warn!(said = words(error), "the model could not talk");
    match error.as_service_error() {
        Some(ConverseError::ThrottlingException(_) | ConverseError::ModelTimeoutException(_)) => Refusal::Slow,
        _ => Refusal::Down,
    }
}
