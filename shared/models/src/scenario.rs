//! Calls that an IVR project triggers: the scenario that takes the answered call, and how the result is told (checklist K).

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::channel::wire_words;
use crate::id::{EngagementId, UniqueId};
use crate::outside::{self, UrlError, UrlPolicy};
use crate::text::{ForeignId, Line, Name};
use crate::webhook::WebhookUrl;

/// The address of an orchestrator: https, with a host, and no query, because the path of a scenario is added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrchestratorUrl(Url);

/// An address that is no orchestrator's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrchestratorUrlError {
    /// The hub does not call it.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// Nothing can be added to it.
    #[error("must have no query and no fragment: ScenarioPath is added to it.")]
    Query,
}

impl OrchestratorUrl {
    /// Reads an address that the policy allows. Where its host leads is checked when it is called.
    ///
    /// # Errors
    /// When it cannot be read, is not https, carries credentials or has a query.
    pub fn parse(raw: &str, policy: UrlPolicy) -> Result<Self, OrchestratorUrlError> {
        let url = outside::parse(raw, policy)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(OrchestratorUrlError::Query);
        }
        Ok(Self(url))
    }

    /// The address of the scenario at this path: the two stand one behind the other with one slash between them.
    ///
    /// # Errors
    /// When it would be longer than any address is, or not an address.
    pub fn scenario(&self, path: &str) -> Result<ScenarioUrl, UrlError> {
        let (base, path) = (self.0.as_str().trim_end_matches('/'), path.trim().trim_start_matches('/'));
        let joined = format!("{base}/{path}");
        if joined.len() > 2_000 {
            return Err(UrlError::TooLong);
        }
        Ok(ScenarioUrl(joined.parse().map_err(|_| UrlError::Unreadable)?))
    }
}

/// The address of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScenarioUrl(Url);

impl ScenarioUrl {
    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// What the scenario is told under a name of its project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InputParameter {
    /// The name.
    pub name: Line<200>,
    /// The value; it may be empty.
    pub value: String,
}

/// Who is called, in the words of the IVR project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndUser {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The phone number as the project writes it; the one that is called is the parameter `_Destination`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Line<64>>,
    /// The email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line<256>>,
}

wire_words! {
    /// When the result of a call is told to its destination.
    Telling {
        /// As soon as the call ends.
        AtOnce = "at_once",
        /// With what the tick releases next.
        Queued = "queued",
    }
}

/// Where the result of a call is told, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultDestination {
    /// The address.
    pub url: WebhookUrl,
    /// When.
    pub telling: Telling,
}

/// The scenario that takes an answered call, with everything that it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Where it is.
    pub url: ScenarioUrl,
    /// The conversation that the call belongs to.
    pub conversation_id: ForeignId,
    /// The tenant of the project.
    pub tenant: ForeignId,
    /// The locale of the conversation, as the project writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Line<64>>,
    /// Who is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_user: Option<EndUser>,
    /// The input parameters, `_DisplayNumber` and `_Destination` among them, in their order.
    pub parameters: Vec<InputParameter>,
    /// Where the result is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultDestination>,
}

/// The longest address that a carrier is sent to: what it is answered with ends at 64 KB, and servers take less than that.
pub const LONGEST_ADDRESS: usize = 4_000;

/// The parameter that names the number shown to whom is called.
pub const DISPLAY_NUMBER: &str = "_DisplayNumber";

/// The parameter that names the number that is called.
pub const DESTINATION: &str = "_Destination";

impl Scenario {
    /// The value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|parameter| parameter.name.as_str() == name);
        found.map(|parameter| parameter.value.as_str())
    }

    /// Whether a carrier can follow the address of a call of it, with everything that it is told.
    #[must_use]
    pub fn can_be_followed(&self) -> bool {
        let any = UniqueId::random(EngagementId::random());
        self.call(any).address().as_str().len() <= LONGEST_ADDRESS
    }

    /// The call of this scenario for a call with this id.
    #[must_use]
    pub fn call(&self, unique_id: UniqueId) -> ScenarioCall {
        ScenarioCall {
            url: self.url.clone(),
            told: Told {
                unique_id,
                conversation_id: self.conversation_id.clone(),
                tenant: self.tenant.clone(),
                locale: self.locale.clone(),
                end_user: self.end_user.clone(),
                scenario_input_parameters: self.parameters.clone(),
            },
        }
    }
}

/// What hands an answered call to its scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioCall {
    /// Where the scenario is.
    pub url: ScenarioUrl,
    /// What it is told, as the JSON of a POST.
    pub told: Told,
}

/// What a scenario is told of the call that it takes, in the words of the trigger's document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Told {
    /// By what its result can be asked for. A scenario that is told twice knows the call again by it.
    pub unique_id: UniqueId,
    /// The conversation.
    pub conversation_id: ForeignId,
    /// The tenant.
    pub tenant: ForeignId,
    /// The locale.
    pub locale: Option<Line<64>>,
    /// Who was called.
    pub end_user: Option<EndUser>,
    /// The input parameters, all of them.
    pub scenario_input_parameters: Vec<InputParameter>,
}

