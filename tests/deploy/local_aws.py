"""A local AWS on one port: ministack, mended where it departs from AWS in ways that template.yaml touches.

    python local_aws.py        (configured by ministack's own environment variables; see .ci/steps/deploy.sh)

Each section below names one departure. Nothing here may make the template's life easier than AWS would.
"""

import contextvars
import datetime
import json
import re
import string
import threading
import uuid

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway, dynamodb, eventbridge, ses_v2
from ministack.services.cloudformation import provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS


def wrap_resource(kind, after):
    """Runs `after(physical_id, properties)` when a resource of this kind was created or updated."""
    create, update = HANDLERS[kind]["create"], HANDLERS[kind]["update"]

    def created(logical_id, properties, stack):
        physical_id, attributes = create(logical_id, properties, stack)
        after(physical_id, properties)
        return physical_id, attributes

    def updated(physical_id, old, new, stack, logical_id=None):
        physical_id, attributes = update(physical_id, old, new, stack, logical_id)
        after(physical_id, new)
        return physical_id, attributes

    HANDLERS[kind].update(create=created, update=updated)


# --- An HTTP API's routes come from its OpenAPI `Body`; ministack only knows them as resources of their own. ---------

ANY_METHOD = "x-amazon-apigateway-any-method"


def import_routes(api_id, properties):
    body = properties.get("Body")
    if not isinstance(body, dict):
        return
    apigateway._routes[api_id], apigateway._integrations[api_id] = {}, {}
    if cors := body.get("x-amazon-apigateway-cors"):
        apigateway._apis[api_id]["corsConfiguration"] = cors
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if "x-amazon-apigateway-integration" in operation:
                add_route(api_id, path, method, operation["x-amazon-apigateway-integration"])


def add_route(api_id, path, method, integration):
    function = re.search(r"/functions/(.*)/invocations$", integration["uri"])[1]
    answer = apigateway._create_integration(api_id, {
        "integrationType": "AWS_PROXY",
        "integrationUri": function,
        "payloadFormatVersion": integration["payloadFormatVersion"],
    })
    verb = "ANY" if method == ANY_METHOD else method.upper()
    apigateway._create_route(api_id, {
        "routeKey": "$default" if path.lstrip("/") == "$default" else f"{verb} {path}",
        "target": f"integrations/{json.loads(answer[2])['integrationId']}",
    })


wrap_resource("AWS::ApiGatewayV2::Api", import_routes)


# --- `/health` is the API's own path, not ministack's. -----------------------------------------------------------------

app._HEALTH_PATHS = ("/_ministack/health",)


# --- A table's time to live and point-in-time recovery are ignored. --------------------------------------------------

def set_table_options(name, properties):
    if ttl := properties.get("TimeToLiveSpecification"):
        enabled = str(ttl.get("Enabled")).lower() == "true"
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": {**ttl, "Enabled": enabled}})
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery})


wrap_resource("AWS::DynamoDB::Table", set_table_options)


# --- `Ref` of a secret is its ARN, not its name; a generated one leaves out punctuation where it is told to. ---------

def without_punctuation(properties):
    generate = properties.get("GenerateSecretString", {})
    if str(generate.get("ExcludePunctuation")).lower() != "true":
        return properties
    excluded = generate.get("ExcludeCharacters", "") + string.punctuation
    return {**properties, "GenerateSecretString": {**generate, "ExcludeCharacters": excluded}}


def mend_secrets():
    handlers = HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def name_of(arn):
        return re.sub(r"^arn:.*:secret:(.*)-[^-]{6}$", r"\1", arn)

    def by_arn(answer):
        return answer[1]["Arn"], answer[1]

    handlers.update(
        create=lambda logical_id, new, stack: by_arn(create(logical_id, without_punctuation(new), stack)),
        update=lambda arn, old, new, stack, logical_id=None: by_arn(
            update(name_of(arn), without_punctuation(old), without_punctuation(new), stack, logical_id)),
        delete=lambda arn, properties: delete(name_of(arn), properties),
    )


mend_secrets()


# --- A parameter of type Number arrives as text; CloudFormation hands a number on. -----------------------------------

def keep_numbers():
    handlers = HANDLERS["AWS::Lambda::EventSourceMapping"]
    create, update = handlers["create"], handlers["update"]

    def numbers(properties):
        scaling = properties.get("ScalingConfig")
        return {**properties, "ScalingConfig": {k: int(v) for k, v in scaling.items()}} if scaling else properties

    handlers.update(
        create=lambda logical_id, properties, stack: create(logical_id, numbers(properties), stack),
        update=lambda mapping, old, new, *rest: update(mapping, numbers(old), numbers(new), *rest),
    )


keep_numbers()


# --- Alarms on metric math are refused; kept here as an alarm on the first metric of the sum, which nothing evaluates. -

def keep_metric_math():
    handlers = HANDLERS["AWS::CloudWatch::Alarm"]
    create, update = handlers["create"], handlers["update"]

    def plain(properties):
        metrics = [m["MetricStat"] for m in properties.get("Metrics", []) if "MetricStat" in m]
        if not metrics:
            return properties
        kept = {k: v for k, v in properties.items() if k != "Metrics"}
        return {**kept, **metrics[0]["Metric"], "Period": metrics[0]["Period"], "Statistic": metrics[0]["Stat"]}

    handlers.update(
        create=lambda logical_id, properties, stack: create(logical_id, plain(properties), stack),
        update=lambda name, old, new, *rest: update(name, plain(old), plain(new), *rest),
    )


