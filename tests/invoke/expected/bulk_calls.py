"""bulk-calls-*: campaigns are submitted, followed, steered and tried again."""

from batch import Batch
from expectation import BATCH_ID, ENGAGEMENT_ID, TIME, containing, expects

CSV = {"content-type": "text/csv; charset=utf-8"}


def batches(customer):
    return customer.ask("GET", "/bulk-calls/batches")["batches"]


# --- Submitting ------------------------------------------------------------------------------------------------------

def submitted(case, queued, skipped, errors):
    """The batch that the event's campaign makes in test mode, as it is shown when it has ended."""
    answer = case.json(200, {
        "success": True, "batch_id": BATCH_ID, "queued_calls": queued, "skipped_calls": skipped, "errors": errors,
        "message": f"Batch created with {queued} calls. Processing will start shortly.",
    }, key=case.customer.test_key)
    ended = Batch(case.customer, answer["batch_id"]).ended()
    case.sees({"waiting": 0, "in_progress": 0, "completed": queued, "failed": 0, "cancelled": 0}, ended["counts"])
    return ended


@expects("bulk-calls-submit/sms-follow-up")
def a_campaign_goes_out_and_a_contact_that_it_has_twice_is_skipped(case):
    errors = ["Row 3: skipped — duplicate customer"]
    ended = submitted(case, 2, 1, errors)
    sms = {"row": 1, "channel": "sms", "contact_identifier": "+14165550000", "name": "Jane Doe",
           "source_record_id": "person-uuid", "outcome": "delivered"}
    email = {"row": 2, "channel": "email", "contact_identifier": case.customer.address, "name": "Alex Morgan"}
    shown = {"file_name": "June SMS follow-up", "credits": 0, "event_type": "batch.completed", "errors": errors}
    case.sees({**shown, "rows": [sms, email]}, ended)
    engagement = case.customer.engagement(ended["rows"][0]["engagement_id"])
    case.sees({"source_system": "twenty", "source_org_id": "workspace-uuid", "batch_id": ended["batch_id"]}, engagement)


@expects("bulk-calls-upload/csv-of-excel")
def a_file_goes_out_as_a_spreadsheet_program_has_saved_it(case):
    ended = submitted(case, 2, 0, [])
    rows = [{"row": 1, "channel": "sms", "contact_identifier": "+14165551234", "name": "Zoë Köhler"},
            {"row": 2, "channel": "sms", "contact_identifier": "+14165554321", "name": "Alex Morgan"}]
    case.sees(rows, sorted(ended["rows"], key=lambda row: row["row"]))
    case.sees("kontakte.csv", ended["file_name"])


@expects("bulk-calls-template/file")
def a_file_to_start_from_is_given(case):
    columns = "phone_number,email,name,channel,instruction,scheduled_time,email_subject,policy_number,test_mode"
    case.answers(200, containing(columns, "success@simulator.amazonses.com,Zoë Fournier,email"), CSV, key=case.customer.key)


@expects("bulk-calls-submit/no-row-can-be-engaged")
def a_campaign_without_a_row_that_can_be_engaged_is_refused(case):
    wrong = {"field": "rows.1", "detail": containing("Row 1: skipped — phone_number must be a phone number in E.164 format")}
    case.answers(400, {"status": 400, "detail": containing("No row can be engaged"), "errors": [wrong]}, key=case.customer.key)
    case.sees([], batches(case.customer))


@expects("bulk-calls-upload/no-contacts")
def a_file_without_contacts_is_refused(case):
    wrong = {"field": "file", "detail": containing("phone_number or email", "GET /bulk-calls/template.csv")}
    case.answers(400, {"status": 400, "errors": [wrong]}, key=case.customer.key)
    case.sees([], batches(case.customer))


@expects("bulk-calls-submit/no-key", "bulk-calls-list/no-key", "bulk-calls-template/no-key")
def campaigns_are_for_customers(case):
    case.refuses(403, "API key")


# --- Following -------------------------------------------------------------------------------------------------------

