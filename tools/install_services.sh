#!/bin/sh
# Usage: install_services.sh PYTHON
# What tests start for themselves: PostgreSQL, and Chromium with Chinese type; and what the native gate compiles
# with: a C compiler, and PYTHON's headers. Debian's packages, once.
set -eu
wanted=""
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null 2>&1; then
    wanted="postgresql"
fi
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium fonts-noto-cjk"
command -v cc >/dev/null 2>&1 || wanted="$wanted gcc libc6-dev"
has_headers='import sys, sysconfig, pathlib; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file())'
"$1" -c "$has_headers" || wanted="$wanted python3-dev"
[ -n "$wanted" ] || exit 0
echo "Installing for the tests: $wanted ..."
run() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
run apt-get update -qq
# shellcheck disable=SC2086 - one word a package
run env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted >/dev/null
