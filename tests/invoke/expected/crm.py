"""crm-*: a CRM's users choose a layout and engage a person."""

from expectation import ENGAGEMENT_ID, TIME, containing, expects


@expects("crm-email-templates/by-workspace")
def the_layouts_of_the_domain_are_listed(case):
    token = case.customer.token(case.customer.new_workspace())
    template = case.customer.template()
    layout = {"id": template["id"], "name": "Renewal", "subjectTemplate": "Your policy {{POLICY_NUMBER}}",
              "customPlaceholderKeys": ["POLICY_NUMBER", "RENEWAL_DATE"]}
    case.answers(200, {"templates": [layout]}, workspace_token=token)


@expects("crm-start-engagement/email-layout")
def a_person_is_engaged_with_a_layout(case):
    customer, workspace_id = case.customer, case.customer.new_workspace()
    accepted = {"status": "accepted", "engagement_id": ENGAGEMENT_ID, "created_at": TIME}
    engagement_id = case.json(200, accepted, workspace_token=customer.token(workspace_id),
                              template=customer.template()["id"])["engagement_id"]
    ended = customer.engagement(customer.ended(engagement_id))
    case.sees({"source_record_id": "d3b07384-d9a0-4c9b-8f6e-1a2b3c4d5e6f", "source_org_id": workspace_id,
               "client_name": "Alex Morgan"}, ended)
    case.sees(containing("<strong>POL-2026-8842</strong> renews on June 15, 2026."), customer.mail().html)


# --- What a user is told ---------------------------------------------------------------------------------------------

@expects("crm-start-engagement/no-person")
def a_person_must_be_named(case):
    token = case.customer.token(case.customer.new_workspace())
    case.answers(422, {"detail": "personId is required.", "errors": [{"field": "personId"}]}, workspace_token=token)


@expects("crm-email-templates/api-key")
def a_key_is_no_token(case):
    case.refuses(401, "sign in to the CRM", key=case.customer.key)


@expects("crm-start-engagement/signed-out")
def a_token_that_nobody_signed_starts_nothing(case):
    case.refuses(401, "sign in to the CRM")
    assert case.customer.domain
    case.sees([], case.customer.mails())
