//! `template.yaml` deploys what the code has, no more and no less.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use hub_local::functions;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use crate::repository::{function_names, read};

static TEMPLATE: LazyLock<Value> = LazyLock::new(|| serde_yaml_ng::from_str(&read("template.yaml")).unwrap());

/// The whole template.
pub fn template() -> &'static Value {
    &TEMPLATE
}

/// The resources of the template by their name.
pub fn resources() -> BTreeMap<String, &'static Value> {
    let resources = template()["Resources"].as_mapping().unwrap();
    resources.iter().map(|(name, resource)| (text(name), resource)).collect()
}

/// A text as the template writes it, without the tag of a function such as `!Ref` or `!Sub`.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Tagged(tagged) => text(&tagged.value),
        other => panic!("{other:?} is no text"),
    }
}

/// The functions of the template by the name of their binary.
pub(crate) fn deployed() -> BTreeMap<String, Value> {
    let template = template();
    let resources = template["Resources"].as_mapping().unwrap();
    let functions = resources.values().filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    functions.map(|function| (binary(function), function["Properties"].clone())).collect()
}

fn binary(function: &Value) -> String {
    let uri = function["Properties"]["CodeUri"].as_str().unwrap();
    uri.trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

pub(crate) fn events(function: &Value, kind: &str) -> Vec<Value> {
    let events = function["Events"].as_mapping();
    let all = events.into_iter().flat_map(|events| events.values());
    all.filter(|event| event["Type"] == kind).map(|event| event["Properties"].clone()).collect()
}

#[test]
fn every_function_is_deployed_and_nothing_else() {
    assert_eq!(deployed().into_keys().collect::<BTreeSet<_>>(), function_names());
}

/// Lambda drops lines by their level too, unless it is told to let all pass; the metrics have none and count as `INFO`.
#[test]
fn only_the_functions_themselves_filter_what_they_write() {
    let logging = &template()["Globals"]["Function"]["LoggingConfig"];
    assert_eq!((&logging["LogFormat"], &logging["ApplicationLogLevel"]), (&"JSON".into(), &"TRACE".into()));
    for (function, properties) in deployed() {
        let own = &properties["LoggingConfig"];
        assert!(own.get("ApplicationLogLevel").is_none(), "{function} has a filter of its own");
    }
}

#[test]
fn every_route_of_the_code_is_a_route_of_the_template() {
    let deployed = deployed();
    let mut in_code = BTreeSet::new();
    for endpoint in functions::endpoints() {
        let function = endpoint.function;
        let document: Json = serde_json::to_value(hub_web::openapi(vec![endpoint])).unwrap();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                in_code.insert((function.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    let mut in_template = BTreeSet::new();
    for (name, function) in deployed.iter().filter(|(name, _)| *name != functions::UNKNOWN) {
        for event in events(function, "HttpApi") {
            let text = |field: &str| event[field].as_str().unwrap().to_owned();
            in_template.insert((name.clone(), text("Method").to_uppercase(), text("Path")));
        }
    }
    assert_eq!(in_template, in_code);
}

#[test]
fn every_worker_has_its_queue_and_reports_what_failed() {
    let deployed = deployed();
    for worker in functions::workers() {
        let event = events(&deployed[worker.function], "SQS").pop().expect("an SQS event");
        let queue = serde_yaml_ng::to_string(&event["Queue"]).unwrap().to_lowercase();
        assert!(queue.contains(&worker.queue.replace('-', "")), "{}: {queue}", worker.function);
        let reported = event["FunctionResponseTypes"].as_sequence().unwrap();
        assert!(reported.contains(&Value::from("ReportBatchItemFailures")), "{}", worker.function);
    }
}

#[test]
fn every_schedule_ticks_each_minute() {
    let deployed = deployed();
    for schedule in functions::schedules() {
        let function = &deployed[schedule.function];
        let event =
            events(function, "ScheduleV2").into_iter().chain(events(function, "Schedule")).next().expect("a schedule");
        let rate = event["ScheduleExpression"].as_str().or(event["Schedule"].as_str());
        assert_eq!(rate, Some("rate(1 minute)"));
    }
}

#[test]
fn the_tables_are_those_of_the_local_hub() {
    let template = template();
    let text = serde_yaml_ng::to_string(&template["Resources"]).unwrap();
    for index in ["due", "by_domain", "by_call_sid"] {
        assert!(text.contains(&format!("IndexName: {index}\n")), "{index}");
    }
    for attribute in ["due_shard", "due_at", "domain_day", "created_at", "call_sid"] {
        assert!(text.contains(&format!("AttributeName: {attribute}\n")), "{attribute}");
    }
    let tables: Vec<&Value> =
        template["Resources"].as_mapping().unwrap().values().filter(|r| r["Type"] == "AWS::DynamoDB::Table").collect();
    assert_eq!(tables.len(), 2);
    for table in tables {
        let properties = &table["Properties"];
        assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
        assert_eq!(properties["TimeToLiveSpecification"]["AttributeName"], "expires_at");
        assert_eq!(properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    }
}
