#!/bin/sh
# Usage: gates.sh BIN. Every gate, in the order of their cost; stops at the first that fails.
set -eu
bin=$1
gate() {
    echo "== $1"
    shift
    "$@"
}
gate "format" "$bin/ruff" format --check .
gate "lint" "$bin/ruff" check .
gate "rooms" "$bin/lint-imports" --no-logo
gate "types" "$bin/mypy"
gate "tests" "$bin/python" -m pytest -n 2 --dist loadgroup
gate "native" sh tools/native_gate.sh "$bin"
gate "fuzz" "$bin/python" -m tests.fuzz.run
