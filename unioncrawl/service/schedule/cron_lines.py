"""The lines and the script by which cron calls a crawl (crontab(5))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from unioncrawl.service.schedule.installed import MARK, Installation

_LOG_BYTES = 10_000_000
_LOGS = 5
_HOUR_MINUTES = 60


def cron_script(given: Installation, environment: Path, log: Path) -> str:
    """The script that cron calls with ``crawl`` or ``tell``.

    Its log is rotated at 10 MB, five are kept. What it prints cron mails: nothing while all is well or as it
    was; what needs a person when a site broke (one run without an answer may need nobody), and the crawl's
    own error where it could not begin; the end of the log when the archive is in danger. A crawl that still
    runs is left to itself (``flock``); it begins what becomes due meanwhile.
    """
    lines = " ".join
    return f"""#!/bin/sh
{MARK}
cd {quote(str(given.folder))} || exit 1
set -a; . {quote(str(environment))}; set +a
log={quote(str(log))}
if [ "$1" = tell ]; then
    exec {lines(map(quote, given.tell))}
fi
exec 9>"$log.lock"
flock -n 9 || exit 0
if [ -f "$log" ] && [ "$(wc -c < "$log")" -gt {_LOG_BYTES} ]; then
    for number in {lines(str(number) for number in range(_LOGS - 1, 0, -1))}; do
        [ -f "$log.$number" ] && mv -f "$log.$number" "$log.$((number + 1))"
    done
    mv -f "$log" "$log.1"
fi
before=$([ -f "$log" ] && wc -c < "$log" || echo 0)
nice -n 10 {lines(map(quote, given.crawl))} >> "$log" 2>&1 9>&-
code=$?
case $code in
    0|4) ;;
    1)  tail -c "+$((before + 1))" "$log" | grep -A 30 -E '^(unioncrawl: |Traceback )'
        {lines(map(quote, given.tell))} ;;
    *)  echo "unioncrawl crawl --due ended with $code; the end of $log:"
        tail -c "+$((before + 1))" "$log" | tail -n 40
        {lines(map(quote, given.tell))} ;;
esac
exit $code
"""


def cron_block(given: Installation, script: Path) -> list[str]:
    r"""The lines for a crontab: a crawl each ten minutes, and each morning what needs a person.

    >>> given = Installation(name="news", program=["unioncrawl"], folder=Path("/srv"))
    >>> print("\n".join(cron_block(given, Path("/srv/due.sh"))))
    # Written by: unioncrawl schedule install (news, begin)
    */10 * * * * /bin/sh /srv/due.sh crawl
    30 8 * * * /bin/sh /srv/due.sh tell
    # Written by: unioncrawl schedule install (news, end)
    """
    minutes = given.minutes
    when = f"*/{minutes} * * * *" if minutes < _HOUR_MINUTES else f"0 */{minutes // _HOUR_MINUTES} * * *"
    # A percent sign ends a command in a crontab.
    command = f"/bin/sh {quote(str(script))}".replace("%", r"\%")
    mail = [f"MAILTO={given.mail_to}"] if given.mail_to else []
    lines = [f"{when} {command} crawl", f"30 8 * * * {command} tell"]
    return [_edge(given.name, "begin"), *mail, *lines, _edge(given.name, "end")]


def with_block(crontab: str, name: str, block: Sequence[str]) -> str:
    r"""A crontab with these lines in the place of the old ones of the name, all others as they are.

    >>> with_block("0 1 * * * true\n", "news", [])
    '0 1 * * * true\n'
    """
    inner = rf"{re.escape(_edge(name, 'begin'))}\n.*?{re.escape(_edge(name, 'end'))}\n?"
    rest = re.sub(inner, "", crontab, flags=re.DOTALL)
    if rest and not rest.endswith("\n"):
        rest += "\n"
    return rest + "".join(f"{line}\n" for line in block)


def _edge(name: str, place: str) -> str:
    return f"{MARK} ({name}, {place})"
