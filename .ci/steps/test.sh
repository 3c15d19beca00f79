#!/usr/bin/env bash
# The tests, with the command of the README.
source "$(dirname "$0")/../lib.sh"

tests() { cargo test --workspace 2>&1 | tee "$RESULTS/test.log"; }

# Leaves cargo's own summary lines, and their sum.
summarise() {
  grep '^test result:' "$RESULTS/test.log" >"$RESULTS/test.summary" || true
  awk '{for (i = 1; i < NF; i++) {if ($(i+1) ~ /^passed/) p += $i; if ($(i+1) ~ /^failed/) f += $i}}
       END {print "tests", p + 0, f + 0}' "$RESULTS/test.summary" >"$RESULTS/test.counts"
}

trap summarise EXIT
timed tests
grep -q '^test result:' "$RESULTS/test.log" || { echo "no test ran" >&2; exit 1; }
