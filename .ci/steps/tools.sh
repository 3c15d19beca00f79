#!/usr/bin/env bash
# Installs what the other steps need, once; a machine that has it already is done in a second.
source "$(dirname "$0")/../lib.sh"

CARGO_DENY=0.20.2

# A virtual environment that follows its list of requirements.
environment() {
  local folder=$CACHE/$1 wanted=$TOP/.ci/$1.txt
  cmp -s "$wanted" "$folder/installed.txt" && return
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$folder/installed.txt"
}

cargo_deny() {
  "$CACHE/cargo-deny/bin/cargo-deny" --version 2>/dev/null | grep -qF " $CARGO_DENY" && return
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$CACHE/cargo-deny/target cargo install cargo-deny \
    --version "$CARGO_DENY" --locked --debug --no-default-features --force --quiet --root "$CACHE/cargo-deny"
  rm -rf "$CACHE/cargo-deny/target"
}

timed environment tools
timed environment local-aws
timed environment aws-cli
timed cargo_deny
