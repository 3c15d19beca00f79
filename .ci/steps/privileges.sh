#!/usr/bin/env bash
# Least privilege: what each function used while the tests ran, against what template.yaml lets it do, both ways.
# The tests run once more for it, since nothing may be kept of what was read while it is recorded who reads what.
source "$(dirname "$0")/../lib.sh"

LOG=$RESULTS/privileges.log
HUB_TEST_RECORD=$(mktemp -d)
export HUB_TEST_RECORD
trap 'rm -rf "$HUB_TEST_RECORD"' EXIT

# The tests of costs count calls where what was read is kept, so they are not recorded.
record() {
  cargo test --workspace --test e2e --test faults -- --skip costs:: >"$LOG" 2>&1 && return
  grep -A12 -E '^(error|failures:)' "$LOG"
  return 1
}

compare() { cargo test --workspace --test contract privileges -- --include-ignored 2>&1 | tee "$LOG"; }

# Leaves the sum of the comparison for .ci/run.
count() {
  sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed;.*/privileges \1 \2/p' "$LOG" \
    >"$RESULTS/privileges.counts"
}

timed record
compared=0
timed compare || compared=1
count
exit $compared
