"""A customer of the deployed hub: an account with a domain, keys and contacts of its own, made as they are first needed.

Every event has a customer to itself, so that events can be invoked side by side, whatever they change.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from datetime import datetime, timedelta, timezone
from functools import cached_property
from urllib.parse import urlencode

import boto3

from expectation import meet
from mail import mails_to
from stack import eventually

SENDER = "Acme Insurance <service@acme.example>"
PERMISSIONS = ["engagements", "call_management", "account_settings"]
PATIENCE_SECONDS = 60
WORKSPACE_SECRET = "the secret that the CRM signs with"


def tomorrow():
    return at(datetime.now(timezone.utc) + timedelta(days=1))


def at(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


# What opens the carrier's account, and signs its callbacks.
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
CARRIER = {
    "provider": "twilio", "account_sid": "AC00000000000000000000000000000001", "auth_token": AUTH_TOKEN,
    "voice_from": "+14165550100", "sms_from": "+14165550101",
}


class Customer:
    def __init__(self, stack, operator_key, domain_name, address):
        self.stack, self.operator_key, self.domain_name, self.address = stack, operator_key, domain_name, address

    @classmethod
    def new(cls, stack, operator_key):
        """One whose domain and contact nobody else has."""
        number = secrets.token_hex(6)
        return cls(stack, operator_key, f"acme-{number}", f"customer-{number}@example.com")

    def stranger(self):
        """Another customer."""
        return Customer.new(self.stack, self.operator_key)

    # --- Speaking to the hub -----------------------------------------------------------------------------------------

    def operate(self, method, path, body=None):
        return self.spoken(method, path, body, self.operator_key)

    def ask(self, method, path, body=None, **query):
        """Asks with the key of the customer, for its domain."""
        if body is None:
            path += "?" + urlencode({"domain_name": self.domain_name, **query})
        else:
            body = {"domain_name": self.domain_name, **body}
        return self.spoken(method, path, body, self.key)

    def spoken(self, method, path, body, key):
        answer = self.stack.call(method, path, body, key)
        meet(answer.status in (200, 201), f"{method} {path} succeeds", answer)
        return answer.json

    # --- What it has -------------------------------------------------------------------------------------------------

    @cached_property
    def account_id(self):
        account = {"organization_name": "Acme Insurance", "credits": 1000}
        return self.operate("POST", "/admin/accounts", account)["account_id"]

    @cached_property
    def domain(self):
        """The domain's name, once there is the domain."""
        settings = {"domain_name": self.domain_name, "email_from": SENDER}
        return self.operate("POST", f"/admin/accounts/{self.account_id}/domains", settings)["domain_name"]

    def new_key(self, mode="live", permissions=PERMISSIONS):
        key = {"name": "CRM", "permissions": permissions, "mode": mode}
        return self.operate("POST", f"/admin/accounts/{self.account_id}/api-keys", key)

    @cached_property
    def key(self):
        assert self.domain
        return self.new_key()["api_key"]

    @cached_property
    def made_test_key(self):
        assert self.domain
        return self.new_key("test")

    @property
    def test_key(self):
        """Its engagements are in test mode: no carrier is needed for calls and messages, and nothing leaves."""
        return self.made_test_key["api_key"]

    @property
    def basic(self):
        """The test key as Basic authorization has it."""
        made = self.made_test_key
        return base64.b64encode(f"{made['api_key_id']}:{made['api_key']}".encode()).decode()

    def new_workspace(self):
        """The id of a workspace whose users engage for the customer."""
        workspace = {"workspace_id": str(uuid.uuid4()), "domain_name": self.domain,
                     "jwt": {"alg": "HS256", "secret": WORKSPACE_SECRET}}
        return self.operate("POST", f"/admin/accounts/{self.account_id}/workspaces", workspace)["workspace_id"]

    def token(self, workspace_id):
        """What the CRM gives a user of the workspace, for an hour."""
        def encoded(part):
            return base64.urlsafe_b64encode(part).rstrip(b"=")
        header, claims = {"alg": "HS256", "typ": "JWT"}, {"workspaceId": workspace_id, "exp": int(time.time()) + 3600}
        signed = b".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        signature = hmac.new(WORKSPACE_SECRET.encode(), signed, hashlib.sha256).digest()
        return (signed + b"." + encoded(signature)).decode()

    def template(self, **fields):
        renewal = {
            "name": "Renewal", "subjectTemplate": "Your policy {{POLICY_NUMBER}}",
            "bodyHtml": "<p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p>", **fields,
        }
        return self.ask("POST", "/account-settings/email-templates", renewal)

    def templates(self):
        return self.ask("GET", "/account-settings/email-templates")["templates"]

    def with_webhook(self):
        return self.ask("PUT", "/account-settings/webhook", {"url": "https://crm.example.com/hooks/engagements"})

    def waiting_delivery(self):
        """One that is not tried yet: the deployed worker of webhooks rests."""
        self.with_webhook()
        self.steer("cancel", self.waiting_email())
        [delivery] = self.deliveries()
        return delivery

    def deliveries(self):
        return self.ask("GET", "/account-settings/webhook/deliveries")["deliveries"]

    def with_calendar(self):
        days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        hours = {day: ["00:00-24:00"] for day in days}
        return self.ask("PUT", "/account-settings/calendar", {"time_zone": "America/Toronto", "hours": hours})

    def booking(self):
        self.with_calendar()
        check_up = {"contact": "+14165551234", "name": "Alex Morgan", "title": "Yearly check-up"}
        return self.ask("POST", "/bookings", {**check_up, "starts_at": "2040-06-19T18:30:00Z"})

    def closed_to(self, contact, **channel):
        return self.ask("GET", "/contacts/do-not-contact/check", contact=contact, **channel)

    def balance(self):
        return self.operate("GET", f"/admin/accounts/{self.account_id}/credits")["balance"]

    # --- Engagements -------------------------------------------------------------------------------------------------

    def start(self, **fields):
        body = {"source_record_id": "contact-98765", "source_org_id": "acme", "client_name": "Alex Morgan", **fields}
        return self.ask("POST", "/integration/start", body)["engagement_id"]

    def email(self, **fields):
        return self.start(**{
            "channel": "email", "phone_number": self.address, "email_subject": "Your policy renewal",
            "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p>", **fields,
        })

    def waiting_email(self):
        """One that nobody but the invoked function will send: it is for tomorrow."""
        return self.email(scheduled_time=tomorrow())

    def triggered(self):
        """The UniqueId of a call in test mode that goes on until it is cancelled."""
        parameters = [{"Name": "_DisplayNumber", "Value": "200"}, {"Name": "_Destination", "Value": "+15005550010"}]
        call = {"Project": self.domain_name, "Tenant": "Default", "ConversationId": "conversation-1",
                "AccessToken": self.test_key, "ScenarioPath": "start", "OrchestratorUrl": "https://ivr.example.com",
                "ScenarioInputParameters": parameters}
        return self.spoken("POST", "/v2/call", call, None)["UniqueId"]

    def waiting(self, channel):
        """A call or a message in test mode that nobody but the invoked function will set off."""
        return self.start(channel=channel, phone_number="+14165551234", test_mode=True, scheduled_time=tomorrow(),
                          instruction="Confirm tomorrow's appointment.")

    def with_carrier(self):
        return self.operate("PUT", f"/admin/domains/{self.domain}/carrier", CARRIER)

    def waiting_for_carrier(self, channel, **fields):
        """A call or a message that the domain's carrier would take tomorrow."""
        self.with_carrier()
        return self.start(channel=channel, phone_number="+14165551234", scheduled_time=tomorrow(),
                          instruction="Confirm tomorrow's appointment.", **fields)

    def sent_email(self):
        return self.ended(self.email())

    def steer(self, how, engagement_id):
        return self.ask("POST", f"/integration/{how}", {"engagement_id": engagement_id})

    def engagement(self, engagement_id):
        return self.ask("GET", f"/integration/engagement/{engagement_id}")

    def ended(self, engagement_id):
        """Waits until the engagement is Completed, and gives its id again."""
        becomes = eventually(lambda: self.engagement(engagement_id), lambda it: it["completed_at"], PATIENCE_SECONDS)
        meet(becomes["status"] == "Completed", "the engagement becomes Completed", becomes)
        return engagement_id

    def bring_forward(self, date, engagement_id):
        """Makes now of a date of an engagement: that at which the tick must see to it, or that for which it was asked.
        There is no way to it but the table."""
        boto3.client("dynamodb").update_item(
            TableName=self.stack.outputs["EngagementsTableName"],
            Key={"pk": {"S": f"ENG#{engagement_id}"}, "sk": {"S": "META"}}, UpdateExpression=f"SET {date} = :now",
            ExpressionAttributeValues={":now": {"S": at(datetime.now(timezone.utc))}})

    # --- Mail --------------------------------------------------------------------------------------------------------

    def mails(self):
        return mails_to(self.stack, self.address)

    def mail(self):
        """The one mail that has left."""
        mails = self.mails()
        meet(len(mails) == 1, "one mail has left", mails)
        return mails[0]

    def unsubscribe_token(self):
        """That of the link in the one mail that was sent."""
        self.sent_email()
        return self.mail().unsubscribe_token()
