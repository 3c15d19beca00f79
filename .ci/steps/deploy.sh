#!/usr/bin/env bash
# template.yaml: checked, deployed as it stands to a local AWS that enforces its permissions, used, and deleted.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../local-aws.sh"

TESTS_AT_ONCE=4

delete() { AWS_ENDPOINT_URL=$ENDPOINT sam delete --stack-name $STACK --no-prompts >"$RESULTS/delete.log" 2>&1; }

failed=0

# What does not hold is counted, and does not keep the stack from being deleted.
prove() { AWS_ENDPOINT_URL=${ENDPOINT:-} "$PYTHON" "tests/deploy/$1.py" $STACK "$RESULTS/$1.counts" || failed=1; }

# The tests that hold of every hub, against this one, with the command of the README.
suite() {
  local variables command
  variables=$("$PYTHON" tests/deploy/reach.py $STACK) || return
  command=$(sed -n '/^```sh suite$/,/^```$/{//!p}' README.md)
  # shellcheck disable=SC2086 # One variable each, and no blank in any.
  env $variables RUST_TEST_THREADS=$TESTS_AT_ONCE bash -c "$command" 2>&1 | tee "$RESULTS/suite.log"
}

# Cargo's own summary, counted as the other proofs are.
count_suite() {
  grep '^test result:' "$RESULTS/suite.log" || { echo "no test of the suite ran" >&2; return 1; }
  sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed; .*/suite \1 \2/p' "$RESULTS/suite.log" >"$RESULTS/suite.counts"
}

prove_suite() {
  AWS_ENDPOINT_URL=$ENDPOINT suite || failed=1
  count_suite || failed=1
}

timed sam validate --lint
timed cfn-lint template.yaml
timed prove limits
trap 'stop_local_aws $?' EXIT
timed start_local_aws 127.0.0.1 "$(free_port)"
timed deploy
timed prove first_hour
timed prove_suite
timed prove deployed
timed prove second_stack
timed prove runbook
timed delete
timed prove deleted
exit $failed
