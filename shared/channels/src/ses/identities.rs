//! Whom SES lets mail be from and go to: the identities of its account, and the sandbox that every account begins in.
//!
//! Only whoever sets a hub up asks this. The hub itself sends, and hears from SES when it may not.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::get_email_identity::GetEmailIdentityError;
use aws_sdk_sesv2::types::{BehaviorOnMxFailure, DkimAttributes, DkimSigningAttributesOrigin, MailFromAttributes};

use crate::aws::words;

/// The zone of the DKIM keys where SES names no other.
const DKIM_ZONE: &str = "dkim.amazonses.com";

/// What SES did not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SES did not answer {operation}: {said}")]
pub struct IdentityError {
    /// The operation, which is also the right that it needs: `ses:` and its name.
    pub operation: &'static str,
    /// What SES or the way to it said.
    pub said: String,
}

/// A domain or an address that mail can be from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The domain or the address.
    pub name: String,
    /// Whether SES takes mail from it.
    pub verified: bool,
    /// The keys by which SES signs its mail, where SES makes them.
    pub dkim: Option<EasyDkim>,
    /// The domain of its envelope senders, where it is one of its own.
    pub mail_from: Option<String>,
}

/// Keys that SES makes and changes itself. A CNAME for each token leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EasyDkim {
    /// The names of the keys.
    pub tokens: Vec<String>,
    /// The zone in which SES publishes them.
    pub zone: String,
}

/// The identities of an SES account in one region.
#[derive(Clone, Debug)]
pub struct Identities {
    client: Client,
}

impl Identities {
    /// Those that this client sees.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The identity of this name, if SES has it.
    ///
    /// # Errors
    /// When SES does not tell.
    pub async fn find(&self, name: &str) -> Result<Option<Identity>, IdentityError> {
        match self.client.get_email_identity().email_identity(name).send().await {
            Ok(found) => {
                let identity = Identity::of(name, found.verified_for_sending_status, found.dkim_attributes);
                Ok(Some(Identity { mail_from: found.mail_from_attributes.and_then(own_domain), ..identity }))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(failed("GetEmailIdentity", &error)),
        }
    }

    /// Has SES know a domain, whose DNS then proves it, or an address, which gets a mail with a link that proves it.
    ///
    /// # Errors
    /// When SES does not make it, as when it has it already.
    pub async fn create(&self, name: &str) -> Result<Identity, IdentityError> {
        match self.client.create_email_identity().email_identity(name).send().await {
            Ok(made) => Ok(Identity::of(name, made.verified_for_sending_status, made.dkim_attributes)),
            Err(error) => Err(failed("CreateEmailIdentity", &error)),
        }
    }

    /// Has envelope senders be at a domain below the identity's own, so that SPF speaks for it too. Until the
    /// records of that domain are found, SES uses its own.
    ///
    /// # Errors
    /// When SES does not set it.
    pub async fn set_mail_from(&self, name: &str, domain: &str) -> Result<(), IdentityError> {
        let request = self.client.put_email_identity_mail_from_attributes().email_identity(name);
        let request = request.mail_from_domain(domain).behavior_on_mx_failure(BehaviorOnMxFailure::UseDefaultValue);
        let set = request.send().await;
        set.map(drop).map_err(|error| failed("PutEmailIdentityMailFromAttributes", &error))
    }

    /// Whether mail goes to verified identities only: the account is in the SES sandbox.
    ///
    /// # Errors
    /// When SES does not tell.
    pub async fn in_sandbox(&self) -> Result<bool, IdentityError> {
        let account = self.client.get_account().send().await.map_err(|error| failed("GetAccount", &error))?;
        Ok(!account.production_access_enabled)
    }
}

impl Identity {
    fn of(name: &str, verified: bool, dkim: Option<DkimAttributes>) -> Self {
        Self { name: name.to_owned(), verified, dkim: dkim.and_then(easy_dkim), mail_from: None }
    }
}

fn own_domain(told: MailFromAttributes) -> Option<String> {
    Some(told.mail_from_domain).filter(|domain| !domain.is_empty())
}

/// Nothing where the keys are the owner's own, whose tokens are no names of SES's, or where there are none.
fn easy_dkim(told: DkimAttributes) -> Option<EasyDkim> {
    let own_keys = told.signing_attributes_origin == Some(DkimSigningAttributesOrigin::External);
    let tokens = told.tokens.filter(|tokens| !tokens.is_empty() && !own_keys)?;
    Some(EasyDkim { tokens, zone: told.signing_hosted_zone.unwrap_or_else(|| DKIM_ZONE.to_owned()) })
}

fn is_missing(error: &SdkError<GetEmailIdentityError>) -> bool {
    error.as_service_error().is_some_and(GetEmailIdentityError::is_not_found_exception)
}

fn failed<E>(operation: &'static str, error: &SdkError<E>) -> IdentityError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    IdentityError { operation, said: words(error) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{FakeAws, Says, client};

    fn identities(fake: &FakeAws) -> Identities {
        Identities::new(client!(aws_sdk_sesv2, fake))
    }

    async fn found(told: Value) -> Identity {
        let fake = FakeAws::that_says([Says::Answer(200, "", told)]);
        identities(&fake).find("acme.example").await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn an_identity_is_told_with_the_keys_that_ses_makes_for_it() {
        let told = json!({
            "VerifiedForSendingStatus": false,
            "DkimAttributes": {"Tokens": ["one", "two"], "SigningAttributesOrigin": "AWS_SES",
                "SigningHostedZone": "dkim.eu-west-1.amazonses.com"},
            "MailFromAttributes": {"MailFromDomain": "mail.acme.example", "MailFromDomainStatus": "PENDING",
                "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        });
        let dkim = EasyDkim { tokens: vec!["one".into(), "two".into()], zone: "dkim.eu-west-1.amazonses.com".into() };
        let expected = Identity {
            name: "acme.example".into(),
            verified: false,
            dkim: Some(dkim),
            mail_from: Some("mail.acme.example".into()),
        };
        assert_eq!(found(told).await, expected);
    }

    #[tokio::test]
    async fn keys_of_the_owners_own_are_not_looked_for_at_ses() {
        let own = json!({"Tokens": ["selector"], "SigningAttributesOrigin": "EXTERNAL"});
        for dkim in [own, json!({"Tokens": []}), Value::Null] {
            let identity = found(json!({"VerifiedForSendingStatus": true, "DkimAttributes": dkim})).await;
            assert_eq!((identity.verified, identity.dkim), (true, None));
        }
        let older = found(json!({"DkimAttributes": {"Tokens": ["one"]}})).await;
        assert_eq!(older.dkim.unwrap().zone, "dkim.amazonses.com");
    }

    #[tokio::test]
    async fn what_ses_does_not_know_is_told_from_what_it_does_not_tell() {
        let says = |status, code| Says::Answer(status, code, json!({"message": "no"}));
        let fake = FakeAws::that_says([says(404, "NotFoundException"), says(403, "AccessDeniedException")]);
        let identities = identities(&fake);
        assert_eq!(identities.find("acme.example").await, Ok(None));
        let error = identities.find("acme.example").await.unwrap_err();
        assert_eq!(error.to_string(), "SES did not answer GetEmailIdentity: AccessDeniedException: no");
    }

    #[tokio::test]
    async fn an_account_without_production_access_is_in_the_sandbox() {
        for (production, sandbox) in [(true, false), (false, true)] {
            let account = Says::Answer(200, "", json!({"ProductionAccessEnabled": production}));
            assert_eq!(identities(&FakeAws::that_says([account])).in_sandbox().await, Ok(sandbox));
        }
    }
}
