"""What is left of a deleted hub: its two tables, and nothing else. Then takes those away too.

    python deleted.py STACK COUNTS_FILE
"""

import sys

import boto3

from stack import Proof

stack = sys.argv[1]
proof = Proof("deleted", sys.argv[2])


def names(client, operation, key, field):
    pages = boto3.client(client).get_paginator(operation).paginate()
    return [item[field] if field else item for page in pages for item in page.get(key, [])]


def only_the_tables_are_left():
    kept = [name for name in names("dynamodb", "list_tables", "TableNames", None) if name.startswith(f"{stack}-")]
    proof.holds("both tables are kept", len(kept) == 2, kept)
    for client, operation, key, field in [
        ("lambda", "list_functions", "Functions", "FunctionName"),
        ("sqs", "list_queues", "QueueUrls", None),
        ("iam", "list_roles", "Roles", "RoleName"),
        ("apigatewayv2", "get_apis", "Items", "ApiId"),
    ]:
        left = [name for name in names(client, operation, key, field) if f"{stack}-" in name or client == "apigatewayv2"]
        proof.holds(f"{client}: nothing is left", left == [], left)
    for name in kept:
        boto3.client("dynamodb").delete_table(TableName=name)


proof.run([only_the_tables_are_left])
