"""Walks the tour of README.md through `sam local start-api`, with the deployed stack behind it, and holds every step to its answer.

    python tour.py STACK IMAGE LOCAL_AWS_ADDRESS COUNTS_FILE     (AWS_ENDPOINT_URL and credentials in the environment)
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT

import boto3

from customer import SENDER, Customer
from expectation import BATCH_ID, BOOKING_ID, CALL_SID, EMAIL_SID, ENGAGEMENT_ID, TEMPLATE_ID, containing, differences
from mail import mails_to
from sam import REPOSITORY, Sam
from stack import Proof, Stack, eventually

MARK = "@@@ next stop"
SECONDS = 300
ACCEPTED = {"status": "accepted", "engagement_id": ENGAGEMENT_ID}

# Each stop of the tour by words of its commands: the statuses of its calls (a set where it asks until it is answered), and
# what it prints: JSON documents, or a text that a pattern matches. The README's own examples are compared besides. Blocks that
# are marked `sh tour local` are not here: only a hub on one machine has a carrier by itself and `/_local/`.
STOPS = [
    ("HUB=$(sed", [], []),
    ("Your policy renewal", [200], [ACCEPTED]),
    ("until curl", {200}, [{"status": "Completed", "outcome": "delivered", "contact_identifier": "customer@example.com"}]),
    ("/account-settings/email-templates", [201], [{"id": TEMPLATE_ID, "name": "Policy renewal"}]),
    ("/account-settings/email-preview", [200, 200], [
        {"organization_name": "Acme Insurance", "from": "Acme Insurance <hello@acme.example>"},
        {"subject": "Policy POL-1 renews soon", "html": containing("<strong>POL-1</strong>", "1 Main Street, Toronto")}]),
    ("/account-settings/send-test-email", [200], [{"status": "sent", "to": "you@example.com", "call_sid": EMAIL_SID}]),
    ("/contacts/do-not-contact", [200, 200], [
        {"contact": "stop@example.com", "closed": [{"channel": "email", "reason": "Asked by phone."}]},
        {"contacts": [{"contact": "stop@example.com"}]}]),
    ("+15005550010", [200], [{"status": "call_initiated", "phone_number": "+15005550010", "call_sid": CALL_SID}]),
    ("/integration/cancel", [200, 200], [
        {"engagements": [{"contact_identifier": "+15005550010", "status": "In Progress", "test_mode": True}]},
        {"ok": True, "engagement_id": ENGAGEMENT_ID}]),
    # On AWS no carrier takes the messages of a campaign that is not in test mode: their rows are skipped, and the email goes.
    ("/bulk-calls/submit", [200], [{
        "success": True, "batch_id": BATCH_ID, "queued_calls": 1, "skipped_calls": 2,
        "errors": [containing("Row 1: skipped — Channel sms is not set up"), containing("Row 3: skipped — ")]}]),
    ('"batch.completed"', {200}, [{
        "batch_id": BATCH_ID, "file_name": "June follow-up", "status": "Completed", "credits": 1, "progress_percent": 100,
        "rows": [{"row": 2, "contact_identifier": "sam@example.com", "outcome": "delivered"}]}]),
    ("/bulk-calls/upload", [200, 200], [{"success": True, "queued_calls": 3, "skipped_calls": 0, "errors": []}]),
    ("results.csv", [200], containing("1,Skipped,,", "2,Completed,delivered,", "3,Skipped,,")),
    ("Idempotency-Key", [200, 200], [ACCEPTED, ACCEPTED]),
    ('"phone_number": "12"', [422], [{"errors": lambda errors: len(errors) == 5}]),
    ("/account-settings/webhook", [200], [{"url": "https://example.com/hooks/engagements", "enabled": True}]),
    ("/admin/accounts", [201], [{"organization_name": "Northwind", "balance": 500}]),
    ("/account-settings/calendar", [200], [{"domain_name": "acme", "time_zone": "America/Toronto", "slot_minutes": 30}]),
    ("/bookings/slots", [200], [{"time_zone": "America/Toronto", "slots": lambda slots: len(slots) == 1}]),
    ("Yearly check-up", [201], [{
        "booking_id": BOOKING_ID, "status": "booked", "contact": "+15005550011",
        "invitation": {"engagement_id": ENGAGEMENT_ID, "not_sent": None}}]),
    ("confirmational", [200], [ACCEPTED]),
    ("-X DELETE", [200, 200], [
        {"booking_id": BOOKING_ID, "status": "cancelled"}, {"bookings": [{"booking_id": BOOKING_ID, "status": "cancelled"}]}]),
]


# --- The tour, as the README has it ----------------------------------------------------------------------------------

def blocks():
    """Its blocks of commands, each with the answer that is shown for it, if one is."""
    found = re.findall(r"```sh tour\n(.*?)```\n(?:\n```json\n(.*?)```)?", (REPOSITORY / "README.md").read_text(), re.S)
    return [(commands, json.loads(shown) if shown else None) for commands, shown in found]


def script(stops):
    """The commands as a reader would paste them. Each call tells its status, and each stop its end, on both streams."""
    curl = "curl() { command curl --write-out '%{stderr}%{http_code}\\n' \"$@\"; }\n"
    end = f"echo '{MARK}' | tee /dev/stderr\n"
    return curl + "".join(f"{commands}\n{end}" for commands, _ in stops)


def walk(stops, folder):
    """Runs all commands in one shell, and gives what each stop printed and the statuses of its calls."""
    command = ["timeout", str(SECONDS), "bash", "-euo", "pipefail", "-c", script(stops)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    printed, told = done.stdout.split(MARK)[:-1], done.stderr.split(MARK)
    statuses = [[int(status) for status in re.findall(r"^\d{3}$", part, re.M)] for part in told]
    return list(zip(printed, statuses)), told[-1]


def documents(text):
    """The JSON documents that stand in a text one after the other."""
    decoder, found, text = json.JSONDecoder(), [], text.strip()
    while text:
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].strip()
    return found


# --- What it is held to ----------------------------------------------------------------------------------------------

def check(proof, stop, shown, printed, statuses):
    words, expected_statuses, expected = stop
    as_expected = set(statuses) == expected_statuses if isinstance(expected_statuses, set) else statuses == expected_statuses
    proof.holds(f"{words}: its calls are answered {expected_statuses or 'by nobody'}", as_expected, (statuses, printed))
    if not expected:
        return
    answers = printed if isinstance(expected, re.Pattern) else documents(printed)
    wrong = differences(expected, answers)
    proof.holds(f"{words}: its answers are what they must be", not wrong, wrong)
    if shown:
        alike = shown.keys() == answers[-1].keys() and all(shown.get(it) == answers[-1].get(it) for it in ("status", "detail"))
        proof.holds(f"{words}: its answer looks like the README's", alike, answers)


def the_tour_is_walked(proof, folder):
    stops = blocks()
    named = [words in commands for (words, _, _), (commands, _) in zip(STOPS, stops)]
    if not proof.holds("every stop of the tour has an expectation", len(stops) == len(STOPS) and all(named), named):
        return
    walked, last_words = walk(stops, folder)
    proof.holds("the tour is walked to its end", len(walked) == len(stops), last_words)
    for stop, (_, shown), (printed, statuses) in zip(STOPS, stops, walked):
        check(proof, stop, shown, printed, statuses)


def what_it_sent_has_left(proof, stack):
    sent = {"customer@example.com": ["Your appointment is booked: ", "Your appointment is cancelled: ", "Your policy renewal"],
            "you@example.com": ["Policy renews soon"], "sam@example.com": ["Your appointment"]}
    for address, beginnings in sent.items():
        def have_left(subjects):
            return len(subjects) == len(beginnings) and all(map(str.startswith, subjects, beginnings))
        subjects = eventually(lambda: sorted(mail.subject for mail in mails_to(stack, address)), have_left)
        proof.holds(f"to {address} has left what was to", have_left(subjects), subjects)


# --- The world that it is walked in ----------------------------------------------------------------------------------

@contextmanager
def start_api(sam, log):
    """`sam local start-api` with every function behind it; gives its address."""
    port = free_port()
    command = ["sam", "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *sam.options]
    with open(log, "w") as said:
        serving = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=said)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        # It takes its containers with it.
        serving.send_signal(SIGINT)
        serving.wait(180)


def free_port():
    from socket import socket
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(address):
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False


def write_credentials(folder, address, customer):
    """What a hub on one machine writes at its first start."""
    credentials = {
        "base_url": address, "domain_name": customer.domain, "account_id": customer.account_id,
        "api_key": customer.key, "operator_key": customer.operator_key,
    }
    (Path(folder) / ".hub").mkdir()
    (Path(folder) / ".hub" / "credentials.json").write_text(json.dumps(credentials, indent=2))


def main(stack_name, image, local_aws_address, counts_file):
    stack, proof = Stack(stack_name), Proof("tour", counts_file)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER.strip(">").split("@")[1])
    log = Path(counts_file).with_suffix(".log")

    def through_start_api():
        with tempfile.TemporaryDirectory() as folder, start_api(Sam(stack, image, local_aws_address, folder), log) as address:
            if not proof.holds("start-api answers", eventually(lambda: is_up(address), bool, 90), log.read_text()):
                return
            write_credentials(folder, address, Customer(stack, stack.operator_key(), "acme", "customer@example.com"))
            the_tour_is_walked(proof, folder)

    proof.run([through_start_api, lambda: what_it_sent_has_left(proof, stack)])


if __name__ == "__main__":
    main(*sys.argv[1:])
