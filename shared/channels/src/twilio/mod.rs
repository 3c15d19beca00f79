//! Twilio's REST API: calls, SMS and WhatsApp of one domain's account, each asked for once (checklist M1).

mod account;
mod answer;
mod requests;
#[cfg(test)]
mod tests;

use std::time::Duration;

use hub_models::carrier::{CALL_IS_OVER, CallReport, MessageReport};
use hub_models::moment::Moment;
use hub_models::outside::UrlPolicy;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use url::Url;
use url::form_urlencoded::Serializer;

pub use account::{TwilioAccount, UnreadableAccount};
pub use requests::{Address, Callbacks, NewCall, NewMessage, Words};

use crate::error::ProviderError;
use crate::outside::{OutsideClient, Patience};
use answer::{Created, Item, Page, Refusal, ShownCall, ShownMessage};

/// How long Twilio may take. It answers within a second as a rule.
const PATIENCE: Patience = Patience { connect: Duration::from_secs(3), total: Duration::from_secs(10) };

/// The version of the API, in every path.
const VERSION: &str = "2010-04-01";

/// How many calls or messages of a contact are looked through for one that nobody recorded. Twilio lists the newest first.
const LISTED: &str = "50";

/// The largest answer that is read, in bytes: a page of 50 messages has some 100 kB.
const LARGEST: usize = 1024 * 1024;

/// Twilio. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Twilio {
    outside: OutsideClient,
    base: Url,
}

/// Why Twilio did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwilioError {
    /// What can be done about it.
    pub error: ProviderError,
    /// What is behind it.
    pub cause: Cause,
}

/// What is behind an error of Twilio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The account's credentials are not accepted.
    LockedOut,
    /// Twilio's own code, such as 21211.
    Code(u32),
    /// Something else.
    Other,
}

impl From<ProviderError> for TwilioError {
    fn from(error: ProviderError) -> Self {
        Self { error, cause: Cause::Other }
    }
}

/// A call or message that Twilio lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its SID.
    pub sid: String,
    /// When Twilio took it, in milliseconds since 1970; a list has whole seconds.
    /// When Twilio took it, in whole seconds.
    pub created_at: Moment,
    /// What a message says.
    pub body: Option<String>,
}

/// Whether a request can have had an effect though its answer did not come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// For a call or a message.
    ToSend,
    /// For what can be asked again.
    Again,
}

