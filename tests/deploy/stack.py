"""A deployed stack, seen from outside: its API over HTTP, its queues, its mail; and the counting of what was proven."""

import json
import sys
import time
import traceback
import urllib.error
import urllib.request
from os import environ
from urllib.parse import urlencode, urlparse

import boto3

ENDPOINT = environ["AWS_ENDPOINT_URL"]
MESSAGES = f"{ENDPOINT}/_ministack/messages"


class Proof:
    """Counts what holds and what does not, says each, and leaves the count in a file for .ci/run."""

    def __init__(self, name, counts_file):
        self.name, self.counts_file = name, counts_file
        self.passed, self.failed = 0, 0

    def holds(self, what, condition, seen=None):
        if condition:
            self.passed += 1
            print(f"ok      {what}")
        else:
            self.failed += 1
            print(f"FAILED  {what}" + (f"\n        seen: {str(seen)[:1500]}" if seen is not None else ""))
        return condition

    def run(self, steps):
        for step in steps:
            try:
                step()
            except Exception:
                self.holds(f"{step.__name__} runs to its end", False, traceback.format_exc())
        with open(self.counts_file, "w") as file:
            file.write(f"{self.name} {self.passed} {self.failed}\n")
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.content = status, headers, body
        self.text = body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)

    def __repr__(self):
        return f"{self.status} {self.text}"


class Stack:
    def __init__(self, name):
        self.name = name
        described = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        self.outputs = {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}

    def host(self):
        """What the local AWS calls the API; its address among the outputs is that on AWS itself."""
        return f"{self.outputs['ApiId']}.execute-api.localhost:{urlparse(ENDPOINT).port}"

    def call(self, method, path, body=None, key=None, headers=None):
        sent = {"Host": self.host(), "Accept": "application/json", **(headers or {})}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        if body is not None:
            sent["Content-Type"], body = "application/json", json.dumps(body).encode()
        request = urllib.request.Request(ENDPOINT + path, body, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def operator_key(self):
        secret = boto3.client("secretsmanager").get_secret_value(SecretId=self.outputs["OperatorKeySecret"])
        return secret["SecretString"]

    def mails_to(self, address):
        """What was sent to the address, the newest first, as `GET /_local/messages` of a local hub lists it."""
        with urllib.request.urlopen(f"{MESSAGES}?{urlencode({'contact': address})}") as answer:
            return json.load(answer)["messages"]

    def waiting_messages(self, output):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = boto3.client("sqs").get_queue_attributes(QueueUrl=self.outputs[output], AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)

    def resources(self):
        pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        return {r["LogicalResourceId"]: r for page in pages for r in page["StackResourceSummaries"]}

    def invoke(self, logical_id, event):
        function = self.resources()[logical_id]["PhysicalResourceId"]
        answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        return answer.get("FunctionError"), answer["Payload"].read().decode()


def eventually(read, wanted, seconds=60):
    """Reads until it is what is wanted, and answers what was read last."""
    end = time.monotonic() + seconds
    while True:
        value = read()
        if wanted(value) or time.monotonic() > end:
            return value
        time.sleep(0.5)
