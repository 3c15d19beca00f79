"""What only a deployed hub has: its outputs and secrets, the tick of each minute, dead letters, the limits of its tables
and queues, what its alarms watch, and that no function was denied anything.

    python deployed.py STACK COUNTS_FILE        (AWS_ENDPOINT_URL and credentials in the environment)

What it has in common with a hub on one machine is in tests/e2e/src/anywhere, which runs against this one too.
"""

import json
import re
from datetime import datetime, timedelta, timezone

import boto3

import watched
from hub import DOMAIN, SENDER, becomes, customer, email, holds, keys, operator, proof, stack, start
from stack import eventually

ENGAGEMENT_ID = re.compile(r"eng_[0-9a-f]{24}")
DEAD_LETTERS = [name for name in stack.outputs if name.endswith("DeadLettersUrl")]
QUEUES = [name for name in stack.outputs if name.endswith("QueueUrl")]
due = {}


# --- Outputs and secrets ---------------------------------------------------------------------------------------------

def the_outputs_lead_to_the_hub():
    api_id, url = stack.outputs["ApiId"], stack.outputs["ApiUrl"]
    holds("the address of the API is that of API Gateway", re.fullmatch(rf"https://{api_id}\.execute-api\.[^/]+", url), url)
    health = stack.call("GET", "/health")
    holds("/health answers 200", health.status == 200, health)
    document = stack.call("GET", "/openapi.json")
    holds("/openapi.json describes the API", "/integration/start" in document.json.get("paths", {}), document)


def the_secrets_are_made_with_the_stack():
    keys["operator"] = stack.operator_key()
    secrets = [r["PhysicalResourceId"] for r in stack.resources().values() if "SecretsManager" in r["ResourceType"]]
    values = [boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"] for arn in secrets]
    holds("the operator's key is one of two secrets, each another", len(set(values)) == 2 and keys["operator"] in values)
    holds("each has 43 characters or more, none of them punctuation",
          all(re.fullmatch(r"[A-Za-z0-9]{43,}", value) for value in values))
    told = [name for name, value in stack.outputs.items() if any(secret in value for secret in values)]
    holds("no output tells a secret", told == [], told)


def the_operator_sets_up_a_customer():
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER.split("@")[1])
    account = operator("POST", "/admin/accounts", {"organization_name": "Proof Limited", "credits": 1000})
    holds("an account is made with the operator's key", account.status == 201, account)
    path = f"/admin/accounts/{account.json['account_id']}"
    domain = operator("POST", f"{path}/domains", {"domain_name": DOMAIN, "email_from": f"Proof <{SENDER}>"})
    holds("a domain is made", domain.status == 201, domain)
    made = operator("POST", f"{path}/api-keys", {"name": "CRM"})
    holds("an API key is made", made.status == 201, made)
    keys["customer"] = made.json["api_key"]


# --- The tick of each minute -----------------------------------------------------------------------------------------

def the_tick_comes_each_minute():
    scheduler = boto3.client("scheduler")
    schedules = [scheduler.get_schedule(Name=it["Name"], GroupName=it["GroupName"])
                 for it in scheduler.list_schedules()["Schedules"]]
    function = stack.resources()["DispatchReleaseDue"]["PhysicalResourceId"]
    ticks = [it for it in schedules if f":function:{function}" in it["Target"]["Arn"]]
    holds("one schedule wakes release-due each minute",
          [(it["ScheduleExpression"], it["State"]) for it in ticks] == [("rate(1 minute)", "ENABLED")], schedules)


def tomorrow():
    return at(datetime.now(timezone.utc) + timedelta(days=1))


