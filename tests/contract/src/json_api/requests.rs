//! What the description says of requests is what is read: each is refused where it is not as described, and told where.

use hub_fixture::TestHub;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::deviations::{Deviation, deviations};
use crate::schema::Description;

/// Everything that takes a body.
fn operations(description: &Description) -> Vec<(Method, String)> {
    let each = description.json_api().flat_map(|(path, operations)| {
        let with_body = operations.iter().filter(|(_, operation)| operation["requestBody"].is_object());
        with_body.map(move |(method, _)| (method.to_uppercase().parse().unwrap(), path.clone()))
    });
    each.collect()
}

/// The pointers of the errors that a request is answered with.
async fn told(client: &Client<'_>, (method, path): (&Method, &str), body: &Value) -> Vec<String> {
    let answer = client.send(method, path, Some(body.to_string()), &[]).await;
    assert!(answer.status < 500, "{method} {path}: {}", answer.body);
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    errors.filter_map(|error| error["source"]["pointer"].as_str().map(str::to_owned)).collect()
}

/// Asserts that the example is as described, and that whatever is not is told by a pointer to it or into it.
async fn hold(client: &Client<'_>, operation: (&Method, &str), example: &Value) {
    let schema = client.description.request(operation.0.as_str(), operation.1);
    client.description.holds(schema, example);
    for deviation in deviations(&client.description, schema, example) {
        let pointers = told(client, operation, &deviation.of(example)).await;
        let Deviation { at, value, is_refused } = deviation;
        let is_told = pointers.iter().any(|pointer| *pointer == at || pointer.starts_with(&format!("{at}/")));
        let value = value.map_or("nothing".to_owned(), |value| value.to_string().chars().take(80).collect());
        assert_eq!(is_told, is_refused, "{operation:?}: {value} at {at} has the pointers {pointers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_as_described_is_refused_and_told_where() {
    let hub = TestHub::start().await;
    let mut client = Client::new(&hub).await;
    client.make_everything().await;
    let operations = operations(&client.description);
    assert!(operations.len() > 15, "{operations:?}");
    for (method, path) in &operations {
        let example: Value = serde_json::from_str(&client.example(method, path)).unwrap();
        hold(&client, (method, path), &example).await;
        // What takes several takes one, too.
        if let Some(several) = example["data"].as_array() {
            hold(&client, (method, path), &json!({"data": several[0]})).await;
        }
    }
}

/// The names of the attributes of a change.
fn attributes(description: &Description, path: &str) -> Vec<String> {
    let change = description.referred(description.request("PATCH", path)["$ref"].as_str().unwrap());
    let attributes = &change["properties"]["data"]["properties"]["attributes"]["properties"];
    attributes.as_object().unwrap().keys().cloned().collect()
}

/// The attributes of an answer that null leaves as they are: the time of the change is none, and a voice becomes the default.
fn kept(mut answer: Value) -> Map<String, Value> {
    let mut attributes = answer["data"]["attributes"].as_object_mut().map(std::mem::take).unwrap();
    attributes.retain(|name, _| !["updated-at", "voice"].contains(&name.as_str()));
    attributes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_that_is_null_in_a_change_is_as_if_it_were_not_sent() {
    let hub = TestHub::start().await;
    let mut client = Client::new(&hub).await;
    client.make_everything().await;
    let changes = operations(&client.description).into_iter().filter(|(method, _)| *method == Method::PATCH);
    for (method, path) in changes.collect::<Vec<_>>() {
        let mut change: Value = serde_json::from_str(&client.example(&method, &path)).unwrap();
        let nothing = attributes(&client.description, &path).into_iter().map(|name| (name, Value::Null));
        change["data"]["attributes"] = nothing.collect();
        let before = kept(client.get(&path).await);
        let after = client.speak(&method, &path, Some(change.to_string()), &[]).await.body;
        assert_eq!(kept(after), before, "{path}");
    }
}
