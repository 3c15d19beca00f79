"""voice-*: campaigns by the JSON:API, resource by resource."""

import re

from campaign import NUMBER, Campaign, related
from expectation import containing, expects

ID = re.compile(r"[2-9A-HJ-NP-Za-km-z]{22}")
JSON_API = {"content-type": "application/vnd.api+json"}


def shown(case, status, kind, attributes, **values):
    """The resource that the event makes or changes."""
    resource = {"type": kind, "id": ID, "attributes": attributes}
    return case.answers(status, {"data": resource}, JSON_API, basic=case.customer.basic, **values)


def refused(case, status, *pointers, **values):
    """Each fault is told with a pointer to it."""
    errors = [{"status": str(status), "source": {"pointer": pointer}} for pointer in pointers]
    case.answers(status, {"errors": errors}, JSON_API, basic=case.customer.basic, **values)


# --- What there is to be said, and who says it -----------------------------------------------------------------------

@expects("voice-caller-ids/create")
def a_number_is_called_before_calls_show_it(case):
    shown(case, 201, "caller-ids", {"phone-number": NUMBER, "status": "pending", "is-verified": False})


@expects("voice-caller-ids/no-number")
def what_is_no_number_is_not_called(case):
    refused(case, 422, "/data/attributes/phone-number")


@expects("voice-templates/create")
def a_voice_template_is_made(case):
    shown(case, 201, "voice-templates", {"subject": "Weekly Specials", "status": "completed", "voice": "Polly-Brian"})


@expects("voice-templates/recording")
def recordings_are_not_served(case):
    refused(case, 422, "/data/attributes/kind", "/data/attributes/body")


@expects("voice-text-templates/create")
def a_text_template_is_made(case):
    shown(case, 201, "text-templates", {"name": "Weekly Specials"})


@expects("voice-text-templates/no-body")
def a_text_template_says_something(case):
    refused(case, 422, "/data/attributes/body")


@expects("voice-email-templates/create")
def an_email_template_is_one_of_the_domains(case):
    shown(case, 201, "email-templates", {"subject": "Specials for {{first_name}}"})
    case.sees([{"name": "Specials for {{first_name}}", "customPlaceholderKeys": ["FIRST_NAME"]}], case.customer.templates())


@expects("voice-email-templates/no-body")
def an_email_template_says_something(case):
    refused(case, 422, "/data/attributes/body")


@expects("voice-senders/email-ids")
def the_domains_sender_is_listed(case):
    sender = {"type": "email-ids", "id": ID, "attributes": {"email-address": str}}
    case.answers(200, {"data": [sender], "meta": {"total": 1}}, JSON_API, basic=case.customer.basic)


# --- Campaigns -------------------------------------------------------------------------------------------------------

@expects("voice-engagements/create")
def an_engagement_is_made(case):
    attributes = {"name": "Voice Blast", "status": "pending", "delivery-type": "immediately", "count-total": None}
    shown(case, 201, "engagements", attributes)


@expects("voice-engagements/first-page")
def engagements_are_listed(case):
    made = Campaign(case.customer).engagement()
    case.answers(200, {"data": [{"type": "engagements", "id": made}], "meta": {"total": 1}}, JSON_API,
                 basic=case.customer.basic)


@expects("voice-activities/create")
def an_engagement_gets_its_activity(case):
    campaign = Campaign(case.customer)
    engagement, caller_id = campaign.engagement(), campaign.caller_id()
    shown(case, 201, "activities", {"name": "Voice Blast", "kind": "voice"}, voice_engagement=engagement, caller_id=caller_id)


@expects("voice-activities/no-engagement")
def an_activity_is_of_an_engagement_and_of_a_kind_that_is_served(case):
    refused(case, 422, "/data/attributes/kind", "/data/relationships/engagement")


@expects("voice-triggers/create")
def an_activity_gets_a_trigger(case):
    campaign = Campaign(case.customer)
    activity, template = campaign.activity(campaign.engagement()), campaign.template()
    attributes = {"kind": "say", "on-event": "voice-machine", "delay-in-seconds": 1, "loop": 0}
    shown(case, 201, "triggers", attributes, activity=activity, voice_template=template)


@expects("voice-triggers/not-served")
def what_is_not_served_is_refused_with_what_is(case):
    refused(case, 422, "/data/attributes/on-event", "/data/attributes/kind")


@expects("voice-envelopes/bulk")
def envelopes_are_made_together(case):
    engagement = Campaign(case.customer).engagement()
    made = [{"type": "envelopes", "id": ID, "attributes": {"phone-number": number, "status": "pending"}}
            for number in ("+15197566220", "+19734390088")]
    case.answers(201, {"data": made}, {"content-type": containing("ext=bulk")}, basic=case.customer.basic,
                 voice_engagement=engagement)


@expects("voice-envelopes/no-number")
def an_envelope_needs_a_number(case):
    engagement = Campaign(case.customer).engagement()
    refused(case, 422, "/data/attributes/phone-number", voice_engagement=engagement)


@expects("voice-engagements/schedule")
def a_whole_engagement_is_sent_out(case):
    engagement = Campaign(case.customer).whole()
    shown(case, 202, "engagements", {"count-total": 1}, voice_engagement=engagement)


@expects("voice-templates/no-key", "voice-senders/no-key")
def the_json_api_is_for_customers(case):
    case.answers(401, {"errors": [{"status": "401", "detail": containing("Basic")}]},
                 {**JSON_API, "www-authenticate": containing("Basic realm=")})
