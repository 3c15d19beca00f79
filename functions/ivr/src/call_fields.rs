//! The fields of `/v2/call`, read into the one request of all dialects.

use std::convert::Infallible;

use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::DomainName;
use hub_models::fault::Faults;
use hub_models::outside::UrlPolicy;
use hub_models::scenario::{EndUser, OrchestratorUrl, ResultDestination, Scenario, ScenarioUrl, Telling};
use hub_models::start::{Message, Source, StartRequest};
use hub_models::webhook::WebhookUrl;
use hub_web::{Fields, Given};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::input_parameters::{input_parameters, phone_number};

/// What an IVR project sends to have someone called. Fields that are not listed here are ignored.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct CallFields {
    /// The name of the project: the domain.
    #[schema(value_type = String, required = true, example = "acme")]
    project: Given<String>,
    /// The name of the tenant.
    #[schema(value_type = String, required = true, example = "Default")]
    tenant: Given<String>,
    /// The conversation.
    #[schema(value_type = String, required = true, example = "conversation-1")]
    conversation_id: Given<String>,
    /// An API key of the domain's account, with the permission `engagements`.
    #[schema(value_type = String, required = true, example = "hub_live_Xk3…")]
    access_token: Given<String>,
    /// Where the scenario is below the orchestrator.
    #[schema(value_type = String, required = true, example = "renewal/start")]
    scenario_path: Given<String>,
    /// The address of the orchestrator, https.
    #[schema(value_type = String, required = true, example = "https://ivr.example.com/scenarios")]
    orchestrator_url: Given<String>,
    /// Who is called: `Name`, `Phone`, `Email`.
    #[schema(value_type = Option<Object>, example = json!({"Name": "John Doe", "Phone": "4165551234", "Email": "johndoe@example.com"}))]
    end_user: Given<Map<String, Value>>,
    /// The locale of the conversation.
    #[schema(value_type = Option<String>, example = "en-US")]
    locale: Given<String>,
    /// `Name` and `Value` of each parameter. `_DisplayNumber` and `_Destination` are required; the second is called, in E.164
    /// or ten digits of North America.
    #[schema(value_type = Vec<Object>, required = true, example = json!([{"Name": "_DisplayNumber", "Value": "200"}, {"Name": "_Destination", "Value": "+14165551234"}]))]
    scenario_input_parameters: Given<Vec<Value>>,
    /// Where the result is sent when the call has ended, https: the same as `/v2/callresult` tells of one call.
    #[schema(value_type = Option<String>, example = "https://ivr.example.com/results")]
    result_destination: Given<String>,
    /// Whether it is sent as soon as the call has ended, instead of being queued. False by default.
    #[schema(value_type = Option<bool>, example = false)]
    send_result_immediately: Given<bool>,
}

impl CallFields {
    /// The key, where one was sent.
    pub(crate) fn access_token(&self) -> Option<&str> {
        match &self.access_token {
            Given::Value(token) => Some(token.trim()).filter(|token| !token.is_empty()),
            Given::Nothing | Given::Wrong(_) => None,
        }
    }

    /// The call that these fields ask for.
    pub(crate) fn read(self, policy: UrlPolicy) -> Result<StartRequest, Faults> {
        let mut fields = Fields::default();
        let domain_name = fields.required("Project", self.project, str::parse);
        let tenant = fields.required_line("Tenant", self.tenant);
        let conversation_id = fields.required_line("ConversationId", self.conversation_id);
        fields.required("AccessToken", self.access_token, |_| Ok::<_, Infallible>(()));
        let url = scenario_url(&mut fields, self.orchestrator_url, self.scenario_path, policy);
        let end_user = end_user(&mut fields, self.end_user);
        let locale = fields.line("Locale", self.locale);
        let parameters = input_parameters(&mut fields, self.scenario_input_parameters);
        let called = phone_number(&mut fields, parameters.as_deref());
        let result = result(&mut fields, self.result_destination, self.send_result_immediately, policy);
        let scenario = url.zip(tenant).zip(conversation_id).zip(parameters);
        let scenario = scenario.map(|(((url, tenant), conversation_id), parameters)| Scenario {
            url,
            conversation_id,
            tenant,
            locale,
            end_user,
            parameters,
            result,
        });
        let whole = domain_name.zip(scenario).zip(called);
        fields.finish(whole.map(|((domain_name, scenario), called)| request(domain_name, scenario, called)))
    }
}

/// The hub says nothing itself, so there is no instruction; the scenario is the message.
fn request(domain_name: DomainName, scenario: Scenario, called: PhoneNumber) -> StartRequest {
    let language = scenario.locale.as_ref().and_then(|locale| Language::of_locale(locale.as_str()));
    StartRequest {
        domain_name,
        channel: Channel::Phone,
        engagement_type: EngagementType::Informational,
        contact: Contact::Phone(called),
        client_name: scenario.end_user.as_ref().and_then(|user| user.name.clone()),
        instruction: None,
        language: language.unwrap_or(Language::En),
        scheduled_time: None,
        user_phone_number: None,
        external_user_id: None,
        booking_id: None,
        test_mode: false,
        source: Source {
            record_id: Some(scenario.conversation_id.clone()),
            org_id: Some(scenario.tenant.clone()),
            ..Source::default()
        },
        context: None,
        message: Message::Scenario(Box::new(scenario)),
    }
}

fn scenario_url(
    fields: &mut Fields,
    orchestrator: Given<String>,
    path: Given<String>,
    policy: UrlPolicy,
) -> Option<ScenarioUrl> {
    let orchestrator = fields.required("OrchestratorUrl", orchestrator, |raw| OrchestratorUrl::parse(raw, policy));
    fields
        .required("ScenarioPath", path, |path| orchestrator.map(|orchestrator| orchestrator.scenario(path)).transpose())
        .flatten()
}

fn end_user(fields: &mut Fields, given: Given<Map<String, Value>>) -> Option<EndUser> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Parts {
        name: Given<String>,
        phone: Given<String>,
        email: Given<String>,
    }
    let object = fields.value("EndUser", given)?;
    // Every part takes any value, so an object can always be read.
    let parts: Parts = serde_json::from_value(Value::Object(object)).unwrap_or_default();
    Some(EndUser {
        name: fields.line("EndUser.Name", parts.name),
        phone: fields.line("EndUser.Phone", parts.phone),
        email: fields.line("EndUser.Email", parts.email),
    })
}

fn result(
    fields: &mut Fields,
    destination: Given<String>,
    at_once: Given<bool>,
    policy: UrlPolicy,
) -> Option<ResultDestination> {
    let at_once = fields.value("SendResultImmediately", at_once).unwrap_or(false);
    let url = fields.parse("ResultDestination", destination, |raw| WebhookUrl::parse(raw, policy))?;
    let telling = if at_once { Telling::AtOnce } else { Telling::Queued };
    Some(ResultDestination { url, telling })
}
