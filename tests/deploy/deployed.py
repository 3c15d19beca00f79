"""Uses a deployed hub from end to end: operator, then customer, then what lies behind the API.

    python deployed.py STACK COUNTS_FILE        (AWS_ENDPOINT_URL and credentials in the environment)
"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import boto3

from stack import Proof, Stack, eventually

stack = Stack(sys.argv[1])
proof = Proof("deployed", sys.argv[2])
holds = proof.holds

DOMAIN = "proof"
SENDER = "service@proof.example"
ENGAGEMENT_ID = re.compile(r"eng_[0-9a-f]{24}")
CALL_SID = re.compile(r"EM[0-9a-f]{32}")
DEAD_LETTERS = [name for name in stack.outputs if name.endswith("DeadLettersUrl")]
QUEUES = [name for name in stack.outputs if name.endswith("QueueUrl")]
keys = {}


def operator(method, path, body=None):
    return stack.call(method, path, body, keys["operator"])


def customer(method, path, body=None, headers=None):
    return stack.call(method, path, body, keys["customer"], headers)


def email(to, **fields):
    return {
        "phone_number": to, "domain_name": DOMAIN, "source_record_id": "contact-456", "source_org_id": DOMAIN,
        "channel": "email", "client_name": "Alex Morgan", "email_subject": "Your policy {{POLICY_NUMBER}}",
        "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews.</p>",
        "email_template_params": {"policy_number": "POL-2026-8842"}, **fields,
    }


def start(body, headers=None):
    answer = customer("POST", "/integration/start", body, headers)
    holds(f"a start by {body.get('channel', 'phone')} is accepted", answer.status == 200, answer)
    return answer.json["engagement_id"]


def status_of(engagement_id):
    return customer("GET", f"/integration/engagement/{engagement_id}").json


def becomes(engagement_id, status):
    seen = eventually(lambda: status_of(engagement_id), lambda it: it.get("status") == status)
    return holds(f"the engagement becomes {status}", seen.get("status") == status, seen)


# --- Without a key ---------------------------------------------------------------------------------------------------

def the_service_answers_for_itself():
    health = stack.call("GET", "/health")
    holds("/health answers 200", health.status == 200, health)
    document = stack.call("GET", "/openapi.json")
    holds("/openapi.json describes the API", "/integration/start" in document.json.get("paths", {}), document)


def errors_have_one_shape():
    for what, answer, status in [
        ("an unknown path", stack.call("GET", "/integrations/start"), 404),
        ("a wrong method", stack.call("DELETE", "/integration/start"), 405),
        ("a missing key", stack.call("POST", "/integration/start", email("a@example.com")), 403),
        ("an unknown key", stack.call("GET", f"/calls?domain_name={DOMAIN}", key="hub_live_unknown"), 403),
        ("a wrong operator key", stack.call("GET", "/admin/domains/any", key="wrong"), 403),
    ]:
        whole = answer.json if answer.text.startswith("{") else {}
        holds(f"{what} is {status}, with its reason and the id of the request",
              answer.status == status and whole.get("detail") and whole.get("status") == status
              and whole.get("request_id"), answer)


# --- The operator ----------------------------------------------------------------------------------------------------

def the_operator_sets_up_a_customer():
    keys["operator"] = stack.operator_key()
    holds("the operator's key has 43 characters or more, none of them punctuation",
          re.fullmatch(r"[A-Za-z0-9]{43,}", keys["operator"]))
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER.split("@")[1])

    account = operator("POST", "/admin/accounts", {"organization_name": "Proof Limited", "credits": 1000})
    holds("an account is made", account.status in (200, 201), account)
    keys["account"] = account.json["account_id"]
    path = f"/admin/accounts/{keys['account']}"
    domain = operator("POST", f"{path}/domains", {"domain_name": DOMAIN, "email_from": f"Proof <{SENDER}>"})
    holds("a domain is made", domain.status in (200, 201), domain)
    permissions = ["engagements", "call_management", "account_settings"]
    made = operator("POST", f"{path}/api-keys", {"name": "CRM", "permissions": permissions, "mode": "live"})
    holds("an API key is made", made.status in (200, 201) and made.json.get("api_key"), made)
    keys["customer"] = made.json["api_key"]


def the_operator_sees_and_changes_it():
    path = f"/admin/accounts/{keys['account']}"
    listed = operator("GET", f"{path}/api-keys")
    holds("keys are listed without their secret", listed.status == 200 and keys["customer"] not in listed.text, listed)
    spare = operator("POST", f"{path}/api-keys", {"name": "spare", "permissions": ["engagements"], "mode": "test"})
    revoked = operator("DELETE", f"/admin/api-keys/{spare.json['api_key_id']}")
    holds("a key is revoked", revoked.status in (200, 204), revoked)
    refused = stack.call("GET", f"/integration/engagements?domain_name={DOMAIN}", key=spare.json["api_key"])
    holds("a revoked key opens nothing", refused.status == 403, refused)
    for what, answer in [
        ("the account is read", operator("GET", path)),
        ("the domain is read", operator("GET", f"/admin/domains/{DOMAIN}")),
        ("credits are added", operator("POST", f"{path}/credits", {"amount": 500, "reason": "proof"})),
        ("credits are read", operator("GET", f"{path}/credits")),
        ("the domain is changed", operator("PATCH", f"/admin/domains/{DOMAIN}", {"engagement_hub_paused": False})),
    ]:
        holds(what, answer.status in (200, 201), answer)


# --- The customer ----------------------------------------------------------------------------------------------------

def settings_are_kept():
    branding = {"domain_name": DOMAIN, "organization_name": "Proof Limited", "from": f"Proof <{SENDER}>"}
    holds("email settings are written", customer("PUT", "/account-settings/outbound-email", branding).status == 200)
    for path in ("outbound-email", "webhook", "webhook/deliveries"):
        answer = customer("GET", f"/account-settings/{path}?domain_name={DOMAIN}")
        holds(f"/account-settings/{path} is read", answer.status in (200, 404), answer)


def an_email_is_sent():
    to, headers = "alex@example.com", {"Idempotency-Key": "proof-1"}
    engagement_id = start(email(to), headers)
    holds("an engagement's id is eng_ and 24 hex digits", ENGAGEMENT_ID.fullmatch(engagement_id), engagement_id)
    again = customer("POST", "/integration/start", email(to), headers)
    holds("the same request again is answered as the first", again.json.get("engagement_id") == engagement_id, again)
    other = customer("POST", "/integration/start", email("other@example.com"), headers)
    holds("another request under the same Idempotency-Key is 422", other.status == 422, other)
    becomes(engagement_id, "Completed")
    mails = stack.mails_to(to)
    holds("one mail was sent", len(mails) == 1, mails)
    holds("with its placeholders filled", "POL-2026-8842" in mails[0]["Subject"] and "Alex Morgan" in mails[0]["BodyHtml"]
          and "{{" not in mails[0]["BodyHtml"], mails[0])


def a_call_in_test_mode_completes():
    becomes(start({"phone_number": "+14165551234", "domain_name": DOMAIN, "source_record_id": "contact-98765",
                   "source_org_id": DOMAIN, "channel": "phone", "test_mode": True,
                   "instruction": "Confirm tomorrow's appointment."}), "Completed")
    becomes(start({"phone_number": "+14165551234", "domain_name": DOMAIN, "source_record_id": "contact-98765",
                   "source_org_id": DOMAIN, "channel": "sms", "test_mode": True,
                   "instruction": "Confirm tomorrow's appointment."}), "Completed")


def an_engagement_is_paused_resumed_and_cancelled():
    tomorrow = (datetime.now(timezone.utc) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    engagement_id = start(email("later@example.com", scheduled_time=tomorrow))
    for action, status in [("pause", "Paused"), ("resume", "Scheduled"), ("cancel", "Cancelled")]:
        answer = customer("POST", f"/integration/{action}", {"engagement_id": engagement_id})
        holds(f"{action} is answered ok", answer.status == 200 and answer.json["ok"] is True, answer)
        becomes(engagement_id, status)
    holds("nothing was sent", stack.mails_to("later@example.com") == [])


def a_direct_start_sends_at_once():
    to = "direct@example.com"
    body = {"channel": "email", "type": "informational", "domain_name": DOMAIN, "email_address": to,
            "email_subject": "Update on your claim", "instruction": "Let the customer know their claim was received."}
    answer = customer("POST", "/start", body)
    sid = answer.json.get("call_sid", "")
    holds("a direct start answers with its call_sid",
          answer.status == 200 and CALL_SID.fullmatch(sid) and answer.json["status"] == "call_initiated", answer)
    holds("and the mail has left", len(stack.mails_to(to)) == 1)
    holds("the call is found by its sid", customer("GET", f"/calls/{sid}").status == 200)
    log = eventually(lambda: customer("GET", f"/calls?domain_name={DOMAIN}"), lambda it: sid in it.text, 10)
    holds("and stands in the call log", sid in log.text, log)
    listed = customer("GET", f"/integration/engagements?domain_name={DOMAIN}")
    holds("engagements are listed", listed.status == 200 and ENGAGEMENT_ID.search(listed.text), listed)


def a_bounce_is_heard_and_remembered():
    to = "bounce@example.com"
    becomes(start(email(to)), "Completed")
    again = eventually(lambda: customer("POST", "/integration/start", email(to)), lambda it: it.status == 403)
    holds("after a hard bounce the address is left alone", again.status == 403, again)


def a_webhook_is_written_tried_and_listed():
    hook = {"domain_name": DOMAIN, "url": "https://hooks.example.com/engagements"}
    put = customer("PUT", "/account-settings/webhook", hook)
    holds("a webhook is set", put.status == 200, put)
    tested = customer("POST", "/account-settings/webhook/test", {"domain_name": DOMAIN})
    holds("the test of a webhook that cannot be reached says so", tested.status != 500 and tested.text, tested)
    # Functions that are running know a domain's settings for 30 seconds, so a start may be a little too early.
    def told():
        becomes(start(email("hooked@example.com")), "Completed")
        return eventually(lambda: customer("GET", f"/account-settings/webhook/deliveries?domain_name={DOMAIN}"),
                          lambda it: "dlv_" in it.text, 5)

    listed = eventually(told, lambda it: "dlv_" in it.text, 60)
    found = re.search(r"dlv_[0-9a-f]+", listed.text)
    if holds("its deliveries are listed", found, listed):
        path = f"/account-settings/webhook/deliveries/{found[0]}/redeliver"
        again = customer("POST", path, {"domain_name": DOMAIN})
        holds("one is delivered again", again.status in (200, 202), again)


# --- Behind the API --------------------------------------------------------------------------------------------------

def the_tick_runs():
    event = json.loads((Path(__file__).parents[2] / "events/dispatch-release-due/tick.json").read_text())
    error, payload = stack.invoke("DispatchReleaseDue", event)
    holds("release-due runs", error is None, payload)


def tables_and_queues_are_as_written():
    tables = boto3.client("dynamodb")
    for output in ("AccountsTableName", "EngagementsTableName"):
        name = stack.outputs[output]
        ttl = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        holds(f"{output}: items expire", ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}, ttl)
        recovery = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        holds(f"{output}: can be restored to any point in time",
              recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED", recovery)
    for output in QUEUES:
        attributes = boto3.client("sqs").get_queue_attributes(
            QueueUrl=stack.outputs[output], AttributeNames=["VisibilityTimeout", "RedrivePolicy"])["Attributes"]
        redrive = json.loads(attributes["RedrivePolicy"])
        holds(f"{output}: invisible for six time-outs, five tries",
              int(attributes["VisibilityTimeout"]) >= 360 and int(redrive["maxReceiveCount"]) == 5, attributes)


def queues_are_empty():
    for output in DEAD_LETTERS:
        holds(f"{output} is empty", stack.waiting_messages(output) == 0)


def no_function_was_denied_anything():
    logs = boto3.client("logs")
    groups = [g["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for g in page["logGroups"]]
    read = [e["message"] for group in groups for e in logs.filter_log_events(logGroupName=group, limit=10000)["events"]]
    holds("the functions' logs can be read", read, groups)
    denied = [line for line in read if "AccessDenied" in line or "not authorized to perform" in line]
    holds("no function was denied anything", denied == [], denied[:3])


proof.run([
    the_service_answers_for_itself,
    errors_have_one_shape,
    the_operator_sets_up_a_customer,
    the_operator_sees_and_changes_it,
    settings_are_kept,
    an_email_is_sent,
    a_call_in_test_mode_completes,
    an_engagement_is_paused_resumed_and_cancelled,
    a_direct_start_sends_at_once,
    a_bounce_is_heard_and_remembered,
    a_webhook_is_written_tried_and_listed,
    the_tick_runs,
    tables_and_queues_are_as_written,
    queues_are_empty,
    no_function_was_denied_anything,
])
