#!/bin/sh
# Usage: lock.sh UV. Write the locked versions and hashes of all that `make` installs, for every
# system and every supported Python. UV_DEFAULT_INDEX (or PIP_INDEX_URL) names another index.
set -eu
uv=$1
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
# What is locked keeps its version while pyproject.toml allows it; UPGRADE=--upgrade takes the newest.
lock() {
    name=$1
    shift
    "$uv" pip compile "$@" --universal --python-version 3.11 --generate-hashes --quiet \
        ${UPGRADE:-} --custom-compile-command "make lock" -o "requirements/$name.txt"
    echo "requirements/$name.txt: $(grep -c '^[a-z].*==' "requirements/$name.txt") packages"
}
lock runtime pyproject.toml --group build
lock dev pyproject.toml --group build --group dev --group bench --group fuzz -c requirements/runtime.txt
lock replay --group replay
lock supply --group supply
