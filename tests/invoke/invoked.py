"""Invokes every function with every event that it has, in a container as Lambda runs it, and holds each to what it must come to.

    python invoked.py STACK IMAGE LOCAL_AWS_ADDRESS COUNTS_FILE [EVENT...]     (AWS_ENDPOINT_URL and credentials in the environment)

The functions talk to the deployed stack's tables, queues and mail. An event that nothing is expected of is a failure, and so
is an expectation without its event.
"""

import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed

import boto3

import expected  # noqa: F401  (registers the expectations)
from case import Case
from customer import SENDER, Customer
from expectation import Unmet, expectations, meet
from sam import REPOSITORY, Sam
from stack import Proof, Stack

SIDE_BY_SIDE = 2


def events():
    """The events by `<function>/<case>`."""
    files = sorted((REPOSITORY / "events").glob("*/*.json"))
    return {f"{file.parent.name}/{file.stem}": file.read_text() for file in files}


def prepare(stack):
    """What all events need: a sender that may send, and nobody who does the work of an event before it is invoked."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER.strip(">").split("@")[1])
    stop_delivering_webhooks(stack)
    stop_the_schedule(stack)


def stop_delivering_webhooks(stack):
    url = stack.outputs["DeliverWebhookQueueUrl"]
    queue = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client = boto3.client("lambda")
    for mapping in client.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)


def stop_the_schedule(stack):
    client, name = boto3.client("scheduler"), stack.resources()["DispatchReleaseDueEachMinute"]["PhysicalResourceId"]
    kept = {"ScheduleExpression", "FlexibleTimeWindow", "Target"}
    schedule = {field: value for field, value in client.get_schedule(Name=name).items() if field in kept}
    client.update_schedule(Name=name, State="DISABLED", **schedule)


def fault(case):
    """Why the event does not come to what it must; none where it does."""
    try:
        expectations[case.name](case)
        meet(case.answer is not None, "the function was invoked", None)
    except Unmet as unmet:
        return str(unmet)
    except Exception:
        return traceback.format_exc()
    return None


def timed_fault(case):
    began = time.monotonic()
    return fault(case), time.monotonic() - began


def invoke_all(proof, cases):
    """Invokes them side by side, and counts of each whether it came to what it must."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = {pool.submit(timed_fault, case): case for case in cases}
        for done in as_completed(running):
            wrong, seconds = done.result()
            proof.holds(f"{running[done].name} ({seconds:.1f} s)", wrong is None, wrong)


def every_event_has_an_expectation(proof, found):
    unexpected, unfound = found.keys() - expectations.keys(), expectations.keys() - found.keys()
    proof.holds("of every event something is expected", not unexpected, sorted(unexpected))
    proof.holds("and nothing of an event that is not there", not unfound, sorted(unfound))


def every_function_has_succeeded(proof, cases):
    """One is there for nothing but refusing: it takes what no other function does."""
    left = {case.function for case in cases} - {case.function for case in cases if case.succeeded} - {"service-unknown"}
    proof.holds("every function has an event with which it succeeds", not left, sorted(left))


def main(stack_name, image, local_aws_address, counts_file, *names):
    stack, proof, found = Stack(stack_name), Proof("invoked", counts_file), events()

    def events_come_to_what_they_must():
        prepare(stack)
        operator_key = stack.operator_key()
        with tempfile.TemporaryDirectory() as folder:
            sam = Sam(stack, image, local_aws_address, folder)
            cases = [Case(name, event, sam, Customer.new(stack, operator_key)) for name, event in found.items()
                     if name in expectations and name in (names or found)]
            invoke_all(proof, cases)
        if not names:
            every_function_has_succeeded(proof, cases)

    proof.run([lambda: every_event_has_an_expectation(proof, found), events_come_to_what_they_must])


if __name__ == "__main__":
    main(*sys.argv[1:])
