//! What an email says, in every dialect (checklist E1–E6).

use hub_models::channel::Channel;
use hub_models::email::{BodySource, Html, RequestedEmail};
use hub_models::placeholders::TemplateParams;
use hub_models::start::Message;
use hub_models::template::TemplateRef;
use hub_models::text::{ForeignId, Instruction};
use serde_json::{Map, Value};

use crate::fields::{Fields, Named};
use crate::given::Given;

/// The most bytes of all template parameters together, as JSON.
const PARAMS_LIMIT: usize = 64 * 1024;

/// The most bytes of an email's HTML, which has as many characters at most.
const HTML_LIMIT: usize = 200_000;

/// The fields that only an email has.
#[derive(Default)]
pub struct EmailFields {
    /// `email_subject`
    pub subject: Given<String>,
    /// `email_body_html`
    pub html: Given<String>,
    /// The template's id and its name.
    pub template: [Named<String>; 2],
    /// The values of placeholders, under each of their names.
    pub params: [Named<Map<String, Value>>; 2],
}

impl EmailFields {
    /// What is said over this channel: an email has exactly one source of its body, all else needs an instruction.
    pub fn into_message(
        self,
        fields: &mut Fields,
        channel: Channel,
        instruction: Option<&Instruction>,
    ) -> Option<Message> {
        let subject = fields.line("email_subject", self.subject);
        let html: Option<Html> = fields.long_text("email_body_html", self.html);
        if html.as_ref().is_some_and(|html| html.as_str().len() > HTML_LIMIT) {
            fields.fault("email_body_html", format!("must have at most {HTML_LIMIT} bytes."));
        }
        let template = template(fields, self.template);
        let params = params(fields, self.params);
        if channel != Channel::Email {
            if instruction.is_none() && !fields.is_at_fault("instruction") {
                fields.fault("instruction", format!("instruction is required for channel {channel}."));
            }
            return Some(Message::Instructed);
        }
        let body = email_body(fields, html, template, instruction)?;
        Some(Message::Email(RequestedEmail { subject, body, params: params.unwrap_or_default() }))
    }
}

/// The template that is asked for: by id, else by name.
fn template(fields: &mut Fields, [id, name]: [Named<String>; 2]) -> Option<TemplateRef> {
    let (id, name): (Option<ForeignId>, _) = (fields.line(id.0, id.1), fields.line(name.0, name.1));
    id.map(|id| TemplateRef::Id(id.to_string())).or(name.map(TemplateRef::Name))
}

fn params(fields: &mut Fields, [params, alias]: [Named<Map<String, Value>>; 2]) -> Option<TemplateParams> {
    let (field, given) = fields.either(params, alias);
    let raw = fields.value(field, given)?;
    fields.within(field, &raw, PARAMS_LIMIT);
    fields.keep_all(TemplateParams::parse(field, &raw))
}

/// Exactly one source of the body (checklist E1–E3).
fn email_body(
    fields: &mut Fields,
    html: Option<Html>,
    template: Option<TemplateRef>,
    instruction: Option<&Instruction>,
) -> Option<BodySource> {
    // A source that cannot be read is told already; that there is no other would mislead.
    let misread = ["email_body_html", "email_template_id", "email_template_name", "instruction"];
    let misread = misread.iter().any(|field| fields.is_at_fault(field));
    match (html, template) {
        (Some(_), Some(_)) => {
            fields.fault("email_body_html", "Send email_body_html or a template, not both.");
            None
        }
        (Some(html), None) => Some(BodySource::Html(html)),
        (None, Some(template)) => Some(BodySource::Template(template)),
        (None, None) if instruction.is_some() => Some(BodySource::Instruction),
        (None, None) if misread => None,
        (None, None) => {
            fields.fault("email_body_html", "An email needs email_body_html, a template or an instruction.");
            None
        }
    }
}
