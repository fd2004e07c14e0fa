#!/bin/sh
# Usage: test_postgresql.sh BIN [PYTEST OPTIONS]. The tests of all that an archive is used for, with every
# archive in PostgreSQL; tests/sqlite_only.py names what has no counterpart there. Room by room, so that what
# one leaves open (a browser, a loop of events) is no other's. tests/faults tears files, and has a PostgreSQL of its
# own where a server is meant.
set -eu
bin=$1
shift
failed=""
for room in archive commands reader service citations pipelines spiders addon guard; do
    echo "== $room on PostgreSQL"
    "$bin/python" -m pytest -q -n 2 --dist loadgroup --archive-database postgresql "$@" "tests/$room" ||
        failed="$failed $room"
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
