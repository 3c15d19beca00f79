//! The fields of a start request, of every dialect, read into the one [`StartRequest`].

use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::email::{EmailBody, EmailContent, Html};
use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_models::placeholders::TemplateParams;
use hub_models::schedule::parse_scheduled_time;
use hub_models::start::{Message, Source, StartRequest};
use hub_models::text::{Instruction, excerpt};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::body::JsonObject;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::given::Given;

/// The most bytes of a context, as JSON.
const CONTEXT_LIMIT: usize = 64 * 1024;

/// What differs between the dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/integration/start`: the contact is in `phone_number` whatever the channel, and the source is required.
    Integration,
    /// `/start`: an email's recipient has a field of its own, and fields may be nested under `body`.
    Direct,
}

/// The fields of a start request. Fields that are not listed here are ignored.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct StartFields {
    /// The contact's phone number in E.164, or ten digits of North America. On `/integration/start` it is required,
    /// and for email the recipient's address.
    #[schema(value_type = Option<String>, example = "+14165551234")]
    phone_number: Given<String>,
    /// The recipient, when `channel` is `email`. Only on `/start`.
    #[schema(value_type = Option<String>, example = "customer@example.com")]
    email_address: Given<String>,
    /// The same as `email_address`.
    #[schema(value_type = Option<String>)]
    client_email: Given<String>,
    /// Your tenant domain. Required.
    #[schema(value_type = Option<String>, example = "acme")]
    domain_name: Given<String>,
    /// The id of the record in your system. Required on `/integration/start`.
    #[schema(value_type = Option<String>, example = "contact-98765")]
    source_record_id: Given<String>,
    /// Your organization or workspace. Required on `/integration/start`.
    #[schema(value_type = Option<String>, example = "acme")]
    source_org_id: Given<String>,
    /// Your product.
    #[schema(value_type = Option<String>, example = "my_crm")]
    source_system: Given<String>,
    /// The type of the record in your system.
    #[schema(value_type = Option<String>, example = "contact")]
    source_object: Given<String>,
    /// The user in your system who asked for it.
    #[schema(value_type = Option<String>)]
    source_user_id: Given<String>,
    /// `phone` (default), `sms`, `wmsg`, `wvoice` or `email`.
    #[schema(value_type = Option<String>, example = "phone")]
    channel: Given<String>,
    /// `informational` (default), `conversational`, `confirmational` or `appointment_booking`.
    #[schema(value_type = Option<String>, example = "informational")]
    r#type: Given<String>,
    /// What is to be said. Optional only for an email with HTML.
    #[schema(value_type = Option<String>, example = "Confirm tomorrow's appointment and offer to reschedule if needed.")]
    instruction: Given<String>,
    /// The contact's name.
    #[schema(value_type = Option<String>, example = "Alex Morgan")]
    client_name: Given<String>,
    /// The hub's user whose settings apply.
    #[schema(value_type = Option<String>)]
    external_user_id: Given<String>,
    /// The same as `external_user_id`.
    #[schema(value_type = Option<String>)]
    user_id: Given<String>,
    /// The agent that a conversation may be connected to.
    #[schema(value_type = Option<String>, example = "+14165559999")]
    user_phone_number: Given<String>,
    /// The same as `user_phone_number`.
    #[schema(value_type = Option<String>)]
    initiator_phone_number: Given<String>,
    /// Nothing leaves the hub and nothing is charged.
    #[schema(value_type = Option<bool>, example = false)]
    test_mode: Given<bool>,
    /// Anything, to be kept with the engagement. Email fields may be nested here.
    #[schema(value_type = Option<Object>)]
    context: Given<Map<String, Value>>,
    /// `en` (default), `es`, `fr`, `de`, `pt`, `zh`, `fa`, `ar`, `hi`, `ja` or `ko`.
    #[schema(value_type = Option<String>, example = "en")]
    language: Given<String>,
    /// When it goes out: ISO 8601, UTC where it names no zone, at most a year ahead. Default, and when past: now.
    #[schema(value_type = Option<String>, example = "2026-06-19T14:30:00Z")]
    scheduled_time: Given<String>,
    /// The booking to confirm; required when `type` is `confirmational`.
    #[schema(value_type = Option<String>)]
    booking_id: Given<String>,
    /// The subject line, with placeholders.
    #[schema(value_type = Option<String>, example = "Your policy renewal")]
    email_subject: Given<String>,
    /// The body's HTML, with placeholders. Not together with a template.
    #[schema(value_type = Option<String>, example = "<p>Dear {{CUSTOMER_NAME}},</p>")]
    email_body_html: Given<String>,
    /// A saved template, by id. One that is not there falls through to the instruction.
    #[schema(value_type = Option<String>)]
    email_template_id: Given<String>,
    /// A saved template, by name.
    #[schema(value_type = Option<String>)]
    email_template_name: Given<String>,
    /// Values of custom placeholders: `policy_number` fills `{{POLICY_NUMBER}}`.
    #[schema(value_type = Option<Object>)]
    email_template_params: Given<Map<String, Value>>,
    /// The same as `email_template_params`.
    #[schema(value_type = Option<Object>)]
    template_params: Given<Map<String, Value>>,
}

impl StartFields {
    /// The fields of a request, wherever in it they stand (checklist B3, C2).
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn of(mut object: JsonObject, dialect: Dialect) -> Result<Self, ApiError> {
        if dialect == Dialect::Direct {
            object.fill_from("body", |_| true);
        }
        object.fill_from("context", |name| {
            name.starts_with("email_") || name == "template_params"
        });
        object.read()
    }

