"""What has left the hub: the mails that the local AWS's mail service took."""

from dataclasses import dataclass
from email import message_from_string
from urllib.parse import urlsplit


@dataclass
class Mail:
    subject: str
    html: str
    unsubscribe_link: str

    def unsubscribe_token(self):
        return urlsplit(self.unsubscribe_link).path.rsplit("/", 1)[1]


def mails_to(stack, address):
    """The mails to an address, the newest first."""
    return [Mail(mail["subject"], mail["html"], unsubscribe_link(mail["raw"])) for mail in stack.mails_to(address)]


def unsubscribe_link(raw):
    return message_from_string(raw)["List-Unsubscribe"].strip("<> \r\n")
