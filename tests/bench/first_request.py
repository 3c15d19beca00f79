"""Size of each function's binary, and the time from its start to its first request for work.

    python3 tests/bench/first_request.py target/lambda [runs]

It stands in for the Lambda service: it starts a binary as Lambda does, and waits until the binary asks for an event.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 20


def environment(port):
    names = ("SEND_EMAIL", "SEND_MESSAGE", "PLACE_CALL", "DELIVER_WEBHOOK", "RELEASE_BATCH")
    return {
        "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_LOG_STREAM_NAME": "s",
        "AWS_LAMBDA_LOG_GROUP_NAME": "g", "HUB_ACCOUNTS_TABLE": "accounts", "HUB_ENGAGEMENTS_TABLE": "engagements",
        **{f"HUB_{name}_QUEUE_URL": f"http://127.0.0.1:{port}/{name}" for name in names},
    }


def first_request(binary):
    """Milliseconds until the binary asks for work, and its resident memory in MiB then."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.settimeout(30)
        began = time.perf_counter()
        function = subprocess.Popen(
            [binary], env=environment(service.getsockname()[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection, _ = service.accept()
            with connection:
                asked = connection.recv(4096)
                elapsed = (time.perf_counter() - began) * 1000
                assert asked.startswith(b"GET /2018-06-01/runtime/invocation/next"), asked
                status = Path(f"/proc/{function.pid}/status").read_text()
        finally:
            function.kill()
            function.wait()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return elapsed, resident / 1024


print(f"{'function':<42} {'MiB':>6} {'first ms':>9} {'median ms':>10} {'RSS MiB':>8}")
for binary in sorted(FOLDER.glob("*/bootstrap")):
    runs = [first_request(binary) for _ in range(RUNS)]
    size = binary.stat().st_size / 2**20
    median, resident = statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)
    print(f"{binary.parent.name:<42} {size:>6.1f} {runs[0][0]:>9.1f} {median:>10.1f} {resident:>8.1f}")