impl ScenarioCall {
    /// The same as pairs, for a carrier that follows an address instead of posting JSON to it. Two of the same name have
    /// the value of the project's own parameter first.
    #[must_use]
    pub fn params(&self) -> Vec<(String, String)> {
        let pair = |name: &dyn Display, value: &dyn Display| (name.to_string(), value.to_string());
        let told = &self.told;
        let own = told.scenario_input_parameters.iter().map(|parameter| pair(&parameter.name, &parameter.value));
        let of_call = [
            Some(pair(&"UniqueId", &told.unique_id)),
            Some(pair(&"ConversationId", &told.conversation_id)),
            Some(pair(&"Tenant", &told.tenant)),
            told.locale.as_ref().map(|locale| pair(&"Locale", locale)),
        ];
        own.chain(of_call.into_iter().flatten()).chain(self.params_of_end_user()).collect()
    }

    fn params_of_end_user(&self) -> Vec<(String, String)> {
        let Some(user) = &self.told.end_user else { return Vec::new() };
        let parts = [
            user.name.as_ref().map(|name| ("EndUser.Name", name.to_string())),
            user.phone.as_ref().map(|phone| ("EndUser.Phone", phone.to_string())),
            user.email.as_ref().map(|email| ("EndUser.Email", email.to_string())),
        ];
        parts.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The scenario's address with everything that it is told in its query, for a carrier that follows an address.
    #[must_use]
    pub fn address(&self) -> Url {
        let mut url = self.url.url().clone();
        url.query_pairs_mut().extend_pairs(self.params());
        url
    }
}

/// What is kept with an engagement that an IVR project has triggered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallTrigger {
    /// By what the project asks for the result.
    pub unique_id: UniqueId,
    /// When the result is told; none where nobody wants to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telling: Option<Telling>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, path: &str) -> String {
        let base = OrchestratorUrl::parse(base, UrlPolicy::Https).unwrap();
        base.scenario(path).unwrap().url().to_string()
    }

    #[test]
    fn a_scenario_is_below_its_orchestrator_with_one_slash_between() {
        for (base, path) in [
            ("https://ivr.example.com/flows", "renewal/start"),
            ("https://ivr.example.com/flows/", "/renewal/start"),
            (" https://ivr.example.com/flows// ", " renewal/start "),
        ] {
            assert_eq!(joined(base, path), "https://ivr.example.com/flows/renewal/start");
        }
        assert_eq!(joined("https://ivr.example.com", "a?x=1"), "https://ivr.example.com/a?x=1");
    }

    #[test]
    fn a_path_leads_to_no_other_host() {
        for path in ["https://evil.example", "//evil.example", "@evil.example", "\\\\evil.example", "../../x"] {
            assert!(joined("https://ivr.example.com", path).starts_with("https://ivr.example.com/"), "{path}");
        }
    }

    #[test]
    fn what_cannot_be_added_to_is_no_orchestrator() {
        let read = |raw| OrchestratorUrl::parse(raw, UrlPolicy::Https);
        assert_eq!(read("https://ivr.example.com?x=1"), Err(OrchestratorUrlError::Query));
        assert_eq!(read("http://ivr.example.com"), Err(UrlError::NotHttps.into()));
    }

    #[test]
    fn a_carrier_can_follow_the_address_of_a_scenario_with_all_it_is_told() {
        let line = |text: &str| Line::parse(text).unwrap().unwrap();
        let url = OrchestratorUrl::parse("https://ivr.example.com", UrlPolicy::Https).unwrap().scenario("a").unwrap();
        let parameters = vec![InputParameter { name: line("amount due"), value: "5 & more".to_owned() }];
        let (conversation_id, tenant) =
            (ForeignId::parse("c-1").unwrap().unwrap(), ForeignId::parse("t").unwrap().unwrap());
        let locale = Some(line2("tr-TR"));
        let end_user = Some(EndUser { name: Name::beginning("John Doe"), ..EndUser::default() });
        let scenario = Scenario { url, conversation_id, tenant, locale, end_user, parameters, result: None };
        assert!(scenario.can_be_followed());
        let unique_id = UniqueId::random(EngagementId::from_bytes([1; 12]));
        let address = scenario.call(unique_id).address().to_string();
        let expected = format!(
            "https://ivr.example.com/a?amount+due=5+%26+more&UniqueId={unique_id}&ConversationId=c-1&Tenant=t&Locale=tr-TR&EndUser.Name=John+Doe"
        );
        assert_eq!(address, expected);
        let parameters = vec![InputParameter { name: line("text"), value: "é".repeat(700) }];
        assert!(!Scenario { parameters, ..scenario }.can_be_followed());
    }

    fn line2(text: &str) -> Line<64> {
        Line::parse(text).unwrap().unwrap()
    }

    proptest::proptest! {
        #[test]
        fn no_path_leaves_the_orchestrator(path in ".{0,60}") {
            let base = OrchestratorUrl::parse("https://ivr.example.com:8443/f", UrlPolicy::Https).unwrap();
            if let Ok(scenario) = base.scenario(&path) {
                proptest::prop_assert_eq!(scenario.url().host_str(), Some("ivr.example.com"));
                proptest::prop_assert_eq!(scenario.url().port(), Some(8443));
                proptest::prop_assert_eq!(scenario.url().scheme(), "https");
            }
        }
    }
}
