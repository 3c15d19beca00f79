//! An AWS that answers what a test tells it to, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

/// What AWS answers.
#[derive(Debug)]
pub(crate) enum Says {
    /// A JSON body with a status code, and the code of an error.
    Answer(u16, &'static str, Value),
    /// Nothing: the connection fails.
    Fails(ConnectorError),
    /// Nothing, ever.
    Hangs,
}

/// The HTTP client under an SDK client.
#[derive(Clone, Debug)]
pub(crate) struct FakeAws {
    says: Arc<Mutex<VecDeque<Says>>>,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl FakeAws {
    pub(crate) fn that_says(says: impl IntoIterator<Item = Says>) -> Self {
        Self { says: Arc::new(Mutex::new(says.into_iter().collect())), asked: Arc::default() }
    }

    /// The bodies of the calls that were made.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap_or_default();
        self.asked.lock().unwrap().push(body);
        let says = self.says.lock().unwrap().pop_front().unwrap_or(Says::Hangs);
        match says {
            Says::Answer(status, code, body) => Ok(response(status, code, &body)),
            Says::Fails(error) => Err(error),
            Says::Hangs => std::future::pending().await,
        }
    }
}

fn response(status: u16, code: &'static str, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/json");
    response.headers_mut().insert("x-amzn-errortype", code);
    response
}

impl HttpConnector for FakeAws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

impl HttpClient for FakeAws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A client of the service `sdk` that calls `fake`.
macro_rules! client {
    ($sdk:ident, $fake:expr) => {
        $sdk::Client::from_conf(crate::testing::config!($sdk).http_client($fake.clone()).build())
    };
}
pub(crate) use client;

/// A configuration of the service `sdk` with which nothing of this machine is looked at.
macro_rules! config {
    ($sdk:ident) => {
        $sdk::Config::builder()
            .behavior_version(crate::testing::version())
            .region(crate::testing::region())
            .credentials_provider(crate::testing::credentials())
    };
}
pub(crate) use config;

pub(crate) fn version() -> BehaviorVersion {
    BehaviorVersion::latest()
}

pub(crate) fn region() -> Region {
    Region::from_static("us-east-1")
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "test")
}
