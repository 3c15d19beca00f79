#!/usr/bin/env bash
# `sam local invoke` of every function with every event, in a container as Lambda runs it, and the README's tour through
# `sam local start-api`; both on the tables, queues and mail of a hub that is deployed to a local AWS.
#     .ci/steps/invoke.sh [EVENT...]     of all that, only these events, such as bulk-calls-submit/no-key
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../local-aws.sh"

# No registry of images may be within reach, and the functions need nothing of Amazon's base image: a small Debian stands
# in for it. `sam local` hands on no variable that the template does not have, so the image says where AWS is.
IMAGE=hub-function:bookworm
AWS_PORT=4566
DOCKER=$CACHE/docker
export PYTHONPATH=$TOP/tests/deploy

packages() {
  { command -v dockerd && command -v debootstrap && command -v ip; } >/dev/null ||
    debian_packages docker.io debootstrap iproute2
}

start_docker() {
  docker info >/dev/null 2>&1 && return
  mkdir -p "$DOCKER"
  export DOCKER_HOST=unix://$DOCKER/docker.sock
  as_root dockerd --host "$DOCKER_HOST" --group "$(id -gn)" --data-root "$DOCKER/data" --exec-root "$DOCKER/exec" \
    --pidfile "$DOCKER/pid" >"$RESULTS/dockerd.log" 2>&1 &
  docker_is_ours=1
  until_ready 60 docker info || { tail -n 20 "$RESULTS/dockerd.log"; return 1; }
}

stop_docker() { [ -z "${docker_is_ours:-}" ] || { as_root kill "$(cat "$DOCKER/pid")" 2>/dev/null && wait; }; }

base_image() {
  [ -n "$(docker images --quiet "$IMAGE")" ] && return
  local root=$CACHE/base-image
  as_root rm -rf "$root"
  as_root debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$RESULTS/debootstrap.log"
  as_root tar -C "$root" -c . | docker import --change "ENV AWS_ENDPOINT_URL=http://local-aws:$AWS_PORT" - "$IMAGE"
  as_root rm -rf "$root"
  # What `sam local` made of an image before this one.
  docker rmi --force "${IMAGE%:*}:rapid-x86_64" >/dev/null 2>&1 || true
}

# The host as containers see it. Docker itself does not say so before its second start.
bridge() { ip -4 -oneline address show docker0 | sed -nE 's|.* inet ([0-9.]+)/.*|\1|p'; }

stop_all() {
  local status=$?
  [ -z "${local_aws:-}" ] || stop_local_aws $status
  stop_docker
}

failed=0

# What does not hold is counted, and does not keep the rest from being proved: prove <what> [event...]
prove() {
  local what=$1
  shift
  AWS_ENDPOINT_URL=$ENDPOINT "$PYTHON" "tests/invoke/$what.py" $STACK $IMAGE "$(bridge)" "$RESULTS/$what.counts" "$@" || failed=1
}

trap stop_all EXIT
timed packages
timed start_docker
timed base_image
timed start_local_aws "$(bridge)" $AWS_PORT
timed deploy
# The tour needs the workers behind the queues, which rest while their own events are invoked.
[ $# -gt 0 ] || timed prove tour
timed prove invoked "$@"
exit $failed
