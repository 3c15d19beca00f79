"""account-settings-*: what a domain's owners set for themselves."""

import base64
import re

from customer import SENDER
from expectation import EMAIL_SID, ENGAGEMENT_ID, TEMPLATE_ID, TIME, containing, expects

LOGO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOOK = "https://crm.example.com/hooks/engagements"
UNCONNECTED = {"status_code": None, "error": containing("The endpoint could not be connected to")}


# --- The webhook -----------------------------------------------------------------------------------------------------

@expects("account-settings-webhook-put/https-url")
def a_webhook_is_set_and_its_secret_shown_once(case):
    put = case.json(200, {"url": HOOK, "enabled": True, "secret": re.compile(r"whsec_\S{44}")}, key=case.customer.key)
    shown = case.customer.ask("GET", "/account-settings/webhook")
    case.sees({"url": HOOK, "secret_hint": "…" + put["secret"][-4:]}, shown)


@expects("account-settings-webhook-get/by-domain")
def a_webhook_is_shown_without_its_secret(case):
    secret = case.customer.with_webhook()["secret"]
    shown = {"domain_name": case.customer.domain, "url": HOOK, "secret_hint": "…" + secret[-4:], "enabled": True}
    case.sees(False, secret.encode() in case.answers(200, shown, key=case.customer.key))


@expects("account-settings-webhook-test/by-domain")
def a_webhook_that_cannot_be_reached_says_so(case):
    case.customer.with_webhook()
    case.answers(200, {"delivered": False, **UNCONNECTED, "at": TIME}, key=case.customer.key)


@expects("account-settings-webhook-deliveries/by-domain")
def deliveries_are_listed(case):
    delivery = case.customer.waiting_delivery()
    listed = [{**delivery, "status": "pending", "attempts": []}]
    case.answers(200, {"deliveries": listed, "next_cursor": None}, key=case.customer.key)


@expects("account-settings-webhook-redeliver/by-id")
def a_delivery_starts_again(case):
    delivery = case.customer.waiting_delivery()
    again = {"delivery_id": delivery["delivery_id"], "engagement_id": delivery["engagement_id"], "status": "pending"}
    case.answers(200, again, key=case.customer.key, delivery=delivery["delivery_id"])


@expects("account-settings-webhook-put/not-https")
def a_webhook_is_reached_by_https(case):
    case.refuses(400, "url", "https", key=case.customer.key)
    case.sees({"url": None}, case.customer.ask("GET", "/account-settings/webhook"))


@expects("account-settings-webhook-get/none-set")
def no_webhook_is_shown_where_none_is_set(case):
    case.answers(200, {"url": None, "secret_hint": None, "enabled": False}, key=case.customer.key)


@expects("account-settings-webhook-test/none-set")
def no_webhook_is_tried_where_none_is_set(case):
    case.refuses(409, "No webhook is set", key=case.customer.key)


@expects("account-settings-webhook-deliveries/key-without-permission")
def deliveries_are_for_keys_with_the_permission(case):
    case.refuses(403, "account_settings", key=case.customer.new_key(permissions=["engagements"])["api_key"])


@expects("account-settings-webhook-redeliver/unknown")
def a_delivery_that_is_not_there_is_404(case):
    case.refuses(404, "was not found on this account", key=case.customer.key)


# --- What surrounds every email --------------------------------------------------------------------------------------

BRANDING = {
    "organization_name": "Acme Insurance", "from": SENDER, "reply_to": "help@acme.example",
    "header_html": "<p><strong>{{ORGANIZATION_NAME}}</strong></p>",
    "footer_html": "<p>Acme Insurance, 1 Main Street, Toronto</p>",
}
OUTBOUND_EMAIL = "/account-settings/outbound-email"


@expects("account-settings-outbound-email-put/branding")
def branding_is_set(case):
    case.answers(200, BRANDING, key=case.customer.key)
    case.sees(BRANDING, case.customer.ask("GET", OUTBOUND_EMAIL))


