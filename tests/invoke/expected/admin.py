"""admin-*: what the operator does."""

import re
import uuid

from expectation import ACCOUNT_ID, API_KEY_ID, TIME, expects
from customer import PERMISSIONS, SENDER, WORKSPACE_SECRET


def operated(case, status, body, **values):
    case.answers(status, body, operator_key=case.customer.operator_key, **values)


@expects("admin-accounts-create/with-credits")
def an_account_is_made_with_its_credits(case):
    made = case.json(201, {"account_id": ACCOUNT_ID, "organization_name": "Acme Insurance", "balance": 1000, "domains": []},
                     operator_key=case.customer.operator_key)
    case.sees(made, case.customer.operate("GET", f"/admin/accounts/{made['account_id']}"))


@expects("admin-accounts-get/by-id")
def an_account_is_shown_with_its_domains(case):
    shown = {"account_id": case.customer.account_id, "balance": 1000, "domains": [case.customer.domain]}
    operated(case, 200, shown, account=case.customer.account_id)


@expects("admin-credits-add/purchase")
def credits_are_added(case):
    added = [{"amount": 1000}, {"amount": 500, "reason": "Invoice 2026-117", "created_at": TIME}]
    operated(case, 201, {"balance": 1500, "entries": added}, account=case.customer.account_id)
    case.sees(1500, case.customer.balance())


@expects("admin-credits-get/by-account")
def credits_are_shown(case):
    operated(case, 200, {"balance": 1000, "entries": [{"amount": 1000}]}, account=case.customer.account_id)


@expects("admin-domains-create/with-sender")
def a_domain_is_made(case):
    name, account_id = case.customer.domain_name, case.customer.account_id
    made = {"domain_name": name, "account_id": account_id, "email_from": SENDER, "engagement_hub_paused": False}
    operated(case, 201, made, account=account_id)
    case.sees(made, case.customer.operate("GET", f"/admin/domains/{name}"))


@expects("admin-domains-get/by-name")
def a_domain_is_shown(case):
    shown = {"domain_name": case.customer.domain, "account_id": case.customer.account_id, "email_from": SENDER,
             "time_zone": "UTC"}
    operated(case, 200, shown)


@expects("admin-domains-update/pause")
def a_domain_is_paused(case):
    operated(case, 200, {"domain_name": case.customer.domain, "engagement_hub_paused": True, "email_from": SENDER})
    refused = case.customer.stack.call("POST", "/integration/start", {
        "domain_name": case.customer.domain, "channel": "email", "phone_number": case.customer.address,
        "source_record_id": "contact-1", "source_org_id": "acme", "instruction": "Say hello."}, case.customer.key)
    case.sees(503, refused.status)


@expects("admin-carrier/set")
def a_carrier_is_set_and_its_token_never_shown(case):
    assert case.customer.domain
    shown = {"domain_name": case.customer.domain, "provider": "twilio", "voice_from": "+14165550100", "set_at": TIME}
    answered = case.answers(200, shown, operator_key=case.customer.operator_key)
    case.sees(False, b"0123456789abcdef0123456789abcdef" in answered)
    case.sees(shown, case.customer.operate("GET", f"/admin/domains/{case.customer.domain}/carrier"))


@expects("admin-carrier/show")
def a_carrier_is_shown(case):
    case.customer.with_carrier()
    operated(case, 200, {"domain_name": case.customer.domain, "provider": "twilio", "whatsapp_from": None})


@expects("admin-carrier/remove")
def a_carrier_is_taken_away(case):
    case.customer.with_carrier()
    operated(case, 200, {"ok": True, "domain_name": case.customer.domain})
    gone = case.customer.stack.call("GET", f"/admin/domains/{case.customer.domain}/carrier", None, case.customer.operator_key)
    case.sees(404, gone.status)


@expects("admin-api-keys-create/live")
def a_key_is_made_and_opens_the_hub(case):
    made = case.json(201, {
        "api_key": re.compile(r"hub_live_[\w-]{43}"), "api_key_id": API_KEY_ID, "name": "CRM", "permissions": PERMISSIONS,
        "mode": "live", "revoked_at": None,
    }, operator_key=case.customer.operator_key, account=case.customer.account_id)
    path = f"/integration/engagements?domain_name={case.customer.domain}"
    case.sees(200, case.customer.stack.call("GET", path, key=made["api_key"]).status)


@expects("admin-api-keys-list/by-account")
def keys_are_listed_without_what_opens(case):
    made = case.customer.new_key()
    key = made.pop("api_key")
    listed = case.answers(200, {"api_keys": [made]}, operator_key=case.customer.operator_key,
                          account=case.customer.account_id)
    case.sees(False, key.encode() in listed)


