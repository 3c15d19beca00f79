//! What a hub says of itself.

use hub_fixture::AnyHub;
use reqwest::Method;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_says_without_a_key_that_it_is_well() {
    let hub = AnyHub::reach().await;
    let answer = hub.send(hub.request(Method::GET, "/health")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_describes_its_api_as_the_repository_does() {
    let hub = AnyHub::reach().await;
    let document = hub.send(hub.request(Method::GET, "/openapi.json")).await.expect(200);
    let written: Value =
        serde_json::from_str(include_str!("../../../../functions/service/openapi.json")).expect("JSON");
    assert!(document == written, "the hub is of another version");
}

/// What an operator would see as 404 while the document promises it: every path of the API leads to a function.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_document_leads_to_a_function() {
    let hub = AnyHub::reach().await;
    let document = hub.send(hub.request(Method::GET, "/openapi.json")).await.expect(200);
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let answer = hub.send(hub.request(method.clone(), &path.replace(['{', '}'], ""))).await;
            assert!(answer.status != 405 && answer.status < 500, "{method} {path}: {}", answer.status);
            let detail = answer.body["detail"].as_str().unwrap_or_default();
            assert!(!detail.contains("nothing at this path"), "{method} {path}: {detail}");
        }
    }
}
