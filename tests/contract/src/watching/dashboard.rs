//! What the dashboard of `template.yaml` shows.

use serde_json::Value as Json;

use super::{Watched, of_type};

/// What lies on the dashboard.
pub fn widgets() -> Vec<Json> {
    let (_, dashboard) = of_type("AWS::CloudWatch::Dashboard").pop().expect("a dashboard");
    let body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"].as_str().expect("a body with substitutions");
    let body: Json = serde_json::from_str(body).expect("the body is JSON");
    body["widgets"].as_array().expect("widgets").clone()
}

/// The metrics on its graphs.
pub fn shown() -> Vec<Watched> {
    let widgets = widgets();
    let graphs = widgets.iter().filter(|widget| widget["type"] == "metric").map(|widget| &widget["properties"]);
    graphs.flat_map(|graph| graph["metrics"].as_array().unwrap().iter().map(|metric| in_graph(metric, graph))).collect()
}

fn in_graph(metric: &Json, graph: &Json) -> Watched {
    let metric = metric.as_array().expect("a metric is a list");
    let options = metric.iter().find(|part| part.is_object());
    if let Some(search) = options.and_then(|options| options["expression"].as_str()) {
        return in_search(search);
    }
    let words: Vec<&str> = metric.iter().filter_map(Json::as_str).collect();
    let pairs = words[2..].chunks(2).map(|pair| (pair[0].to_owned(), Some(pair[1].to_owned())));
    let statistic = options.and_then(|options| options["stat"].as_str()).or(graph["stat"].as_str()).unwrap();
    Watched {
        namespace: words[0].to_owned(),
        name: words[1].to_owned(),
        dimensions: pairs.collect(),
        statistic: statistic.to_owned(),
    }
}

/// `SEARCH('{"Namespace",Dimension,…} MetricName="Name"', 'Statistic', 300)`
fn in_search(expression: &str) -> Watched {
    let inner = expression.strip_prefix("SEARCH('{\"").expect("a search");
    let (namespace, rest) = inner.split_once("\",").unwrap();
    let (dimensions, rest) = rest.split_once("} MetricName=\"").unwrap();
    let (name, rest) = rest.split_once("\"', '").unwrap();
    Watched {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions.split(',').map(|name| (name.to_owned(), None)).collect(),
        statistic: rest.split('\'').next().unwrap().to_owned(),
    }
}
