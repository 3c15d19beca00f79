#!/usr/bin/env bash
# The figures of the README, as they are on this machine, with its commands. They are shown, not judged.
source "$(dirname "$0")/../lib.sh"

# The hub that the benchmarks load was built with the functions: .ci/steps/build.sh stands for the block's first command.
built_already() { install -D target/lambda/engagement-hub/bootstrap target/release/engagement-hub; }

commands() { sed -n '/^```sh bench$/,/^```$/{//!p}' README.md | grep -vx 'cargo build --release'; }

built_already
while read -r command; do
  # shellcheck disable=SC2086 # A command and its words.
  timed $command </dev/null
done < <(commands)
