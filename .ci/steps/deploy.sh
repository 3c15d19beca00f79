#!/usr/bin/env bash
# template.yaml: checked, deployed as it stands to a local AWS that enforces its permissions, used, and deleted.
source "$(dirname "$0")/../lib.sh"

PYTHON=$CACHE/local-aws/bin/python
STACK=hub
PORT=$(free_port)
ENDPOINT=http://127.0.0.1:$PORT
LOG=$RESULTS/local-aws.log
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true

# Its environment is the functions' too, so it starts with nothing but this.
start_local_aws() {
  mkdir -p "$RESULTS/tmp"
  env -i PATH="$PATH" HOME="$RESULTS" TMPDIR="$RESULTS/tmp" BIND_HOST=127.0.0.1 GATEWAY_PORT="$PORT" AUTH=true \
    LAMBDA_EXECUTOR=local IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 AWS_ENDPOINT_URL="$ENDPOINT" AWS_REGION=us-east-1 \
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    "$PYTHON" tests/deploy/local_aws.py >"$LOG" 2>&1 &
  local_aws=$!
  trap stop_local_aws EXIT
  until_ready 60 curl -fsS "$ENDPOINT/_ministack/health"
}

stop_local_aws() {
  local status=$?
  kill "$local_aws" 2>/dev/null || true
  for _ in 1 2 3 4 5 6; do kill -0 "$local_aws" 2>/dev/null || break; sleep 0.5; done
  kill -KILL "$local_aws" 2>/dev/null || true
  [ $status -eq 0 ] || { echo "-- the end of the local AWS's log:"; tail -n 60 "$LOG" | cut -c1-400; }
}

deploy() {
  AWS_ENDPOINT_URL=$ENDPOINT sam deploy --stack-name $STACK --resolve-s3 --capabilities CAPABILITY_IAM \
    --no-confirm-changeset --parameter-overrides Architecture=x86_64 >"$RESULTS/deploy.log" 2>&1 ||
    { grep -A8 FAILED "$RESULTS/deploy.log" || tail -n 40 "$RESULTS/deploy.log"; return 1; }
}

delete() { AWS_ENDPOINT_URL=$ENDPOINT sam delete --stack-name $STACK --no-prompts >"$RESULTS/delete.log" 2>&1; }

failed=0

# What does not hold is counted, and does not keep the stack from being deleted.
prove() { AWS_ENDPOINT_URL=$ENDPOINT "$PYTHON" "tests/deploy/$1.py" $STACK "$RESULTS/$1.counts" || failed=1; }

timed sam validate --lint
timed cfn-lint template.yaml
timed start_local_aws
timed deploy
timed prove deployed
timed delete
timed prove deleted
exit $failed
