#!/usr/bin/env bash
# `sam local invoke` of a few functions with their events, in a container as Lambda runs them.
source "$(dirname "$0")/../lib.sh"

# No registry of images may be within reach, and the functions need nothing of theirs: a small Debian stands in for
# Amazon's base image, under its name.
IMAGE=public.ecr.aws/lambda/provided:al2023-x86_64
DOCKER=$CACHE/docker
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1

packages() { { command -v dockerd && command -v debootstrap; } >/dev/null || debian_packages docker.io debootstrap; }

start_docker() {
  docker info >/dev/null 2>&1 && return
  mkdir -p "$DOCKER"
  export DOCKER_HOST=unix://$DOCKER/docker.sock
  as_root dockerd --host "$DOCKER_HOST" --group "$(id -gn)" --data-root "$DOCKER/data" --exec-root "$DOCKER/exec" \
    --pidfile "$DOCKER/pid" >"$RESULTS/dockerd.log" 2>&1 &
  trap stop_docker EXIT
  until_ready 60 docker info || { tail -n 20 "$RESULTS/dockerd.log"; return 1; }
}

stop_docker() { as_root kill "$(cat "$DOCKER/pid")" 2>/dev/null && wait; }

base_image() {
  [ -n "$(docker images --quiet "$IMAGE")" ] && return
  local root=$CACHE/base-image
  as_root rm -rf "$root"
  as_root debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$RESULTS/debootstrap.log"
  as_root tar -C "$root" -c . | docker import - "$IMAGE"
  as_root rm -rf "$root"
}

passed=0 failed=0

# The function answers the event with this status: invoked <function> <case> <status>
invoked() {
  local function answer status
  function=$(sed -E 's/(^|-)(.)/\U\2/g' <<<"$1")
  answer=$(timeout 120 sam local invoke "$function" --event "events/$1/$2.json" --skip-pull-image \
    --parameter-overrides Architecture=x86_64 2>"$RESULTS/invoke.log" | grep '"statusCode"' | tail -n 1) || true
  status=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["statusCode"])' "$answer" 2>/dev/null || echo none)
  if [ "$status" = "$3" ]; then
    passed=$((passed + 1)); echo "ok      $1 $2: $status"
  else
    failed=$((failed + 1)); echo "FAILED  $1 $2: $status, not $3"; tail -n 20 "$RESULTS/invoke.log"
  fi
}

invoke_functions() {
  invoked service-openapi document 200
  invoked service-unknown unknown-path 404
  invoked service-unknown wrong-method 405
  invoked integration-start no-key 403
  invoked calls-list no-key 403
}

timed packages
timed start_docker
timed base_image
timed invoke_functions
echo "invoke $passed $failed" >"$RESULTS/invoke.counts"
[ $failed -eq 0 ]
