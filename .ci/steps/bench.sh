#!/usr/bin/env bash
# The figures of the README, as they are on this machine, with its commands. They are shown, not judged.
source "$(dirname "$0")/../lib.sh"

# All but the block's first command: .ci/steps/build.sh has built the hub that the benchmarks load with the functions.
commands() { sed -n '/^```sh bench$/,/^```$/{//!p}' README.md | grep -vx 'cargo build --release'; }

while read -r command; do
  # shellcheck disable=SC2086 # A command and its words.
  timed $command </dev/null
done < <(commands)
