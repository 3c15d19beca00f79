"""Whether what the alarms watch is there: metrics that AWS has, of things that this stack has.

An alarm on a metric that nobody tells is silent for ever. What is judged here are AWS's own metrics, whose namespaces
begin with `AWS/`; those that the functions write are the hub's own.
"""

import boto3

from hub import holds, stack

# The names of AWS's metrics, each with the sets of dimensions under which AWS tells it.
METRICS = {
    ("AWS/ApiGateway", "5xx"): [{"ApiId"}],
    ("AWS/Lambda", "Errors"): [{"FunctionName"}, {"FunctionName", "Resource", "ExecutedVersion"}],
    ("AWS/Lambda", "Throttles"): [set(), {"FunctionName"}],
    ("AWS/SES", "Reputation.BounceRate"): [set()],
    ("AWS/SES", "Reputation.ComplaintRate"): [set()],
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): [{"QueueName"}],
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): [{"QueueName"}],
}


def alarms():
    pages = boto3.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return [alarm for page in pages for alarm in page["MetricAlarms"] if alarm["AlarmName"].startswith(f"{stack.name}-")]


def metrics_of(alarm):
    """Each metric of an alarm, with what tells whose it is."""
    stats = [metric["MetricStat"]["Metric"] for metric in alarm.get("Metrics", []) if "MetricStat" in metric]
    for metric in stats or [alarm]:
        dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions", [])}
        yield (metric["Namespace"], metric["MetricName"]), dimensions


def names(client, operation, key, name):
    pages = boto3.client(client).get_paginator(operation).paginate()
    return {name(item) for page in pages for item in page.get(key, [])}


def what_there_is():
    return {
        "ApiId": names("apigatewayv2", "get_apis", "Items", lambda api: api["ApiId"]),
        "FunctionName": names("lambda", "list_functions", "Functions", lambda function: function["FunctionName"]),
        "QueueName": names("sqs", "list_queues", "QueueUrls", lambda url: url.rsplit("/", 1)[-1]),
    }


def is_told(metric, dimensions, there):
    known = not metric[0].startswith("AWS/") or set(dimensions) in METRICS.get(metric, [])
    return known and all(value in there[name] for name, value in dimensions.items() if name in there)


def every_alarm_watches_what_is_told():
    there, watched = what_there_is(), set()
    for alarm in alarms():
        metrics = list(metrics_of(alarm))
        silent = [(metric, dimensions) for metric, dimensions in metrics if not is_told(metric, dimensions, there)]
        holds(f"{alarm['AlarmName']} watches what AWS tells", metrics and silent == [], silent)
        watched |= {dimension for _, dimensions in metrics for dimension in dimensions.items()}
    for kind in ("FunctionName", "QueueName"):
        silent = {name for name in there[kind] if name.startswith(f"{stack.name}-") and (kind, name) not in watched}
        holds(f"each {kind} of the stack is watched", silent == set(), silent)


STEPS = [every_alarm_watches_what_is_told]
