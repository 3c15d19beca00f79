//! What the alarms and the dashboard of `template.yaml` look at exists, and nothing that can fail is left out.

use std::collections::BTreeSet;

use hub_engagements::METRICS;
use hub_local::functions;
use hub_models::channel::Channel;
use hub_models::engagement::Hindrance;
use serde_yaml_ng::Value;

use crate::repository::read;
use crate::template::resources;
use crate::watching::alarms::alarms;
use crate::watching::dashboard::{shown, widgets};

mod alarms;
mod dashboard;

/// A metric that somebody looks at.
#[derive(Clone, Debug)]
struct Watched {
    namespace: String,
    name: String,
    /// Names and values; a value is as the template writes it, and `None` where a search takes all.
    dimensions: Vec<(String, Option<String>)>,
    statistic: String,
}

impl Watched {
    fn dimension_names(&self) -> Vec<&str> {
        self.dimensions.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn value(&self, dimension: &str) -> Option<&str> {
        self.dimensions.iter().find(|(name, _)| name == dimension)?.1.as_deref()
    }
}

/// The hub's own namespace: each stack counts for itself.
const OWN: &str = "EngagementHub/${AWS::StackName}";

/// What AWS writes to CloudWatch of what the template has: namespace, name, sets of dimensions.
const OF_AWS: &[(&str, &str, &[&[&str]])] = &[
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", &[&["QueueName"]]),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", &[&["QueueName"]]),
    ("AWS/Lambda", "Errors", &[&["FunctionName"], &["FunctionName", "Resource", "ExecutedVersion"]]),
    ("AWS/Lambda", "Duration", &[&["FunctionName"]]),
    ("AWS/Lambda", "Throttles", &[&[], &["FunctionName"]]),
    ("AWS/Lambda", "ConcurrentExecutions", &[&[], &["FunctionName"]]),
    ("AWS/ApiGateway", "Count", &[&["ApiId"]]),
    ("AWS/ApiGateway", "4xx", &[&["ApiId"]]),
    ("AWS/ApiGateway", "5xx", &[&["ApiId"]]),
    ("AWS/ApiGateway", "Latency", &[&["ApiId"]]),
    ("AWS/DynamoDB", "ReadThrottleEvents", &[&["TableName"]]),
    ("AWS/DynamoDB", "WriteThrottleEvents", &[&["TableName"], &["TableName", "GlobalSecondaryIndexName"]]),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", &[&["TableName"]]),
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", &[&["TableName"]]),
    ("AWS/SES", "Reputation.BounceRate", &[&[]]),
    ("AWS/SES", "Reputation.ComplaintRate", &[&[]]),
];

/// Which resource a dimension's value must come from.
const SOURCES: &[(&str, &str)] = &[
    ("QueueName", "AWS::SQS::Queue"),
    ("FunctionName", "AWS::Serverless::Function"),
    ("Resource", "AWS::Serverless::Function"),
    ("ExecutedVersion", "AWS::Serverless::Function"),
    ("ApiId", "AWS::Serverless::HttpApi"),
    ("TableName", "AWS::DynamoDB::Table"),
];

fn of_type(kind: &str) -> Vec<(String, &'static Value)> {
    resources().into_iter().filter(|(_, resource)| resource["Type"] == kind).collect()
}

fn names_of(kind: &str) -> BTreeSet<String> {
    of_type(kind).into_iter().map(|(name, _)| name).collect()
}

/// The name in `${Name}`, `${Name.Attribute}`, `${Name}:live`, `Name` or `Name.Attribute`.
fn resource_in(value: &str) -> &str {
    value.trim_start_matches("${").split(['}', '.']).next().unwrap()
}

fn all_watched() -> Vec<Watched> {
    alarms().into_iter().flat_map(|(_, watched)| watched).chain(shown()).collect()
}

/// The sets of dimensions under which a metric is written, if it is.
fn written(watched: &Watched) -> Option<&'static [&'static [&'static str]]> {
    if watched.namespace == OWN {
        return METRICS.iter().find(|metric| metric.name == watched.name).map(|metric| metric.dimensions);
    }
    let of_aws = OF_AWS.iter().find(|(namespace, name, _)| *namespace == watched.namespace && *name == watched.name);
    of_aws.map(|(_, _, sets)| *sets)
}

#[test]
fn every_metric_that_is_watched_is_one_that_exists() {
    for watched in all_watched() {
        let sets = written(&watched).unwrap_or_else(|| panic!("nobody writes {watched:?}"));
        assert!(sets.contains(&watched.dimension_names().as_slice()), "it has other dimensions: {watched:?}");
    }
}

#[test]
fn every_value_of_a_dimension_is_a_resource_of_its_kind() {
    for watched in all_watched() {
        for (dimension, kind) in SOURCES {
            if let Some(value) = watched.value(dimension) {
                assert!(names_of(kind).contains(resource_in(value)), "{value} is no {kind}: {watched:?}");
            }
        }
    }
}

/// The words that a dimension of the hub's own may have, where the template spells them out.
fn words_of(dimension: &str) -> Option<BTreeSet<&'static str>> {
    let hindrances = Hindrance::ALL.iter().map(|hindrance| hindrance.as_str());
    match dimension {
        "Channel" => Some(Channel::ALL.iter().map(|channel| channel.as_str()).collect()),
        "Queue" => Some(functions::workers().into_iter().map(|worker| worker.queue).collect()),
        "Kind" => Some(BTreeSet::from(["engagement", "delivery", "batch", "draft"])),
        "Reason" => Some(hindrances.chain(["out_of_order"]).collect()),
        _ => None,
    }
}

