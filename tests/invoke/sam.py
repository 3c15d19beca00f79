"""`sam local` as the proofs use it: which functions there are, what they are told, and how one is invoked."""

import json
import subprocess
import tempfile
from pathlib import Path

import boto3

REPOSITORY = Path(__file__).parents[2]
SECONDS = 120
TRIES = 3
PORT_TAKEN = "port is already allocated"
NOT_AWAKE = "No response from invoke container"


def logical_id(function):
    """The resource in template.yaml of a function's folder or binary."""
    return "".join(word.capitalize() for word in function.split("-"))


def environments(stack):
    """What the deployment tells each function: tables, queues and secrets, which `sam local` cannot know from the template."""
    functions = boto3.client("lambda").get_paginator("list_functions").paginate()
    told = {f["FunctionName"]: f.get("Environment", {}).get("Variables", {}) for page in functions for f in page["Functions"]}
    names = {name: resource["PhysicalResourceId"] for name, resource in stack.resources().items()}
    return {name: told[physical] for name, physical in names.items() if physical in told}


class Sam:
    """The options that all of `sam local` are given: where the containers find the local AWS, and what they are told."""

    def __init__(self, stack, image, local_aws_address, folder):
        told = Path(folder) / "environments.json"
        told.write_text(json.dumps(environments(stack)))
        self.options = [
            "--env-vars", str(told), "--invoke-image", image, "--skip-pull-image",
            "--add-host", f"local-aws:{local_aws_address}", "--parameter-overrides", "Architecture=x86_64",
        ]

    def invoke(self, function, event):
        """Invokes the function with an event, in a container of its own. Gives its answer and what else was said."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(event)
            file.flush()
            command = ["sam", "local", "invoke", logical_id(function), "--event", file.name, *self.options]
            done = run(command)
        return answer_among(done.stdout.splitlines()), done.stdout + done.stderr


def run(command):
    """It picks a port for its container without holding it, so one that runs beside it may pick the same. Then nothing was
    invoked yet, and it picks another. On a busy machine a container may also not wake in the function's time; a function
    that does hang does so again."""
    for _ in range(TRIES):
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=SECONDS)
        if PORT_TAKEN not in done.stderr and NOT_AWAKE not in done.stderr:
            break
    return done


def answer_among(lines):
    """The function's answer is the last of the lines, which begin with its metrics. None where it did not answer."""
    try:
        answer = json.loads(lines[-1])
    except (IndexError, ValueError):
        return None
    return answer if isinstance(answer, dict) and "_aws" not in answer else None
