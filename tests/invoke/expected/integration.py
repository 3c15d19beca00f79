"""integration-*: engagements are started, followed, listed and steered."""

from expectation import ENGAGEMENT_ID, EMAIL_SID, TIME, containing, expects

ACCEPTED = {"status": "accepted", "engagement_id": ENGAGEMENT_ID, "created_at": TIME}


# --- Starting --------------------------------------------------------------------------------------------------------

def started(case, key):
    """Starts the event's engagement, and gives it as it stands when it has ended."""
    customer = case.customer
    engagement_id = case.json(200, ACCEPTED, key=key)["engagement_id"]
    return customer.engagement(customer.ended(engagement_id))


@expects("integration-start/email-html")
def an_email_is_sent_with_its_placeholders_filled(case):
    ended = started(case, case.customer.key)
    case.sees({"outcome": "delivered", "client_name": "Alex Morgan", "source_record_id": "contact-456"}, ended)
    mail = case.customer.mail()
    case.sees("Your policy renewal", mail.subject)
    said = "<strong>POL-2026-8842</strong> renews on June 15, 2026"
    case.sees(containing("Dear Alex Morgan", said, "Acme Insurance"), mail.html)


@expects("integration-start/email-template")
def an_email_is_sent_with_its_template(case):
    template = case.customer.template(bodyHtml="<p>{{AGENT_NAME}} renews {{POLICY_NUMBER}} on {{RENEWAL_DATE}}.</p>")
    engagement_id = case.json(200, ACCEPTED, key=case.customer.key, template=template["id"])["engagement_id"]
    case.customer.ended(engagement_id)
    mail = case.customer.mail()
    case.sees("Your policy renewal", mail.subject)
    case.sees(containing("Jamie Lee renews POL-2026-8842 on June 15, 2026."), mail.html)


@expects("integration-start/phone")
def a_call_is_placed_in_test_mode(case):
    ended = started(case, case.customer.test_key)
    case.sees({"channel": "phone", "outcome": "answered", "test_mode": True, "source_system": "my_crm"}, ended)


@expects("integration-start/sms")
def a_conversation_is_held_in_test_mode(case):
    ended = started(case, case.customer.test_key)
    case.sees({"channel": "sms", "type": "conversational", "test_mode": True, "client_name": "Jordan Lee"}, ended)


@expects("integration-start/test-mode")
def a_live_key_may_ask_for_test_mode(case):
    before = case.customer.balance()
    ended = started(case, case.customer.key)
    case.sees({"channel": "phone", "outcome": "answered", "test_mode": True}, ended)
    case.sees(before, case.customer.balance())


@expects("integration-start/no-key")
def who_has_no_key_starts_nothing(case):
    case.refuses(403, "API key")


@expects("integration-start/required-field-missing")
def every_field_that_is_missing_is_named(case):
    missing = [{"field": "source_record_id"}, {"field": "source_org_id"}]
    case.answers(422, {"status": 422, "title": "Unprocessable Entity", "errors": missing}, key=case.customer.key)


# --- Following -------------------------------------------------------------------------------------------------------

@expects("integration-status/by-id")
def an_engagement_is_reported_whole(case):
    engagement_id = case.customer.sent_email()
    case.answers(200, {
        "engagement_id": engagement_id, "status": "Completed", "outcome": "delivered", "channel": "email",
        "contact_identifier": case.customer.address, "completed_at": TIME, "test_mode": False,
        "history": [{"event_type": "Queued"}, {"event_type": "Sent"}, {"event_type": "Ended", "call_outcome": "delivered"}],
    }, key=case.customer.key, engagement=engagement_id)


@expects("integration-list/by-domain")
def the_engagements_of_the_domain_are_listed_newest_first(case):
    older, newer = case.customer.waiting_email(), case.customer.waiting_email()
    listed = [{"engagement_id": newer, "status": "Scheduled"}, {"engagement_id": older, "status": "Scheduled"}]
    case.answers(200, {"engagements": listed, "next_cursor": None}, key=case.customer.key)


@expects("integration-list/by-record")
def the_engagements_of_a_record_that_are_completed_are_listed(case):
    case.customer.waiting_email()
    case.customer.ended(case.customer.email(source_record_id="contact-1"))
    completed = case.customer.sent_email()
    listed = {"engagement_id": completed, "status": "Completed", "source_record_id": "contact-98765",
              "call_sid": EMAIL_SID}
    case.answers(200, {"engagements": [listed], "next_cursor": None}, key=case.customer.key)


# --- Steering --------------------------------------------------------------------------------------------------------

def steered(case, engagement_id):
    """Does to the engagement what the event asks for, and gives it as it then stands."""
    case.answers(200, {"ok": True, "engagement_id": engagement_id}, key=case.customer.key, engagement=engagement_id)
    return case.customer.engagement(engagement_id)


@expects("integration-pause/by-id")
def an_engagement_is_paused(case):
    case.sees({"status": "Paused"}, steered(case, case.customer.waiting_email()))


@expects("integration-resume/by-id")
def a_paused_engagement_waits_for_its_time_again(case):
    engagement_id = case.customer.waiting_email()
    case.customer.steer("pause", engagement_id)
    case.sees({"status": "Scheduled"}, steered(case, engagement_id))


@expects("integration-cancel/by-id")
def an_engagement_is_cancelled_and_its_credits_come_back(case):
    engagement_id = case.customer.waiting_email()
    paid = case.customer.balance()
    case.sees({"status": "Cancelled", "completed_at": TIME}, steered(case, engagement_id))
    case.sees(paid + 1, case.customer.balance())


# --- What cannot be followed or steered ------------------------------------------------------------------------------

@expects("integration-status/unknown")
def another_accounts_engagement_is_as_if_it_were_not_there(case):
    case.refuses(404, "was not found on this account", key=case.customer.key, engagement=case.customer.stranger().waiting_email())


@expects("integration-list/domain-of-another")
def another_accounts_engagements_are_not_listed(case):
    case.refuses(404, "northwind", key=case.customer.key)


@expects("integration-pause/ended", "integration-resume/ended", "integration-cancel/ended")
def what_has_ended_is_not_steered(case):
    engagement_id = case.customer.sent_email()
    case.refuses(409, "Completed", key=case.customer.key, engagement=engagement_id)
    case.sees({"status": "Completed", "outcome": "delivered"}, case.customer.engagement(engagement_id))
