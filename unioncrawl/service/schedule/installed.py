"""What is installed so that the system calls a crawl: what all ways of calling have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unioncrawl.errors import SettingInvalid

# The first line of every file that is written; nothing else is ever overwritten or removed.
MARK = "# Written by: unioncrawl schedule install"
# Settings of ours and of Scrapy, where state is kept, the language: what a terminal has and cron lacks.
_KEPT = re.compile(
    r"UNIONCRAWL_\w+|SCRAPY_SETTINGS_MODULE|PYTHONPATH|XDG_\w+_HOME|LANG|LC_ALL|(?i:https?_proxy|no_proxy)"
)
_IN_QUOTES = re.compile(r'([\\"$`])')


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One scheduled crawl: its name, who runs it, where, which sites, and how often.

    ``program``: what runs unioncrawl, as arguments; ``sites``: empty for all that are open. The archive is
    a variable of `environment_file`, because its address may have a password.
    """

    name: str
    program: Sequence[str]
    folder: Path
    sites: Sequence[str] = ()
    minutes: int = 10
    mail_to: str = ""

    @property
    def crawl(self) -> list[str]:
        """The command that crawls what is due."""
        return [*self.program, "crawl", "--due", *self.sites]

    @property
    def tell(self) -> list[str]:
        """The command that says what needs a person."""
        return [*self.program, "health", "--tell"]


def environment_file(environment: Mapping[str, str]) -> str:
    """The file of variables for systemd and for a shell, which quote alike within double quotes.

    Raises `SettingInvalid` for a value of several lines.

    >>> print(environment_file({"UNIONCRAWL_CONTACT": "信息员@linxi.example", "HOME": "/root"}), end="")
    # Written by: unioncrawl schedule install
    UNIONCRAWL_CONTACT="信息员@linxi.example"
    """
    lines = [MARK]
    for name, value in sorted(environment.items()):
        if not _KEPT.fullmatch(name):
            continue
        if "\n" in value:
            raise SettingInvalid(
                f"{name}: a value of several lines can't be kept.", next_step="Give it one line."
            )
        quoted = _IN_QUOTES.sub(r"\\\1", value)
        lines.append(f'{name}="{quoted}"')
    return "\n".join(lines) + "\n"
