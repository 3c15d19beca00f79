//! Calls addresses that tenants choose, and none inside the hub's own network (checklist G).

mod address;
mod resolver;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hub_models::outside::UrlPolicy;
use reqwest::{Client, Method, RequestBuilder, Response, redirect, retry};
use url::{Host, Url};

use crate::error::causes;
use resolver::{Blocked, GuardedResolver};

const USER_AGENT: &str = concat!("Aventora-Engagement-Hub/", env!("CARGO_PKG_VERSION"));

/// How long the other side may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To accept the connection.
    pub connect: Duration,
    /// To answer, in all.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) }
    }
}

/// Why a call was not answered.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// The address is one that the hub does not call.
    Blocked,
    /// It took longer than this.
    Late(Duration),
    /// It could not be connected to; the cause, where it is known.
    Unconnected(Option<String>),
    /// The connection broke; the cause, where it is known.
    Broken(Option<String>),
    /// There is nothing to call with.
    NoClient(reqwest::Error),
}

impl NoAnswer {
    /// The same as a sentence about `what` was called.
    pub(crate) fn told_of(&self, what: &str) -> String {
        let because = |cause: &Option<String>| cause.as_ref().map_or_else(String::new, |cause| format!(": {cause}"));
        match self {
            Self::Blocked => format!("The {what} is not on the public internet; only public addresses are called."),
            Self::Late(patience) => format!("The {what} did not answer within {} seconds.", patience.as_secs_f32()),
            Self::Unconnected(cause) => format!("The {what} could not be connected to{}.", because(cause)),
            Self::Broken(cause) => format!("The connection to the {what} broke{}.", because(cause)),
            Self::NoClient(error) => format!("The client for addresses outside cannot be made: {error}"),
        }
    }
}

/// Calls addresses outside. Clones share its connections.
#[derive(Clone, Debug)]
pub(crate) struct OutsideClient {
    /// Made for the first call: reading the system's certificates takes longer than all else that a function does
    /// before its first event, and few functions call anybody outside.
    http: Arc<OnceLock<Client>>,
    policy: UrlPolicy,
    patience: Patience,
}

impl OutsideClient {
    /// A client for the addresses that the policy allows.
    pub(crate) fn new(policy: UrlPolicy, patience: Patience) -> Self {
        Self { http: Arc::default(), policy, patience }
    }

    /// A request, to be finished and sent by [`OutsideClient::send`].
    pub(crate) fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, NoAnswer> {
        self.check_literal(url)?;
        Ok(self.http()?.request(method, url.clone()))
    }

    /// The answer, whatever its status is. Its body is still to be read.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, NoAnswer> {
        request.send().await.map_err(|error| self.no_answer(&error))
    }

    /// The whole body; nothing once it has more than `most` bytes, whatever its length was said to be.
    pub(crate) async fn read(&self, mut answer: Response, most: usize) -> Result<Option<Vec<u8>>, NoAnswer> {
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.no_answer(&error))? {
            if body.len() + chunk.len() > most {
                return Ok(None);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some(body))
    }

    fn http(&self) -> Result<&Client, NoAnswer> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = self.build().map_err(NoAnswer::NoClient)?;
        Ok(self.http.get_or_init(|| client))
    }

    fn build(&self) -> reqwest::Result<Client> {
        let Self { policy, patience, .. } = *self;
        Client::builder()
            .user_agent(USER_AGENT)
            .timeout(patience.total)
            .connect_timeout(patience.connect)
            .redirect(redirect::Policy::none())
            // Every try is recorded, so there are none behind the hub's back.
            .retry(retry::never())
            // A proxy would resolve the name itself, where nobody looks at the address.
            .no_proxy()
            .referer(false)
            .https_only(policy == UrlPolicy::Https)
            .dns_resolver(GuardedResolver { policy })
            .build()
    }

    /// A host that is an address is not resolved, so the resolver never sees it.
    fn check_literal(&self, url: &Url) -> Result<(), NoAnswer> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::from(address),
            Some(Host::Ipv6(address)) => IpAddr::from(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(NoAnswer::Blocked),
        };
        if address::is_allowed(address, self.policy) { Ok(()) } else { Err(NoAnswer::Blocked) }
    }

    fn no_answer(&self, error: &reqwest::Error) -> NoAnswer {
        let underneath: Vec<_> = causes(error).skip(1).collect();
        if underneath.iter().any(|error| error.is::<Blocked>()) {
            return NoAnswer::Blocked;
        }
        if error.is_timeout() {
            return NoAnswer::Late(self.patience.total);
        }
        // The innermost error says what happened; those around it repeat the URL, which may carry a token.
        let cause = underneath.last().map(ToString::to_string);
        if error.is_connect() { NoAnswer::Unconnected(cause) } else { NoAnswer::Broken(cause) }
    }
}
