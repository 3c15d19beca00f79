"""ivr-*: an IVR project has someone called, and asks how it went."""

import re

from expectation import expects

UNIQUE_ID = re.compile("[0-9a-f]{56}")


@expects("ivr-call/scenario")
def a_call_is_triggered(case):
    customer = case.customer
    unique_id = case.json(200, {"UniqueId": UNIQUE_ID}, key=customer.test_key)["UniqueId"]
    told = customer.stack.call("POST", "/v2/callresult", {"UniqueIds": [unique_id]}).json
    case.sees({"CallResults": [{"UniqueId": unique_id, "CallRequestId": ""}]}, told)


@expects("ivr-callresult/by-unique-id")
def a_call_that_has_not_ended_has_no_state(case):
    unique_id = case.customer.triggered()
    result = {"UniqueId": unique_id, "CallRequestId": "", "CallState": ""}
    case.answers(200, {"CallResults": [result]}, unique_id=unique_id)


# --- What a project is told ------------------------------------------------------------------------------------------

@expects("ivr-call/national-number")
def every_fault_is_told_at_once(case):
    faults = [{"field": "Tenant"}, {"field": "_DisplayNumber"}, {"field": "_Destination"}]
    case.answers(400, {"status": 400, "errors": faults}, key=case.customer.test_key)


@expects("ivr-callresult/no-ids")
def ids_are_required(case):
    case.refuses(400, "UniqueIds is required.")
