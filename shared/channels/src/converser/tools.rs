//! What a model may do besides talking. Each tool acts on the engagement of the conversation and takes no name of
//! anything else, so that nothing a contact says can lead it elsewhere.

use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::types::{Tool as Offered, ToolConfiguration, ToolInputSchema, ToolSpecification};
use aws_smithy_types::{Document, Number};
use hub_models::channel::EngagementType;
use hub_models::talk::Summary;

use super::Situation;
use crate::writer::plain_text;

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    EndEngagement,
    TransferToAgent,
    ConfirmBooking,
    DeclineBooking,
    ListSlots,
    BookSlot,
    StopContacting,
}

impl Tool {
    const ALL: [Self; 7] = [
        Self::EndEngagement,
        Self::TransferToAgent,
        Self::ConfirmBooking,
        Self::DeclineBooking,
        Self::ListSlots,
        Self::BookSlot,
        Self::StopContacting,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::EndEngagement => "end_engagement",
            Self::TransferToAgent => "transfer_to_agent",
            Self::ConfirmBooking => "confirm_booking",
            Self::DeclineBooking => "decline_booking",
            Self::ListSlots => "list_slots",
            Self::BookSlot => "book_slot",
            Self::StopContacting => "stop_contacting",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::EndEngagement => "Ends the conversation. Your text is the farewell.",
            Self::TransferToAgent => "Connects the customer to a person, now.",
            Self::ConfirmBooking => "The customer keeps the booking. Ends the conversation.",
            Self::DeclineBooking => "The customer does not keep the booking. Ends the conversation.",
            Self::ListSlots => "Gives the times that are free now, with their numbers.",
            Self::BookSlot => "Books the time with this number for the customer. Ends the conversation.",
            Self::StopContacting => "The customer is never contacted again. Ends the conversation.",
        }
    }

    /// Whether the conversation has use for it. What is not offered cannot be used.
    fn fits(self, situation: &Situation<'_>) -> bool {
        match self {
            Self::EndEngagement | Self::StopContacting => true,
            Self::TransferToAgent => situation.has_agent,
            Self::ConfirmBooking | Self::DeclineBooking => {
                situation.facts.engagement_type == EngagementType::Confirmational
            }
            Self::ListSlots | Self::BookSlot => situation.facts.engagement_type == EngagementType::AppointmentBooking,
        }
    }

    /// The tool of this name, if the conversation has it.
    pub(super) fn named(name: &str, situation: &Situation<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name && tool.fits(situation))
    }

    fn specification(self) -> Result<Offered, BuildError> {
        let schema = match self {
            Self::BookSlot => takes([("number", object([("type", text("integer"))])), ("summary", a_summary())]),
            Self::EndEngagement | Self::ConfirmBooking | Self::DeclineBooking | Self::StopContacting => {
                takes([("summary", a_summary())])
            }
            Self::TransferToAgent | Self::ListSlots => takes([]),
        };
        let specification = ToolSpecification::builder()
            .name(self.name())
            .description(self.description())
            .input_schema(ToolInputSchema::Json(schema));
        Ok(Offered::ToolSpec(specification.build()?))
    }
}

/// The schema of a tool that needs these fields.
fn takes<const N: usize>(fields: [(&str, Document); N]) -> Document {
    let required = fields.iter().map(|(name, _)| text(name)).collect();
    object([("type", text("object")), ("properties", object(fields)), ("required", Document::Array(required))])
}

/// What came of the conversation, for its owner.
fn a_summary() -> Document {
    let description =
        "What came of the conversation, for the organization: one or two sentences, at most 500 characters.";
    object([("type", text("string")), ("description", text(description))])
}

/// The tools of a conversation.
pub(super) fn offered(situation: &Situation<'_>) -> Result<ToolConfiguration, BuildError> {
    let tools = Tool::ALL.into_iter().filter(|tool| tool.fits(situation)).map(Tool::specification);
    ToolConfiguration::builder().set_tools(Some(tools.collect::<Result<_, _>>()?)).build()
}

/// The number in what a tool was given.
pub(super) fn number(input: &Document) -> Option<usize> {
    match input.as_object()?.get("number")? {
        Document::Number(Number::PosInt(number)) => usize::try_from(*number).ok(),
        Document::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The summary in what a tool was given: plain text on one line, as much of it as is kept.
pub(super) fn summary(input: &Document) -> Option<Summary> {
    Summary::beginning(&plain_text::of(input.as_object()?.get("summary")?.as_string()?))
}

pub(super) fn object<const N: usize>(fields: [(&str, Document); N]) -> Document {
    Document::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn text(text: &str) -> Document {
    Document::String(text.to_owned())
}
