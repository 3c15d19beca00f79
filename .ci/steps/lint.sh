#!/usr/bin/env bash
# Format, lints, documentation, dependencies.
source "$(dirname "$0")/../lib.sh"

# Of the libraries: a program here is a line that runs one of them.
documentation() { RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --lib --quiet; }

timed cargo fmt --all --check
timed cargo clippy --workspace --all-targets --quiet -- -D warnings
timed documentation
timed cargo-deny check bans licenses sources
