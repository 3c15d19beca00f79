"""Lets the tests of every hub reach this one: verifies the senders that they use, and prints the variables that they read.

    python reach.py STACK
"""

import sys

import boto3

from stack import MESSAGES, Stack

SENDERS = ["acme.example", "partner.example", "test.example"]

stack = Stack(sys.argv[1])
for sender in SENDERS:
    boto3.client("sesv2").create_email_identity(EmailIdentity=sender)
print(f"HUB_TEST_URL=http://{stack.host()}")
print(f"HUB_TEST_OPERATOR_KEY={stack.operator_key()}")
print(f"HUB_TEST_MESSAGES_URL={MESSAGES}")
