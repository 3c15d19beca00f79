"""A deployed hub as its operator and its customer use it. The command names its stack and the file of counts."""

import sys

from stack import Proof, Stack, eventually

stack = Stack(sys.argv[1])
proof = Proof("deployed", sys.argv[2])
holds = proof.holds

DOMAIN = "proof"
SENDER = "service@proof.example"
keys = {}


def operator(method, path, body=None):
    return stack.call(method, path, body, keys["operator"])


def customer(method, path, body=None):
    return stack.call(method, path, body, keys["customer"])


def email(to, **fields):
    return {
        "phone_number": to, "domain_name": DOMAIN, "source_record_id": "contact-456", "source_org_id": DOMAIN,
        "channel": "email", "client_name": "Alex Morgan", "email_template_params": {"policy_number": "POL-2026-8842"},
        "email_subject": "Your policy {{POLICY_NUMBER}}",
        "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews.</p>",
        **fields,
    }


def start(body):
    answer = customer("POST", "/integration/start", body)
    holds(f"a start by {body.get('channel', 'phone')} is accepted", answer.status == 200, answer)
    return answer.json["engagement_id"]


def status_of(engagement_id):
    return customer("GET", f"/integration/engagement/{engagement_id}").json


def becomes(engagement_id, status, seconds=60):
    seen = eventually(lambda: status_of(engagement_id), lambda it: it.get("status") == status, seconds)
    return holds(f"the engagement becomes {status}", seen.get("status") == status, seen)
