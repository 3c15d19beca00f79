"""calls-*: the call log."""

from expectation import EMAIL_SID, expects


@expects("calls-get/by-call-sid")
def a_call_is_found_by_its_sid(case):
    call = {"channel": "phone", "type": "informational", "phone_number": "+14165551234", "test_mode": True,
            "instruction": "Confirm tomorrow's appointment."}
    placed = case.customer.ask("POST", "/start", call)["call_sid"]
    found = {"call_sid": placed, "channel": "phone", "phone_number": "+14165551234", "test_mode": True}
    case.answers(200, found, key=case.customer.key, call_sid=placed)


@expects("calls-list/by-domain")
def every_engagement_of_the_domain_is_a_call(case):
    case.customer.sent_email()
    email = {"call_sid": EMAIL_SID, "status": "Done", "outcome": "delivered", "channel": "email", "phone_number": "n/a",
             "email_address": case.customer.address}
    case.answers(200, {"calls": [email], "next_cursor": None}, key=case.customer.key)


@expects("calls-list/no-key")
def who_has_no_key_sees_no_call(case):
    case.refuses(403, "API key")


@expects("calls-get/unknown")
def a_sid_that_is_nobodys_is_404(case):
    case.refuses(404, "CA1234567890abcdef1234567890abcdef was not found", key=case.customer.key)
