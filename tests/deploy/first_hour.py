"""The first hour of the README with a deployed hub: what it says to type is typed, twice.

    python first_hour.py STACK COUNTS_FILE        (AWS_ENDPOINT_URL and credentials in the environment)
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3

from stack import ENDPOINT, Proof, Stack

stack = Stack(sys.argv[1])
proof = Proof("first_hour", sys.argv[2])
holds = proof.holds

TOP = Path(__file__).parents[2]
RECIPIENT = "you@example.com"
FOLDER = tempfile.TemporaryDirectory()


def block(begin):
    """The block of the README that begins so."""
    readme = (TOP / "README.md").read_text()
    return readme.split(f"```{begin}", 1)[1].split("```", 1)[0]


def steps(told):
    """The names in the first column, which is 13 characters wide."""
    return [line[:13].strip() for line in told.strip().splitlines()[1:]]


# --- The name of an API is in no DNS here: the local AWS answers for it under a path. ---------------------------------

def with_reachable_api(script):
    reachable = f"{ENDPOINT}/_aws/execute-api/{stack.outputs['ApiId']}/$default"
    script = script.replace("--stack-name hub-dev", f"--stack-name {stack.name}")
    return f"""sam() {{ command sam "$@" | sed 's#{stack.outputs['ApiUrl']}#{reachable}#'; }}\n{script}"""


def typed():
    environment = {**os.environ, "HUB_DATA_DIR": FOLDER.name}
    command = ["bash", "-euo", "pipefail", "-c", with_reachable_api(block("sh first-hour\n"))]
    return subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True)


# --- What comes of it ------------------------------------------------------------------------------------------------

def a_customer_is_set_up_by_one_command():
    run = typed()
    print(run.stdout)
    holds("the commands of the README go through", run.returncode == 0, run.stderr)
    shown = block("\nSetting up acme")
    holds("and tell what the README shows", steps(run.stdout) == steps(shown), steps(shown))
    for what, shown in [
        ("an account is made", r"Account +acc_\w+ of Acme Insurance, made"),
        ("a domain is made", r"Domain +acme, made; its emails are from Acme Insurance <hello@acme\.example>"),
        ("an API key is shown", r"API key +hub_live_[\w-]{43}\n"),
        ("SES knows the sender", r"Sender +acme\.example is verified in SES in us-east-1"),
        ("SES tells whom it sends to", r"Recipient +SES sends to everybody"),
        ("the first email has left", r"First email +eng_\w+ is Completed"),
    ]:
        holds(what, re.search(shown, run.stdout), run.stdout)


def its_first_email_is_sent():
    mails = stack.mails_to(RECIPIENT)
    holds("the recipient has one mail", len(mails) == 1, mails)
    holds("of the organization", mails[0]["subject"] == "The first email of Acme Insurance", mails)
    identity = boto3.client("sesv2").get_email_identity(EmailIdentity="acme.example")
    holds("its domain is an identity with three keys for DKIM", len(identity["DkimAttributes"]["Tokens"]) == 3, identity)


def the_customers_key_opens_its_domain():
    kept = json.loads(next(Path(FOLDER.name, "set-up").glob("acme@*.json")).read_text())
    listed = stack.call("GET", f"/integration/engagements?domain_name={kept['domain_name']}", key=kept["api_key"])
    holds("the key that is kept opens the domain", listed.status == 200, listed)


def a_second_time_makes_nothing_twice():
    run = typed()
    holds("the same commands go through again", run.returncode == 0, run.stderr)
    holds("and make nothing", "made" not in run.stdout and "hub_live_" not in run.stdout, run.stdout)
    holds("and send nothing", len(stack.mails_to(RECIPIENT)) == 1, run.stdout)


proof.run([
    a_customer_is_set_up_by_one_command,
    its_first_email_is_sent,
    the_customers_key_opens_its_domain,
    a_second_time_makes_nothing_twice,
])