    /// The request that these fields make.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn into_request(self, dialect: Dialect, now: Moment) -> Result<StartRequest, Faults> {
        let mut fields = Fields::default();
        let channel = fields.parse("channel", self.channel, str::parse::<Channel>);
        // The channel decides how the rest is read; when it is wrong, the rest is read as for the default.
        let channel = channel.unwrap_or(Channel::Phone);
        let recipient = self.email_address.or(self.client_email);
        let contact = contact(&mut fields, dialect, channel, self.phone_number, recipient);
        let domain_name = fields.required("domain_name", self.domain_name, str::parse);
        let (record_id, org_id) = match dialect {
            Dialect::Integration => (
                fields.required_line("source_record_id", self.source_record_id),
                fields.required_line("source_org_id", self.source_org_id),
            ),
            Dialect::Direct => (
                fields.line("source_record_id", self.source_record_id),
                fields.line("source_org_id", self.source_org_id),
            ),
        };
        let instruction = fields.long_text("instruction", self.instruction);
        let email = EmailFields {
            subject: self.email_subject,
            html: self.email_body_html,
            template: self.email_template_id.or(self.email_template_name),
            params: self.email_template_params.or(self.template_params),
        };
        let message = email.into_message(&mut fields, channel, instruction.as_ref());
        let source = Source {
            record_id,
            org_id,
            system: fields.line("source_system", self.source_system),
            object: fields.line("source_object", self.source_object),
            user_id: fields.line("source_user_id", self.source_user_id),
        };
        let engagement_type = fields.parse("type", self.r#type, str::parse::<EngagementType>);
        let language = fields.parse("language", self.language, str::parse::<Language>);
        let scheduled_time = fields
            .parse("scheduled_time", self.scheduled_time, |text| {
                parse_scheduled_time(text, now)
            })
            .flatten();
        let agent = self.user_phone_number.or(self.initiator_phone_number);
        let user_phone_number = fields.parse("user_phone_number", agent, PhoneNumber::parse_lenient);
        let client_name = fields.line("client_name", self.client_name);
        let external_user_id = fields.line("external_user_id", self.external_user_id.or(self.user_id));
        let booking_id = fields.line("booking_id", self.booking_id);
        let test_mode = fields.value("test_mode", self.test_mode).unwrap_or(false);
        let context = context(&mut fields, self.context);
        let request = contact
            .zip(domain_name)
            .zip(message)
            .map(|((contact, domain_name), message)| StartRequest {
                domain_name,
                channel,
                engagement_type: engagement_type.unwrap_or(EngagementType::Informational),
                contact,
                client_name,
                instruction,
                message,
                language: language.unwrap_or(Language::En),
                scheduled_time,
                user_phone_number,
                external_user_id,
                booking_id,
                test_mode,
                source,
                context,
            });
        fields.finish(request)
    }
}

fn contact(
    fields: &mut Fields,
    dialect: Dialect,
    channel: Channel,
    phone_number: Given<String>,
    recipient: Given<String>,
) -> Option<Contact> {
    let (field, given) = match (dialect, channel) {
        (Dialect::Direct, Channel::Email) => ("email_address", recipient.or(phone_number)),
        _ => ("phone_number", phone_number),
    };
    fields.required(field, given, |text| Contact::parse(text, channel))
}

fn context(fields: &mut Fields, given: Given<Map<String, Value>>) -> Option<Map<String, Value>> {
    let context = fields.value("context", given)?;
    if Value::Object(context.clone()).to_string().len() > CONTEXT_LIMIT {
        fields.fault("context", format!("must have at most {CONTEXT_LIMIT} bytes as JSON."));
    }
    Some(context)
}

/// The fields that only an email has.
struct EmailFields {
    subject: Given<String>,
    html: Given<String>,
    template: Given<String>,
    params: Given<Map<String, Value>>,
}

impl EmailFields {
    fn into_message(self, fields: &mut Fields, channel: Channel, instruction: Option<&Instruction>) -> Option<Message> {
        let subject = fields.line("email_subject", self.subject);
        let html = fields.long_text("email_body_html", self.html);
        let template = fields.text("email_template_id", self.template);
        let params = fields.value("email_template_params", self.params);
        let params = params.and_then(|raw| fields.keep_all(TemplateParams::parse("email_template_params", &raw)));
        if channel != Channel::Email {
            if instruction.is_none() {
                fields.fault("instruction", format!("instruction is required for channel {channel}."));
            }
            return Some(Message::Instructed);
        }
        let body = email_body(fields, html, template.as_deref(), instruction)?;
        Some(Message::Email(EmailContent {
            subject,
            body,
            params: params.unwrap_or_default(),
        }))
    }
}

/// Exactly one source of the body (checklist E1–E3).
fn email_body(
    fields: &mut Fields,
    html: Option<Html>,
    template: Option<&str>,
    instruction: Option<&Instruction>,
) -> Option<EmailBody> {
    match (html, template, instruction) {
        (Some(_), Some(_), _) => {
            fields.fault("email_body_html", "Send email_body_html or a template, not both.");
            None
        }
        (Some(html), None, _) => Some(EmailBody::Html(html)),
        (None, _, Some(_)) => Some(EmailBody::Instruction),
        (None, Some(template), None) => {
            let detail = format!(
                "Unknown template \"{}\"; use one of the account's, or send an instruction.",
                excerpt(template)
            );
            fields.fault("email_template_id", detail);
            None
        }
        (None, None, None) => {
            fields.fault(
                "email_body_html",
                "An email needs email_body_html, a template or an instruction.",
            );
            None
        }
    }
}
