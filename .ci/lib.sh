# shellcheck shell=bash
# What the steps share: where things are, how they speak, where results go. Sourced by each of them.
set -euo pipefail

TOP=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/hub-ci
RESULTS=${HUB_CI_RESULTS:-$CACHE/results}

export CARGO_TERM_COLOR=never SAM_CLI_TELEMETRY=0 PYTHONDONTWRITEBYTECODE=1
PATH=$CACHE/tools/bin:$CACHE/cargo-deny/bin:$PATH:$CACHE/aws-cli/bin
# What programs leave behind goes with the results: a deployment alone leaves two gigabytes.
export TMPDIR=$RESULTS/tmp
mkdir -p "$CACHE" "$TMPDIR"
cd "$TOP"

say() { printf '\n== %s\n' "$*"; }

# Runs a command and says how long it took.
timed() {
  local began=$SECONDS
  say "$*"
  "$@"
  printf -- '-- %d s: %s\n' $((SECONDS - began)) "$1 ${2:-}"
}

# A name for each Lambda function: what template.yaml deploys.
functions() { grep -oP 'CodeUri: target/lambda/\K[a-z-]+' template.yaml; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

debian_packages() {
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Waits until a command succeeds, at most so many seconds.
until_ready() {
  local seconds=$1 end
  shift
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "not ready within $seconds s: $*" >&2; return 1; }
    sleep 0.5
  done
}