def at(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def an_email_becomes_due():
    """One for tomorrow, whose date is brought forward behind the hub's back: only the tick can find it."""
    due["engagement_id"] = start(email("due@example.com", scheduled_time=tomorrow()))
    boto3.client("dynamodb").update_item(
        TableName=stack.outputs["EngagementsTableName"],
        Key={"pk": {"S": f"ENG#{due['engagement_id']}"}, "sk": {"S": "META"}},
        UpdateExpression="SET due_at = :now", ExpressionAttributeValues={":now": {"S": at(datetime.now(timezone.utc))}})


def the_tick_has_released_it():
    becomes(due["engagement_id"], "Completed", seconds=90)
    holds("what is due is sent once", len(stack.mails_to("due@example.com")) == 1)


# --- Webhooks --------------------------------------------------------------------------------------------------------

def a_webhook_is_written_tried_and_listed():
    hook = {"domain_name": DOMAIN, "url": "https://hooks.example.com/engagements"}
    put = customer("PUT", "/account-settings/webhook", hook)
    holds("a webhook is set", put.status == 200, put)
    tested = customer("POST", "/account-settings/webhook/test", {"domain_name": DOMAIN})
    holds("the test of a webhook that cannot be reached says so", tested.status != 500 and tested.text, tested)
    becomes(start(email("hooked@example.com")), "Completed")
    listed = customer("GET", f"/account-settings/webhook/deliveries?domain_name={DOMAIN}")
    found = re.search(r"dlv_[0-9a-f]+", listed.text)
    if holds("its deliveries are listed", found, listed):
        path = f"/account-settings/webhook/deliveries/{found[0]}/redeliver"
        again = customer("POST", path, {"domain_name": DOMAIN})
        holds("one is delivered again", again.status in (200, 202), again)
        engagement_id = ENGAGEMENT_ID.search(listed.text)[0]
        path = f"/account-settings/webhook/deliveries?domain_name={DOMAIN}&engagement_id={engagement_id}"
        of_one = customer("GET", path)
        holds("those of one engagement are listed", "dlv_" in of_one.text, of_one)


# --- Tables and queues -----------------------------------------------------------------------------------------------

def tables_are_as_written():
    tables = boto3.client("dynamodb")
    for output in ("AccountsTableName", "EngagementsTableName"):
        name = stack.outputs[output]
        ttl = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        holds(f"{output}: items expire", ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}, ttl)
        recovery = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        holds(f"{output}: can be restored to any point in time",
              recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED", recovery)


def queue(output, *attributes):
    url = stack.outputs[output]
    return boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(attributes))["Attributes"]


def queues_are_as_written():
    for output in QUEUES:
        attributes = queue(output, "VisibilityTimeout", "RedrivePolicy")
        redrive = json.loads(attributes["RedrivePolicy"])
        holds(f"{output}: invisible for six time-outs, five tries",
              int(attributes["VisibilityTimeout"]) >= 360 and int(redrive["maxReceiveCount"]) == 5, attributes)


def no_letter_is_dead():
    for output in DEAD_LETTERS:
        holds(f"{output} is empty", stack.waiting_messages(output) == 0)


def a_message_that_cannot_be_read_ends_with_the_dead_letters():
    """Five tries take half an hour by the template; the queue is made impatient meanwhile."""
    for output in QUEUES:
        letters = output.replace("QueueUrl", "DeadLettersUrl")
        as_written = queue(output, "VisibilityTimeout")
        sqs, url = boto3.client("sqs"), stack.outputs[output]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
        sqs.send_message(QueueUrl=url, MessageBody="no work of this queue", MessageGroupId="proof")
        dead = eventually(lambda: stack.waiting_messages(letters), lambda count: count == 1)
        holds(f"{letters} holds what nobody could read", dead == 1, dead)
        sqs.set_queue_attributes(QueueUrl=url, Attributes=as_written)
        sqs.purge_queue(QueueUrl=stack.outputs[letters])


# --- Permissions -----------------------------------------------------------------------------------------------------

def lines_of(group):
    pages = boto3.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]


def no_function_was_denied_anything():
    pages = boto3.client("logs").get_paginator("describe_log_groups").paginate()
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    read = [line for group in groups for line in lines_of(group)]
    holds("the functions' logs can be read", read, groups)
    denied = [line for line in read if "AccessDenied" in line or "not authorized to perform" in line]
    holds("no function was denied anything", denied == [], denied[:3])
    unknown = [line for line in read if "the sending quota is not known" in line]
    holds("and SES told its sending quota", unknown == [], unknown[:3])


proof.run([
    the_outputs_lead_to_the_hub,
    the_secrets_are_made_with_the_stack,
    the_operator_sets_up_a_customer,
    a_webhook_is_written_tried_and_listed,
    the_tick_comes_each_minute,
    an_email_becomes_due,
    tables_are_as_written,
    queues_are_as_written,
    *watched.STEPS,
    the_tick_has_released_it,
    no_letter_is_dead,
    no_function_was_denied_anything,
    a_message_that_cannot_be_read_ends_with_the_dead_letters,
])
