//! A domain's settings as the operator sends them: what is given is changed, what is not stays.

use std::collections::{BTreeMap, BTreeSet};

use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::email::Mailbox;
use hub_models::fault::{Faults, FieldFault};
use hub_models::moment::Moment;
use hub_models::outbound_email::OutboundEmail;
use hub_models::schedule::QuietHours;
use hub_models::sender::AllowedSender;
use hub_web::{Fields, Given};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The most entries of `email_senders`.
const MOST_SENDERS: usize = 100;

/// The settings of a domain.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct Settings {
    /// Holds back all engagements of the domain.
    #[serde(default)]
    #[schema(value_type = Option<bool>, example = false)]
    engagement_hub_paused: Given<bool>,
    /// The channels that may be used; all by default.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["phone", "sms", "wmsg", "wvoice", "email"]))]
    channels: Given<Vec<String>>,
    /// An IANA time zone; UTC by default.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "America/Toronto")]
    time_zone: Given<String>,
    /// For how many days a batch does not engage the same contact again; 0, the default, is never.
    #[serde(default)]
    #[schema(value_type = Option<u32>, example = 7)]
    customer_dedup_days: Given<u32>,
    /// How many calls a minute a batch releases.
    #[serde(default)]
    #[schema(value_type = Option<u32>, example = 60)]
    bulk_call_rate_limit: Given<u32>,
    /// Credits for one engagement by channel; 1 by default.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"phone": 5, "sms": 2, "email": 1}))]
    prices: Given<Map<String, Value>>,
    /// When contacts are not called or messaged, in the domain's time zone; an empty object removes them.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"start": "21:00", "end": "08:00"}))]
    quiet_hours: Given<Map<String, Value>>,
    /// The sender of its emails.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Acme Insurance <hello@acme.example>")]
    email_from: Given<String>,
    /// Who its emails may be from: hosts, with all that are below them, and addresses, at most 100; every sender by default,
    /// and where the list is empty. A sender that is set and is not in the list counts as none.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["acme.example", "hello@acme-insurance.example"]))]
    email_senders: Given<Vec<String>>,
}

/// Settings that were read and found good.
#[derive(Clone, Debug)]
pub(crate) struct Changes {
    engagement_hub_paused: Option<bool>,
    channels: Option<BTreeSet<Channel>>,
    time_zone: Option<hub_models::domain::ZoneName>,
    customer_dedup_days: Option<u32>,
    bulk_call_rate_limit: Option<u32>,
    prices: Option<BTreeMap<Channel, u64>>,
    quiet_hours: Option<Option<QuietHours>>,
    email_from: Option<Mailbox>,
    email_senders: Option<Vec<AllowedSender>>,
}

impl Settings {
    pub(crate) fn read(self) -> Result<Changes, Faults> {
        let mut fields = Fields::default();
        let channels = fields.value("channels", self.channels);
        let prices = fields.value("prices", self.prices);
        let quiet_hours = fields.value("quiet_hours", self.quiet_hours);
        let email_senders = fields.value("email_senders", self.email_senders);
        let changes = Changes {
            engagement_hub_paused: fields.value("engagement_hub_paused", self.engagement_hub_paused),
            channels: channels.map(|words| read_channels(&mut fields, words)),
            time_zone: fields.parse("time_zone", self.time_zone, str::parse),
            customer_dedup_days: fields.value("customer_dedup_days", self.customer_dedup_days),
            bulk_call_rate_limit: fields.value("bulk_call_rate_limit", self.bulk_call_rate_limit),
            prices: prices.map(|prices| read_prices(&mut fields, &prices)),
            quiet_hours: quiet_hours.map(|hours| read_quiet_hours(&mut fields, &hours)),
            email_from: fields.parse("email_from", self.email_from, str::parse),
            email_senders: email_senders.map(|senders| read_senders(&mut fields, senders)),
        };
        if changes.bulk_call_rate_limit == Some(0) {
            fields.fault("bulk_call_rate_limit", "must be at least 1.");
        }
        fields.finish(Some(changes))
    }
}

impl Changes {
    /// The domain with these settings.
    ///
    /// # Errors
    /// When its emails would be from a sender that they may not be from.
    pub(crate) fn apply(&self, mut domain: Domain, now: Moment) -> Result<Domain, Faults> {
        domain.engagement_hub_paused = self.engagement_hub_paused.unwrap_or(domain.engagement_hub_paused);
        domain.channels = self.channels.clone().unwrap_or(domain.channels);
        domain.time_zone = self.time_zone.clone().unwrap_or(domain.time_zone);
        domain.customer_dedup_days = self.customer_dedup_days.unwrap_or(domain.customer_dedup_days);
        domain.bulk_call_rate_limit = self.bulk_call_rate_limit.or(domain.bulk_call_rate_limit);
        domain.quiet_hours = self.quiet_hours.clone().unwrap_or(domain.quiet_hours);
        domain.email_senders = self.email_senders.clone().unwrap_or(domain.email_senders);
        if let Some(from) = &self.email_from {
            domain.allow_sender(from).map_err(|error| FieldFault::invalid("email_from", error))?;
            let before = &domain.outbound_email;
            domain.outbound_email = OutboundEmail { from: Some(from.clone()), ..before.clone() }.after(before, now);
        }
        if let Some(prices) = &self.prices {
            domain.prices.extend(prices);
        }
        Ok(domain)
    }
}

fn read_channels(fields: &mut Fields, words: Vec<String>) -> BTreeSet<Channel> {
    words.into_iter().filter_map(|word| fields.parse("channels", Given::Value(word), str::parse)).collect()
}

fn read_senders(fields: &mut Fields, senders: Vec<String>) -> Vec<AllowedSender> {
    if senders.len() > MOST_SENDERS {
        fields.fault("email_senders", format_args!("must have at most {MOST_SENDERS} entries."));
        return Vec::new();
    }
    // A blank entry is at fault like any other: left out, it could leave an empty list, which allows every sender.
    let read = senders.iter().map(|sender| sender.parse().map_err(|error| fields.fault("email_senders", error)).ok());
    read.flatten().collect()
}

fn read_prices(fields: &mut Fields, prices: &Map<String, Value>) -> BTreeMap<Channel, u64> {
    let mut read = BTreeMap::new();
    for (word, value) in prices {
        let channel = fields.parse(&format!("prices.{word}"), Given::Value(word.clone()), str::parse::<Channel>);
        match (channel, value.as_u64()) {
            (Some(channel), Some(price)) if price <= 1_000_000 => drop(read.insert(channel, price)),
            (Some(_), _) => fields.fault(&format!("prices.{word}"), "must be a whole number from 0 to 1000000."),
            (None, _) => {}
        }
    }
    read
}

fn read_quiet_hours(fields: &mut Fields, hours: &Map<String, Value>) -> Option<QuietHours> {
    if hours.is_empty() {
        return None;
    }
    let end = |name: &str| hours.get(name).and_then(Value::as_str).unwrap_or_default();
    let read = QuietHours::parse(end("start"), end("end"));
    read.map_err(|error| fields.fault("quiet_hours", error)).ok()
}
