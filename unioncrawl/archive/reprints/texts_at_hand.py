"""The texts of the articles that a batch is compared with, each read once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from unioncrawl.archive.reprints.fingerprints import reprint_folded
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.sql import chunks
from unioncrawl.language.folding import fold
from unioncrawl.language.zones import CHINA

_LEFT_OUT = re.compile(r"[^0-9\u3400-\u4dbf\u4e00-\u9fff]+")
# Signs that belong to what follows them.
_OPENING = "“‘《〈「『（(【[〔"

_IS_WANTED = article.c.id.in_(bindparam("wanted", expanding=True))
_PRESENT = article.join(revision, revision.c.id == article.c.revision_id)
_TITLES = (
    select(article.c.id, revision.c.title, revision.c.published_at).select_from(_PRESENT).where(_IS_WANTED)
)
_TEXTS = (
    select(article.c.id, revision.c.body_text, revision.c.title, revision.c.published_at)
    .select_from(_PRESENT)
    .where(_IS_WANTED)
)


class TextsAtHand:
    """Stories by article; their titles and folded bodies where these are asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.stories: dict[int, Story] = {}
        self._bodies: dict[int, str] = {}
        self._titles: dict[int, str] = {}
        self._dates: dict[int, datetime | None] = {}

    def add(self, number: int, story: Story, folded: str) -> None:
        """Take the text of an article."""
        self.stories[number], self._bodies[number] = story, folded

    def name(self, number: int, title: str, published_at: datetime | None) -> None:
        """Take the folded title and the date of an article."""
        self._titles[number], self._dates[number] = _plain(title), published_at

    def load(self, numbers: Iterable[int]) -> list[Story]:
        """Read the articles that are not at hand yet; return their stories."""
        wanted = sorted(number for number in set(numbers) if number not in self.stories)
        for some in chunks(wanted):
            for number, body, title, published in self._connection.execute(_TEXTS, {"wanted": some}):
                folded = fold(body)
                self.name(number, fold(title), published)
                self.add(number, Story.of_folded(folded), folded)
        return [self.stories[number] for number in wanted if number in self.stories]

    def titles(self, numbers: Collection[int]) -> dict[int, str]:
        """Return the titles of these articles as reprint texts."""
        wanted = sorted(number for number in set(numbers) if number not in self._titles)
        for some in chunks(wanted):
            for number, title, published in self._connection.execute(_TITLES, {"wanted": some}):
                self.name(number, fold(title), published)
        return {number: self._titles[number] for number in numbers if number in self._titles}

    def is_later(self, number: int, other: int) -> bool:
        """Whether an article is dated a later day than another; unknown dates are no later."""
        days = [date.astimezone(CHINA).date() for one in (number, other) if (date := self._dates.get(one))]
        return len(days) == len((number, other)) and days[0] > days[1]

    def body(self, number: int) -> str:
        """Return the folded body of an article at hand."""
        return self._bodies[number]

    def in_body(self, number: int, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of an article's reprint text stands in its body, closing signs included."""
        body = self._bodies[number]
        first, final, following = _positions(body, (start, end - 1, end))
        last = final + 1
        while first > 0 and body[first - 1] in _OPENING:
            first -= 1
        while last < following and not body[last].isspace() and body[last] not in _OPENING:
            last += 1
        return first, last


def _positions(body: str, counts: Sequence[int]) -> list[int]:
    """Return where the signs after so many signs of the reprint text stand; the end if there is none.

    The counts rise.
    """
    places: list[int] = []
    left_out = 0
    for run in _LEFT_OUT.finditer(body):
        while run.start() - left_out > counts[len(places)]:
            places.append(counts[len(places)] + left_out)
            if len(places) == len(counts):
                return places
        left_out += run.end() - run.start()
    return places + [min(count + left_out, len(body)) for count in counts[len(places) :]]


def _plain(title: str) -> str:
    return reprint_folded(title).replace("\n", "")
