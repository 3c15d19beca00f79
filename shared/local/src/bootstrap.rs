//! The first start: an operator key and a demo account that everything can be tried with.
//!
//! Each step looks for what an earlier start left, so a start that was broken off is completed by the next one.

use std::path::Path;

use aws_sdk_secretsmanager::Client;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_auth::ApiKeySecret;
use hub_engagements::Hub;
use hub_models::account::{Account, ApiKey, CreditEntry, KeyMode, Permission};
use hub_models::domain::{Domain, DomainName};
use hub_models::id::{AccountId, ApiKeyId};
use hub_models::text::Line;
use hub_runtime::Error;

use crate::credentials::Credentials;

const DOMAIN: &str = "acme";
const ORGANIZATION: &str = "Acme Insurance";
const SENDER: &str = "Acme Insurance <hello@acme.example>";
const TIME_ZONE: &str = "America/Toronto";
const CREDITS: i64 = 10_000;

/// The credentials of this data folder, made if this is its first start.
pub(crate) async fn credentials(
    hub: &Hub,
    secrets: &Client,
    path: &Path,
    base_url: String,
) -> Result<Credentials, Error> {
    let operator_key = secret(secrets, &hub.settings.operator_key_secret, "hub_operator_").await?;
    secret(secrets, &hub.settings.link_key_secret, "hub_link_").await?;
    let credentials = match Credentials::read(path)? {
        Some(found) => Credentials { base_url, operator_key, ..found },
        None => {
            let account = demo_account(hub).await?;
            let (account_id, domain_name) = (account.to_string(), DOMAIN.to_owned());
            Credentials { base_url, domain_name, account_id, api_key: api_key(hub, account).await?, operator_key }
        }
    };
    credentials.write(path)?;
    Ok(credentials)
}

/// The secret of this name, made of 256 random bits where there is none.
async fn secret(secrets: &Client, name: &str, prefix: &str) -> Result<String, Error> {
    match secrets.get_secret_value().secret_id(name).send().await {
        Ok(found) => Ok(found.secret_string.unwrap_or_default()),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
            let bits: [u8; 32] = rand::random();
            let key = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bits));
            secrets.create_secret().name(name).secret_string(&key).send().await?;
            Ok(key)
        }
        Err(error) => Err(error.into()),
    }
}

async fn demo_account(hub: &Hub) -> Result<AccountId, Error> {
    let name: DomainName = DOMAIN.parse()?;
    let account_id = match hub.store.domain(&name).await? {
        Some(domain) => domain.account_id,
        None => make_account(hub, name).await?,
    };
    if hub.store.credit_entries(account_id).await?.is_empty() {
        let reason = line("Opening balance")?;
        let entry = CreditEntry { amount: CREDITS, reason, created_at: hub.clock.now() };
        hub.store.add_credits(account_id, &entry).await?;
    }
    Ok(account_id)
}

async fn make_account(hub: &Hub, name: DomainName) -> Result<AccountId, Error> {
    let (account_id, created_at) = (AccountId::random(), hub.clock.now());
    let account = Account { account_id, organization_name: line(ORGANIZATION)?, balance: 0, created_at };
    hub.store.create_account(&account).await?;
    let mut domain = Domain::new(name, account_id, created_at);
    domain.time_zone = TIME_ZONE.parse()?;
    domain.outbound_email.from = Some(SENDER.parse()?);
    hub.store.create_domain(&domain).await?;
    Ok(account_id)
}

async fn api_key(hub: &Hub, account_id: AccountId) -> Result<String, Error> {
    let secret = ApiKeySecret::generate(KeyMode::Live);
    let key = ApiKey {
        api_key_id: ApiKeyId::random(account_id),
        account_id,
        name: line("Demo")?,
        permissions: Permission::ALL.to_vec(),
        mode: KeyMode::Live,
        created_at: hub.clock.now(),
        revoked_at: None,
    };
    hub.store.create_api_key(&key, &secret.hash()).await?;
    Ok(secret.expose().to_owned())
}

fn line<const MAX: usize>(text: &str) -> Result<Line<MAX>, Error> {
    Line::parse(text)?.ok_or_else(|| "a text of the first start is empty".into())
}
