#!/usr/bin/env bash
# What a newcomer does first: `cargo run`, and the line that it prints, pasted.
source "$(dirname "$0")/../lib.sh"

rm -rf .hub
cargo run >"$RESULTS/run.log" 2>&1 &
hub=$!
trap 'kill -INT $hub 2>/dev/null || true' EXIT

line() { grep -m1 '^curl ' "$RESULTS/run.log"; }

it_prints_a_line_that_works() {
  until_ready 600 line
  local answer
  answer=$(bash -c "$(line)")
  echo "$answer"
  grep -q '"status":"accepted"' <<<"$answer"
}

its_mail_leaves() { until_ready 30 eval 'ls .hub/mail/*.eml'; }

it_ends_cleanly() { kill -INT $hub && wait $hub; }

timed it_prints_a_line_that_works
timed its_mail_leaves
timed it_ends_cleanly
echo "readme 3 0" >"$RESULTS/readme.counts"