impl Twilio {
    /// Twilio at this address. Only an address of this machine may be http.
    #[must_use]
    pub fn new(base: Url) -> Self {
        Self::with_patience(base, PATIENCE)
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(base: Url, patience: Patience) -> Self {
        let policy = if base.scheme() == "http" { UrlPolicy::AllowLoopback } else { UrlPolicy::Https };
        Self { outside: OutsideClient::new(policy, patience), base }
    }

    /// Whether this is a stand-in on this machine, which reaches every address of it.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// Places a call, once, and gives its SID.
    ///
    /// # Errors
    /// When Twilio does not say that it took it.
    pub async fn call(&self, account: &TwilioAccount, call: &NewCall<'_>) -> Result<String, TwilioError> {
        let created: Created = self.post(account, "Calls.json", &call.fields(), Asks::ToSend).await?;
        created.sid()
    }

    /// Sends a message, once, and gives its SID.
    ///
    /// # Errors
    /// When Twilio does not say that it took it.
    pub async fn message(&self, account: &TwilioAccount, message: &NewMessage<'_>) -> Result<String, TwilioError> {
        let created: Created = self.post(account, "Messages.json", &message.fields(), Asks::ToSend).await?;
        created.sid()
    }

    /// Hangs a call up, whether it rings or is live. One that is over stays over.
    ///
    /// # Errors
    /// When Twilio does not answer. It can be asked again.
    pub async fn hang_up(&self, account: &TwilioAccount, sid: &str) -> Result<(), TwilioError> {
        let path = format!("Calls/{sid}.json");
        let answer: Result<Created, _> =
            self.post(account, &path, &[("Status", "completed".into())], Asks::Again).await;
        match answer {
            Ok(_) => Ok(()),
            Err(TwilioError { cause: Cause::Code(CALL_IS_OVER | NOT_FOUND), .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// How a call goes on; nothing where Twilio does not know it.
    ///
    /// # Errors
    /// When Twilio does not answer. It can be asked again.
    pub async fn call_report(&self, account: &TwilioAccount, sid: &str) -> Result<Option<CallReport>, TwilioError> {
        let shown: Option<ShownCall> = known(self.get(account, &format!("Calls/{sid}.json"), &[]).await)?;
        Ok(shown.and_then(|shown| shown.report()))
    }

    /// How a message goes on; nothing where Twilio does not know it.
    ///
    /// # Errors
    /// When Twilio does not answer. It can be asked again.
    pub async fn message_report(
        &self,
        account: &TwilioAccount,
        sid: &str,
    ) -> Result<Option<MessageReport>, TwilioError> {
        let shown: Option<ShownMessage> = known(self.get(account, &format!("Messages/{sid}.json"), &[]).await)?;
        Ok(shown.and_then(|shown| shown.report()))
    }

    /// The latest calls to a number, from whom it is said or from anyone.
    ///
    /// # Errors
    /// When Twilio does not answer. It can be asked again.
    pub async fn calls(
        &self,
        account: &TwilioAccount,
        from: Option<&Address<'_>>,
        to: &Address<'_>,
    ) -> Result<Vec<Listed>, TwilioError> {
        let page: Page = self.get(account, "Calls.json", &between(from, to)).await?;
        Ok(page.items.into_iter().filter_map(Item::listed).collect())
    }

    /// The latest messages to a number, from whom it is said or from anyone.
    ///
    /// # Errors
    /// When Twilio does not answer. It can be asked again.
    pub async fn messages(
        &self,
        account: &TwilioAccount,
        from: Option<&Address<'_>>,
        to: &Address<'_>,
    ) -> Result<Vec<Listed>, TwilioError> {
        let page: Page = self.get(account, "Messages.json", &between(from, to)).await?;
        Ok(page.items.into_iter().filter_map(Item::listed).collect())
    }

    async fn get<T: DeserializeOwned>(
        &self,
        account: &TwilioAccount,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, TwilioError> {
        let mut url = self.url(account, path)?;
        if !query.is_empty() {
            url.set_query(Some(&encoded(query)));
        }
        let request = self.outside.request(Method::GET, &url).map_err(|error| answer::none(&error, Asks::Again))?;
        self.answer(account, request, Asks::Again).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        account: &TwilioAccount,
        path: &str,
        fields: &[(&str, String)],
        asks: Asks,
    ) -> Result<T, TwilioError> {
        let url = self.url(account, path)?;
        let request = self.outside.request(Method::POST, &url).map_err(|error| answer::none(&error, Asks::Again))?;
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(encoded(fields));
        self.answer(account, request, asks).await
    }

    async fn answer<T: DeserializeOwned>(
        &self,
        account: &TwilioAccount,
        request: reqwest::RequestBuilder,
        asks: Asks,
    ) -> Result<T, TwilioError> {
        let request = request.basic_auth(account.account_sid.as_str(), Some(account.auth_token.expose_secret()));
        let answered = self.outside.send(request).await.map_err(|error| answer::none(&error, asks))?;
        let status = answered.status().as_u16();
        let body = self.outside.read(answered, LARGEST).await.map_err(|error| answer::none(&error, asks))?;
        let body = body.unwrap_or_default();
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body).map_err(|_| answer::unreadable(asks));
        }
        Err(Refusal::read(&body).error(status, asks))
    }

    fn url(&self, account: &TwilioAccount, path: &str) -> Result<Url, TwilioError> {
        let base = self.base.as_str().trim_end_matches('/');
        let url = format!("{base}/{VERSION}/Accounts/{}/{path}", account.account_sid);
        url.parse().map_err(|_| ProviderError::out_of_order("Twilio's address cannot be made.").into())
    }
}

/// The code with which Twilio answers that there is no such call or message.
const NOT_FOUND: u32 = 20_404;

/// What Twilio shows, unless it does not know it.
fn known<T>(shown: Result<T, TwilioError>) -> Result<Option<T>, TwilioError> {
    match shown {
        Ok(shown) => Ok(Some(shown)),
        Err(TwilioError { cause: Cause::Code(NOT_FOUND), .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn between(from: Option<&Address<'_>>, to: &Address<'_>) -> Vec<(&'static str, String)> {
    let from = from.map(|from| ("From", from.to_string()));
    from.into_iter().chain([("To", to.to_string()), ("PageSize", LISTED.to_owned())]).collect()
}

fn encoded(fields: &[(&str, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}
