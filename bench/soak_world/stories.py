"""The articles of a site: when each is published, edited and deleted, and what it says at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from bench.material.prose import Prose
from bench.soak_world.calendar import CHINA, days, times_of_day

# Shares of articles, chosen so that each kind comes some hundred times in a year of 24 sites.
_BACKDATED, _CORRECTED, _RETITLED, _LENGTHENED, _TAKEN_BACK, _DELETED, _COPIED = (
    0.03, 0.06, 0.02, 0.015, 0.1, 0.025, 0.06,
)  # fmt: skip
_SOURCES = ("工人日报", "中工网", "本站", "省总工会办公室", "劳动午报", "市总工会宣教部")
_NUMBER = re.compile(r"[1-9]\d*")
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Text:
    """What a page says: it is what a revision must hold."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article. ``printed_at`` is the local time that its page prints, ``text_key`` what it says."""

    site: int
    index: int
    column: int
    visible_at: datetime
    printed_at: datetime
    text_key: str
    source: str
    author: str
    edits: tuple[tuple[datetime, str], ...]
    deleted_at: datetime | None
    popularity: float

    def is_visible(self, at: datetime) -> bool:
        """Whether the site shows it."""
        return self.visible_at <= at and (self.deleted_at is None or at < self.deleted_at)

    def edition(self, at: datetime) -> tuple[str, ...]:
        """Return the kinds of the edits up to a time; one that was taken back is none."""
        done: list[str] = []
        for moment, kind in self.edits:
            if moment > at:
                break
            if kind == "taken back":
                done.pop()
            else:
                done.append(kind)
        return tuple(done)

    def text(self, at: datetime) -> Text:
        """Return what it says at a time."""
        return _edited(self.text_key, self.edition(at))

    def hits(self, at: datetime, resets: Sequence[datetime]) -> int:
        """Return its counter at a time: it grows, and starts anew when the site's counters are reset."""
        first = max([self.visible_at, *(reset for reset in resets if reset <= at)])
        days_old = max(0.0, (at - first) / timedelta(days=1))
        return 1 + int(self.popularity * (1 - math.exp(-days_old / 9)) + 0.7 * days_old)


@lru_cache(maxsize=4096)
def _written(key: str) -> Text:
    prose = Prose(Random(key))
    return Text(prose.write("title"), tuple(prose.story()[:_MOST_LINES]))


@lru_cache(maxsize=1024)
def _edited(key: str, edition: tuple[str, ...]) -> Text:
    text, chance = _written(key), Random(f"edits {key}")
    title, lines = text.title, list(text.lines)
    for kind in edition:
        if kind == "retitled":
            title = f"{title}工作" if len(title) < 30 else title[:-2]
        elif kind == "lengthened":
            lines.append(Prose(chance).write("sentence"))
        else:
            at = len(lines) // 2
            changed = _NUMBER.sub(lambda found: str(int(found[0]) + 1), lines[at], count=1)
            lines[at] = changed if changed != lines[at] else f"{lines[at]}（以会议通知为准）"
    return Text(title, tuple(lines))


def _edits(chance: Random, at: datetime) -> Iterator[tuple[datetime, str]]:
    drawn, edited = chance.random(), at + timedelta(hours=chance.lognormvariate(2.2, 1.2))
    for kind, share in (("corrected", _CORRECTED), ("retitled", _RETITLED), ("lengthened", _LENGTHENED)):
        if drawn < share:
            yield edited, kind
            if chance.random() < _TAKEN_BACK:
                yield edited + timedelta(days=chance.uniform(1, 6)), "taken back"
            return
        drawn -= share


def _story(site: int, index: int, at: datetime, seed: str) -> Story:
    chance = Random(f"{seed} story {index}")
    backdated = timedelta(days=chance.randint(1, 5)) if chance.random() < _BACKDATED else timedelta(0)
    is_deleted = chance.random() < _DELETED and index > 1
    deleted = at + timedelta(days=chance.lognormvariate(1.6, 1.6)) if is_deleted else None
    # A copied story has the same text on several sites.
    copied = f"common {at:%G-%V} {chance.randrange(4)}" if chance.random() < _COPIED else ""
    return Story(
        site=site,
        index=index,
        # No column is empty, whatever the rhythm.
        column=index if index <= 1 else int(chance.random() < 0.4),
        visible_at=at,
        printed_at=(at - backdated).astimezone(CHINA).replace(tzinfo=None),
        text_key=copied or f"{seed} text {index}",
        source=chance.choice(_SOURCES),
        author=Prose(chance).write("name"),
        edits=tuple(_edits(chance, at)),
        deleted_at=deleted,
        popularity=30 * chance.paretovariate(1.1),
    )


def write_stories(site: int, seed: str, first: date, count: int, rate: float) -> tuple[Story, ...]:
    """Return the stories of so many days, oldest first; no text comes twice on a site."""
    chance = Random(f"{seed} days")
    times = sorted(at for day in days(first, count) for at in times_of_day(chance, day, rate))
    # Each column has an article on the first days, however rarely the site publishes.
    opened = datetime.combine(first, time(9), CHINA).astimezone(UTC)
    times = [opened, opened + timedelta(hours=1), *(at for at in times if at > opened + timedelta(hours=2))]
    stories, keys = [], set()
    for index, at in enumerate(times):
        story = _story(site, index, at, seed)
        if story.text_key not in keys:
            keys.add(story.text_key)
            stories.append(story)
    return tuple(stories)
