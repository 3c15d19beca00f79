//! How `template.yaml` brings out new versions, limits what each route may do, and leaves room for a second stack.

use std::collections::BTreeSet;

use hub_local::functions;
use serde_yaml_ng::Value;

use crate::repository::read;
use crate::template::{resources, template, text};

/// The alarms on what is being rolled out.
const NEW_VERSION_ALARMS: [&str; 2] = ["NewStartErrorsAlarm", "NewWorkerErrorsAlarm"];

/// The functions that get a new version gradually, with their properties.
fn gradual() -> Vec<(String, &'static Value)> {
    let all = resources().into_iter().map(|(name, resource)| (name, &resource["Properties"]));
    all.filter(|(_, properties)| !properties["AutoPublishAlias"].is_null()).collect()
}

fn names(functions: &[(String, &Value)]) -> BTreeSet<String> {
    functions.iter().map(|(name, _)| name.clone()).collect()
}

/// The resource of a function: `integration-start` is `IntegrationStart`.
fn resource(function: &str) -> String {
    let words = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

/// The parameters that a piece of the template refers to.
fn parameters_in(value: &Value) -> BTreeSet<String> {
    let written = serde_yaml_ng::to_string(value).unwrap();
    let words: BTreeSet<&str> = written.split(|c: char| !c.is_alphanumeric()).collect();
    let parameters = template()["Parameters"].as_mapping().unwrap().keys().map(text).collect::<Vec<_>>();
    parameters.into_iter().filter(|parameter| words.contains(parameter.as_str())).collect()
}

#[test]
fn what_every_engagement_passes_through_is_rolled_out_gradually() {
    let workers = functions::workers().into_iter().map(|worker| worker.function);
    let schedules = functions::schedules().into_iter().map(|schedule| schedule.function);
    let starts = ["integration-start", "direct-start"];
    let expected: BTreeSet<String> = workers.chain(schedules).chain(starts).map(resource).collect();
    assert_eq!(names(&gradual()), expected);
}

/// The functions whose new versions an alarm watches, each by its name, its alias and the version.
fn watched_by(alarm: &str) -> BTreeSet<Vec<String>> {
    let metrics = resources()[alarm]["Properties"]["Metrics"].as_sequence().unwrap();
    let dimensions = metrics.iter().filter_map(|metric| metric["MetricStat"]["Metric"]["Dimensions"].as_sequence());
    dimensions.map(|all| all.iter().map(|dimension| text(&dimension["Value"])).collect()).collect()
}

#[test]
fn a_new_version_is_watched_by_alarms_that_roll_it_back() {
    for (name, properties) in gradual() {
        let alarms = serde_yaml_ng::to_string(&properties["DeploymentPreference"]["Alarms"]).unwrap();
        let watching = NEW_VERSION_ALARMS.into_iter().filter(|alarm| alarms.contains(alarm));
        let watched: BTreeSet<Vec<String>> = watching.flat_map(watched_by).collect();
        let version = vec![name.clone(), format!("${{{name}}}:live"), format!("{name}.Version.Version")];
        assert!(watched.contains(&version), "{name} is not rolled back by its own errors");
        for alarm in ["HandedBackAlarm", "${AWS::StackName}-api-faults"] {
            assert!(alarms.contains(alarm), "{name} is not rolled back by {alarm}");
        }
    }
    let watched = NEW_VERSION_ALARMS.into_iter().flat_map(watched_by).count();
    assert_eq!(watched, gradual().len(), "nothing else is watched");
}

#[test]
fn a_new_value_of_a_parameter_makes_a_new_version_where_a_function_reads_it() {
    let globals = parameters_in(&template()["Globals"]["Function"]["Environment"]);
    for (name, properties) in gradual() {
        let mut read = parameters_in(&properties["Environment"]);
        read.extend(globals.clone());
        assert_eq!(parameters_in(&properties["VersionDescription"]), read, "{name}");
    }
}

/// The routes as API Gateway calls them, without the one for all others.
fn routes() -> BTreeSet<String> {
    resources().into_values().flat_map(|resource| routes_of(&resource["Properties"])).collect()
}

/// Those that lead to a function with these properties.
fn routes_of(function: &Value) -> Vec<String> {
    let events = function["Events"].as_mapping().into_iter().flat_map(|events| events.values());
    let routes = events.filter(|event| event["Type"] == "HttpApi").map(|event| &event["Properties"]);
    let named = routes.filter(|route| !route["Path"].is_null());
    named.map(|route| format!("{} {}", text(&route["Method"]).to_uppercase(), text(&route["Path"]))).collect()
}

#[test]
fn every_limit_of_a_route_is_for_a_route_that_exists() {
    let routes = routes();
    let limits = resources()["Api"]["Properties"]["RouteSettings"].as_mapping().unwrap();
    for (route, limit) in limits {
        assert!(routes.contains(&text(route)), "there is no route {route:?}");
        for field in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
            assert!(limit[field].is_u64(), "{route:?} has no {field} that is a number");
        }
    }
    let needed = routes.iter().filter(|route| route.contains(" /admin/")).cloned();
    for route in needed.chain(routes_that_may_take_long()).chain(routes_without_a_key()) {
        assert!(limits.contains_key(route.as_str()), "{route} has no limit of its own");
    }
}

