"""bookings-*: what is booked in a calendar, and what is still free."""

from urllib.parse import urlsplit

from expectation import BOOKING_ID, ENGAGEMENT_ID, TIME, containing, expects

NUMBER = "+14165551234"
CHECK_UP = {
    "contact": NUMBER, "name": "Alex Morgan", "starts_at": "2040-06-19T18:30:00.000Z", "ends_at": "2040-06-19T19:00:00.000Z",
    "local_starts_at": "2040-06-19T14:30:00-04:00", "when": "Tuesday, June 19, 2040 at 2:30 PM", "status": "booked",
    "title": "Yearly check-up",
}


# --- Booking ---------------------------------------------------------------------------------------------------------

@expects("bookings-create/by-phone")
def a_time_is_booked(case):
    case.customer.with_calendar()
    made = case.json(201, {**CHECK_UP, "booking_id": BOOKING_ID, "invitation": None}, key=case.customer.key)
    case.sees({"bookings": [{"booking_id": made["booking_id"]}]}, case.customer.ask("GET", "/bookings"))


@expects("bookings-create/invited")
def an_invitation_is_sent_where_that_is_asked_for(case):
    case.customer.with_calendar()
    invitation = {"engagement_id": ENGAGEMENT_ID, "not_sent": None}
    made = case.json(201, {"email_address": case.customer.address, "invitation": invitation}, key=case.customer.key)
    path = f"/integration/engagement/{made['invitation']['engagement_id']}"
    case.sees({"channel": "email", "contact_identifier": case.customer.address}, case.customer.ask("GET", path))


@expects("bookings-create/taken")
def a_time_is_not_given_twice(case):
    case.customer.booking()
    case.refuses(409, "Another booking has this time", key=case.customer.key)


@expects("bookings-create/no-contact")
def nobody_books_nothing(case):
    case.refuses(400, "contact is required.", key=case.customer.key)


# --- Seeing what is there --------------------------------------------------------------------------------------------

@expects("bookings-list/by-domain")
def bookings_are_listed(case):
    booking = case.customer.booking()
    listed = {**CHECK_UP, "booking_id": booking["booking_id"], "created_at": TIME}
    case.answers(200, {"bookings": [listed], "next_cursor": None}, key=case.customer.key)


@expects("bookings-list/domain-of-another")
def another_accounts_bookings_are_not_listed(case):
    case.refuses(404, "northwind", key=case.customer.key)


@expects("bookings-slots/of-a-day")
def what_is_booked_is_not_free(case):
    case.customer.booking()
    free = {"starts_at": "2040-06-19T18:00:00.000Z", "when": "mardi 19 juin 2040 à 14\u00a0h"}
    case.answers(200, {"time_zone": "America/Toronto", "slots": [free]}, key=case.customer.key)


@expects("bookings-slots/no-calendar")
def nothing_is_free_without_a_calendar(case):
    case.refuses(400, "PUT /account-settings/calendar", key=case.customer.key)


# --- One booking -----------------------------------------------------------------------------------------------------

@expects("bookings-booking/show")
def a_booking_is_shown(case):
    booking = case.customer.booking()
    # The link leads to where the hub was asked, which the event says.
    link = containing("https://", urlsplit(booking["invitation_url"]).path)
    shown = {**booking, "invitation_url": link}
    case.answers(200, shown, {"etag": '"1"'}, key=case.customer.key, booking=booking["booking_id"])


@expects("bookings-booking/move")
def a_booking_is_moved(case):
    booking = case.customer.booking()["booking_id"]
    moved = {"starts_at": "2040-06-20T18:30:00.000Z", "ends_at": "2040-06-20T19:00:00.000Z", "status": "booked"}
    case.answers(200, moved, {"etag": '"2"'}, key=case.customer.key, booking=booking)


@expects("bookings-booking/cancel")
def a_booking_is_called_off_and_its_time_is_free(case):
    case.answers(200, {"status": "cancelled"}, key=case.customer.key, booking=case.customer.booking()["booking_id"])
    case.customer.booking()


@expects("bookings-booking/unknown")
def a_booking_that_is_not_there_is_not_shown(case):
    case.refuses(404, "no booking", key=case.customer.key)


# --- The link --------------------------------------------------------------------------------------------------------

@expects("bookings-invitation/by-link")
def the_link_leads_to_the_calendar_file(case):
    token = case.customer.booking()["invitation_url"].rsplit("/", 1)[1]
    headers = {"content-type": "text/calendar; charset=utf-8", "cache-control": "no-store"}
    case.answers(200, containing("BEGIN:VCALENDAR", "DTSTART:20400619T183000Z"), headers, invitation=token)


@expects("bookings-invitation/unsigned")
def a_link_that_was_not_signed_leads_nowhere(case):
    case.refuses(404, "This link does not work")