@expects("bulk-calls-get/by-id")
def a_batch_is_shown_with_its_rows_and_what_it_has_skipped(case):
    batch = Batch.for_tomorrow(case.customer, campaign_name="June follow-up")
    row = {"row": 1, "engagement_id": ENGAGEMENT_ID, "outcome": None, "channel": "email",
           "contact_identifier": case.customer.address, "name": "Alex Morgan", "source_record_id": "person-1",
           "scheduled_time": TIME, "completed_at": None}
    case.answers(200, {
        "batch_id": batch.batch_id, "domain_name": case.customer.domain, "file_name": "June follow-up", "status": "Running",
        "queued_calls": 1, "skipped_calls": 1, "progress_percent": 0, "credits": 1, "completed_at": None,
        "counts": {"waiting": 1, "in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0}, "rows": [row],
        "next_cursor": None, "errors": [containing("Row 2: skipped — phone_number must be a phone number")],
    }, key=case.customer.key, batch=batch.batch_id)


@expects("bulk-calls-list/first-page")
def the_batches_of_the_domain_are_listed_newest_first(case):
    older, newer = (Batch.for_tomorrow(case.customer, campaign_name=name) for name in ("May", "June"))
    listed = [{"batch_id": newer.batch_id, "file_name": "June", "queued_calls": 1, "counts": {"waiting": 1}},
              {"batch_id": older.batch_id, "file_name": "May", "queued_calls": 1, "counts": {"waiting": 1}}]
    case.answers(200, {"batches": listed, "next_cursor": None}, key=case.customer.key)


@expects("bulk-calls-results/by-id")
def results_have_every_row_with_what_became_of_it(case):
    batch = Batch.with_every_end(case.customer)
    rows = ["row,status,outcome,reason,contact,name,channel", "1,Completed,delivered,", ",'+14165551234,Alex Morgan,sms,",
            "2,Failed,invalid_number,", '3,Skipped,,"phone_number must be a phone number']
    name = {"content-disposition": f'attachment; filename="batch-{batch.batch_id}-results.csv"'}
    case.answers(200, containing(*rows), {**CSV, **name}, key=case.customer.key, batch=batch.batch_id)


# --- Steering --------------------------------------------------------------------------------------------------------

def steered(case, batch, status):
    """Does to the batch what the event asks for."""
    case.answers(200, {"ok": True, "batch_id": batch.batch_id, "status": status}, key=case.customer.key, batch=batch.batch_id)


@expects("bulk-calls-pause/by-id")
def a_batch_is_held(case):
    batch = Batch.for_tomorrow(case.customer)
    steered(case, batch, "Paused")
    case.sees({"status": "Paused", "counts": {"waiting": 1}}, batch.shown())


@expects("bulk-calls-resume/by-id")
def a_held_batch_goes_on(case):
    batch = Batch.for_tomorrow(case.customer)
    case.customer.ask("POST", f"/bulk-calls/batches/{batch.batch_id}/pause", {})
    steered(case, batch, "Running")
    case.sees({"status": "Running", "counts": {"waiting": 1}}, batch.shown())


@expects("bulk-calls-cancel/by-id")
def a_batch_is_called_off_and_its_credits_come_back(case):
    batch = Batch.for_tomorrow(case.customer)
    paid = case.customer.balance()
    steered(case, batch, "Cancelling")
    case.sees({"counts": {"waiting": 0, "cancelled": 1}, "completed_at": TIME}, batch.becomes("Cancelled"))
    case.sees(paid + 1, case.customer.balance())


@expects("bulk-calls-retry/by-id")
def the_failed_rows_of_a_batch_are_tried_again(case):
    batch = Batch.with_every_end(case.customer)
    new = {"success": True, "batch_id": BATCH_ID, "queued_calls": 1, "skipped_calls": 0, "errors": []}
    again = case.json(200, new, key=case.customer.key, batch=batch.batch_id)["batch_id"]
    case.sees({"retried_as": again}, batch.shown())
    failed = {"row": 2, "contact_identifier": "+15005550001", "outcome": "invalid_number"}
    case.sees({"retry_of": batch.batch_id, "rows": [failed]}, Batch(case.customer, again).ended())


# --- What cannot be followed or steered ------------------------------------------------------------------------------

@expects("bulk-calls-get/unknown", "bulk-calls-results/unknown")
def another_accounts_batch_is_as_if_it_were_not_there(case):
    batch = Batch.for_tomorrow(case.customer.stranger())
    case.refuses(404, "was not found on this account", key=case.customer.key, batch=batch.batch_id)


@expects("bulk-calls-pause/ended", "bulk-calls-resume/ended", "bulk-calls-cancel/ended")
def a_batch_that_has_ended_is_not_steered(case):
    batch = Batch.sent(case.customer)
    case.refuses(409, "is Completed: it cannot be changed any more", key=case.customer.key, batch=batch.batch_id)
    case.sees({"status": "Completed", "counts": {"completed": 1}}, batch.shown())


@expects("bulk-calls-retry/none-failed")
def a_batch_of_which_nothing_failed_is_not_tried_again(case):
    batch = Batch.sent(case.customer)
    case.refuses(409, "none of its rows failed", key=case.customer.key, batch=batch.batch_id)
    case.sees({"retried_as": None}, batch.shown())
