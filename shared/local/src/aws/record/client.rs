//! An HTTP client that hands requests on to another one and has them recorded.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::Record;

/// The client under an AWS SDK client.
#[derive(Clone, Debug)]
pub(super) struct RecordingClient {
    client: SharedHttpClient,
    record: Record,
}

impl RecordingClient {
    pub(super) fn new(client: SharedHttpClient, record: Record) -> Self {
        Self { client, record }
    }
}

impl HttpClient for RecordingClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(RecordingConnector { connector, record: self.record.clone() })
    }
}

#[derive(Clone, Debug)]
struct RecordingConnector {
    connector: SharedHttpConnector,
    record: Record,
}

impl HttpConnector for RecordingConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.record.note(&request) {
            Ok(()) => self.connector.call(request),
            // A record with a hole would prove what is not so.
            Err(error) => HttpConnectorFuture::ready(Err(ConnectorError::other(error.into(), None))),
        }
    }
}
