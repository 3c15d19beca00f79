//! A domain as the operator sees it.

use std::collections::{BTreeMap, BTreeSet};

use hub_models::channel::Channel;
use hub_models::domain::{Domain, DomainName};
use hub_models::id::AccountId;
use hub_models::moment::Moment;
use hub_models::schedule::QuietHours;
use hub_models::text::excerpt;
use hub_web::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

/// A domain and its settings.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownDomain {
    #[schema(value_type = String, example = "acme")]
    domain_name: DomainName,
    #[schema(value_type = String, example = "acc_0a1b2c3d4e5f6789012345ab")]
    account_id: AccountId,
    engagement_hub_paused: bool,
    #[schema(value_type = Vec<String>)]
    channels: BTreeSet<Channel>,
    #[schema(example = "America/Toronto")]
    time_zone: String,
    customer_dedup_days: u32,
    bulk_call_rate_limit: Option<u32>,
    /// Credits for one engagement, for every channel.
    #[schema(value_type = Object)]
    prices: BTreeMap<Channel, u64>,
    #[schema(value_type = Option<Object>)]
    quiet_hours: Option<QuietHours>,
    email_from: Option<String>,
    /// Who its emails may be from; empty for every sender.
    #[schema(example = json!(["acme.example"]))]
    email_senders: Vec<String>,
    #[schema(value_type = String)]
    created_at: Moment,
}

impl From<Domain> for ShownDomain {
    fn from(domain: Domain) -> Self {
        Self {
            prices: Channel::ALL.iter().map(|channel| (*channel, domain.price(*channel))).collect(),
            domain_name: domain.domain_name,
            account_id: domain.account_id,
            engagement_hub_paused: domain.engagement_hub_paused,
            channels: domain.channels,
            time_zone: domain.time_zone.into(),
            customer_dedup_days: domain.customer_dedup_days,
            bulk_call_rate_limit: domain.bulk_call_rate_limit,
            quiet_hours: domain.quiet_hours,
            email_from: domain.outbound_email.from.map(|from| from.to_string()),
            email_senders: domain.email_senders.into_iter().map(String::from).collect(),
            created_at: domain.created_at,
        }
    }
}

/// The domain name of a path. What cannot be one names no domain.
pub(crate) fn domain_name(path: &str) -> Result<DomainName, ApiError> {
    path.parse().map_err(|_| unknown_domain(&excerpt(path)))
}

pub(crate) fn unknown_domain(name: &str) -> ApiError {
    ApiError::not_found(format!("There is no domain \"{name}\"."))
}
