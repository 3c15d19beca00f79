//! The HTTP client under every AWS SDK client of the local hub. It opens no socket.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::call::{Answer, Call, Service};
use super::dynamodb::DynamoDb;
use super::faults::{Faults, Outcome};
use super::meter::Meter;
use super::secrets::Secrets;
use super::ses::Ses;
use super::sqs::Sqs;

/// The embedded services, and what watches and disturbs the calls to them.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) dynamodb: DynamoDb,
    pub(super) sqs: Sqs,
    pub(super) ses: Ses,
    pub(super) secrets: Secrets,
    pub(super) faults: Faults,
    pub(super) meter: Meter,
}

impl Services {
    async fn answer(&self, call: &Call) -> Answer {
        let answer = match call.service {
            Service::DynamoDb => Ok(self.dynamodb.answer(call).await),
            Service::Sqs => self.sqs.answer(call).await,
            Service::Ses => self.ses.answer(call).await,
            Service::SecretsManager => self.secrets.answer(call),
        };
        answer.unwrap_or_else(Answer::from)
    }
}

/// Routes a request to the embedded service that its host names.
#[derive(Clone, Debug)]
pub(super) struct Connector(pub(super) Arc<Services>);

impl Connector {
    async fn serve(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let services = self.0;
        let mut call = Call::read(&request)?;
        let begun = services.meter.begin(&call);
        let fault = services.faults.strike(&mut call);
        let answer = match fault.before(&call).await? {
            Outcome::Instead(answer) => answer,
            Outcome::Proceed => {
                let answer = services.faults.while_alive(services.answer(&call)).await;
                fault.after(&services.faults, answer).await?
            }
        };
        services.meter.end(begun, &call, &answer);
        answer.into_response()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().serve(request))
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
