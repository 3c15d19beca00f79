//! What IAM checks for a request, by the service authorization reference of each service.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use super::Use;
use crate::aws::call::{Call, Service};

/// An action on a resource, and the kind of the partition keys where that is a table.
type Checked = (String, String, Option<String>);

/// What `function` uses with this request.
pub(super) fn of(function: &str, request: &HttpRequest) -> BTreeSet<Use> {
    let checked = checked(request).into_iter();
    checked
        .map(|(action, resource, leading_keys)| Use { function: function.to_owned(), action, resource, leading_keys })
        .collect()
}

fn checked(request: &HttpRequest) -> Vec<Checked> {
    let Ok(call) = Call::read(request) else { return vec![model(request.uri()).unwrap_or_else(|| unknown(request))] };
    let body = serde_json::from_slice(&call.body).unwrap_or_default();
    match call.service {
        Service::DynamoDb => dynamodb(&call.operation, &body),
        Service::Sqs => vec![sqs(&call.operation, &body)],
        Service::Ses => ses(&call.operation, &body),
        Service::SecretsManager => vec![secret(&call.operation, &body)],
    }
}

/// No role allows it, so it is not overlooked.
fn unknown(request: &HttpRequest) -> Checked {
    ("unknown".to_owned(), request.uri().to_owned(), None)
}

/// Whatever stands in for Amazon Bedrock is known by the path alone. Converse is authorised as InvokeModel.
fn model(uri: &str) -> Option<Checked> {
    let uri: http::Uri = uri.parse().ok()?;
    let id = uri.path().strip_prefix("/model/")?.strip_suffix("/converse")?;
    Some(("bedrock:InvokeModel".to_owned(), format!("model/{id}"), None))
}

fn dynamodb(operation: &str, body: &Value) -> Vec<Checked> {
    match operation {
        "TransactWriteItems" | "TransactGetItems" => {
            elements(&body["TransactItems"]).flat_map(in_transaction).collect()
        }
        "BatchGetItem" | "BatchWriteItem" => entries(&body["RequestItems"])
            .flat_map(|(table, requests)| of_items(operation, table, keys_of_batch(requests)))
            .collect(),
        "Query" => vec![query(body)],
        _ => of_items(operation, text(&body["TableName"]), vec![key_of(body)]),
    }
}

/// A transaction is no action of its own: each of its items is authorised as if it were alone.
fn in_transaction(item: &Value) -> Vec<Checked> {
    let of_one = |(member, request): (&str, &Value)| {
        let operation = if member == "ConditionCheck" { "ConditionCheckItem" } else { &format!("{member}Item") };
        of_items(operation, text(&request["TableName"]), vec![key_of(request)])
    };
    entries(item).flat_map(of_one).collect()
}

fn of_items(operation: &str, table: &str, keys: Vec<&Value>) -> Vec<Checked> {
    let checked = |key: &Value| (format!("dynamodb:{operation}"), format!("table/{table}"), leading_keys(&key["pk"]));
    keys.into_iter().map(checked).collect()
}

/// A request names the key, or the whole item in which it is.
fn key_of(request: &Value) -> &Value {
    request.get("Key").unwrap_or(&request["Item"])
}

fn keys_of_batch(requests: &Value) -> Vec<&Value> {
    let writes = elements(requests).flat_map(entries).map(|(_, write)| key_of(write));
    elements(&requests["Keys"]).chain(writes).collect()
}

/// An index is a resource of its own, and its partition keys are of no kind.
fn query(body: &Value) -> Checked {
    let table = text(&body["TableName"]);
    let (resource, key) = match body["IndexName"].as_str() {
        Some(index) => (format!("table/{table}/index/{index}"), None),
        None => (format!("table/{table}"), leading_keys(partition(body))),
    };
    ("dynamodb:Query".to_owned(), resource, key)
}

/// The value that a query's condition compares the partition key with.
fn partition(body: &Value) -> &Value {
    let condition = text(&body["KeyConditionExpression"]);
    let name = condition.strip_prefix("pk = ").and_then(|rest| rest.split(' ').next());
    &body["ExpressionAttributeValues"][name.unwrap_or_default()]
}

/// `DOMAIN#acme` is one of `DOMAIN#*`; a key that nothing follows is the only one of its kind.
fn leading_keys(key: &Value) -> Option<String> {
    let key = key["S"].as_str()?;
    Some(key.split_once('#').map_or_else(|| key.to_owned(), |(kind, _)| format!("{kind}#*")))
}

/// A batch is authorised as the action on one message.
fn sqs(operation: &str, body: &Value) -> Checked {
    let action = operation.strip_suffix("Batch").unwrap_or(operation);
    let queue = text(&body["QueueUrl"]).rsplit('/').next().unwrap_or_default();
    (format!("sqs:{action}"), format!("queue/{queue}"), None)
}

/// SES authorises a SendEmail of raw content as SendRawEmail, though its reference has SendEmail alone; both are counted
/// as used, so that no role stands or falls with which of the two is asked for.
fn ses(operation: &str, body: &Value) -> Vec<Checked> {
    if operation != "SendEmail" {
        return vec![(format!("ses:{operation}"), "*".to_owned(), None)];
    }
    let set = body["ConfigurationSetName"].as_str().map(|set| format!("configuration-set/{set}"));
    let resources: Vec<_> = set.into_iter().chain(["identity".to_owned()]).collect();
    let actions = ["ses:SendEmail", "ses:SendRawEmail"].into_iter();
    actions
        .flat_map(|action| resources.iter().map(move |resource| (action.to_owned(), resource.clone(), None)))
        .collect()
}

fn secret(operation: &str, body: &Value) -> Checked {
    // A new secret is named, and not yet known by an id.
    let name = body.get("SecretId").unwrap_or(&body["Name"]);
    (format!("secretsmanager:{operation}"), format!("secret/{}", text(name)), None)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
