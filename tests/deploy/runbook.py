"""Does what the README says under Operations, command by command, to a deployed hub, and sees that it helps.

    python runbook.py STACK COUNTS_FILE        (`aws` in PATH; AWS_ENDPOINT_URL and credentials in the environment)
"""

import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from os import environ
from pathlib import Path

import boto3

from stack import Proof, Stack, eventually

README = (Path(__file__).parents[2] / "README.md").read_text()
stack = Stack(sys.argv[1])
proof = Proof("runbook", sys.argv[2])
holds = proof.holds

DOMAIN, SENDER_HOST = "runbook", "runbook.example"
keys = {}
used = set()


# --- The commands of the README --------------------------------------------------------------------------------------

def blocks():
    return [text.split("```")[0] for text in README.split("```sh operate\n")[1:]]


def block_with(command):
    found = [block for block in blocks() if command in block]
    assert len(found) == 1, f"{len(found)} blocks of the README have {command}"
    used.add(found[0])
    return found[0]


# Version 1 of the AWS CLI, which is the one that packages offer, overlooks AWS_ENDPOINT_URL for SQS.
HERE = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }'


def run(block):
    """Runs a block as a reader would, after the definitions that all of them begin with."""
    script = f"set -euo pipefail\n{HERE}\n{block_with('STACK=')}\n{block}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=300,
                          env={**environ, "STACK": stack.name, "AWS_PAGER": ""})
    if done.returncode:
        raise RuntimeError(f"{block}\n{done.stdout}\n{done.stderr}")
    return done.stdout


# --- What it is done to ----------------------------------------------------------------------------------------------

def operator(method, path, body=None):
    return stack.call(method, path, body, keys["operator"])


def a_customer_is_there():
    keys["operator"] = stack.operator_key()
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER_HOST)
    account = operator("POST", "/admin/accounts", {"organization_name": "Runbook", "credits": 100}).json["account_id"]
    path = f"/admin/accounts/{account}"
    operator("POST", f"{path}/domains", {"domain_name": DOMAIN, "email_from": f"hello@{SENDER_HOST}"})
    made = operator("POST", f"{path}/api-keys", {"name": "runbook", "permissions": ["engagements"], "mode": "live"})
    holds("a customer is there", made.status in (200, 201), made)
    keys["customer"] = made.json["api_key"]


def start(to, **more):
    body = {"channel": "email", "phone_number": to, "domain_name": DOMAIN, "source_record_id": "1",
            "source_org_id": DOMAIN, "email_subject": "Hello", "email_body_html": "<p>Hello</p>", **more}
    answer = stack.call("POST", "/integration/start", body, keys["customer"])
    holds(f"a start for {to} is accepted", answer.status == 200, answer)
    return answer.json["engagement_id"]


def status_of(engagement_id):
    answer = stack.call("GET", f"/integration/engagement/{engagement_id}", key=keys["customer"])
    return answer.json["status"] if answer.status == 200 else None


def becomes(engagement_id, status):
    seen = eventually(lambda: status_of(engagement_id), lambda it: it == status)
    holds(f"the engagement becomes {status}", seen == status, seen)


# --- Stop, dead letters, go on ---------------------------------------------------------------------------------------

def what_is_stopped_waits_and_goes_on():
    stop = block_with("update-event-source-mapping")
    run(stop)
    states = {it["State"] for it in boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]
              if f":{stack.name}-" in it["FunctionArn"]}
    holds("nothing is taken from the queues", states <= {"Disabled", "Disabling"}, states)
    engagement_id = start("waits@example.com")
    letter = eventually(lambda: stack.waiting_messages("SendEmailQueueUrl"), lambda count: count > 0, 20)
    holds("its message waits, and nothing was sent", letter == 1 and stack.mails_to("waits@example.com") == [], letter)
    give_up(engagement_id)
    run(stop.replace("--no-enabled", "--enabled"))
    return engagement_id


def give_up(engagement_id):
    """Puts its message where five failed tries would have brought it."""
    queues, waiting = boto3.client("sqs"), stack.outputs["SendEmailQueueUrl"]
    message = queues.receive_message(QueueUrl=waiting)["Messages"][0]
    assert engagement_id in message["Body"], message
    queues.send_message(QueueUrl=stack.outputs["SendEmailDeadLettersUrl"], MessageBody=message["Body"])
    queues.delete_message(QueueUrl=waiting, ReceiptHandle=message["ReceiptHandle"])


