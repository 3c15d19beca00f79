"""A customer's campaign by the JSON:API, in test mode, brought to where an expectation needs it."""

from expectation import meet

NUMBER = "+14165551234"

# What verifies any number in test mode, where nobody is called.
TEST_CODE = "000000"


def related(kind, id):
    return {"data": {"type": kind, "id": id}}


class Campaign:
    def __init__(self, customer):
        self.customer = customer

    def speak(self, method, path, body=None):
        headers = {"Authorization": f"Basic {self.customer.basic}", "X-Account-Key": self.customer.domain}
        answer = self.customer.stack.call(method, f"/api/v1/{path}", body, headers=headers)
        meet(answer.status in (200, 201, 202), f"{method} {path} succeeds", answer)
        return answer.json["data"]

    def make(self, kind, attributes, **relationships):
        resource = {"type": kind, "attributes": attributes, "relationships": relationships}
        return self.speak("POST", kind, {"data": resource})["id"]

    def engagement(self):
        return self.make("engagements", {"name": "Voice Blast", "direction": "outbound"})

    def template(self):
        return self.make("voice-templates", {"subject": "Specials", "kind": "text", "body": "Hello {{first-name}}."})

    def caller_id(self):
        """One that is verified for test mode."""
        id = self.make("caller-ids", {"phone-number": NUMBER})
        said = {"data": {"type": "caller-ids", "id": id, "attributes": {"code": TEST_CODE}}}
        self.speak("POST", f"caller-ids/{id}/verify", said)
        return id

    def activity(self, engagement):
        caller_id = related("caller-ids", self.caller_id())
        of = related("engagements", engagement)
        return self.make("activities", {"kind": "voice"}, **{"engagement": of, "caller-id": caller_id})

    def whole(self):
        """An engagement that lacks nothing to be scheduled."""
        engagement = self.engagement()
        of = related("activities", self.activity(engagement))
        spoken = related("voice-templates", self.template())
        self.make("triggers", {"kind": "say", "on-event": "voice-human"}, **{"activity": of, "voice-template": spoken})
        envelope = {"phone-number": NUMBER, "meta": {"first-name": "Alex"}}
        self.make("envelopes", envelope, engagement=related("engagements", engagement))
        return engagement
