# shellcheck shell=bash
# The hub on a local AWS: what the steps share that deploy it there. Sourced by them after lib.sh.

PYTHON=$CACHE/local-aws/bin/python
STACK=hub
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true

# Starts it where it is told to listen: start_local_aws <address> <port>. Its environment is the functions' too, so it
# starts with nothing but this. Who starts it ends it, with stop_local_aws.
start_local_aws() {
  [ -n "$1" ] || { echo "there is no address for the local AWS" >&2; return 1; }
  ENDPOINT=http://$1:$2
  LOCAL_AWS_LOG=$RESULTS/local-aws.log
  env -i PATH="$PATH" HOME="$RESULTS" TMPDIR="$TMPDIR" BIND_HOST="$1" GATEWAY_PORT="$2" AUTH=true \
    LAMBDA_EXECUTOR=local IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 AWS_ENDPOINT_URL="$ENDPOINT" AWS_REGION=us-east-1 \
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    "$PYTHON" tests/deploy/local_aws.py >"$LOCAL_AWS_LOG" 2>&1 &
  local_aws=$!
  until_ready 60 curl -fsS "$ENDPOINT/_ministack/health"
  note_delays &
}

# Notes when it was slow to answer, and what the machine did meanwhile: a proof that failed may have met just that.
note_delays() {
  local seconds
  while kill -0 "$local_aws" 2>/dev/null; do
    seconds=$(curl -s -o /dev/null -m 60 -w '%{time_total}' "$ENDPOINT/_ministack/health") || true
    [ "${seconds%.*}" -lt 1 ] ||
      echo "$(date +%T) it answered after $seconds s; load $(cat /proc/loadavg); $(tr '\n' ' ' </proc/pressure/io)" \
        >>"$RESULTS/delays.log"
    sleep 5
  done
}

# Ends it, and shows the end of its log where the step did not succeed: stop_local_aws <status>
stop_local_aws() {
  kill "$local_aws" 2>/dev/null || true
  for _ in 1 2 3 4 5 6; do kill -0 "$local_aws" 2>/dev/null || break; sleep 0.5; done
  kill -KILL "$local_aws" 2>/dev/null || true
  [ "$1" -eq 0 ] || { echo "-- the end of the local AWS's log:"; tail -n 60 "$LOCAL_AWS_LOG" | cut -c1-400; }
  [ ! -e "$RESULTS/delays.log" ] || { echo "-- when the local AWS was slow:"; cat "$RESULTS/delays.log"; }
}

deploy() {
  AWS_ENDPOINT_URL=$ENDPOINT sam deploy --stack-name $STACK --resolve-s3 --capabilities CAPABILITY_IAM \
    --no-confirm-changeset --parameter-overrides Architecture=x86_64 >"$RESULTS/deploy.log" 2>&1 ||
    { grep -A8 FAILED "$RESULTS/deploy.log" || tail -n 40 "$RESULTS/deploy.log"; return 1; }
  sync # So that nothing waits later for what the build and the deployment wrote.
}
