//! One row of a campaign, read into the request to start one engagement (checklist I2).

use std::mem::take;

use hub_models::channel::{Channel, EngagementType};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_models::schedule::parse_local_time;
use hub_models::start::{Source, StartRequest};
use hub_models::text::{ForeignId, Instruction};
use hub_sheets::contact_cell;
use hub_web::{EmailFields, Fields, Given};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::campaign::{Campaign, RowDefaults, lower_case};

/// The fields of a row. Fields that are not listed here are ignored in JSON; in a file they fill placeholders.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct RowFields {
    /// The contact's phone number in E.164, or a number of North America. Required unless the channel is email.
    #[schema(value_type = Option<String>, example = "+14165550000")]
    phone_number: Given<String>,
    /// The recipient. Required when the channel is email.
    #[schema(value_type = Option<String>, example = "customer@example.com")]
    email: Given<String>,
    /// The same as `email`.
    #[schema(value_type = Option<String>)]
    email_address: Given<String>,
    /// What is to be said. Optional only for an email with HTML or a template.
    #[schema(value_type = Option<String>, example = "Confirm appointment time")]
    instruction: Given<String>,
    /// The contact's name.
    #[schema(value_type = Option<String>, example = "Jane Doe")]
    name: Given<String>,
    /// `phone`, `sms`, `wmsg`, `wvoice` or `email`; default the campaign's.
    #[schema(value_type = Option<String>, example = "sms")]
    channel: Given<String>,
    /// `informational`, `conversational`, `confirmational` or `appointment_booking`; default the campaign's.
    #[schema(value_type = Option<String>)]
    call_type: Given<String>,
    /// The language; default the campaign's.
    #[schema(value_type = Option<String>)]
    language: Given<String>,
    /// When it goes out, at most a year ahead: ISO 8601, or a usual form such as 2026-06-19 14:30, 6/19/2026 2:30 PM or
    /// 19.06.2026 14:30, in the domain's time zone where it names none. Default, and when past: at its turn.
    #[schema(value_type = Option<String>, example = "2026-06-19 14:30")]
    scheduled_time: Given<String>,
    /// The agent that a conversation may be connected to.
    #[schema(value_type = Option<String>, example = "+14165559999")]
    user_phone_number: Given<String>,
    /// The hub's user whose settings apply.
    #[schema(value_type = Option<String>)]
    external_user_id: Given<String>,
    /// The booking to confirm; required when `call_type` is `confirmational`.
    #[schema(value_type = Option<String>)]
    booking_id: Given<String>,
    /// The subject line, with placeholders.
    #[schema(value_type = Option<String>)]
    email_subject: Given<String>,
    /// The body's HTML, with placeholders. Not together with a template.
    #[schema(value_type = Option<String>)]
    email_body_html: Given<String>,
    /// A saved template, by id.
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
    /// The id of the record in your system.
    #[schema(value_type = Option<String>, example = "person-1")]
    source_record_id: Given<String>,
    /// The id of the contact in your system, to be kept with the engagement.
    #[schema(value_type = Option<String>)]
    crm_contact_id: Given<String>,
    /// Nothing leaves the hub and nothing is charged for this row.
    #[schema(value_type = Option<bool>)]
    test_mode: Given<bool>,
}

