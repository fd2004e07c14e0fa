"""Judges a site file that ``sites propose-update`` proposes after a redesign, by what the site is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.soak_world.crawling import Ended
from bench.soak_world.judge import Verdict
from bench.soak_world.site import Site
from unioncrawl.sites.families import FAMILIES

_COMMAND = ("sites", "propose-update")
# The exit code of a command line that is not understood: there is no such command.
_USAGE = 2
_SAMPLES = 20


def fault_of(text: str, site: Site, at: datetime) -> str:
    """Return what is wrong with a site file at a time; empty for one that gets all articles."""
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return f"no TOML: {error}"
    look = site.look(at)
    if look.host not in file["hosts"]:
        return f"the host {look.host} is missing"
    wanted = {f"{look.base}{look.list_path(column, 1, 1)}" for column in (0, 1)}
    given = {column["url"] for column in file.get("columns", ())}
    if missing := [one for one in wanted if not _leads_to(one, given)]:
        return f"no column leads to {' '.join(sorted(missing))}, but to {' '.join(sorted(given))}"
    pattern = re.compile(file.get("article_url") or FAMILIES[file["family"]].article_url)
    stories = [story for story in site.stories if story.is_visible(at)][-_SAMPLES:]
    urls = [f"{look.base}{look.article_path(one.column, one.index, one.printed_at)}" for one in stories]
    unread = [url for url in urls if not pattern.search(url)]
    return f"{len(unread)} of {len(urls)} articles are taken for none: {unread[0]}" if unread else ""


def _leads_to(wanted: str, given: set[str]) -> bool:
    """Whether one of the addresses is the wanted one; http leads to https where a site has that."""
    others = (wanted, wanted.replace("https:", "http:", 1))
    return any(one.rstrip("/") == other.rstrip("/") for one in given for other in others)


@dataclass
class Proposals:
    """Asks for a proposal after each redesign, once, and judges it."""

    folder: Path
    # Runs a command at the present simulated time; set before each run.
    run: Callable[[Sequence[str]], Ended] | None = None
    verdict: Verdict = field(default_factory=Verdict)
    is_known: bool = True

    def ask(self, site: Site, at: datetime) -> str:
        """Return the proposed file of a site; empty without one that is right."""
        period = site.periods[site.number_of_period(at)]
        ended = self.run([*_COMMAND, site.site_id, "--json"]) if self.is_known and self.run else None
        if ended is None or ended.code == _USAGE:
            self.is_known = False
            return ""
        text, is_proven = self._read()
        fault = fault_of(text, site, at) if text else "no proposal"
        name = f"{site.site_id} {period.kind} {at:%m-%d %H:%M}"
        self.verdict.counts["proposals"] += 1
        if fault:
            kind = "proposals wrong though proven" if is_proven else "proposals wrong"
            self.verdict.note(kind, f"{name}: {fault[:300]} {'' if text else self._said()}")
            return ""
        self.verdict.note("true proposals" if is_proven else "true proposals, not proven", name)
        return text

    def _read(self) -> tuple[str, bool]:
        said = (self.folder / "output.txt").read_text(encoding="utf-8")
        try:
            record = json.loads(said)
        except json.JSONDecodeError:
            return "", False
        return str(record["text"]), bool(record["proven"])

    def _said(self) -> str:
        lines = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        return " ".join(lines[-2:])
