//! The logo of a domain: how it is set, where it stands in a mail, and where everyone sees it (checklist E9).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::{Answer, AnyHub, Caller, Hub};
use mail_parser::{MessageParser, MimeHeaders};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::structure;
use crate::problem::problem;
use crate::requests::{integration, with};
use crate::setup::{outbound_email, png};

pub(crate) const PATH: &str = "/account-settings/outbound-email";

/// The most bytes of a logo.
pub(crate) const LARGEST: usize = 200 * 1024;

pub(crate) fn data(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn data_url(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", data(bytes))
}

pub(crate) async fn put(hub: &Hub, acme: &Caller, logo: &Value) -> Answer {
    hub.put(acme, PATH, json!({"domain_name": acme.domain_name, "from": "hello@acme.example", "logo": logo})).await
}

/// The image that a mail carries, after a look at where it stands.
pub(crate) async fn mailed(hub: &Hub, acme: &Caller) -> Option<Vec<u8>> {
    let body = with(integration(acme, "email", "customer@example.com"), json!({"email_body_html": "<p>Body</p>"}));
    let id = hub.started(acme, body).await;
    hub.until_status(acme, &id, "Completed").await;
    let mail = hub.message(&id).await;
    let parsed = MessageParser::default().parse(mail["raw"].as_str().expect("the mail")).expect("a mail");
    let html = parsed.body_html(0).expect("html").into_owned();
    let Some(image) = parsed.attachment(0) else {
        assert!(!html.contains("<img"), "{html}");
        return None;
    };
    let id = image.content_id().expect("a content id");
    assert_eq!(html.matches(&format!("src=\"cid:{id}\"")).count(), 1, "{html}");
    Some(image.contents().to_vec())
}

async fn served(hub: &Hub, domain: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = hub.request(Method::GET, &format!("/stats/logo/{domain}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("the hub answers")
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_given_as_data_or_as_a_data_url() {
    let hub = AnyHub::reach().await;
    for (size, logo) in [
        (1, json!({"data": data(&png(1, 1))})),
        (2, json!({"data": data_url(&png(2, 2))})),
        (3, json!(data_url(&png(3, 3)))),
        (4, json!({"data": format!(" {}\n", data(&png(4, 4)))})),
    ] {
        let acme = hub.acme().await;
        let set = put(&hub, &acme, &logo).await.expect(200)["logo"].clone();
        let digest = set["digest"].clone();
        let expected = json!({"digest": digest, "media_type": "image/png", "width": size, "height": size, "bytes": 29});
        assert_eq!(set, expected);
        assert_eq!(mailed(&hub, &acme).await, Some(png(size, size)));
    }
}

// E9, E13
#[tokio::test(flavor = "multi_thread")]
async fn the_logo_is_an_image_inside_the_mail_beside_its_html() {
    let (hub, acme) = acme().await;
    let gif = [b"GIF89a".as_slice(), &[40, 0, 20, 0, 0, 0, 0, 0x3b]].concat();
    let set = put(&hub, &acme, &json!({"data": data(&gif)})).await.expect(200);
    assert_eq!(set["logo"]["media_type"], "image/gif");
    assert_eq!(mailed(&hub, &acme).await, Some(gif));
    let mail = hub.messages_of(&acme).await.remove(0);
    let expected = format!(
        "multipart/alternative\n  text/plain\n  multipart/related\n    text/html\n    image/gif inline <logo-{}@hub>",
        set["logo"]["digest"].as_str().expect("a digest"),
    );
    assert_eq!(structure(mail["raw"].as_str().expect("the mail")), expected);
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("alt=\"Acme Insurance\" width=\"40\" height=\"20\""), "{html}");
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_logo_is_refused_and_the_old_one_stays() {
    let (hub, acme) = acme().await;
    let set = put(&hub, &acme, &json!({"data": data(&png(1, 1))})).await.expect(200);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    let large = [png(1, 1), vec![0; LARGEST]].concat();
    let stale = json!({"digest": "0".repeat(32), "media_type": "image/png", "width": 1, "height": 1, "bytes": 29});
    for (logo, detail) in [
        (json!({"data": data(svg)}), "must be a PNG, JPEG or GIF image"),
        (json!(data_url(svg)), "must be a PNG, JPEG or GIF image"),
        (json!({"data": data(&large)}), "at most 200 KiB"),
        (json!({"data": data(&png(5_000, 10))}), "4000 pixels"),
        (json!({"data": data(&png(1, 1)[..20])}), "whole image"),
        (json!({"data": "not base64!"}), "base64"),
        (json!(7), "an address"),
        (json!([]), "an address"),
        (json!({}), "url or data"),
        (json!({"url": ""}), "url or data"),
        (json!({"data": null, "digest": null}), "url or data"),
        (json!("ftp://acme.example/logo.png"), "https"),
        (json!("acme.example/logo.png"), ""),
        (json!({"url": "http://10.0.0.1/logo.png"}), ""),
        (json!({"url": "https://10.0.0.1/logo.png"}), ""),
        (stale, "is not the logo that is set"),
    ] {
        let answer = put(&hub, &acme, &logo).await;
        assert!(problem(&answer, 400).contains(detail), "{logo}: {}", answer.body);
        assert_eq!(answer.faulty_fields(), ["logo"]);
    }
    assert_eq!(hub.get(&acme, &acme.at(PATH)).await.expect(200), set);
    assert_eq!(mailed(&hub, &acme).await, Some(png(1, 1)));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_logo_as_large_as_it_may_be_is_kept_and_mailed() {
    let (hub, acme) = acme().await;
    let mut image = png(4_000, 4_000);
    image.resize(LARGEST, 7);
    put(&hub, &acme, &json!({"data": data(&image)})).await.expect(200);
    assert!(mailed(&hub, &acme).await == Some(image));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn everyone_sees_the_logo_of_a_domain() {
    let (hub, acme) = acme().await;
    let set = put(&hub, &acme, &json!({"data": data(&png(1, 1))})).await.expect(200);
    let answer = served(&hub, &acme.domain_name, &[]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let tag = answer.headers()["etag"].to_str().expect("a tag").to_owned();
    assert_eq!(tag, format!("\"{}\"", set["logo"]["digest"].as_str().expect("a digest")));
    assert_eq!(answer.bytes().await.expect("an image"), png(1, 1));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let unchanged = served(&hub, &acme.domain_name, &[("If-None-Match", &known)]).await;
        assert_eq!((unchanged.status().as_u16(), unchanged.headers()["etag"].to_str().ok()), (304, Some(tag.as_str())));
        assert!(unchanged.bytes().await.expect("nothing").is_empty());
    }
    put(&hub, &acme, &json!({"data": data(&png(2, 2))})).await.expect(200);
    let replaced = hub
        .until_seen("the new logo is served", async || {
            let answer = served(&hub, &acme.domain_name, &[("If-None-Match", &tag)]).await;
            if answer.status() == 200 { Ok(answer) } else { Err(answer.status().to_string()) }
        })
        .await;
    assert_eq!(replaced.bytes().await.expect("an image"), png(2, 2));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn without_a_logo_or_a_domain_there_is_nothing_to_see() {
    let (hub, acme) = acme().await;
    let second = hub.second_domain(&acme).await;
    outbound_email(&hub, &acme, json!({"logo": {"data": data(&png(1, 1))}})).await;
    let users =
        json!({"domain_name": second.domain_name, "external_user_id": "agent-7", "logo": {"data": data(&png(2, 2))}});
    hub.put(&second, PATH, users).await.expect(200);
    let mut details = Vec::new();
    for domain in [second.domain_name.as_str(), "nobody", "NO_SLUG"] {
        let answer = hub.send(hub.request(Method::GET, &format!("/stats/logo/{domain}"))).await;
        details.push(problem(&answer, 404));
    }
    details.dedup();
    assert_eq!(details, ["There is no logo at this address."]);
}
