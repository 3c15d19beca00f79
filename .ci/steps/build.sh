#!/usr/bin/env bash
# The binaries of all functions, as they are deployed. x86_64, because no other Rust target may be at hand.
source "$(dirname "$0")/../lib.sh"

build() { cargo lambda build --release --workspace --exclude hub-local --bins; }

each_function_has_its_binary() {
  local missing=0 name
  for name in $(functions); do
    [ -x "target/lambda/$name/bootstrap" ] || { echo "template.yaml deploys $name, and no binary has that name" >&2; missing=1; }
  done
  return $missing
}

timed build
timed each_function_has_its_binary
du -ch target/lambda/*/bootstrap | tail -n 1