keep_metric_math()


# --- IAM: SendEmail is authorised on the sender's identity, Converse as InvokeModel. ---------------------------------

MODEL_ACTIONS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
}


def is_send_email(method, path):
    return method == "POST" and path.rstrip("/").endswith("/outbound-emails")


def sender_identity(body):
    """The verified identity that a SendEmail uses: the address where it is one, else its domain."""
    sender = json.loads(body or b"{}").get("FromEmailAddress", "")
    address = re.sub(r"^.*<(.*)>$", r"\1", sender)
    return address if address in ses_v2._identities else address.rsplit("@", 1)[-1]


def mend_authorisation():
    resource_of, action_of = iam_actions.extract_resource_arn, iam_actions.extract_iam_action

    def resource(service, method, path, headers, body, query, region, account, *rest, **named):
        if service == "ses" and is_send_email(method, path):
            return f"arn:aws:ses:{region}:{account}:identity/{sender_identity(body)}"
        return resource_of(service, method, path, headers, body, query, region, account, *rest, **named)

    def action(service, *rest, **named):
        found = action_of(service, *rest, **named)
        return MODEL_ACTIONS.get(found, found)

    iam_actions.extract_resource_arn, iam_actions.extract_iam_action = resource, action


mend_authorisation()


# --- SES publishes events of what became of a mail; ministack keeps event destinations without using them. -----------

EVENT_NAMES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
}
SECONDS_UNTIL_EVENTS = 1.0


def outcomes(recipient):
    """What SES's own mailbox simulator does with these addresses; all others take the mail."""
    local_part = recipient.split("@")[0].split("+")[0]
    return {"bounce": ["Send", "Bounce"], "complaint": ["Send", "Delivery", "Complaint"]}.get(
        local_part, ["Send", "Delivery"])


def outcome_detail(kind, recipients, time):
    addressed = [{"emailAddress": r} for r in recipients]
    return {
        "Send": {},
        "Delivery": {"timestamp": time, "processingTimeMillis": 412, "recipients": recipients,
                     "smtpResponse": "250 2.6.0 Message received", "reportingMTA": "a8-50.smtp-out.amazonses.com"},
        "Bounce": {"feedbackId": uuid.uuid4().hex, "bounceType": "Permanent", "bounceSubType": "General",
                   "bouncedRecipients": [{**r, "action": "failed", "status": "5.1.1",
                                          "diagnosticCode": "smtp; 550 5.1.1 user unknown"} for r in addressed],
                   "timestamp": time, "reportingMTA": "dns; a8-50.smtp-out.amazonses.com"},
        "Complaint": {"feedbackId": uuid.uuid4().hex, "complaintSubType": None, "complainedRecipients": addressed,
                      "timestamp": time, "complaintFeedbackType": "abuse"},
    }[kind]


def message_tags(request, configuration_set):
    tags = {t["Name"]: [t["Value"]] for t in request.get("EmailTags", [])}
    return {**tags, "ses:configuration-set": [configuration_set]}


def publish(kind, request, message_id, bus):
    configuration_set = request["ConfigurationSetName"]
    recipients = request.get("Destination", {}).get("ToAddresses", [])
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    mail = {
        "timestamp": time,
        "source": request.get("FromEmailAddress", ""),
        "sendingAccountId": get_account_id(),
        "messageId": message_id,
        "destination": recipients,
        "headersTruncated": False,
        "headers": [],
        "tags": message_tags(request, configuration_set),
    }
    detail = {"eventType": kind, "mail": mail, kind.lower(): outcome_detail(kind, recipients, time)}
    eventbridge._put_events({"Entries": [{
        "Source": "aws.ses",
        "DetailType": EVENT_NAMES[kind],
        "EventBusName": bus,
        "Resources": [f"arn:aws:ses:{get_region()}:{get_account_id()}:configuration-set/{configuration_set}"],
        "Detail": json.dumps(detail),
    }]}, allow_aws_source=True)


def publish_outcomes(request, message_id):
    destinations = (ses_v2._config_sets.get(request.get("ConfigurationSetName")) or {}).get("EventDestinations", {})
    recipient = (request.get("Destination", {}).get("ToAddresses") or [""])[0]
    for destination in destinations.values():
        bus = destination.get("EventBridgeDestination", {}).get("EventBusArn")
        for kind in outcomes(recipient):
            if bus and destination["Enabled"] and kind.upper() in destination["MatchingEventTypes"]:
                publish(kind, request, message_id, bus)


def mend_sending():
    handle = ses_v2.handle_request

    async def handle_request(method, path, headers, body, query):
        answer = await handle(method, path, headers, body, query)
        if not is_send_email(method, path) or answer[0] != 200:
            return answer
        request, message_id = json.loads(body), json.loads(answer[2])["MessageId"]
        caller = contextvars.copy_context()
        threading.Timer(SECONDS_UNTIL_EVENTS, caller.run, (publish_outcomes, request, message_id)).start()
        return answer

    ses_v2.handle_request = handle_request


mend_sending()

if __name__ == "__main__":
    app.main()