@expects("account-settings-outbound-email-get/by-domain")
def branding_is_shown(case):
    case.customer.ask("PUT", OUTBOUND_EMAIL, BRANDING)
    case.answers(200, {"domain_name": case.customer.domain, **BRANDING, "updated_at": TIME}, key=case.customer.key)


@expects("account-settings-logo/of-domain")
def the_logo_is_served_as_the_bytes_that_it_is(case):
    case.customer.ask("PUT", OUTBOUND_EMAIL, {"logo": {"data": LOGO}})
    case.sees(base64.b64decode(LOGO), case.answers(200, headers={"content-type": "image/png"}))


@expects("account-settings-outbound-email-put/sender-without-address")
def a_sender_has_an_address(case):
    case.refuses(400, "from", key=case.customer.key)
    case.sees({"from": SENDER, "reply_to": None}, case.customer.ask("GET", OUTBOUND_EMAIL))


@expects("account-settings-outbound-email-get/domain-of-another")
def another_accounts_settings_are_not_shown(case):
    case.refuses(404, "northwind", key=case.customer.key)


@expects("account-settings-logo/domain-without-one")
def a_domain_without_a_logo_shows_none(case):
    assert case.customer.domain
    case.refuses(404, "There is no logo at this address.")


# --- Templates -------------------------------------------------------------------------------------------------------

CATALOG = {"id": "policy-renewal", "name": "Policy renewal", "subjectTemplate": containing("{{POLICY_NUMBER}}")}


@expects("account-settings-email-template-catalog/all", "account-settings-email-template-catalog/by-domain")
def the_catalog_is_shown(case):
    templates = case.json(200, {"templates": list}, key=case.customer.key)["templates"]
    case.sees(12, len(templates))
    case.sees(CATALOG, next(template for template in templates if template["id"] == "policy-renewal"))


@expects("account-settings-email-template-catalog/no-key")
def the_catalog_is_for_customers(case):
    case.refuses(403, "API key")


@expects("account-settings-email-templates-create/renewal")
def a_template_is_made(case):
    made = case.json(201, {
        "id": TEMPLATE_ID, "name": "Policy renewal", "subjectTemplate": "Your policy renewal",
        "customPlaceholderKeys": ["POLICY_NUMBER", "RENEWAL_DATE"], "createdAt": TIME,
    }, key=case.customer.key)
    case.sees([{"id": made["id"], "name": "Policy renewal"}], case.customer.templates())


@expects("account-settings-email-templates-create/nothing-but-the-domain")
def a_template_without_name_and_body_is_refused(case):
    case.answers(400, {"status": 400, "errors": [{"field": "name"}, {"field": "bodyHtml"}]}, key=case.customer.key)
    case.sees([], case.customer.templates())


@expects("account-settings-email-templates-list/by-domain")
def templates_are_listed(case):
    template = case.customer.template()
    listed = {"id": template["id"], "name": "Renewal", "customPlaceholderKeys": ["POLICY_NUMBER", "RENEWAL_DATE"]}
    case.answers(200, {"templates": [listed]}, key=case.customer.key)


@expects("account-settings-email-templates-list/by-id")
def a_template_is_shown_whole(case):
    template = case.customer.template()
    case.answers(200, template, key=case.customer.key, template=template["id"])


@expects("account-settings-email-templates-update/subject")
def a_template_is_changed(case):
    template = case.customer.template()
    changed = {"id": template["id"], "name": "Renewal", "subjectTemplate": "Policy {{POLICY_NUMBER}} renews",
               "bodyHtml": template["bodyHtml"], "updatedAt": lambda at: at > template["updatedAt"]}
    case.answers(200, changed, key=case.customer.key, template=template["id"], updated_at=template["updatedAt"])


@expects("account-settings-email-templates-delete/by-query")
def a_template_is_removed(case):
    template = case.customer.template()
    case.answers(200, {"ok": True, "id": template["id"]}, key=case.customer.key, template=template["id"])
    case.sees([], case.customer.templates())


