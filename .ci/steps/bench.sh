#!/usr/bin/env bash
# The figures of the README, as they are on this machine. They are shown, not judged.
source "$(dirname "$0")/../lib.sh"

timed cargo build --release
timed cargo bench -p hub-bench
timed python3 tests/bench/first_request.py target/lambda
timed python3 tests/bench/costs.py target/lambda
