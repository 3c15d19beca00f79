//! The logo of a domain: how it is set, where it stands in a mail, and where everyone sees it (checklist E9).

use hub_fixture::TestHub;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::anywhere::logos::{LARGEST, PATH, data, mailed, put};
use crate::problem::problem;
use crate::setup::{outbound_email, png};

fn image(bytes: Vec<u8>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(bytes, "image/png")
}

/// A server that serves this at `/logo`, so many times.
async fn serving(answer: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path("/logo")).respond_with(answer).expect(times).mount(&server).await;
    server
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_logo_at_an_address_is_fetched_once_and_kept() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for field in ["url", "text", "logo_url"] {
        let server = serving(image(png(7, 7)), 1).await;
        let url = format!("{}/logo", server.uri());
        let logo = match field {
            "url" => json!({"logo": {"url": url}}),
            "text" => json!({"logo": url}),
            _ => json!({"logo_url": url}),
        };
        outbound_email(&hub, &acme, json!({"logo": null})).await;
        let set = outbound_email(&hub, &acme, logo).await;
        assert_eq!(set["logo"]["width"], 7, "{set}");
        server.verify().await;
        drop(server);
        assert_eq!(mailed(&hub, &acme).await, Some(png(7, 7)));
        assert_eq!(mailed(&hub, &acme).await, Some(png(7, 7)));
        hub.put(&acme, PATH, set).await.expect(200);
    }
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_logo_stays_until_it_is_replaced_or_removed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let set = put(&hub, &acme, &json!({"data": data(&png(1, 1))})).await.expect(200);
    let unmentioned = outbound_email(&hub, &acme, json!({"header_html": "<p>Header</p>"})).await;
    assert_eq!(unmentioned["logo"], set["logo"]);
    let sent_back = hub.put(&acme, PATH, unmentioned).await.expect(200);
    assert_eq!(sent_back["logo"], set["logo"]);
    assert_eq!(mailed(&hub, &acme).await, Some(png(1, 1)));
    let replaced = put(&hub, &acme, &json!({"data": data(&png(2, 2))})).await.expect(200);
    assert_ne!(replaced["logo"]["digest"], set["logo"]["digest"]);
    assert_eq!(mailed(&hub, &acme).await, Some(png(2, 2)));
    for nothing in [Value::Null, json!("")] {
        put(&hub, &acme, &json!({"data": data(&png(1, 1))})).await.expect(200);
        assert_eq!(mailed(&hub, &acme).await, Some(png(1, 1)));
        assert_eq!(put(&hub, &acme, &nothing).await.expect(200)["logo"], json!(null));
        assert_eq!(mailed(&hub, &acme).await, None);
    }
}

// E9: an image that was replaced and is set again is not cleared away as the old one.
#[tokio::test(flavor = "multi_thread")]
async fn a_logo_that_comes_back_stays_for_good() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for size in [1, 2, 1] {
        put(&hub, &acme, &json!({"data": data(&png(size, size))})).await.expect(200);
    }
    hub.advance(jiff::SignedDuration::from_hours(48));
    assert_eq!(mailed(&hub, &acme).await, Some(png(1, 1)));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_serves_no_logo_is_refused() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let elsewhere = serving(image(png(1, 1)), 0).await;
    let large = [png(1, 1), vec![0; LARGEST]].concat();
    let redirect = ResponseTemplate::new(302).insert_header("Location", format!("{}/logo", elsewhere.uri()));
    for (answer, detail) in [
        (ResponseTemplate::new(200).set_body_raw("<svg/>", "image/png"), "must be a PNG, JPEG or GIF image"),
        (ResponseTemplate::new(200).set_body_raw("Hello", "text/plain"), "must be a PNG, JPEG or GIF image"),
        (ResponseTemplate::new(200), "must be a PNG, JPEG or GIF image"),
        (image(large), "at most 200 KiB"),
        (ResponseTemplate::new(404).set_body_bytes(png(1, 1)), "answered 404"),
        (ResponseTemplate::new(500), "answered 500"),
        (redirect, "answered 302"),
    ] {
        let server = serving(answer, 1).await;
        let answer = put(&hub, &acme, &json!({"url": format!("{}/logo", server.uri())})).await;
        assert!(problem(&answer, 400).contains(detail), "{}", answer.body);
        assert_eq!(answer.faulty_fields(), ["logo"]);
    }
    let nobody = "http://127.0.0.1:9/logo.png";
    let answer = put(&hub, &acme, &json!(nobody)).await;
    assert!(problem(&answer, 400).contains("could not be connected"), "{}", answer.body);
    assert_eq!(hub.get(&acme, &format!("{PATH}?domain_name=acme")).await.expect(200)["logo"], json!(null));
}

// E9: API Gateway decodes a path before it is routed, so this is a question for the hub on one machine alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_users_logo_is_not_seen_behind_an_encoded_slash() {
    let hub = TestHub::start().await;
    let users = json!({"domain_name": "acme", "external_user_id": "agent-7", "logo": {"data": data(&png(2, 2))}});
    hub.put(&hub.demo(), PATH, users).await.expect(200);
    let answer = hub.send(hub.request(Method::GET, "/stats/logo/acme%2Fagent-7")).await;
    assert_eq!(problem(&answer, 404), "There is no logo at this address.");
}
