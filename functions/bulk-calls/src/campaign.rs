//! What a campaign says beside its rows (checklist I1).

use hub_models::batch::FileName;
use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::domain::DomainName;
use hub_models::start::Source;
use hub_models::text::Line;
use hub_web::{Fields, Given};
use serde::Deserialize;
use utoipa::ToSchema;

/// The most bytes that all rows together take of the campaign's instruction.
const MOST_TEXT: usize = 32 * 1024 * 1024;

/// The fields of a campaign. What rows can give too is theirs where they do not give it.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CampaignFields {
    /// Your tenant domain. Required.
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// What the batch is called; for a file the file's name, where this is not given.
    #[schema(value_type = Option<String>, example = "June SMS follow-up")]
    campaign_name: Given<String>,
    /// `informational` (default), `conversational`, `confirmational` or `appointment_booking`.
    #[schema(value_type = Option<String>, example = "informational")]
    call_type: Given<String>,
    /// `phone` (default), `sms`, `wmsg`, `wvoice` or `email`.
    #[schema(value_type = Option<String>, example = "sms")]
    channel: Given<String>,
    /// `en` (default), `es`, `fr`, `de`, `pt`, `zh`, `fa`, `ar`, `hi`, `ja` or `ko`.
    #[schema(value_type = Option<String>, example = "en")]
    language: Given<String>,
    /// Your product.
    #[schema(value_type = Option<String>, example = "my_crm")]
    source_system: Given<String>,
    /// Your organization or workspace.
    #[schema(value_type = Option<String>, example = "workspace-1")]
    source_org_id: Given<String>,
    /// The type of the records in your system; default `person`.
    #[schema(value_type = Option<String>, example = "person")]
    source_object: Given<String>,
    /// Nothing leaves the hub and nothing is charged.
    #[schema(value_type = Option<bool>, example = false)]
    test_mode: Given<bool>,
    /// What is to be said, for rows without an instruction.
    #[schema(value_type = Option<String>)]
    instruction: Given<String>,
    /// When rows without a time go out: ISO 8601 or a usual form, in the domain's time zone where it names none.
    #[schema(value_type = Option<String>, example = "2026-06-19 14:30")]
    scheduled_time: Given<String>,
    /// The agent of rows without one.
    #[schema(value_type = Option<String>)]
    user_phone_number: Given<String>,
    /// The hub's user whose settings apply to rows without one.
    #[schema(value_type = Option<String>)]
    external_user_id: Given<String>,
    /// The subject of emails without one.
    #[schema(value_type = Option<String>)]
    email_subject: Given<String>,
    /// The saved template, by id, of emails without HTML and template.
    #[schema(value_type = Option<String>)]
    email_template_id: Given<String>,
    /// The saved template, by name, of emails without HTML and template.
    #[schema(value_type = Option<String>)]
    email_template_name: Given<String>,
}

/// A campaign without its rows.
#[derive(Debug)]
pub(crate) struct Campaign {
    pub(crate) domain_name: DomainName,
    pub(crate) file_name: Option<FileName>,
    pub(crate) call_type: EngagementType,
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    pub(crate) source: Source,
    pub(crate) test_mode: bool,
    pub(crate) defaults: RowDefaults,
}

/// What rows take over that do not give it themselves.
#[derive(Debug)]
pub(crate) struct RowDefaults {
    pub(crate) instruction: Option<String>,
    pub(crate) scheduled_time: Option<String>,
    pub(crate) user_phone_number: Option<String>,
    pub(crate) external_user_id: Option<String>,
    pub(crate) email_subject: Option<String>,
    pub(crate) email_template_id: Option<String>,
    pub(crate) email_template_name: Option<String>,
}

impl CampaignFields {
    /// The campaign, for so many rows; its faults go into `fields`.
    pub(crate) fn read(self, fields: &mut Fields, file_name: Option<&str>, rows: usize) -> Option<Campaign> {
        let domain_name = fields.required("domain_name", self.domain_name, str::parse);
        let named = fields.line("campaign_name", self.campaign_name);
        let call_type = fields.parse("call_type", self.call_type, lower_case);
        let channel = fields.parse("channel", self.channel, lower_case);
        let language = fields.parse("language", self.language, lower_case);
        let object = fields.line("source_object", self.source_object);
        let source = Source {
            record_id: None,
            org_id: fields.line("source_org_id", self.source_org_id),
            system: fields.line("source_system", self.source_system),
            object: object.or_else(|| Line::beginning("person")),
            user_id: None,
        };
        let test_mode = fields.value("test_mode", self.test_mode).unwrap_or(false);
        let defaults = RowDefaults {
            instruction: fields.text("instruction", self.instruction),
            scheduled_time: line::<100>(fields, "scheduled_time", self.scheduled_time),
            user_phone_number: line::<100>(fields, "user_phone_number", self.user_phone_number),
            external_user_id: line::<256>(fields, "external_user_id", self.external_user_id),
            email_subject: line::<500>(fields, "email_subject", self.email_subject),
            email_template_id: line::<256>(fields, "email_template_id", self.email_template_id),
            email_template_name: line::<100>(fields, "email_template_name", self.email_template_name),
        };
        if defaults.instruction.as_ref().is_some_and(|text| text.len().saturating_mul(rows) > MOST_TEXT) {
            fields.fault("instruction", "is too long for so many rows; shorten it or send fewer rows at once.");
        }
        Some(Campaign {
            domain_name: domain_name?,
            file_name: named.or_else(|| file_name.and_then(FileName::beginning)),
            call_type: call_type.unwrap_or(EngagementType::Informational),
            channel: channel.unwrap_or(Channel::Phone),
            language: language.unwrap_or(Language::En),
            source,
            test_mode,
            defaults,
        })
    }
}

/// A default of so many characters at most: every row takes it over.
fn line<const MAX: usize>(fields: &mut Fields, field: &str, given: Given<String>) -> Option<String> {
    fields.line::<MAX>(field, given).map(|line| line.to_string())
}

/// Reads a word as it stands in files: capital letters do not matter.
pub(crate) fn lower_case<T: std::str::FromStr>(text: &str) -> Result<T, T::Err> {
    text.trim().to_lowercase().parse()
}