#[test]
fn every_word_in_a_dimension_of_the_hubs_own_is_one_that_it_writes() {
    for watched in all_watched().iter().filter(|watched| watched.namespace == OWN) {
        for (dimension, value) in &watched.dimensions {
            if let (Some(words), Some(value)) = (words_of(dimension), value) {
                assert!(words.contains(value.as_str()), "the hub writes no {dimension} {value}: {watched:?}");
            }
        }
    }
}

#[test]
fn every_channel_is_seen_from_its_acceptance_to_its_sending() {
    for metric in ["EngagementsAccepted", "EngagementsSent", "EngagementsUnconfirmed"] {
        let shown = shown();
        let of_metric = shown.iter().filter(|watched| watched.name == metric);
        let channels: BTreeSet<&str> = of_metric.filter_map(|watched| watched.value("Channel")).collect();
        assert_eq!(channels, words_of("Channel").unwrap(), "{metric}");
    }
}

#[test]
fn values_that_are_added_up_are_sums_and_heights_are_maxima() {
    for watched in all_watched() {
        let height = ["Approximate", "OldestDue", "ConcurrentExecutions"].iter().any(|it| watched.name.starts_with(it));
        let distribution = ["Duration", "Latency", "QueueWait"].contains(&watched.name.as_str());
        let fits = match watched.statistic.as_str() {
            "Maximum" => height,
            "Average" => watched.namespace == "AWS/SES",
            "Sum" => !height && !distribution && watched.namespace != "AWS/SES",
            percentile => distribution && percentile.starts_with('p'),
        };
        assert!(fits, "{watched:?}");
    }
}

#[test]
fn every_queue_has_an_alarm_and_a_line_on_the_dashboard() {
    let alarms: Vec<Watched> = alarms().into_iter().flat_map(|(_, watched)| watched).collect();
    for queue in names_of("AWS::SQS::Queue") {
        let dead = queue.ends_with("DeadLetters");
        let metric = if dead { "ApproximateNumberOfMessagesVisible" } else { "ApproximateAgeOfOldestMessage" };
        for (place, watched) in [("alarm", &alarms), ("line", &shown())] {
            let found = watched.iter().filter(|watched| watched.name == metric);
            let mut queues = found.filter_map(|watched| watched.value("QueueName"));
            assert!(queues.any(|value| resource_in(value) == queue), "{queue} has no {place} of {metric}");
        }
    }
}

#[test]
fn every_function_is_in_an_alarm_of_errors() {
    let watched =
        alarms().into_iter().flat_map(|(_, watched)| watched).filter(|it| it.dimension_names() == ["FunctionName"]);
    let errors: BTreeSet<String> =
        watched.filter(|it| it.name == "Errors").map(|it| it.value("FunctionName").unwrap().to_owned()).collect();
    assert_eq!(errors, names_of("AWS::Serverless::Function"));
}

#[test]
fn an_alarm_adds_up_no_more_metrics_than_cloudwatch_lets_it() {
    for (name, watched) in alarms() {
        assert!(watched.len() <= 10, "{name} has {} metrics", watched.len());
    }
}

#[test]
fn every_alarm_is_told_and_shown() {
    let widgets = widgets();
    let board = widgets.iter().find(|widget| widget["type"] == "alarm").expect("a widget of alarms");
    let shown = board["properties"]["alarms"].as_array().unwrap().iter().map(|arn| resource_in(arn.as_str().unwrap()));
    assert_eq!(shown.map(str::to_owned).collect::<BTreeSet<_>>(), names_of("AWS::CloudWatch::Alarm"));
    for (name, alarm) in of_type("AWS::CloudWatch::Alarm") {
        assert!(!alarm["Properties"]["AlarmActions"].is_null(), "nobody is told of {name}");
        assert!(alarm["Properties"]["TreatMissingData"].is_string(), "{name} does not say what no data means");
    }
}

/// Whether a name such as `…DeadLettersAlarm` in the README stands for this alarm.
fn stands_for(written: &str, alarm: &str) -> bool {
    match written.split_once('…') {
        Some((begin, end)) => alarm.starts_with(begin) && alarm.ends_with(end),
        None => alarm == written,
    }
}

#[test]
fn the_runbook_says_of_every_alarm_what_to_do_and_of_none_that_is_not_there() {
    let readme = read("README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| `") && line.contains("Alarm`"));
    let names: Vec<&str> = rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect();
    let alarms = names_of("AWS::CloudWatch::Alarm");
    for alarm in &alarms {
        assert_eq!(names.iter().filter(|name| stands_for(name, alarm)).count(), 1, "{alarm} in {names:?}");
    }
    for name in names {
        assert!(alarms.iter().any(|alarm| stands_for(name, alarm)), "there is no alarm {name}");
    }
}

#[test]
fn every_worker_and_every_start_is_on_the_dashboard() {
    let durations: BTreeSet<String> = shown()
        .iter()
        .filter(|watched| watched.name == "Duration")
        .map(|watched| resource_in(watched.value("FunctionName").unwrap()).to_lowercase())
        .collect();
    let workers = functions::workers().into_iter().map(|worker| worker.function);
    let schedules = functions::schedules().into_iter().map(|schedule| schedule.function);
    for function in workers.chain(schedules).chain(["integration-start", "direct-start"]) {
        assert!(durations.contains(&function.replace('-', "")), "{function} is not on the dashboard");
    }
}

#[test]
fn no_widget_lies_upon_another() {
    let mut taken = BTreeSet::new();
    for widget in widgets() {
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|side| widget[side].as_u64().unwrap());
        assert!(x + width <= 24, "{widget}");
        for place in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(taken.insert(place), "something else is at {place:?}: {widget}");
        }
    }
}
