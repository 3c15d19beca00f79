"""direct-start: one engagement, sent within the request."""

import re

from customer import tomorrow
from expectation import CALL_SID, EMAIL_SID, containing, expects


def sent_at_once(case, **values):
    """The one mail that has left when the function has answered."""
    sent = {"status": "call_initiated", "phone_number": "n/a", "call_sid": EMAIL_SID}
    case.answers(200, sent, key=case.customer.key, **values)
    return case.customer.mail()


@expects("direct-start/email-html")
def an_email_leaves_within_the_request(case):
    mail = sent_at_once(case)
    case.sees("Your policy renewal", mail.subject)
    case.sees(containing("Dear Alex Morgan", "POL-2026-8842", "June 15, 2026", "Acme Insurance"), mail.html)


@expects("direct-start/email-instruction")
def an_email_is_written_from_its_instruction(case):
    mail = sent_at_once(case)
    case.sees("Update on your claim", mail.subject)
    case.sees(containing("Alex Morgan", "their claim was received"), mail.html)


@expects("direct-start/email-template")
def an_email_is_made_from_its_template(case):
    mail = sent_at_once(case, template=case.customer.template()["id"])
    case.sees("Your policy renewal", mail.subject)
    case.sees(containing("<strong>POL-2026-8842</strong> renews on June 15, 2026."), mail.html)


@expects("direct-start/nested-body")
def a_call_is_placed_within_the_request(case):
    placed = case.json(200, {"status": "call_initiated", "phone_number": "+14165551234", "call_sid": CALL_SID},
                       key=case.customer.test_key)
    call = case.customer.ask("GET", f"/calls/{placed['call_sid']}")
    case.sees({"call_sid": placed["call_sid"], "channel": "phone", "test_mode": True}, call)


@expects("direct-start/scheduled")
def what_is_for_later_is_queued(case):
    time = tomorrow()[:-5] + "Z"
    queued = {"status": "queued", "scheduled_time": time, "message": f"Call queued for scheduled time: {time}",
              "call_sid": re.compile("QUEUED_[0-9a-f-]{36}")}
    sid = case.json(200, queued, key=case.customer.test_key, scheduled_time=time)["call_sid"]
    case.sees({"status": "Scheduled", "type": "conversational"}, case.customer.ask("GET", f"/calls/{sid}"))


@expects("direct-start/contact-on-the-list")
def who_must_not_be_contacted_is_not(case):
    case.customer.ask("POST", "/contacts/do-not-contact", {"contact": case.customer.address, "reason": "Asked for it."})
    case.refuses(403, case.customer.address, "do-not-contact list", "Asked for it.", key=case.customer.key)
    case.sees([], case.customer.mails())
