//! The voice JSON:API is as the API's description says: its examples work, and what is described is what is read.

pub(crate) mod client;
mod deviations;
mod requests;

use hub_fixture::TestHub;
use reqwest::Method;

use self::client::Client;
use crate::schema::Description;

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_json_api_work_and_their_answers_are_as_described() {
    let hub = TestHub::start().await;
    let mut client = Client::new(&hub).await;
    client.make_everything().await;
    for (kind, id) in &client.ids {
        client.get(&format!("/api/v1/{kind}")).await;
        let path = format!("/api/v1/{kind}/{{id}}");
        let shown = client.get(&path).await;
        assert_eq!((&shown["data"]["type"], &shown["data"]["id"]), (&kind.as_str().into(), &id.as_str().into()));
        if kind != "engagements" && client.description.operation("PATCH", &path).is_object() {
            client.speak(&Method::PATCH, &path, Some(client.example(&Method::PATCH, &path)), &[]).await;
        }
    }
    // What was scheduled is not changed any more, so that this comes last.
    let path = "/api/v1/engagements/{id}";
    client.speak(&Method::PATCH, path, Some(client.example(&Method::PATCH, path)), &[]).await;
}

#[test]
fn every_body_of_the_json_api_goes_as_json_api_and_as_json() {
    let both = ["application/vnd.api+json", "application/json"];
    let description = Description::of_the_code();
    for (path, operations) in description.json_api() {
        for (method, operation) in operations {
            let bodies = operation["responses"].as_object().unwrap().values().chain(operation.get("requestBody"));
            for content in bodies.filter_map(|body| body["content"].as_object()) {
                assert!(both.iter().all(|name| content.contains_key(*name)), "{method} {path}: {content:?}");
                let takes_several = (method.as_str(), path.as_str()) == ("post", "/api/v1/envelopes");
                let bulk = "application/vnd.api+json; ext=bulk";
                assert_eq!(content.contains_key(bulk), takes_several, "{method} {path}");
            }
        }
    }
}
