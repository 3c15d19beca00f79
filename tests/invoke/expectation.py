"""What an event must come to: one function for each file under events/, registered under the file's name."""

import base64
import gzip
import json
import re

expectations = {}


def expects(*events):
    """Registers the decorated function as the expectation of these events, each named `<function>/<case>`."""
    def register(expectation):
        for event in events:
            assert event not in expectations, f"{event} has two expectations"
            expectations[event] = expectation
        return expectation
    return register


class Unmet(Exception):
    """Something is not as it was expected."""


def meet(condition, what, seen):
    if not condition:
        raise Unmet(f"{what}\nseen: {str(seen)[:3000]}")


def differences(expected, seen, at=""):
    """Where `seen` is not as expected. An expected object may leave fields out, a list nothing; a pattern stands for the
    texts that it matches, a type for its values, a function for what it says yes to."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        missing = [f"{at}.{key} is missing" for key in expected if key not in seen]
        return missing + [d for key in expected if key in seen for d in differences(expected[key], seen[key], f"{at}.{key}")]
    if isinstance(expected, list) and isinstance(seen, list) and len(expected) == len(seen):
        return [d for n, pair in enumerate(zip(expected, seen)) for d in differences(*pair, f"{at}[{n}]")]
    return [] if agrees(expected, seen) else [f"{at or 'it'} is {json.dumps(seen)[:500]}, not {expected!r}"]


def agrees(expected, seen):
    if isinstance(expected, re.Pattern):
        return isinstance(seen, str) and expected.fullmatch(seen) is not None
    if isinstance(expected, type):
        return isinstance(seen, expected)
    if callable(expected):
        return bool(expected(seen))
    return type(expected) is type(seen) and expected == seen


def body_of(answer):
    body = answer.get("body") or ""
    body = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    packed = answer.get("headers", {}).get("content-encoding") == "gzip"
    return gzip.decompress(body) if packed else body


# --- Texts that differ from run to run -------------------------------------------------------------------------------

ENGAGEMENT_ID = re.compile(r"eng_[0-9a-f]{24}")
ACCOUNT_ID = re.compile(r"acc_[0-9a-f]{24}")
BOOKING_ID = re.compile(r"bkg_[0-9a-f]{24}")
API_KEY_ID = re.compile(r"key_[0-9a-f]{40}")
BATCH_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-85[0-9a-f]{2}-a8[0-9a-f]{2}-[0-9a-f]{8}7562")
TEMPLATE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
EMAIL_SID = re.compile(r"EM[0-9a-f]{32}")
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def containing(*parts):
    """A text with all of these in it."""
    return re.compile("(?s)" + "".join(f"(?=.*{re.escape(part)})" for part in parts) + ".*")
