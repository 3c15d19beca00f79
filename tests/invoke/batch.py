"""A customer's batch, brought to where an expectation needs it: resting, ended, or as if its submit had broken off."""

import boto3

from customer import PATIENCE_SECONDS, tomorrow
from expectation import meet
from stack import eventually

BATCHES = "/bulk-calls/batches"


def email_row(customer, **fields):
    return {
        "channel": "email", "email": customer.address, "name": "Alex Morgan", "source_record_id": "person-1",
        "email_subject": "Your policy renewal", "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p>", **fields,
    }


class Batch:
    def __init__(self, customer, batch_id):
        self.customer, self.batch_id = customer, batch_id

    @classmethod
    def submitted(cls, customer, *rows, **campaign):
        return cls(customer, customer.ask("POST", "/bulk-calls/submit", {"rows": rows, **campaign})["batch_id"])

    @classmethod
    def for_tomorrow(cls, customer, **campaign):
        """One email that waits for its time, and a row that is skipped."""
        return cls.submitted(customer, email_row(customer, scheduled_time=tomorrow()), {"phone_number": "12"}, **campaign)

    @classmethod
    def sent(cls, customer):
        """One email that has left."""
        batch = cls.submitted(customer, email_row(customer))
        batch.ended()
        return batch

    @classmethod
    def with_every_end(cls, customer):
        """Three messages in test mode, of which the first was delivered, the second failed and the third is skipped."""
        rows = [{"phone_number": number, "name": "Alex Morgan"} for number in ("+14165551234", "+15005550001", "12")]
        batch = cls.submitted(customer, *rows, channel="sms", instruction="Confirm the appointment.", test_mode=True)
        batch.ended()
        return batch

    def shown(self):
        return self.customer.ask("GET", f"{BATCHES}/{self.batch_id}")

    def engagement_ids(self):
        return [row["engagement_id"] for row in self.shown()["rows"]]

    def becomes(self, status):
        """Waits until it stands there, and gives it as it is shown then."""
        shown = eventually(self.shown, lambda it: it["status"] == status, PATIENCE_SECONDS)
        meet(shown["status"] == status, f"the batch becomes {status}", shown)
        return shown

    def ended(self):
        return self.becomes("Completed")

    # --- What there is no way to but the table ---------------------------------------------------------------------------

    def item(self):
        return table(self.customer).get_item(Key=self.key())["Item"]

    def key(self):
        return {"pk": f"BATCH#{self.batch_id}", "sk": "BATCH"}

    def at_rest(self):
        """Waits until the deployed function has seen that it is not the turn of any row, and will not come back of itself."""
        item = eventually(self.item, lambda it: it["version"] == 2, PATIENCE_SECONDS)
        meet(item["version"] == 2, "the batch rests", item)
        return self

    def bring_forward(self):
        """Makes the turn of its first row now; there is no way to it but the table."""
        table(self.customer).update_item(
            Key=self.key(), UpdateExpression="SET next_release_at = created_at")
        return self

    def undone(self):
        """Leaves of it what a submit does that breaks off before its last write: a draft, whose id it gives, with its rows."""
        item, items = self.item(), table(self.customer)
        draft = {"draft_id": item["draft_id"], "domain_name": item["domain_name"], "due_at": item["created_at"]}
        items.put_item(Item={"pk": f"DRAFT#{item['draft_id']}", "sk": "DRAFT", **draft, "places": 1, "skipped": 1})
        items.delete_item(Key=self.key())
        return item["draft_id"]


def table(customer):
    return boto3.resource("dynamodb").Table(customer.stack.outputs["EngagementsTableName"])


def in_table(customer, partition):
    """Whether there is anything in a partition."""
    found = table(customer).query(KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": partition})
    return found["Count"] > 0