@expects("admin-api-keys-revoke/by-id")
def a_revoked_key_opens_nothing(case):
    assert case.customer.domain
    key = case.customer.new_key()
    operated(case, 200, {"ok": True, "api_key_id": key["api_key_id"]}, api_key_id=key["api_key_id"])
    path = f"/integration/engagements?domain_name={case.customer.domain}"
    case.sees(403, case.customer.stack.call("GET", path, key=key["api_key"]).status)


@expects("admin-workspaces/create")
def a_workspace_is_made_whose_users_engage(case):
    customer, workspace = case.customer, str(uuid.uuid4())
    made = {"workspace_id": workspace, "domain_name": customer.domain, "jwt": {"alg": "HS256", "audience": None}}
    operated(case, 201, made, account=customer.account_id, workspace=workspace)
    answer = customer.stack.call("GET", "/rest/aventora/email-templates", key=customer.token(workspace))
    case.sees(200, answer.status)


@expects("admin-workspaces/list")
def workspaces_are_listed_without_what_opens(case):
    workspace = case.customer.new_workspace()
    listed = case.answers(200, {"workspaces": [{"workspace_id": workspace, "jwt": {"alg": "HS256"}}]},
                          operator_key=case.customer.operator_key, account=case.customer.account_id)
    case.sees(False, WORKSPACE_SECRET.encode() in listed)


@expects("admin-workspaces/remove")
def a_removed_workspace_opens_nothing(case):
    customer, workspace = case.customer, case.customer.new_workspace()
    operated(case, 200, {"ok": True, "workspace_id": workspace}, account=customer.account_id, workspace=workspace)
    answer = customer.stack.call("GET", "/rest/aventora/email-templates", key=customer.token(workspace))
    case.sees(401, answer.status)


# --- What the operator is told -----------------------------------------------------------------------------------------

@expects("admin-accounts-create/no-name")
def an_account_without_a_name_is_not_made(case):
    case.refuses(400, "organization_name is required.", operator_key=case.customer.operator_key)


@expects("admin-accounts-get/key-of-a-customer")
def a_customers_key_is_not_the_operators(case):
    case.refuses(403, "operator key", key=case.customer.key, account=case.customer.account_id)


@expects("admin-credits-add/more-taken-than-there-are")
def no_more_credits_are_taken_than_there_are(case):
    case.refuses(409, "The balance is smaller", operator_key=case.customer.operator_key, account=case.customer.account_id)
    case.sees(1000, case.customer.balance())


@expects("admin-credits-get/unknown-account", "admin-api-keys-list/unknown-account")
def an_account_that_is_not_there_is_404(case):
    case.refuses(404, "There is no account acc_a1b2c3d4e5f6789012345678.", operator_key=case.customer.operator_key)


@expects("admin-domains-create/name-taken")
def a_name_that_is_taken_stays_with_whom_it_is(case):
    domain, stranger = case.customer.domain, case.customer.stranger()
    case.refuses(409, f'"{domain}" is taken', operator_key=case.customer.operator_key, account=stranger.account_id)
    case.sees({"account_id": case.customer.account_id}, case.customer.operate("GET", f"/admin/domains/{domain}"))


@expects("admin-domains-get/unknown")
def a_domain_that_is_not_there_is_404(case):
    case.refuses(404, f'There is no domain "{case.customer.domain_name}".', operator_key=case.customer.operator_key)


@expects("admin-domains-update/unknown-time-zone")
def a_time_zone_must_be_one(case):
    assert case.customer.domain
    case.refuses(400, "time_zone is not an IANA time zone", operator_key=case.customer.operator_key)


@expects("admin-carrier/no-sender")
def a_carrier_has_a_sender(case):
    assert case.customer.domain
    case.refuses(400, "Give at least one of voice_from", operator_key=case.customer.operator_key)


@expects("admin-api-keys-create/unknown-permission")
def a_permission_must_be_one(case):
    case.refuses(400, "permissions", operator_key=case.customer.operator_key, account=case.customer.account_id)
    case.sees({"api_keys": []}, case.customer.operate("GET", f"/admin/accounts/{case.customer.account_id}/api-keys"))


@expects("admin-api-keys-revoke/unknown")
def a_key_that_is_not_there_is_404(case):
    case.refuses(404, "There is no API key", operator_key=case.customer.operator_key)


@expects("admin-workspaces/secret-too-short")
def a_secret_that_is_too_short_is_not_taken(case):
    case.refuses(400, "jwt.secret must have 32 to 1024 bytes", operator_key=case.customer.operator_key,
                 account=case.customer.account_id)
