//! What the alarms of `template.yaml` watch.

use serde_yaml_ng::Value;

use super::{Watched, of_type};
use crate::template::text;

/// The alarms by their name, each with the metrics that it adds up.
pub fn alarms() -> Vec<(String, Vec<Watched>)> {
    of_type("AWS::CloudWatch::Alarm").into_iter().map(|(name, alarm)| (name, of_alarm(&alarm["Properties"]))).collect()
}

fn of_alarm(properties: &Value) -> Vec<Watched> {
    let Some(metrics) = properties["Metrics"].as_sequence() else {
        return vec![in_alarm(properties, &properties["Statistic"])];
    };
    let stats = metrics.iter().map(|metric| &metric["MetricStat"]).filter(|stat| !stat.is_null());
    stats.map(|stat| in_alarm(&stat["Metric"], &stat["Stat"])).collect()
}

fn in_alarm(metric: &Value, statistic: &Value) -> Watched {
    let dimensions = metric["Dimensions"].as_sequence().into_iter().flatten();
    Watched {
        namespace: text(&metric["Namespace"]),
        name: text(&metric["MetricName"]),
        dimensions: dimensions.map(|it| (text(&it["Name"]), Some(text(&it["Value"])))).collect(),
        statistic: text(statistic),
    }
}
