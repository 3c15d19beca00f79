use std::time::Duration;

use hub_models::logo::LogoType;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{headers, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

/// The beginning of a PNG image of 320 × 80 pixels, which is all that is looked at.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\x50\x08\x06\0\0\0";

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(headers("accept", SHOWN.split(", ").collect()))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

/// What comes of fetching an address that serves this.
async fn served(answer: ResponseTemplate) -> Result<Logo, FetchError> {
    fetch(&server(answer).await.uri()).await
}

async fn fetch(url: &str) -> Result<Logo, FetchError> {
    fetch_by(UrlPolicy::AllowLoopback, url).await
}

async fn fetch_by(policy: UrlPolicy, url: &str) -> Result<Logo, FetchError> {
    let patience = Patience { connect: Duration::from_millis(500), total: Duration::from_millis(500) };
    LogoFetcher::with_patience(policy, patience).fetch(&LogoUrl::parse(url, policy).unwrap()).await
}

/// What a person is told of an address that serves this.
async fn told(answer: ResponseTemplate) -> String {
    served(answer).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_image_is_taken_for_what_its_bytes_are() {
    let logo = served(ResponseTemplate::new(200).set_body_raw(PNG, "text/plain")).await.unwrap();
    assert_eq!((logo.media_type, logo.width, logo.height), (LogoType::Png, 320, 80));
    assert_eq!(logo.bytes, PNG);
}

#[tokio::test]
async fn an_address_that_does_not_serve_the_image_itself_is_told_with_its_status() {
    assert_eq!(
        told(ResponseTemplate::new(404)).await,
        "The address answered 404; give one that serves the image itself."
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = server(ResponseTemplate::new(200).set_body_raw(PNG, "image/png")).await;
    let redirect = ResponseTemplate::new(302).insert_header("location", target.uri().as_str());
    assert_eq!(served(redirect).await, Err(FetchError::Status(302)));
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_logo_is_refused_with_what_would_be() {
    let page = ResponseTemplate::new(200).set_body_raw("<!doctype html>", "image/png");
    assert_eq!(
        told(page).await,
        "What the address serves must be a PNG, JPEG or GIF image: mail programs do not show others."
    );
    let large = [PNG, &vec![0; Logo::LARGEST]].concat();
    assert_eq!(
        told(ResponseTemplate::new(200).set_body_bytes(large)).await,
        "What the address serves must have at most 200 KiB; make the image smaller."
    );
}

#[tokio::test]
async fn an_image_without_an_end_is_given_up_on_when_it_is_too_large() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/logo.png", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 1024]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
        let chunk = [b"1000\r\n".as_slice(), &[0; 0x1000], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {}
    });
    assert_eq!(fetch(&url).await, Err(FetchError::Image(LogoError::TooLarge)));
    serving.await.unwrap();
}

#[tokio::test]
async fn an_address_that_hangs_or_is_not_there_is_told_in_words() {
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    assert_eq!(told(late).await, "The address did not answer within 0.5 seconds.");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?token=t", listener.local_addr().unwrap());
    drop(listener);
    let reason = fetch(&url).await.unwrap_err().to_string();
    assert!(reason.starts_with("The address could not be connected to: "), "{reason}");
    assert!(!reason.contains("token"), "{reason}");
}

#[tokio::test]
async fn inside_addresses_are_not_connected_to() {
    let server = server(ResponseTemplate::new(200).set_body_raw(PNG, "image/png")).await;
    let port = server.address().port();
    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]"] {
        let refused = fetch_by(UrlPolicy::Https, &format!("https://{host}:{port}/")).await.unwrap_err();
        let reason = "The address is not on the public internet; only public addresses are called.";
        assert_eq!(refused.to_string(), reason, "{host}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
