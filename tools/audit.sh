#!/bin/sh
# Usage: audit.sh BIN. Look the locked packages up among the known vulnerabilities, in PyPI's database
# or, where that knows a package not, in OSV's. Exit code 0 without any, 1 with one, 3 when a package
# could not be looked up: then nothing is known of it.
set -eu
bin=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# ask SERVICE LOCK: 0 without, 1 with a vulnerability, 3 not all of it could be looked up.
ask() {
    ended=0
    "$bin/pip-audit" -s "$1" --require-hashes --disable-pip -r "requirements/$2.txt" >"$log" 2>&1 || ended=1
    if grep -q "^Found [0-9]* known vulnerabilit" "$log"; then return 1; fi
    # pip-audit itself ends with 0 when it has left packages out.
    if [ "$ended" != 0 ] || grep -q "could not be audited" "$log"; then return 3; fi
}

worst=0
for lock in runtime dev replay supply; do
    for service in pypi osv; do
        ended=0
        ask "$service" "$lock" || ended=$?
        [ "$ended" = 3 ] || break
    done
    case $ended in
        0) echo "requirements/$lock.txt: no known vulnerability ($service)" ;;
        1)
            cat "$log"
            [ "$worst" = 3 ] || worst=1
            ;;
        *)
            echo "requirements/$lock.txt: no database of vulnerabilities could be asked for all of it; nothing is known." >&2
            worst=3
            ;;
    esac
done
exit $worst
