"""The units by which systemd calls a crawl for a user (systemd.service(5), systemd.timer(5))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from unioncrawl.service.schedule.installed import MARK, Installation

# Sites that fail as before are no failure of the unit: nobody is to be told each ten minutes.
_KNOWN_FAILURES = 4
# A crawl that is asked to end writes what it has; an archive that is locked is waited for as long.
_STOP_SECONDS = 120
_HOUR_MINUTES = 60
# The health of all sites is told at this time too, so that a timer that stopped is noticed.
_DAILY_AT = "08:30"
_IN_QUOTES = re.compile(r'([\\"])')


def systemd_units(given: Installation, environment: Path) -> dict[str, str]:
    """Return the text of each unit by its file's name.

    A timer of the crawl, which catches up what a machine that was off has missed (``Persistent``); the
    crawl; and who tells what is wrong: when the crawl fails, and once a day by a timer of its own.
    """
    due, tell = f"{given.name}-due", f"{given.name}-tell"
    hours = given.minutes // _HOUR_MINUTES
    every = f"*-*-* 0/{hours}:00" if hours else f"*:0/{given.minutes}"
    return {
        f"{due}.service": _unit(
            f"unioncrawl: crawl the sites that are due ({given.name})",
            [f"OnFailure={tell}.service"],
            ["[Service]", *_service(given, environment, given.crawl), f"SuccessExitStatus={_KNOWN_FAILURES}"],
        ),
        f"{due}.timer": _timer(
            f"unioncrawl: look what is due ({given.name})", every, "RandomizedDelaySec=30"
        ),
        f"{tell}.service": _unit(
            f"unioncrawl: tell what needs a person ({given.name})",
            [],
            # Exit 1 says that something needs a person; it was told then.
            ["[Service]", *_service(given, environment, given.tell), "SuccessExitStatus=1"],
        ),
        f"{tell}.timer": _timer(f"unioncrawl: tell once a day ({given.name})", f"*-*-* {_DAILY_AT}:00"),
    }


def _unit(description: str, more: Sequence[str], sections: Sequence[str]) -> str:
    lines = [MARK, "[Unit]", f"Description={_plain(description)}", *more, "", *sections]
    return "\n".join(lines) + "\n"


def _service(given: Installation, environment: Path, command: Sequence[str]) -> list[str]:
    return [
        "Type=oneshot",
        f"WorkingDirectory={_plain(str(given.folder))}",
        f"EnvironmentFile={_plain(str(environment))}",
        f"ExecStart={' '.join(map(_quoted, command))}",
        "Nice=10",
        "IOSchedulingClass=best-effort",
        "IOSchedulingPriority=7",
        f"TimeoutStopSec={_STOP_SECONDS}",
        # The journal bounds and rotates what is kept (journald.conf, SystemMaxUse); this bounds a flood.
        "LogRateLimitIntervalSec=30",
        "LogRateLimitBurst=2000",
    ]


def _timer(description: str, calendar: str, *more: str) -> str:
    timer = ["[Timer]", f"OnCalendar={calendar}", "Persistent=true", "AccuracySec=30", *more]
    return _unit(description, [], [*timer, "", "[Install]", "WantedBy=timers.target"])


def _plain(text: str) -> str:
    """A value that is taken as it is, but for what ``%`` begins."""
    return text.replace("%", "%%")


def _quoted(argument: str) -> str:
    """An argument of a command line: neither blanks, nor ``%`` and ``$`` mean anything in it.

    >>> print(_quoted("临溪 $HOME 100%"))
    "临溪 $$HOME 100%%"
    """
    inner = _IN_QUOTES.sub(r"\\\1", argument)
    return '"' + _plain(inner).replace("$", "$$") + '"'
