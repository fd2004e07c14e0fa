"""Judges an archive by the world that it was crawled from: what it lost, doubled or made up."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from bench.soak_world.calendar import CHINA
from bench.soak_world.site import Site
from bench.soak_world.stories import Story, Text
from bench.soak_world.world import World

_SPACE = re.compile(r"\s+")
_EXAMPLES = 12
# So much later than the first visit after a deletion is due, a tombstone is late: three visits in two days,
# a weekend between.
_TOMBSTONE_GRACE = timedelta(days=6)
_REVISIT_DAYS, _REVISIT_HOURS = 180, 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench: its simulated time, the sites whose site file was out of date, those crawled.

    ``crawled`` is None where all were.
    """

    at: datetime
    outdated: frozenset[str] = frozenset()
    crawled: frozenset[str] | None = None

    def is_of(self, site: str) -> bool:
        """Whether a site was crawled."""
        return self.crawled is None or site in self.crawled


@dataclass
class Verdict:
    """Counts by what they count, and some examples of each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, example: str) -> None:
        """Count something, and keep the first examples."""
        self.counts[kind] += 1
        if len(self.examples[kind]) < _EXAMPLES:
            self.examples[kind].append(example)

    def as_record(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"counts": dict(sorted(self.counts.items())), "examples": dict(self.examples)}


def read_time(text: str) -> datetime:
    """Return a time of the archive."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Judge:
    """Compares an archive with the world, over the runs that crawled it."""

    def __init__(self, world: World, archive: Path, runs: Sequence[Run]) -> None:
        self.world, self.runs = world, runs
        self._archive = archive
        self._times = [run.at for run in runs]
        self.verdict = Verdict()

    def judge(self) -> Verdict:
        """Return the verdict on all sites."""
        connection = sqlite3.connect(f"{self._archive.as_uri()}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            for site in self.world.sites:
                _SiteJudge(self, site, connection).judge()
        finally:
            connection.close()
        return self.verdict

    def run_at(self, moment: datetime) -> datetime:
        """Return the time of the run that a moment lies in: the world stood still at it."""
        return self._times[max(0, bisect_right(self._times, moment) - 1)]

    @cached_property
    def last(self) -> datetime:
        """The time of the last run."""
        return self._times[-1]


class _SiteJudge:
    def __init__(self, judge: Judge, site: Site, connection: sqlite3.Connection) -> None:
        self._judge, self._site, self._connection = judge, site, connection
        self._verdict = judge.verdict
        self._held: dict[int, list[sqlite3.Row]] = defaultdict(list)
        # The runs in which the site was crawled, and answered.
        self._runs = [one for one in judge.runs if one.is_of(site.site_id) and not site.fault(one.at)]

    def judge(self) -> None:
        rows = self._ask(
            "SELECT a.* FROM article a JOIN site s ON s.id = a.site_id WHERE s.key = ?", self._site.site_id
        )
        for row in rows:
            story = self._story_of(row)
            if story is None:
                self._verdict.note("made up", f"{self._site.site_id} {row['url']}")
                continue
            self._held[story.index].append(row)
            self._verdict.counts["articles held"] += 1
            self._judge_history(row, story)
        self._judge_losses()

    def _ask(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    def _story_of(self, row: sqlite3.Row) -> Story | None:
        found: list[Story] = []
        for address in (row["url"], row["canonical_url"]):
            parts = urlsplit(address)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            for number in range(len(self._site.periods)):
                story = self._site.articles_of(number).get(target)
                if story is not None and story not in found:
                    found.append(story)
        return found[0] if found else None

    # Lost and doubled

    def _judge_losses(self) -> None:
        for story in self._site.stories:
            held = self._held.get(story.index, [])
            # Of an article that moved the archive says itself which one has its story since.
            moved = {row["id"]: row["moved_to"] for row in held if row["moved_to"] is not None}
            self._verdict.counts["stories told as moved"] += len(moved)
            if len(held) - len(moved) > 1 or not {*moved.values()} <= {row["id"] for row in held}:
                addresses = " ".join(f"{row['id']}:{row['url']}" for row in held)
                self._verdict.note("duplicates", f"{self._site.site_id} story {story.index} {addresses}")
            if held:
                continue
            shown = [run for run in self._runs if story.is_visible(run.at)]
            if not shown:
                continue
            sound = [run for run in shown if self._site.site_id not in run.outdated]
            kind = "lost" if sound else "lost while the site file was out of date"
            first = (sound or shown)[0].at
            look = self._site.look(first)
            self._verdict.note(
                kind,
                f"{self._site.site_id} story {story.index} visible {story.visible_at:%m-%d %H:%M} printed"
                f" {story.printed_at:%m-%d} deleted {story.deleted_at and f'{story.deleted_at:%m-%d %H:%M}'}"
                f" runs {len(sound)}/{len(shown)} from {first:%m-%d %H:%M} {look.scheme}/{look.pager}"
                f" column {story.column}",
            )
        self._verdict.counts["articles shown"] += sum(
            any(story.is_visible(run.at) for run in self._runs) for story in self._site.stories
        )

    # One article

    def _judge_history(self, row: sqlite3.Row, story: Story) -> None:
        revisions = self._ask(
            "SELECT * FROM revision WHERE article_id = ? AND kind != 'rederived' ORDER BY number", row["id"]
        )
        visits = self._ask("SELECT * FROM observation WHERE article_id = ? ORDER BY at, id", row["id"])
        self._judge_revisions(story, revisions)
        self._judge_missed(story, revisions, visits)
        for visit in visits:
            self._judge_hits(story, visit)
        self._judge_tombstone(row, story)

    def _text(self, story: Story, moment: str) -> tuple[Text, datetime]:
        at = self._judge.run_at(read_time(moment))
        return story.text(at), at

    def _judge_revisions(self, story: Story, revisions: Sequence[sqlite3.Row]) -> None:
        before: Text | None = None
        for one in revisions:
            text, at = self._text(story, one["seen_at"])
            if before is not None:
                kind = "false revisions" if text == before else "true revisions"
                self._verdict.note(
                    kind, f"{self._site.site_id} story {story.index} number {one['number']} {at:%m-%d %H:%M}"
                )
            before = text
            for name in self._wrong_fields(story, text, one, at):
                look = self._site.look(at)
                self._verdict.note(
                    f"wrong {name}",
                    f"{self._site.site_id} story {story.index} {at:%m-%d} {look.scheme} {look.markup}"
                    f" {look.headline} info {look.info}: {str(one[_COLUMN[name]])[:80]!r}",
                )
            self._verdict.counts["revisions"] += 1

    def _wrong_fields(self, story: Story, text: Text, one: sqlite3.Row, at: datetime) -> Iterator[str]:
        if _bare(one["title"]) != _bare(text.title):
            yield "title"
        if _bare(one["body_text"]) != _bare("".join(text.lines)):
            yield "body"
        if one["source"] != story.source:
            yield "source"
        if one["author"] != story.author:
            yield "author"
        printed = one["published_at"]
        if printed is None or not self._same_time(read_time(printed), story, at):
            yield "date"

    def _same_time(self, read: datetime, story: Story, at: datetime) -> bool:
        local = read.astimezone(CHINA).replace(tzinfo=None)
        form = self._site.look(at).date
        return f"{local:{form}}" == f"{story.printed_at:{form}}"

    def _judge_missed(
        self, story: Story, revisions: Sequence[sqlite3.Row], visits: Sequence[sqlite3.Row]
    ) -> None:
        seen = [read_time(one["seen_at"]) for one in revisions]
        last: Text | None = None
        for visit in visits:
            moment = read_time(visit["at"])
            place = bisect_right(seen, moment) - 1
            text, at = self._text(story, visit["at"])
            if place >= 0 and text != last and text != self._text(story, revisions[place]["seen_at"])[0]:
                self._verdict.note(
                    "missed revisions",
                    f"{self._site.site_id} story {story.index} {at:%m-%d %H:%M} {story.edits}",
                )
            last = text

    def _judge_hits(self, story: Story, visit: sqlite3.Row) -> None:
        at = self._judge.run_at(read_time(visit["at"]))
        look = self._site.look(at)
        expected = None if look.counter == "none" else story.hits(at, self._site.resets)
        self._verdict.counts["observations"] += 1
        name = f"{self._site.site_id} story {story.index} {at:%m-%d} {look.scheme} {look.counter}"
        if visit["hits"] is None and expected is not None:
            self._verdict.note("hits missing", f"{name}: {visit['status']}")
        elif visit["hits"] is not None and visit["hits"] != expected:
            self._verdict.note("hits wrong", f"{name}: {visit['hits']} for {expected}, {visit['status']}")

    def _judge_tombstone(self, row: sqlite3.Row, story: Story) -> None:
        last, gone = self._judge.last, story.deleted_at
        name = f"{self._site.site_id} story {story.index} {row['url']}"
        if row["vanished_at"] is not None:
            marked = read_time(row["vanished_at"])
            is_true = gone is not None and gone <= marked
            self._verdict.note("true tombstones" if is_true else "false tombstones", f"{name} {marked:%m-%d}")
        elif gone is not None and gone < last and self._is_overdue(row, story, last):
            self._verdict.note(
                "missed tombstones", f"{name} deleted {gone:%m-%d} last seen {row['last_seen_at'][:10]}"
            )

    def _is_overdue(self, row: sqlite3.Row, story: Story, last: datetime) -> bool:
        """Whether the plan of visits would have found out by now, while the site answered."""
        seen = read_time(row["last_seen_at"])
        born = story.printed_at.replace(tzinfo=CHINA)
        due = seen + max(timedelta(hours=_REVISIT_HOURS), seen - born) + _TOMBSTONE_GRACE
        if due - born > timedelta(days=_REVISIT_DAYS):
            return False
        failing = sum(1 for run in self._judge.runs if seen < run.at and self._site.fault(run.at))
        return due + timedelta(days=failing / 2) < last


_COLUMN: Mapping[str, str] = {
    "title": "title", "body": "body_text", "source": "source", "author": "author", "date": "published_raw",
}  # fmt: skip


def _bare(text: str | None) -> str:
    return _SPACE.sub("", text or "")
