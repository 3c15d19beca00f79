"""carriers-*: what the mail service tells of a mail is recorded, and what a carrier tells of calls and messages."""

import base64
import hashlib
import hmac
import json
import re
from urllib.parse import parse_qsl

from customer import AUTH_TOKEN
from expectation import containing, expects

MESSAGE_ID = "0100019780c8a5f0-7c3e9b1d-2f4a-4c8e-8b1d-9e6f5a4b3c2d-000000"


def recorded(case, engagement_id):
    """The engagement once the event is recorded: whole, and whether its contact is closed to email."""
    case.reports(engagement=engagement_id)
    listed = case.customer.closed_to(case.customer.address, channel="email")["listed"]
    return {**case.customer.engagement(engagement_id), "listed": listed}


@expects("carriers-email-events/send", "carriers-email-events/delivery")
def what_the_mail_service_took_was_delivered(case):
    """The evidence comes before, or in place of, the answer to whoever sent the mail."""
    seen = recorded(case, case.customer.waiting_email())
    case.sees({"status": "Completed", "outcome": "delivered", "listed": False,
               "history": [{"event_type": "Scheduled"}, {"event_type": "Sent"}, {"event_type": "Ended"}]}, seen)
    case.sees([], case.customer.mails())


@expects("carriers-email-events/bounce")
def a_hard_bounce_is_recorded_and_the_address_left_alone(case):
    seen = recorded(case, case.customer.sent_email())
    case.sees({"status": "Completed", "outcome": "bounced", "summary": "Bounced: smtp; 550 5.1.1 user unknown",
               "listed": True}, seen)


@expects("carriers-email-events/soft-bounce")
def a_soft_bounce_is_recorded_and_the_address_stays(case):
    seen = recorded(case, case.customer.sent_email())
    case.sees({"status": "Completed", "outcome": "bounced", "summary": containing("452 4.2.2 mailbox full"),
               "listed": False}, seen)


@expects("carriers-email-events/complaint")
def a_complaint_is_recorded_and_the_address_left_alone(case):
    seen = recorded(case, case.customer.sent_email())
    case.sees({"outcome": "complained", "summary": "The recipient reported it as spam.", "listed": True}, seen)


@expects("carriers-email-events/delivery-delay")
def a_delay_is_told_in_the_history(case):
    seen = recorded(case, case.customer.sent_email())
    case.sees({"outcome": "delivered", "listed": False}, seen)
    case.sees({"event_type": "Noted", "detail": containing("452 4.2.2 mailbox full")}, seen["history"][-1])


@expects("carriers-email-events/reject")
def a_rejection_is_recorded(case):
    seen = recorded(case, case.customer.sent_email())
    case.sees({"outcome": "refused", "summary": "Rejected by the mail service: Bad content", "listed": False}, seen)


@expects("carriers-email-events/unreadable")
def what_is_no_event_comes_again(case):
    case.reports("db1d4810-ea11-51b7-ba91-deab67db1a08")


# --- Twilio ----------------------------------------------------------------------------------------------------------

def signed(case, **values):
    """The values with the signature that Twilio would give the event, by its documentation."""
    event = json.loads(case.filled(values))
    form = parse_qsl(base64.b64decode(event["body"]).decode(), keep_blank_values=True)
    address = f"https://{event['headers']['host']}{event['rawPath']}?{event['rawQueryString']}"
    text = address + "".join(name + value for name, value in sorted(form))
    signature = hmac.new(AUTH_TOKEN.encode(), text.encode(), hashlib.sha1).digest()
    return {**values, "signature": base64.b64encode(signature).decode()}


@expects("carriers-twilio-status/busy")
def a_busy_line_fails_the_engagement(case):
    engagement_id = case.customer.waiting_for_carrier("phone")
    case.answers(204, **signed(case, engagement=engagement_id))
    case.sees({"status": "Failed", "outcome": "busy"}, case.customer.engagement(engagement_id))


@expects("carriers-twilio-status/message-delivered")
def a_message_that_arrived_completes_the_engagement(case):
    engagement_id = case.customer.waiting_for_carrier("sms")
    case.answers(204, **signed(case, engagement=engagement_id))
    case.sees({"status": "Completed", "outcome": "delivered"}, case.customer.engagement(engagement_id))


@expects("carriers-twilio-voice/answer")
def a_call_that_is_taken_says_its_message(case):
    engagement_id = case.customer.waiting_for_carrier("phone")
    said = re.compile(r".*<Say [^>]*>Confirm tomorrow&apos;s appointment\.</Say><Hangup/>.*")
    case.answers(200, said, **signed(case, engagement=engagement_id))
    case.sees({"status": "Completed", "outcome": "answered"}, case.customer.engagement(engagement_id))


@expects("carriers-twilio-voice/turn")
def a_contact_who_speaks_is_answered(case):
    engagement_id = case.customer.waiting_for_carrier("phone", type="conversational")
    case.answers(200, re.compile(r".*<Response>.*<Say .*"), **signed(case, engagement=engagement_id))
    case.sees({"status": "In Progress"}, case.customer.engagement(engagement_id))


@expects("carriers-twilio-message/stop")
def a_contact_who_writes_stop_is_confirmed_and_left_alone(case):
    case.customer.with_carrier()
    case.answers(200, re.compile(r".*<Message>.+</Message>.*"), **signed(case))
    case.sees({"listed": True}, case.customer.closed_to("+14165551234", channel="sms"))


@expects("carriers-twilio-status/forged", "carriers-twilio-voice/forged")
def what_the_carrier_has_not_signed_is_refused(case):
    engagement_id = case.customer.waiting_for_carrier("phone")
    case.refuses(403, "X-Twilio-Signature", engagement=engagement_id)
    case.sees({"status": "Scheduled"}, case.customer.engagement(engagement_id))


@expects("carriers-twilio-message/forged")
def a_message_that_the_carrier_has_not_signed_is_refused(case):
    case.customer.with_carrier()
    case.refuses(403, "X-Twilio-Signature")
    case.sees({"listed": False}, case.customer.closed_to("+14165551234", channel="sms"))
