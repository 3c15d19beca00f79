"""A local AWS on one port: ministack, mended where it departs from AWS in ways that template.yaml touches.

    python local_aws.py        (configured by ministack's own environment variables; see .ci/steps/deploy.sh)

Each section below names one departure. Nothing here may make the template's life easier than AWS would.
"""

import base64
import contextvars
import datetime
import email
import email.policy
import itertools
import json
import queue
import re
import socket
import socketserver
import string
import threading
import types
import uuid

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway, cloudwatch, dynamodb, eventbridge, lambda_svc, ses_v2, sqs
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


# --- A function is unpacked when it is deployed; ministack does so at its first call, while all other functions wait. --

def unpack(name, _):
    lambda_svc._provided_runtime_code_dir(lambda_svc._functions[name]["code_zip"])


wrap_resource("AWS::Lambda::Function", unpack)


# --- A function that waits for work costs nothing. Ministack looks ten times a second whether each has some, and whether
# each is called: with the three hundred that the tests leave waiting that is half a core, and calls begin to run late.

SECONDS_UNTIL_LOOKING = 5


class Work(queue.Queue):
    """What a function is to do next; it looks seldom whether it has been ended meanwhile."""

    def get(self, block=True, timeout=None):
        return super().get(block, timeout and max(timeout, SECONDS_UNTIL_LOOKING))


def queue_of(maxsize=0):
    """Only the queue of a function's work holds no more than one."""
    return Work(maxsize) if maxsize == 1 else queue.Queue(maxsize)


