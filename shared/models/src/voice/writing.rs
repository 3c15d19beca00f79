//! What a campaign says to each of its contacts: its templates with the envelope's values in them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Campaign, Envelope, Part, Recipient, Template, Trigger, TriggerAction, TriggerEvent, in_hub_form, variables,
};
use crate::channel::{EngagementType, Language};
use crate::contact::PhoneNumber;
use crate::email::{BodySource, RequestedEmail};
use crate::fault::{Faults, FieldFault};
use crate::placeholders::{Escape, TemplateParams, Values};
use crate::script::{Scripts, Step};
use crate::start::{Message, Source, StartRequest};
use crate::template::{TemplateId, TemplateRef};
use crate::text::{ForeignId, Instruction, Name};

/// What everyone is told, with variables in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Materials {
    /// A call.
    Spoken(Spoken),
    /// A text message.
    Text(Instruction),
    /// An email, by a saved template.
    Email(TemplateId),
}

/// What calls say, with variables in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken(Scripts);

/// What one contact is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    instruction: Option<Instruction>,
    message: Message,
}

impl Spoken {
    /// Calls that show this number.
    #[must_use]
    pub fn from(caller_id: PhoneNumber) -> Self {
        Self(Scripts { caller_id: Some(caller_id), ..Scripts::default() })
    }

    /// Adds what a trigger does; `template` is the one that it speaks.
    pub fn add(&mut self, trigger: &Trigger, template: Option<&Template>) {
        let steps = match trigger.event {
            TriggerEvent::Answered => &mut self.0.on_answered,
            TriggerEvent::Human => &mut self.0.on_human,
            TriggerEvent::Machine => &mut self.0.on_machine,
        };
        if trigger.delay_in_seconds > 0 {
            steps.push(Step::Pause { seconds: trigger.delay_in_seconds });
        }
        match &trigger.action {
            TriggerAction::Say { .. } => steps.extend(template.map(|template| Step::Say {
                text: in_hub_form(template.body().as_str()),
                voice: template.voice().cloned(),
                times: trigger.repeats.saturating_add(1),
            })),
            TriggerAction::Dial { number } => steps.push(Step::Dial { number: number.clone() }),
            // The wait is its delay.
            TriggerAction::Pause => {}
            TriggerAction::Hangup => steps.push(Step::HangUp),
        }
    }

    fn filled(&self, fill: impl Fn(&str) -> String) -> Scripts {
        let filled = |steps: &[Step]| {
            let steps = steps.iter().map(|step| match step {
                Step::Say { text, voice, times } => Step::Say { text: fill(text), voice: voice.clone(), times: *times },
                other => other.clone(),
            });
            steps.collect()
        };
        Scripts {
            caller_id: self.0.caller_id.clone(),
            on_answered: filled(&self.0.on_answered),
            on_human: filled(&self.0.on_human),
            on_machine: filled(&self.0.on_machine),
            recorded_as: self.0.recorded_as.clone(),
        }
    }
}

impl Materials {
    fn written(&self, params: TemplateParams, name: Option<&Name>) -> Result<Written, FieldFault> {
        let fill = |text: &str| fill(text, &params, name);
        match self {
            Self::Spoken(spoken) => {
                let scripts = spoken.filled(fill);
                let heard = scripts.words_to(crate::talk::AnsweredBy::Human).unwrap_or_default();
                let instruction = Instruction::parse(&heard).map_err(too_long)?;
                Ok(Written { instruction, message: Message::Scripted(Box::new(scripts)) })
            }
            Self::Text(body) => {
                let instruction = Instruction::parse(&fill(&in_hub_form(body.as_str()))).map_err(too_long)?;
                if instruction.is_none() {
                    return Err(FieldFault::invalid(
                        "meta",
                        "leaves nothing to be said; give the text's variables values.",
                    ));
                }
                Ok(Written { instruction, message: Message::Instructed })
            }
            Self::Email(template) => {
                let body = BodySource::Template(TemplateRef::Id(template.to_string()));
                Ok(Written {
                    instruction: None,
                    message: Message::Email(RequestedEmail { subject: None, body, params }),
                })
            }
        }
    }
}

/// A text with its variables filled; one without a value becomes empty.
fn fill(text: &str, params: &TemplateParams, name: Option<&Name>) -> String {
    let customer_name = name.map_or("", Name::as_str);
    let values = Values { subject: "", customer_name, organization_name: "", params };
    values.fill(text, Escape::Line, &mut BTreeSet::new())
}

fn too_long(error: crate::text::TextError) -> FieldFault {
    FieldFault::invalid("meta", format!("makes a text that {error}"))
}

impl Campaign {
    /// The request to engage the contact of an envelope.
    ///
    /// # Errors
    /// Everything that keeps it from being engaged.
    pub fn request(&self, materials: &Materials, envelope: &Envelope) -> Result<StartRequest, Faults> {
        let kind = self.activity.as_ref().map(|activity| activity.kind);
        let kind = kind.ok_or_else(|| FieldFault::missing("activity"))?;
        let contact = envelope.recipient.contact(kind);
        let contact = contact.ok_or_else(|| FieldFault::missing(Recipient::needed(kind)))?;
        let client_name = name_in(envelope);
        let Written { instruction, message } =
            materials.written(variables("meta", &envelope.meta)?, client_name.as_ref())?;
        Ok(StartRequest {
            domain_name: self.domain_name.clone(),
            channel: kind.channel(),
            engagement_type: EngagementType::Informational,
            contact,
            client_name,
            instruction,
            message,
            language: Language::En,
            scheduled_time: self.delivery.at(),
            user_phone_number: None,
            external_user_id: None,
            booking_id: None,
            test_mode: false,
            source: self.source(envelope),
            context: None,
        })
    }

    /// The envelope is the caller's record of it.
    fn source(&self, envelope: &Envelope) -> Source {
        let id = self.id.part(Part::Envelope(envelope.number));
        Source {
            record_id: ForeignId::beginning(&id.to_string()),
            object: ForeignId::beginning("envelopes"),
            ..Source::default()
        }
    }
}

/// The contact's name, where the values of its variables say one.
fn name_in(envelope: &Envelope) -> Option<Name> {
    let value = |name: &str| envelope.meta.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = [value("first-name"), value("last-name")].join(" ");
    Name::beginning(&name)
}