def dead_letters_are_done_after_all():
    engagement_id = what_is_stopped_waits_and_goes_on()
    shown = run(block_with("start-message-move-task"))
    holds("the dead letters are shown, each with its engagement", engagement_id in shown, shown)
    becomes(engagement_id, "Completed")
    mails = stack.mails_to("waits@example.com")
    holds("it was sent once", len(mails) == 1, mails)
    left = stack.waiting_messages("SendEmailDeadLettersUrl")
    holds("no dead letter is left", left == 0, left)


# --- What is stuck ---------------------------------------------------------------------------------------------------

@contextmanager
def the_tick_held_back():
    functions, tick = boto3.client("lambda"), stack.resources()["DispatchReleaseDue"]["PhysicalResourceId"]
    functions.put_function_concurrency(FunctionName=tick, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=tick)


def what_is_overdue_is_found_and_released():
    with the_tick_held_back():
        engagement_id = an_overdue_engagement()
        found = run(block_with("--index-name due"))
    holds("what is overdue is listed", engagement_id in found, found)
    run(block_with("aws lambda invoke"))
    becomes(engagement_id, "Completed")


def an_overdue_engagement():
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    engagement_id = start("overdue@example.com", scheduled_time=tomorrow.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    boto3.client("dynamodb").update_item(
        TableName=stack.outputs["EngagementsTableName"], Key={"pk": {"S": f"ENG#{engagement_id}"}, "sk": {"S": "META"}},
        UpdateExpression="SET due_at = :then", ExpressionAttributeValues={":then": {"S": "2026-01-01T00:00:00.000Z"}})
    return engagement_id


# --- Keys ------------------------------------------------------------------------------------------------------------

def the_operator_key_is_replaced():
    old = keys["operator"]
    run(block_with("put-secret-value"))
    keys["operator"] = stack.operator_key()
    holds("there is another key", keys["operator"] != old)
    refused = eventually(lambda: stack.call("GET", f"/admin/domains/{DOMAIN}", key=old), lambda it: it.status == 403)
    holds("the old key opens nothing", refused.status == 403, refused)
    opened = operator("GET", f"/admin/domains/{DOMAIN}")
    holds("the new one opens", opened.status == 200, opened)


def the_standing_with_ses_is_told():
    standing = json.loads(run(block_with("sesv2 get-account")))
    holds("SES says what may be sent", standing["Quota"]["MaxSendRate"] > 0, standing)


# --- Restoring -------------------------------------------------------------------------------------------------------

def options_of(table):
    tables = boto3.client("dynamodb")
    backups = tables.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    described = tables.describe_table(TableName=table)["Table"]
    return {
        "expires": tables.describe_time_to_live(TableName=table)["TimeToLiveDescription"].get("AttributeName"),
        "recovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "indexes": sorted(index["IndexName"] for index in described["GlobalSecondaryIndexes"]),
        "pays": described["BillingModeSummary"]["BillingMode"],
    }


def a_table_is_restored_under_its_name():
    kept = start("kept@example.com")
    becomes(kept, "Completed")
    table = stack.outputs["EngagementsTableName"]
    before = options_of(table)
    run(block_with("restore-table-to-point-in-time"))
    lost = start("lost@example.com")
    run(block_with("restore-table-from-backup"))
    holds("what was there is there again", status_of(kept) == "Completed", status_of(kept))
    holds("what came later is not", status_of(lost) is None, status_of(lost))
    after = options_of(table)
    holds("and the table is as the stack made it", after == before, (before, after))
    becomes(start("afterwards@example.com"), "Completed")
    tables = boto3.client("dynamodb")
    tables.delete_table(TableName=f"{table}-restored")
    tables.update_table(TableName=table, DeletionProtectionEnabled=False)


def every_command_of_the_readme_was_used():
    unused = [block for block in blocks() if block not in used]
    holds("every block of commands was run", blocks() and not unused, unused)


proof.run([
    a_customer_is_there,
    dead_letters_are_done_after_all,
    what_is_overdue_is_found_and_released,
    the_operator_key_is_replaced,
    the_standing_with_ses_is_told,
    a_table_is_restored_under_its_name,
    every_command_of_the_readme_was_used,
])
