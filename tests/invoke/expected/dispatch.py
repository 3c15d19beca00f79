"""dispatch-*: the workers behind the queues, and the tick."""

from batch import Batch, in_table
from expectation import containing, expects

SENT = [{"event_type": "Scheduled"}, {"event_type": "Sent"}, {"event_type": "Ended"}]


@expects("dispatch-send-email/first-attempt")
def an_email_is_sent(case):
    engagement_id = case.customer.waiting_email()
    case.reports(engagement=engagement_id)
    case.sees({"status": "Completed", "outcome": "delivered", "history": SENT}, case.customer.engagement(engagement_id))
    case.sees("Your policy renewal", case.customer.mail().subject)


@expects("dispatch-send-email/batch")
def each_message_of_a_batch_is_for_itself(case):
    """One is sent, one is for an attempt that is not this one, and one is not a message of the hub."""
    first, other = case.customer.waiting_email(), case.customer.waiting_email()
    case.reports("ed5efc63-9928-5863-b9aa-a0f53a5bbfb3", engagement=first, other_engagement=other)
    case.sees({"status": "Completed"}, case.customer.engagement(first))
    case.sees({"status": "Scheduled"}, case.customer.engagement(other))
    case.sees(1, len(case.customer.mails()))


@expects("dispatch-send-message/first-attempt")
def a_message_is_sent(case):
    engagement_id = case.customer.waiting("sms")
    case.reports(engagement=engagement_id)
    seen = case.customer.engagement(case.customer.ended(engagement_id))
    case.sees({"outcome": "delivered", "history": SENT}, seen)


@expects("dispatch-place-call/first-attempt")
def a_call_is_placed(case):
    engagement_id = case.customer.waiting("phone")
    case.reports(engagement=engagement_id)
    seen = case.customer.engagement(case.customer.ended(engagement_id))
    case.sees({"outcome": "answered", "history": SENT}, seen)


@expects("dispatch-deliver-webhook/delivery")
def a_delivery_is_tried_and_the_try_kept(case):
    """No container reaches the public internet by plan, and no webhook may be anywhere else: the try fails, and is kept."""
    delivery = case.customer.waiting_delivery()
    case.reports(delivery=delivery["delivery_id"])
    [tried] = case.customer.deliveries()
    attempt = {"status_code": None, "error": containing("The endpoint could not be connected to")}
    case.sees({"delivery_id": delivery["delivery_id"], "status": "pending", "attempts": [attempt]}, tried)


@expects("dispatch-release-due/tick")
def what_is_due_is_released(case):
    engagement_id = case.customer.waiting_email()
    case.customer.bring_forward("due_at", engagement_id)
    case.sees({"released": lambda released: released >= 1}, case.invoked())
    case.customer.ended(engagement_id)
    case.sees(1, len(case.customer.mails()))


@expects("dispatch-release-batch/slice")
def rows_whose_turn_has_come_are_let_go(case):
    """The event is for the second version of its batch, in which one rests until the turn of its first row."""
    batch = Batch.for_tomorrow(case.customer)
    [engagement_id] = batch.at_rest().engagement_ids()
    case.customer.bring_forward("scheduled_time", engagement_id)
    batch.bring_forward()
    case.reports(batch=batch.batch_id)
    case.sees({"counts": {"completed": 1}, "progress_percent": 100}, batch.ended())
    case.sees("Your policy renewal", case.customer.mail().subject)


@expects("dispatch-release-batch/draft")
def what_a_submit_left_behind_that_broke_off_is_cleared_away(case):
    batch = Batch.for_tomorrow(case.customer)
    [engagement_id] = batch.at_rest().engagement_ids()
    draft_id = batch.undone()
    left_behind = [f"DRAFT#{draft_id}", f"ENG#{engagement_id}", f"SKIPPED#{draft_id}"]
    case.sees([True] * 3, [in_table(case.customer, partition) for partition in left_behind])
    case.reports(draft=draft_id)
    case.sees([False] * 3, [in_table(case.customer, partition) for partition in left_behind])


@expects("dispatch-release-batch/unreadable")
def what_is_no_batch_comes_again(case):
    case.reports("a2c3f474-9f30-4d90-9f74-2e7c8b2b9e33")


@expects("dispatch-send-message/unreadable")
def what_is_no_message_to_send_comes_again(case):
    case.reports("50e20507-e508-5602-a8ed-0526991cae9d")


@expects("dispatch-place-call/unreadable")
def what_is_no_call_to_place_comes_again(case):
    case.reports("84a9ce1c-577d-544b-981c-51c7cbdd42d6")


@expects("dispatch-deliver-webhook/unreadable")
def what_is_no_delivery_comes_again(case):
    case.reports("a506116d-b8c3-57ee-b5a3-02e35435c816")
