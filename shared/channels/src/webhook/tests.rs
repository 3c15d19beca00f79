use std::collections::HashMap;
use std::time::Duration;

use hub_models::id::EngagementId;
use hub_models::webhook::WebhookUrl;
use standardwebhooks::Webhook;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn endpoint(url: &str) -> WebhookEndpoint {
    WebhookEndpoint {
        url: WebhookUrl::parse(url, UrlPolicy::AllowLoopback).unwrap(),
        secret: SECRET.parse().unwrap(),
        disabled_at: None,
    }
}

fn client(policy: UrlPolicy) -> WebhookClient {
    let patience = Patience { connect: Duration::from_millis(300), total: Duration::from_millis(300) };
    WebhookClient::with_patience(policy, patience)
}

fn now() -> Moment {
    jiff::Timestamp::now().into()
}

async fn post(policy: UrlPolicy, url: &str) -> Try {
    let id = DeliveryId::new(EngagementId::random());
    client(policy).post(&endpoint(url), &id, now(), b"{}".to_vec()).await
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_webhook_comes_with_its_secret_and_a_signature_that_holds() {
    let server = server(ResponseTemplate::new(204)).await;
    let id = DeliveryId::new(EngagementId::random());
    let body = br#"{"a":"\u00e9"}"#.to_vec();
    let client = client(UrlPolicy::AllowLoopback);
    let outcome = client.post(&endpoint(&server.uri()), &id, now(), body.clone()).await;
    assert_eq!((outcome.status_code, outcome.error), (Some(204), None));
    let requests = server.received_requests().await.unwrap();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    let headers: HashMap<_, _> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    assert_eq!(headers["x-aventora-webhook-secret"], SECRET);
    assert_eq!(headers["webhook-id"], id.to_string());
    assert_eq!(headers["content-type"], "application/json");
    assert!(headers["user-agent"].starts_with("Aventora-Engagement-Hub/"));
    assert_eq!(request.body, body);
    Webhook::new(SECRET).unwrap().verify(&body, &request.headers).unwrap();
}

#[tokio::test]
async fn a_secret_that_is_not_base64_signs_with_its_bytes() {
    let headers = |secret: &str| {
        let id = DeliveryId::new(EngagementId::from_bytes([1; 12]));
        signature::headers(&secret.parse().unwrap(), &id, now(), b"{}").unwrap()
    };
    for secret in ["sixteen-and-more-characters", "whsec_!not-base64!!"] {
        let signer = Webhook::from_bytes(secret.as_bytes().to_vec()).unwrap();
        signer.verify(b"{}", &headers(secret)).unwrap();
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let target = server(ResponseTemplate::new(200)).await;
    let redirect = ResponseTemplate::new(307).insert_header("location", target.uri().as_str());
    let server = server(redirect).await;
    let outcome = post(UrlPolicy::AllowLoopback, &server.uri()).await;
    assert_eq!(outcome.status_code, Some(307));
    assert!(outcome.error.unwrap().contains("redirect"));
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_hangs_is_given_up_on() {
    let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let outcome = post(UrlPolicy::AllowLoopback, &server.uri()).await;
    assert_eq!(outcome.status_code, None);
    assert_eq!(outcome.error.as_deref(), Some("The endpoint did not answer within 0.3 seconds."));
    assert!((300..5_000).contains(&outcome.duration_ms), "{}", outcome.duration_ms);
}

#[tokio::test]
async fn an_endpoint_that_refuses_is_told_with_its_status() {
    let server = server(ResponseTemplate::new(500)).await;
    let outcome = post(UrlPolicy::AllowLoopback, &server.uri()).await;
    assert_eq!(outcome.status_code, Some(500));
    assert_eq!(outcome.error.as_deref(), Some("The endpoint answered 500."));
}

#[tokio::test]
async fn nothing_listening_is_told_in_words_without_the_url() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = post(UrlPolicy::AllowLoopback, &format!("http://127.0.0.1:{port}/?token=t")).await;
    let error = outcome.error.unwrap();
    assert!(error.starts_with("The endpoint could not be connected to: "), "{error}");
    assert!(!error.contains("token"), "{error}");
}

#[tokio::test]
async fn inside_addresses_are_not_connected_to_however_they_are_written() {
    let server = server(ResponseTemplate::new(200)).await;
    let port = server.address().port();
    for host in ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let outcome = post(UrlPolicy::Https, &format!("https://{host}:{port}/")).await;
        assert_eq!(outcome.error, Some(NoAnswer::Blocked.told_of("endpoint")), "{host}");
        assert_eq!(outcome.status_code, None);
    }
    for host in ["169.254.169.254", "10.0.0.1", "[fd00:ec2::254]", "[64:ff9b::a9fe:a9fe]"] {
        let outcome = post(UrlPolicy::AllowLoopback, &format!("https://{host}/")).await;
        assert_eq!(outcome.error, Some(NoAnswer::Blocked.told_of("endpoint")), "{host}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn localhost_is_found_by_name_where_loopback_is_allowed() {
    let server = server(ResponseTemplate::new(200)).await;
    let outcome = post(UrlPolicy::AllowLoopback, &format!("http://localhost:{}/", server.address().port())).await;
    assert_eq!((outcome.status_code, outcome.error), (Some(200), None));
}
