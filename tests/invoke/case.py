"""An event on its way through its function: its placeholders filled, the function invoked, the answer held to what it must be."""

import base64
import json
import re

from expectation import body_of, containing, differences, meet

# What the events hold in place of what only a hub can give out. A name that no expectation gives a value stays as it is.
PLACEHOLDERS = {
    "key": "hub_test_key_placeholder",
    "operator_key": "hub_operator_key_placeholder",
    "token": "eng_a1b2c3d4e5f6789012345678.0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "engagement": "eng_a1b2c3d4e5f6789012345678",
    "other_engagement": "eng_b2c3d4e5f6789012345678a1",
    "account": "acc_a1b2c3d4e5f6789012345678",
    "workspace": "20202020-1c25-4d02-bf25-6aeccf7ea419",
    "workspace_token": "hub_workspace_token_placeholder",
    "unique_id": "a1b2c3d4e5f678901234567890abcdef1234567890abcdef12345678",
    "api_key_id": "key_a1b2c3d4e5f67890123456789012345678901234",
    "delivery": "dlv_a1b2c3d4e5f6789012345678019780c8a5f07c3e9b1d2f4a6c8e0b1d",
    "batch": "6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562",
    "draft": "draft_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "template": "550e8400-e29b-41d4-a716-446655440000",
    "booking": "bkg_a1b2c3d4e5f6789012345678",
    "invitation": "acme.obLD1OX2eJASNFZ4Dx4tPEtaaXiHlqW0w9Lh8A",
    "call_sid": "CA1234567890abcdef1234567890abcdef",
    "basic": "hub_basic_authorization_placeholder",
    "voice_engagement": "yrbCdxqV2ZMdQBCszhA7TZ",
    "activity": "cu8Eo9RyrUsV4MXEiDZpLM",
    "caller_id": "Lv8UgucPVGWcwZd9Hre9dn",
    "voice_template": "RyrUsV4MXEicu8Eo9DZpLM",
    "signature": "c2lnbmVkLWJ5LXR3aWxpbw==",
    "updated_at": "2026-06-18T14:30:00.000Z",
    "scheduled_time": "2026-06-19T14:30:00Z",
}
# The customer's own domain and contact stand in place of these in every event. `acme.example` is a sender, not a domain.
DOMAIN = re.compile(r"(?<![\w@.-])acme(?![\w.-])")
CONTACT = re.compile(r"(customer|you)@example\.com")


def in_binary_body(change, event):
    """The event with its body changed where it is Base64; elsewhere the body is text of the event."""
    fields = json.loads(event)
    if not fields.get("isBase64Encoded"):
        return event
    # In Latin-1 every byte is a character, whatever the body's own encoding is.
    body = change(base64.b64decode(fields["body"]).decode("latin-1"))
    return json.dumps({**fields, "body": base64.b64encode(body.encode("latin-1")).decode()})


class Case:
    def __init__(self, name, event, sam, customer):
        self.name, self.event, self.sam, self.customer = name, event, sam, customer
        self.answer = None

    @property
    def function(self):
        return self.name.split("/")[0]

    @property
    def succeeded(self):
        """Whether the function did what it is there for: no error, and no message of a queue that comes again."""
        return self.answer is not None and self.answer.get("statusCode", 200) < 300 and not self.answer.get("batchItemFailures")

    def filled(self, values):
        """The event with these values in place of its placeholders, the longest first: one may begin with another."""
        event = self.event
        for name in sorted(values, key=lambda name: -len(PLACEHOLDERS[name])):
            meet(PLACEHOLDERS[name] in event, f"the event has the placeholder of {name}", event)
            event = event.replace(PLACEHOLDERS[name], values[name])
        return in_binary_body(self.made_own, self.made_own(event))

    def made_own(self, text):
        """The text with the customer's own domain and contact."""
        return CONTACT.sub(self.customer.address, DOMAIN.sub(self.customer.domain_name, text))

    def invoked(self, **values):
        self.answer, said = self.sam.invoke(self.function, self.filled(values))
        meet(self.answer is not None, "the function answers", said)
        return self.answer

    def answers(self, status, body=None, headers=None, **values):
        """Invokes the function of an endpoint, whose answer must have this status, and these things in headers and body: an
        object is what the body has as JSON, and a pattern what it is as text."""
        answer = self.invoked(**values)
        meet(answer["statusCode"] == status, f"the status is {status}", answer)
        seen = body_of(answer)
        if body is not None:
            as_text = isinstance(body, re.Pattern)
            wrong = differences(body, seen.decode() if as_text else json.loads(seen), "body")
            meet(not wrong, "; ".join(wrong), seen)
        told = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        wrong = differences(headers or {}, told, "headers")
        meet(not wrong, "; ".join(wrong), told)
        return seen

    def json(self, status, body, **values):
        """The same of an answer with JSON, which it gives."""
        return json.loads(self.answers(status, body, **values))

    def refuses(self, status, *words, **values):
        """The same of an error in the API's shape, whose detail has these words."""
        self.answers(status, {"status": status, "detail": containing(*words), "request_id": str}, **values)

    def reports(self, *message_ids, **values):
        """Invokes the function of a queue, which must report exactly these messages as not done."""
        answer = self.invoked(**values)
        wrong = {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in message_ids]}
        meet(answer == wrong, f"it reports {wrong}", answer)

    def sees(self, expected, seen):
        """Holds what became of the event to what was expected of it."""
        wrong = differences(expected, seen)
        meet(not wrong, "; ".join(wrong), seen)
