#!/usr/bin/env bash
# The binaries of all functions, as they are deployed. x86_64, because no other Rust target may be at hand.
source "$(dirname "$0")/../lib.sh"

# The README's command, for the processor of this machine.
operators_command() { sed -n '/^```sh deploy$/,/^```$/{//!p}' README.md | grep '^cargo lambda build' | sed 's/ --arm64//'; }

functions_of_the_readme() { bash -ec "$(operators_command)"; }

# The hub on one machine, which the benchmarks load. Nearly all of it is built already. It is no function, so it lies
# where `cargo build --release` puts it.
hub() {
  cargo lambda build --release --workspace --bin engagement-hub
  install -D target/lambda/engagement-hub/bootstrap target/release/engagement-hub
  rm -r target/lambda/engagement-hub
}

each_function_has_its_binary() {
  local missing=0 name
  for name in $(functions); do
    [ -x "target/lambda/$name/bootstrap" ] || { echo "template.yaml deploys $name, and no binary has that name" >&2; missing=1; }
  done
  return $missing
}

# The C library of Amazon Linux 2023, on which provided.al2023 runs.
GLIBC=2.34

# The versions of the C library that a binary needs stand in it by name.
newest_glibc_of() { grep -aoE 'GLIBC_[0-9]+(\.[0-9]+)+' "$1" | sort -Vu | tail -n 1; }

each_binary_runs_on_lambda() {
  local name needed newest=GLIBC_0 too_new=0
  for name in $(functions); do
    needed=$(newest_glibc_of "target/lambda/$name/bootstrap") || { echo "$name says nothing of a C library" >&2; return 1; }
    [ "$(printf '%s\n' "$needed" "GLIBC_$GLIBC" | sort -V | tail -n 1)" = "GLIBC_$GLIBC" ] ||
      { echo "$name needs $needed, and Lambda has GLIBC_$GLIBC" >&2; too_new=1; }
    newest=$(printf '%s\n' "$needed" "$newest" | sort -V | tail -n 1)
  done
  echo "the newest that any function needs is $newest"
  return $too_new
}

timed functions_of_the_readme
timed hub
timed each_function_has_its_binary
timed each_binary_runs_on_lambda
du -ch target/lambda/*/bootstrap | tail -n 1
