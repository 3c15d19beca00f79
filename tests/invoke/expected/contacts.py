"""contacts-*: who must not be contacted, and the unsubscribe link of an email."""

from expectation import TIME, containing, expects

LIST = "/contacts/do-not-contact"
NUMBER = "+14165551234"


# --- The list --------------------------------------------------------------------------------------------------------

def closed(channel, reason, by="api_key"):
    return {"channel": channel, "reason": reason, "added_by": by, "added_at": TIME}


@expects("contacts-do-not-contact-add/one")
def a_contact_is_listed_with_its_reason(case):
    listed = {"contact": NUMBER, "closed": [closed("all", "Asked by phone not to be called again.")]}
    case.answers(200, listed, key=case.customer.key)
    case.sees({"listed": True, **listed}, case.customer.closed_to(NUMBER, channel="sms"))


@expects("contacts-do-not-contact-add/file")
def the_contacts_of_a_file_are_listed_and_its_bad_row_is_named(case):
    added = {"added": 2, "already_listed": 0, "errors": [containing("Row 3", "nobody")], "more_errors": 0}
    case.answers(200, added, key=case.customer.key)
    case.sees({"listed": True, "closed": [closed("sms", "Moved")]}, case.customer.closed_to("+14165554321"))
    case.sees({"listed": True, "closed": [{"channel": "email"}]}, case.customer.closed_to(case.customer.address))


@expects("contacts-do-not-contact-check/by-contact")
def a_listed_contact_is_known(case):
    case.customer.ask("POST", LIST, {"contact": case.customer.address, "channel": "email", "reason": "Moved"})
    known = {"listed": True, "contact": case.customer.address, "closed": [closed("email", "Moved")]}
    case.answers(200, known, key=case.customer.key)


@expects("contacts-do-not-contact-list/by-domain", "contacts-do-not-contact-list/by-channel")
def those_whom_it_concerns_are_listed(case):
    case.customer.ask("POST", LIST, {"contact": case.customer.address, "channel": "email"})
    case.customer.ask("POST", LIST, {"contact": NUMBER, "channel": "sms"})
    contacts = [{"contact": case.customer.address, "closed": [{"channel": "email"}]}]
    if case.name.endswith("by-domain"):
        contacts.insert(0, {"contact": NUMBER, "closed": [{"channel": "sms"}]})
    case.answers(200, {"contacts": contacts, "next_cursor": None}, key=case.customer.key)


@expects("contacts-do-not-contact-remove/all")
def a_removed_contact_may_be_contacted_again(case):
    case.customer.ask("POST", LIST, {"contact": NUMBER})
    case.answers(200, {"ok": True, "contact": NUMBER, "closed": []}, key=case.customer.key)
    case.sees({"listed": False}, case.customer.closed_to(NUMBER))


@expects("contacts-do-not-contact-add/not-a-contact")
def what_is_no_contact_is_not_listed(case):
    case.refuses(400, "contact must be a phone number", key=case.customer.key)


@expects("contacts-do-not-contact-check/no-contact")
def nobody_is_not_checked(case):
    case.refuses(400, "contact is required.", key=case.customer.key)


@expects("contacts-do-not-contact-list/domain-of-another")
def another_accounts_list_is_not_shown(case):
    case.refuses(404, "northwind", key=case.customer.key)


@expects("contacts-do-not-contact-remove/not-listed")
def who_is_not_listed_is_not_removed(case):
    case.refuses(404, f"{NUMBER} is not on the do-not-contact list.", key=case.customer.key)


# --- The link --------------------------------------------------------------------------------------------------------

PAGE = {"content-type": containing("text/html"), "cache-control": "no-store"}
BUTTON = '<form method="post"><button>'


@expects("contacts-unsubscribe-show/by-link")
def the_link_shows_a_button_and_alone_does_nothing(case):
    case.answers(200, containing("Acme Insurance", BUTTON), PAGE, token=case.customer.unsubscribe_token())
    case.sees({"listed": False}, case.customer.closed_to(case.customer.address))


@expects("contacts-unsubscribe-show/preview")
def the_link_of_a_preview_has_no_button(case):
    page = case.answers(200, containing("<h1>"), PAGE)
    case.sees(False, b"<button>" in page)


@expects("contacts-unsubscribe/one-click", "contacts-unsubscribe/one-click-multipart", "contacts-unsubscribe/by-button")
def the_emails_to_the_reader_end(case):
    page = case.answers(200, containing("Acme Insurance"), PAGE, token=case.customer.unsubscribe_token())
    case.sees(False, b"<button>" in page)
    case.sees({"listed": True, "closed": [{"channel": "email", "added_by": "recipient"}]},
              case.customer.closed_to(case.customer.address, channel="email"))


@expects("contacts-unsubscribe-show/unsigned", "contacts-unsubscribe/unsigned")
def a_link_that_was_not_signed_ends_nothing(case):
    page = case.answers(404, containing("<h1>"), PAGE, engagement=case.customer.sent_email())
    case.sees(False, b"<button>" in page)
    case.sees({"listed": False}, case.customer.closed_to(case.customer.address))
