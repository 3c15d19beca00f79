//! A domain's carrier as the operator sends it: all of it, in place of what was set.

use std::collections::BTreeMap;

use hub_models::carrier::{Carrier, ContentSid, Provider, Rates, WhatsappTemplate};
use hub_models::channel::Language;
use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_web::{Fields, Given};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A domain's carrier with what opens its account. At least one sender is needed; a channel without its sender is not set up.
#[derive(Clone, Deserialize, ToSchema)]
pub(crate) struct CarrierSettings {
    /// twilio.
    #[serde(default)]
    #[schema(value_type = String, example = "twilio")]
    provider: Given<String>,
    /// The account that is used.
    #[serde(default)]
    #[schema(value_type = String, example = "AC00000000000000000000000000000001")]
    account_sid: Given<String>,
    /// The account's auth token. It is kept in the secret store and never shown.
    #[serde(default)]
    #[schema(value_type = String, example = "0123456789abcdef0123456789abcdef")]
    auth_token: Given<String>,
    /// Whom calls are from.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "+14165550100")]
    voice_from: Given<String>,
    /// Whom SMS are from.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "+14165550100")]
    sms_from: Given<String>,
    /// Whom WhatsApp messages are from.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "+14165550102")]
    whatsapp_from: Given<String>,
    /// Whether the WhatsApp sender may place calls, for the channel wvoice; false by default.
    #[serde(default)]
    #[schema(value_type = Option<bool>, example = false)]
    whatsapp_calls: Given<bool>,
    /// The template that Meta has approved for contacts who have not written within 24 hours; its variable 1 is the message.
    /// Languages that it is approved in besides have a SID of their own.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({
        "content_sid": "HX00000000000000000000000000000001",
        "languages": {"ar": "HX00000000000000000000000000000002"},
    }))]
    whatsapp_template: Given<Map<String, Value>>,
    /// How many calls, SMS and WhatsApp messages a sender begins in a second; 1 by default.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"calls": 1, "sms": 10, "whatsapp": 20}))]
    rates: Given<Map<String, Value>>,
}

impl CarrierSettings {
    /// The carrier, and the auth token.
    pub(crate) fn read(self, now: Moment) -> Result<(Carrier, SecretString), Faults> {
        let mut fields = Fields::default();
        let provider = fields.required("provider", self.provider, str::parse::<Provider>);
        let account_sid = fields.required("account_sid", self.account_sid, str::parse);
        let auth_token = fields.required("auth_token", self.auth_token, read_token);
        let voice_from = fields.parse("voice_from", self.voice_from, str::parse);
        let sms_from = fields.parse("sms_from", self.sms_from, str::parse);
        let whatsapp_from = fields.parse("whatsapp_from", self.whatsapp_from, str::parse);
        let whatsapp_calls = fields.value("whatsapp_calls", self.whatsapp_calls).unwrap_or_default();
        let template = fields.value("whatsapp_template", self.whatsapp_template);
        let whatsapp_template = template.and_then(|template| read_template(&mut fields, &template));
        let rates = fields.value("rates", self.rates).map(|rates| read_rates(&mut fields, &rates)).unwrap_or_default();
        let none_given = [&voice_from, &sms_from, &whatsapp_from].iter().all(|sender| sender.is_none());
        if none_given && !["voice_from", "sms_from", "whatsapp_from"].iter().any(|field| fields.is_at_fault(field)) {
            fields.fault("voice_from", "Give at least one of voice_from, sms_from and whatsapp_from.");
        }
        let read = provider.zip(account_sid).zip(auth_token);
        fields.finish(read.map(|((provider, account_sid), auth_token)| {
            let carrier = Carrier {
                provider,
                account_sid,
                voice_from,
                sms_from,
                whatsapp_from,
                whatsapp_calls,
                whatsapp_template,
                rates,
                set_at: now,
            };
            (carrier, auth_token)
        }))
    }
}

/// A token is one word; what else is in it was pasted with it.
fn read_token(text: &str) -> Result<SecretString, &'static str> {
    let token = text.trim();
    let plain = token.len() <= 200 && token.bytes().all(|b| b.is_ascii_graphic());
    if plain { Ok(token.to_owned().into()) } else { Err("must be the auth token of the Twilio account.") }
}

fn read_template(fields: &mut Fields, template: &Map<String, Value>) -> Option<WhatsappTemplate> {
    let languages = template.get("languages").filter(|languages| !languages.is_null());
    let languages = languages.map(|languages| read_languages(fields, languages)).unwrap_or_default();
    let content_sid = template.get("content_sid").and_then(Value::as_str).unwrap_or_default().to_owned();
    if content_sid.is_empty() {
        fields.missing("whatsapp_template.content_sid");
        return None;
    }
    let content_sid = fields.parse("whatsapp_template.content_sid", Given::Value(content_sid), str::parse)?;
    Some(WhatsappTemplate { content_sid, languages })
}

/// The template of each language; those at fault are named and left out.
fn read_languages(fields: &mut Fields, languages: &Value) -> BTreeMap<Language, ContentSid> {
    const FIELD: &str = "whatsapp_template.languages";
    let Some(languages) = languages.as_object() else {
        fields.fault(FIELD, "must be an object: a language, and the SID of the template in it.");
        return BTreeMap::new();
    };
    let mut read = BTreeMap::new();
    for (name, sid) in languages {
        let at = format!("{FIELD}.{name}");
        match (name.parse::<Language>(), sid.as_str().unwrap_or_default().parse::<ContentSid>()) {
            (Ok(language), Ok(sid)) => drop(read.insert(language, sid)),
            (Err(error), _) => fields.fault(&at, error),
            (_, Err(error)) => fields.fault(&at, error),
        }
    }
    read
}

fn read_rates(fields: &mut Fields, rates: &Map<String, Value>) -> Rates {
    let mut rate = |name: &str, default: u32| match rates.get(name).map(Value::as_u64) {
        None => default,
        Some(Some(rate @ 1..)) if rate <= u64::from(Rates::MOST) => u32::try_from(rate).unwrap_or(default),
        Some(_) => {
            fields.fault(&format!("rates.{name}"), format_args!("must be a whole number from 1 to {}.", Rates::MOST));
            default
        }
    };
    let Rates { calls, sms, whatsapp } = Rates::default();
    Rates { calls: rate("calls", calls), sms: rate("sms", sms), whatsapp: rate("whatsapp", whatsapp) }
}