impl RowFields {
    /// The request that the row makes as part of its campaign.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn into_request(
        mut self,
        campaign: &Campaign,
        zone: &TimeZone,
        now: Moment,
    ) -> Result<StartRequest, Faults> {
        self.take_over(&campaign.defaults);
        let mut fields = Fields::default();
        let channel = fields.parse("channel", take(&mut self.channel), lower_case::<Channel>);
        if fields.is_at_fault("channel") {
            // Which other fields are needed is not known then, and guessing would mislead.
            return fields.finish(None);
        }
        let channel = channel.unwrap_or(campaign.channel);
        // A file of several channels has the email's columns in every row, and there may be anything in them.
        let said = if channel == Channel::Email { self.take_email() } else { EmailFields::default() };
        let email = fields.either(("email", self.email), ("email_address", self.email_address));
        let contact = contact(&mut fields, channel, ("phone_number", self.phone_number), email);
        let instruction: Option<Instruction> = fields.long_text("instruction", self.instruction);
        let message = said.into_message(&mut fields, channel, instruction.as_ref());
        let call_type = fields.parse("call_type", self.call_type, lower_case::<EngagementType>);
        let language = fields.parse("language", self.language, lower_case);
        let scheduled_time =
            fields.parse("scheduled_time", self.scheduled_time, |text| parse_local_time(text, zone, now)).flatten();
        let user_phone_number = fields.parse("user_phone_number", self.user_phone_number, phone_number);
        let client_name = fields.line("name", self.name);
        let external_user_id = fields.line("external_user_id", self.external_user_id);
        let booking_id = fields.line("booking_id", self.booking_id);
        let record_id = fields.line("source_record_id", self.source_record_id);
        let crm_contact_id: Option<ForeignId> = fields.line("crm_contact_id", self.crm_contact_id);
        let test_mode = fields.value("test_mode", self.test_mode).unwrap_or(false);
        let request = contact.zip(message).map(|(contact, message)| StartRequest {
            domain_name: campaign.domain_name.clone(),
            channel,
            engagement_type: call_type.unwrap_or(campaign.call_type),
            contact,
            client_name,
            instruction,
            message,
            language: language.unwrap_or(campaign.language),
            scheduled_time,
            user_phone_number,
            external_user_id,
            booking_id,
            test_mode: test_mode || campaign.test_mode,
            source: Source { record_id, ..campaign.source.clone() },
            context: crm_contact_id.map(|id| Map::from_iter([("crm_contact_id".to_owned(), json!(id))])),
        });
        fields.finish(request)
    }

    fn take_email(&mut self) -> EmailFields {
        let id = ("email_template_id", take(&mut self.email_template_id));
        let name = ("email_template_name", take(&mut self.email_template_name));
        let params = ("email_template_params", take(&mut self.email_template_params));
        EmailFields {
            subject: take(&mut self.email_subject),
            html: take(&mut self.email_body_html),
            template: [id, name],
            params: [params, ("template_params", take(&mut self.template_params))],
        }
    }

    fn take_over(&mut self, defaults: &RowDefaults) {
        let sources = [&self.email_body_html, &self.email_template_id, &self.email_template_name];
        if !sources.into_iter().any(Given::is_given) {
            take_over(&mut self.email_template_id, &defaults.email_template_id);
            take_over(&mut self.email_template_name, &defaults.email_template_name);
        }
        take_over(&mut self.instruction, &defaults.instruction);
        take_over(&mut self.scheduled_time, &defaults.scheduled_time);
        take_over(&mut self.user_phone_number, &defaults.user_phone_number);
        take_over(&mut self.external_user_id, &defaults.external_user_id);
        take_over(&mut self.email_subject, &defaults.email_subject);
    }
}

fn take_over(given: &mut Given<String>, default: &Option<String>) {
    if let (Given::Nothing, Some(default)) = (&*given, default) {
        *given = Given::Value(default.clone());
    }
}

/// The contact that the channel needs. A row may have both: a file of contacts often does.
fn contact(
    fields: &mut Fields,
    channel: Channel,
    phone_number: (&'static str, Given<String>),
    email: (&'static str, Given<String>),
) -> Option<Contact> {
    let (used, unused) = if channel == Channel::Email { (email, phone_number) } else { (phone_number, email) };
    fields.value(unused.0, unused.1);
    fields.required(used.0, used.1, |text| {
        let text = contact_cell(text).map_err(|error| error.to_string())?;
        Contact::parse(text, channel).map_err(|error| error.to_string())
    })
}

fn phone_number(text: &str) -> Result<PhoneNumber, String> {
    let text = contact_cell(text).map_err(|error| error.to_string())?;
    PhoneNumber::parse_lenient(text).map_err(|error| error.to_string())
}
