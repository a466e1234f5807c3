#!/bin/sh
# The CPU engine where the whole program cannot go:
#
#   scripts/check/engine.sh            on this machine, against a network in plain double precision
#   scripts/check/engine.sh miri       in Rust's interpreter, which finds what is undefined: pointers, threads, aliasing
#   scripts/check/engine.sh arm        as 64-bit Arm code (NEON) in an emulator
#
# miri needs `rustup toolchain install nightly --component miri,rust-src`; arm needs
# `rustup target add aarch64-unknown-linux-gnu` and the packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and
# qemu-user-static. What is built goes to target/engine.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export CARGO_TARGET_DIR="$here/../../target/engine"
cd "$here/engine"
case ${1:-} in
    '') exec cargo test --lib --release -- --nocapture ;;
    miri)
        # Files that tests leave are not of interest; the tests of training would take days.
        MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-permissive-provenance" exec cargo +nightly miri test --lib -- --skip training ;;
    arm)
        target=aarch64-unknown-linux-gnu
        export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
        export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
        exec cargo test --lib --release --target $target -- --nocapture ;;
    *) sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2 ;;
esac
