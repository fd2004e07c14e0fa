#!/bin/sh
# The servers that tests start for themselves: PostgreSQL. Debian's package, once.
set -eu
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; then
    exit 0
fi
echo "Installing PostgreSQL for the tests ..."
run() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
run apt-get update -qq
run env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql >/dev/null
