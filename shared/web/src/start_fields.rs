//! The fields of a start request, of every dialect, read into the one [`StartRequest`].

use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_models::schedule::parse_scheduled_time;
use hub_models::start::{Source, StartRequest};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::body::JsonObject;
use crate::email_fields::EmailFields;
use crate::error::ApiError;
use crate::fields::{Fields, Named};
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
    /// What is to be said. Optional only for an email with HTML or a template.
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
    /// The booking to confirm; required when `type` is `confirmational`. An email that names one has its calendar file.
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
    /// Any of these fields, where they do not stand beside it. Only on `/start`.
    #[schema(value_type = Option<Object>)]
    body: Given<Map<String, Value>>,
}

/// Fields with a second name.
const ALIASES: [(&str, &str); 4] = [
    ("email_address", "client_email"),
    ("external_user_id", "user_id"),
    ("user_phone_number", "initiator_phone_number"),
    ("email_template_params", "template_params"),
];

/// The names of fields that stand at the top under their other name: what stands deeper must not win over that.
fn given_otherwise(object: &JsonObject) -> Vec<&'static str> {
    let pairs = ALIASES.into_iter().flat_map(|(name, alias)| [(name, alias), (alias, name)]);
    pairs.filter(|(_, other)| object.has(other)).map(|(name, _)| name).collect()
}

impl StartFields {
    /// The fields of a request, wherever in it they stand (checklist B3, C2).
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn of(mut object: JsonObject, dialect: Dialect) -> Result<Self, ApiError> {
        if dialect == Dialect::Direct {
            let known = given_otherwise(&object);
            object.fill_from("body", |name| !known.contains(&name));
        }
        let known = given_otherwise(&object);
        let email = |name: &str| name.starts_with("email_") || name == "template_params";
        object.fill_from("context", |name| email(name) && !known.contains(&name));
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
        let contact = match dialect {
            Dialect::Integration => read_contact(&mut fields, channel, ("phone_number", self.phone_number)),
            Dialect::Direct => {
                fields.value("body", self.body);
                let addresses = [("email_address", self.email_address), ("client_email", self.client_email)];
                direct_contact(&mut fields, channel, ("phone_number", self.phone_number), addresses)
            }
        };
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
            template: [
                ("email_template_id", self.email_template_id),
                ("email_template_name", self.email_template_name),
            ],
            params: [("email_template_params", self.email_template_params), ("template_params", self.template_params)],
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
        let scheduled_time =
            fields.parse("scheduled_time", self.scheduled_time, |text| parse_scheduled_time(text, now)).flatten();
        let (field, agent) = fields.either(
            ("user_phone_number", self.user_phone_number),
            ("initiator_phone_number", self.initiator_phone_number),
        );
        let user_phone_number = fields.parse(field, agent, PhoneNumber::parse_lenient);
        let client_name = fields.line("client_name", self.client_name);
        let (field, user_id) = fields.either(("external_user_id", self.external_user_id), ("user_id", self.user_id));
        let external_user_id = fields.line(field, user_id);
        let booking_id = fields.line("booking_id", self.booking_id);
        let test_mode = fields.value("test_mode", self.test_mode).unwrap_or(false);
        let context = context(&mut fields, self.context);
        let request = contact.zip(domain_name).zip(message).map(|((contact, domain_name), message)| StartRequest {
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

/// The contact of `/start`: an email's recipient has fields of its own, and may be in the phone number's too.
fn direct_contact(
    fields: &mut Fields,
    channel: Channel,
    phone_number: Named<String>,
    [address, alias]: [Named<String>; 2],
) -> Option<Contact> {
    let recipient = fields.either(address, alias);
    let used = if channel == Channel::Email {
        fields.either(recipient, phone_number)
    } else {
        fields.value(recipient.0, recipient.1);
        phone_number
    };
    read_contact(fields, channel, used)
}

fn read_contact(fields: &mut Fields, channel: Channel, (field, given): Named<String>) -> Option<Contact> {
    fields.required(field, given, |text| Contact::parse(text, channel))
}

fn context(fields: &mut Fields, given: Given<Map<String, Value>>) -> Option<Map<String, Value>> {
    let context = fields.value("context", given)?;
    fields.within("context", &context, CONTEXT_LIMIT);
    Some(context)
}
