//! The unsubscribe link while what it needs is out of order: whoever follows it is a person, and is told so as one.

use hub_fixture::TestHub;
use hub_local::aws::{Kind, Service};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{email, fault};

/// Where the link of a mail leads on this hub.
async fn path(hub: &TestHub) -> String {
    let acme = hub.demo();
    let id = hub.started(&acme, email()).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.messages(&format!("engagement_id={id}")).await.remove(0);
    let text = mail["text"].as_str().expect("a text").trim_end();
    let at = text.find("/contacts/unsubscribe/").expect("a link");
    text[at..].to_owned()
}

async fn follow(hub: &TestHub, method: Method, path: &str) -> Response {
    hub.request(method, path).send().await.expect("the hub answers")
}

/// Asserts that an answer is the page that says to try again.
async fn assert_not_now(response: Response) {
    assert_eq!(response.status().as_u16(), 503);
    for (name, value) in [
        ("retry-after", "5"),
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
    let html = response.text().await.expect("a text");
    assert!(html.contains("<html lang=\"en\"") && html.contains("try again in a moment"), "{html}");
    assert!(!html.contains("<form") && !html.to_lowercase().contains("dynamo"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_whose_link_cannot_be_followed_now_gets_a_page_that_says_to_try_again() {
    let hub = TestHub::start().await;
    let path = path(&hub).await;
    for (kind, method, operation) in [
        (Kind::ServerError, Method::GET, "GetItem"),
        (Kind::ServerError, Method::POST, "GetItem"),
        (Kind::ServerError, Method::POST, "UpdateItem"),
        (Kind::Throttle, Method::POST, "UpdateItem"),
    ] {
        let down = hub.local.embedded.faults().inject(fault(kind, Service::DynamoDb, operation));
        assert_not_now(follow(&hub, method, &path).await).await;
        assert!(down.hits() > 0, "{operation}");
        hub.local.embedded.faults().clear();
    }
    let check = "/contacts/do-not-contact/check?domain_name=acme&contact=customer@example.com";
    let listed: Value = hub.get(&hub.demo(), check).await.expect(200);
    assert_eq!(listed, json!({"listed": false, "contact": "customer@example.com", "closed": []}));
    assert_eq!(follow(&hub, Method::POST, &path).await.status(), 200);
    assert_eq!(hub.get(&hub.demo(), check).await.expect(200)["listed"], true);
}