@expects("account-settings-email-templates-delete/by-body")
def a_users_template_is_removed(case):
    case.customer.ask("PUT", OUTBOUND_EMAIL, {"outbound_email_user_overrides_enabled": True})
    template = case.customer.template(external_user_id="user-7")
    case.answers(200, {"ok": True, "id": template["id"]}, key=case.customer.key, template=template["id"])


@expects("account-settings-email-templates-update/stale")
def a_change_of_what_has_changed_meanwhile_is_refused(case):
    template = case.customer.template()
    case.refuses(409, "changed", key=case.customer.key, template=template["id"])
    case.sees([{"subjectTemplate": template["subjectTemplate"]}], case.customer.templates())


@expects("account-settings-email-templates-list/unknown", "account-settings-email-templates-delete/unknown")
def a_template_that_is_not_there_is_404(case):
    case.refuses(404, "There is no template 550e8400-e29b-41d4-a716-446655440000", key=case.customer.key)


# --- Trying an email -------------------------------------------------------------------------------------------------

@expects("account-settings-email-preview/html")
def an_email_is_shown_and_not_sent(case):
    shown = {"from": SENDER, "subject": "Your policy renewal", "html": containing("<p>Dear Alex Morgan,</p>"),
             "text": containing("Dear Alex Morgan,"), "missing_placeholders": []}
    case.answers(200, shown, key=case.customer.key)
    case.sees([], case.customer.mails())


def tried(case):
    """The one mail that the event's test email has sent."""
    case.answers(200, {"status": "sent", "engagement_id": ENGAGEMENT_ID, "call_sid": EMAIL_SID, "to": case.customer.address},
                 key=case.customer.key)
    return case.customer.mail()


@expects("account-settings-send-test-email/bare")
def a_test_email_needs_nothing_but_an_address(case):
    mail = tried(case)
    case.sees("A test email from Acme Insurance", mail.subject)
    case.sees(containing("this is a test email from Acme Insurance"), mail.html)


@expects("account-settings-send-test-email/html")
def a_test_email_has_its_placeholders_filled(case):
    mail = tried(case)
    case.sees("Hello", mail.subject)
    case.sees(containing("<p>Hello Alex</p>"), mail.html)


@expects("account-settings-email-preview/no-body-can-be-made")
def no_email_is_made_of_a_template_that_is_not_there(case):
    case.refuses(400, 'Unknown template "550e8400-e29b-41d4-a716-446655440000"', key=case.customer.key)


@expects("account-settings-send-test-email/no-address")
def a_test_email_needs_an_address(case):
    case.refuses(400, "email_address is required", key=case.customer.key)


# --- The calendar ----------------------------------------------------------------------------------------------------

CALENDAR = "/account-settings/calendar"


@expects("account-settings-calendar/set")
def a_calendar_is_set(case):
    monday = [{"start": "09:00", "end": "12:30"}, {"start": "13:30", "end": "17:00"}]
    block = {"starts_at": "2040-12-24T17:00:00.000Z", "ends_at": "2040-12-27T05:00:00.000Z", "reason": "Holidays"}
    calendar = {"time_zone": "America/Toronto", "slot_minutes": 30, "buffer_minutes": 10, "blocked": [block]}
    set_ = case.json(200, {**calendar, "updated_at": TIME}, key=case.customer.key)
    case.sees({**set_, "hours": {**set_["hours"], "monday": monday, "sunday": []}}, case.customer.ask("GET", CALENDAR))


@expects("account-settings-calendar/show")
def a_calendar_is_shown(case):
    case.answers(200, case.customer.with_calendar(), {"etag": '"1"'}, key=case.customer.key)


@expects("account-settings-calendar/backwards")
def hours_that_end_before_they_begin_are_not_set(case):
    case.refuses(400, "hours.monday must end later than they start", key=case.customer.key)


@expects("account-settings-calendar/none")
def a_calendar_that_was_not_set_is_not_shown(case):
    case.refuses(404, "PUT /account-settings/calendar", key=case.customer.key)