/// As long as the API waits, in seconds.
const LONG: u64 = 29;

fn routes_that_may_take_long() -> BTreeSet<String> {
    let long = resources().into_values().filter(|resource| resource["Properties"]["Timeout"].as_u64() >= Some(LONG));
    long.flat_map(|resource| routes_of(&resource["Properties"])).collect()
}

/// The routes that anyone may call, as the API's description has them.
fn routes_without_a_key() -> BTreeSet<String> {
    let description: serde_json::Value = serde_json::from_str(&read("functions/service/openapi.json")).unwrap();
    let paths = description["paths"].as_object().unwrap().iter();
    let operations =
        paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(way, it)| (path, way, it)));
    let open = operations.filter(|(_, _, operation)| operation["security"].as_array().is_none_or(Vec::is_empty));
    open.map(|(path, way, _)| format!("{} {path}", way.to_uppercase())).collect()
}

#[test]
fn every_queue_has_a_limit_of_its_own_on_what_works_it_off() {
    let mut limits = BTreeSet::new();
    for worker in functions::workers() {
        let events = &resources()[&resource(worker.function)]["Properties"]["Events"];
        let limit = text(&events["Queue"]["Properties"]["ScalingConfig"]["MaximumConcurrency"]);
        assert!(!template()["Parameters"][&limit].is_null(), "{}: {limit} is no parameter", worker.function);
        assert!(limits.insert(limit), "{} shares its limit", worker.function);
    }
}

#[test]
fn every_log_goes_to_a_group_that_does_not_keep_it_for_ever() {
    let resources = resources();
    let of_type = |kind: &'static str| resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
    for (name, group) in of_type("AWS::Logs::LogGroup") {
        assert_eq!(text(&group["Properties"]["RetentionInDays"]), "LogRetentionDays", "{name}");
    }
    for (name, function) in of_type("AWS::Serverless::Function") {
        let group = text(&function["Properties"]["LoggingConfig"]["LogGroup"]);
        assert_eq!(resources[&group]["Type"], "AWS::Logs::LogGroup", "{name}");
    }
    let access_log = text(&resources["Api"]["Properties"]["AccessLogSettings"]["DestinationArn"]);
    assert_eq!(access_log, "ApiLogs.Arn");
}

#[test]
fn nothing_has_a_name_that_a_second_stack_could_not_have() {
    const NAMES: &[&str] = &[
        "FunctionName",
        "QueueName",
        "TableName",
        "RoleName",
        "ManagedPolicyName",
        "LogGroupName",
        "AlarmName",
        "DashboardName",
        "TopicName",
        "Name",
    ];
    for (logical_id, resource) in resources() {
        for name in NAMES.iter().map(|name| &resource["Properties"][*name]).filter(|name| !name.is_null()) {
            assert!(
                text(name).contains("${AWS::StackName}"),
                "{logical_id} is called the same in every stack: {name:?}"
            );
        }
        for event in resource["Properties"]["Events"].as_mapping().into_iter().flat_map(|events| events.values()) {
            let named_by_sam = event["Type"] == "ScheduleV2" && event["Properties"]["OmitName"] != true;
            assert!(!named_by_sam, "the schedule of {logical_id} is named after its place in the template");
        }
    }
}
