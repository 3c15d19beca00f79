"""What a million calls of each function cost at its memory, and how large its archive is; then what the stack costs at rest.

    python3 tests/bench/costs.py target/lambda [DURATIONS]

DURATIONS is a file with lines `<function> <milliseconds>`, such as the averages of Lambda's metric Duration. A function that
is not in it is taken to last as long as its calls outside do: see `assumed_milliseconds`. Prices are AWS's for us-east-1
without the free tier; requests to API Gateway, DynamoDB, SQS and SES are not Lambda's and come on top.
"""

import io
import re
import statistics
import sys
import zipfile
from pathlib import Path

FOLDER = Path(sys.argv[1])
TEMPLATE = (Path(__file__).parents[2] / "template.yaml").read_text()

DOLLARS_PER_MILLION_REQUESTS = 0.20
DOLLARS_PER_GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}
DOLLARS_PER_ALARM_METRIC, DOLLARS_PER_DASHBOARD, DOLLARS_PER_SECRET = 0.10, 3.00, 0.40
MINUTES_A_MONTH = 30 * 24 * 60

# One call of DynamoDB, SQS or Secrets Manager from Lambda in the same region, and the work between them.
ROUND_TRIP, OWN_WORK = 5, 3
# How long others take: SES to accept an email, a receiver to answer a webhook.
SES, RECEIVER = 80, 200


def assumed_milliseconds(function):
    """Round trips that wait for each other, with warm caches, and the provider where there is one."""
    round_trips, outside = {
        "integration-start": (3, 0),
        "direct-start": (5, SES),
        "account-settings-send-test-email": (4, SES),
        "dispatch-send-email": (4, SES),
        "dispatch-send-message": (3, 0),
        "dispatch-place-call": (3, 0),
        "dispatch-deliver-webhook": (3, RECEIVER),
        "service-health": (0, 0),
        "service-openapi": (0, 0),
        "service-unknown": (0, 0),
    }.get(function, (2, 0))
    return round_trips * ROUND_TRIP + outside + OWN_WORK


def measured():
    if len(sys.argv) < 3:
        return {}
    lines = (line.split() for line in Path(sys.argv[2]).read_text().splitlines() if line.strip())
    return {function: float(milliseconds) for function, milliseconds in lines}


def memories():
    """The memory of each function in MB, as the template has it."""
    usual = re.search(r"^Globals:.*?MemorySize: (\d+)", TEMPLATE, re.M | re.S)[1]
    resources = re.split(r"^  (?=\w+:$)", TEMPLATE, flags=re.M)
    functions = ((re.search(r"CodeUri: target/lambda/([\w-]+)/", text), text) for text in resources)
    return {code[1]: int((re.search(r"MemorySize: (\d+)", text) or [0, usual])[1]) for code, text in functions if code}


def dollars_per_million(memory, milliseconds, processor):
    gb_seconds = 1_000_000 * memory / 1024 * milliseconds / 1000
    return DOLLARS_PER_MILLION_REQUESTS + gb_seconds * DOLLARS_PER_GB_SECOND[processor]


def archive_megabytes(function):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.write(FOLDER / function / "bootstrap", "bootstrap")
    return len(archive.getvalue()) / 2**20


def print_functions():
    durations, sizes, costs = measured(), [], {}
    print(f"{'function':<42} {'MB':>5} {'ms':>6} {'arm64 $/M':>10} {'x86_64 $/M':>11} {'zip MiB':>8}")
    for function, memory in sorted(memories().items()):
        milliseconds = durations.get(function, assumed_milliseconds(function))
        costs[function] = {it: dollars_per_million(memory, milliseconds, it) for it in DOLLARS_PER_GB_SECOND}
        sizes.append(archive_megabytes(function))
        print(f"{function:<42} {memory:>5} {milliseconds:>6.0f} {costs[function]['arm64']:>10.2f} "
              f"{costs[function]['x86_64']:>11.2f} {sizes[-1]:>8.1f}")
    print(f"\narchives: {len(sizes)}, least {min(sizes):.1f}, median {statistics.median(sizes):.1f}, most {max(sizes):.1f}, "
          f"together {sum(sizes):.0f} MiB")
    return costs


def print_an_email(costs):
    """A start, its dispatch, and the two events that SES tells of it, none of them in a batch with others."""
    for processor in DOLLARS_PER_GB_SECOND:
        dollars = sum(costs[function][processor] * times for function, times in
                      [("integration-start", 1), ("dispatch-send-email", 1), ("carriers-email-events", 2)])
        print(f"a million emails, Lambda alone, {processor}: ${dollars:.2f}")


def print_standing(costs):
    watched = TEMPLATE.count("          MetricStat:") + len(re.findall(r"^      MetricName:", TEMPLATE, re.M))
    tick = costs["dispatch-release-due"]["arm64"] * MINUTES_A_MONTH / 1_000_000
    secrets = TEMPLATE.count("AWS::SecretsManager::Secret")
    print(f"a month at rest: tick ${tick:.2f}, {watched} metrics of alarms ${watched * DOLLARS_PER_ALARM_METRIC:.2f}, "
          f"dashboard ${DOLLARS_PER_DASHBOARD:.2f}, {secrets} secrets ${secrets * DOLLARS_PER_SECRET:.2f}")


functions = print_functions()
print_an_email(functions)
print_standing(functions)