class RuntimeApi(socketserver.ThreadingTCPServer):
    """Waits for the function without looking around."""

    def serve_forever(self, poll_interval=None):
        while True:
            try:
                request, address = self.socket.accept()
            except OSError:
                return
            self.process_request(request, address)

    def shutdown(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It has ended already.


def rest_while_waiting():
    lambda_runtime.queue = types.SimpleNamespace(Queue=queue_of, Empty=queue.Empty, Full=queue.Full)
    socketserver.ThreadingTCPServer = RuntimeApi


rest_while_waiting()


# --- Two cores do here what AWS spreads over as many machines as it takes, so a function has more time. ----------------

TIMES_AS_LONG = 3


def give_time():
    begin = lambda_runtime.ProvidedWorker.__init__

    def with_time(self, name, config, code_zip):
        begin(self, name, {**config, "Timeout": config["Timeout"] * TIMES_AS_LONG}, code_zip)

    lambda_runtime.ProvidedWorker.__init__ = with_time


give_time()


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
# What they are made of can be read back.

def keep_metric_math():
    handlers = HANDLERS["AWS::CloudWatch::Alarm"]
    create, update = handlers["create"], handlers["update"]

    def plain(properties):
        metrics = [m["MetricStat"] for m in properties.get("Metrics", []) if "MetricStat" in m]
        if not metrics:
            return properties
        kept = {k: v for k, v in properties.items() if k != "Metrics"}
        return {**kept, **metrics[0]["Metric"], "Period": metrics[0]["Period"], "Statistic": metrics[0]["Stat"]}

    def with_metrics(answer, properties):
        if "Metrics" in properties:
            cloudwatch._alarms[answer[0]]["Metrics"] = properties["Metrics"]
        return answer

    handlers.update(
        create=lambda logical_id, new, stack: with_metrics(create(logical_id, plain(new), stack), new),
        update=lambda name, old, new, *rest: with_metrics(update(name, plain(old), plain(new), *rest), new),
    )


keep_metric_math()


# --- There is no CodeDeploy: its resources are kept by name, and an alias moves to its new version at once. ----------

def keep_code_deploy():
    def application(logical_id, properties, stack):
        return f"{stack}-{logical_id}", {}

    def deployment_group(logical_id, properties, stack):
        missing = {"ApplicationName", "ServiceRoleArn", "DeploymentConfigName"} - properties.keys()
        if missing:
            raise ValueError(f"a deployment group needs {missing}")
        if not properties["DeploymentConfigName"].startswith("CodeDeployDefault.Lambda"):
            raise ValueError(f"there is no deployment configuration {properties['DeploymentConfigName']}")
        return f"{stack}-{logical_id}", {}

    for kind, create in [("Application", application), ("DeploymentGroup", deployment_group)]:
        HANDLERS[f"AWS::CodeDeploy::{kind}"] = {
            "create": create,
            "update": lambda physical_id, old, new, stack, logical_id=None: (physical_id, {}),
            "delete": lambda physical_id, properties: None,
        }


keep_code_deploy()


# --- Dead letters cannot be moved back to their queue; here it is done at once. ----------------------------------------

def sources_of(dead_letters_arn):
    """The queues whose messages end in this one."""
    for url, queue in sqs._queues.items():
        redrive = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
        if redrive.get("deadLetterTargetArn") == dead_letters_arn:
            yield url


def url_of(arn):
    return next(url for url, queue in sqs._queues.items() if queue["attributes"]["QueueArn"] == arn)


async def take_all(url):
    taken = []
    while messages := (await sqs._act_receive_message({"QueueUrl": url, "MaxNumberOfMessages": 10}, url)).get("Messages"):
        for message in messages:
            sqs._act_delete_message({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}, url)
        taken += messages
    return taken


def move_back():
    async def start(data, _):
        dead_letters = data["SourceArn"]
        destination = url_of(data["DestinationArn"]) if "DestinationArn" in data else next(sources_of(dead_letters))
        for message in await take_all(url_of(dead_letters)):
            sqs._act_send_message({"QueueUrl": destination, "MessageBody": message["Body"]}, destination)
        return {"TaskHandle": uuid.uuid4().hex}

    sqs._HANDLERS["StartMessageMoveTask"] = start


move_back()


# --- IAM: SendEmail is authorised on the sender's identity, Converse as InvokeModel, batches of messages as single ones. --

GRANTED_AS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
    "sqs:SendMessageBatch": "sqs:SendMessage",
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
        return GRANTED_AS.get(found, found)

    iam_actions.extract_resource_arn, iam_actions.extract_iam_action = resource, action


mend_authorisation()


# --- IAM: a request to a table carries the partition keys it is about; without any, a condition on them holds. -------

LEADING_KEYS = "dynamodb:LeadingKeys"
PARTITION_KEY = "pk"


class ItemArn(str):
    """The ARN of a table in a transaction, where each item is authorised with its own key."""

    def __new__(cls, arn, member):
        item = super().__new__(cls, arn)
        item.leading_keys = partition_keys(member)
        return item


def keys_of_batch(requests):
    """The keys that a batch of reads has for one table, or the keys and items that a batch of writes has."""
    if isinstance(requests, dict):
        return requests["Keys"]
    return [write.get("Key") or write["Item"] for request in requests for write in request.values()]


def partition_keys(request):
    """The partition keys of a request, or of one member of a transaction; none for an index, which has others."""
    if "RequestItems" in request:
        found = [key[PARTITION_KEY] for table in request["RequestItems"].values() for key in keys_of_batch(table)]
    elif "KeyConditionExpression" in request and "IndexName" not in request:
        name = re.match(rf"{PARTITION_KEY} = (:\w+)", request["KeyConditionExpression"])[1]
        found = [request["ExpressionAttributeValues"][name]]
    else:
        item = request.get("Key") or request.get("Item")
        found = [item[PARTITION_KEY]] if item else []
    return [key["S"] for key in found]


def carry_leading_keys():
    context_of, checks_of = iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks
    enforce = iam_evaluator.enforce

    def context(body):
        return {**context_of(body), LEADING_KEYS: partition_keys(json.loads(body or b"{}"))}

    def checks(action, body, *rest):
        found = checks_of(action, body, *rest)
        members = [member for item in json.loads(body)["TransactItems"] for member in item.values()] if found else []
        return [(action, ItemArn(arn, member)) for (action, arn), member in zip(found, members, strict=True)]

    def enforce_item(*request, **named):
        arn = named.get("resource_arn")
        if isinstance(arn, ItemArn):
            named["service_context"] = {**named["service_context"], LEADING_KEYS: arn.leading_keys}
        return enforce(*request, **named)

    iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks = context, checks
    iam_evaluator.enforce = enforce_item


carry_leading_keys()


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

# --- What a mail was made of cannot be read back: it is listed here as `GET /_local/messages` of a local hub lists it. -

MESSAGES = "/_ministack/messages"
sent_messages = []


def part_of(mail, kind):
    part = mail.get_body((kind,))
    return part and part.get_payload(decode=True).decode(part.get_content_charset("utf-8"))


def message(request, message_id):
    raw = base64.b64decode(request["Content"]["Raw"]["Data"])
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    tags = {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", [])}
    return {
        "message_id": message_id,
        "channel": "email",
        "contact": request["Destination"]["ToAddresses"][0],
        "engagement_id": tags.get("engagement_id"),
        "attempt": int(tags["attempt"]) if "attempt" in tags else None,
        "subject": mail["Subject"],
        "text": part_of(mail, "plain"),
        "html": part_of(mail, "html"),
        "raw": raw.decode("utf-8", "replace"),
        "sent_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "times_sent": 1,
    }


def listed(query):
    """The newest first; `engagement_id`, `contact` and `limit` choose."""
    wanted = {name: values[0] if isinstance(values, list) else values for name, values in query.items()}
    limit = int(wanted.pop("limit", 100))
    found = (it for it in reversed(sent_messages) if all(it[name] == value for name, value in wanted.items()))
    return list(itertools.islice(found, limit))


def keep_messages():
    handle, show = ses_v2.handle_request, app._handle_ses_messages_request

    async def handle_request(method, path, headers, body, query):
        answer = await handle(method, path, headers, body, query)
        if is_send_email(method, path) and answer[0] == 200:
            new = message(json.loads(body), json.loads(answer[2])["MessageId"])
            sent_messages.append({"id": len(sent_messages) + 1, **new})
        return answer

    async def show_messages(method, path, headers, query):
        if (method, path) != ("GET", MESSAGES):
            return await show(method, path, headers, query)
        return 200, {"Content-Type": "application/json"}, json.dumps({"messages": listed(query)}).encode()

    ses_v2.handle_request, app._handle_ses_messages_request = handle_request, show_messages


keep_messages()

if __name__ == "__main__":
    app.main()
