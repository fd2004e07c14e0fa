"""News with roundups: articles that hold the stories of others, and what each of them holds.

Beside `bench.material.news` there are roundups (要闻速览) of 2 to 20 stories, in whole or in
part, their copies, roundups of roundups, reports that quote a notice, stories with a 相关链接,
and what must not pass for any of these: halves of a story, and a reprint in an editor's frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from bench.material.edits import EDITS, Lines
from bench.material.news import News, Truth, own_lines
from bench.material.roundup_forms import ARRIVALS, CUTS, FRAMES, HEADINGS, half, numeral
from unioncrawl.model import Article, Precision

_START = datetime(2024, 1, 1, tzinfo=UTC)
_LEAD = re.compile(r"\d+月\d+日，")
# So many stories of news are near enough in time for one roundup.
_WINDOW = 60
# The share of reprints that keep the story's title.
_KEEPS_TITLE = 0.75
# With more of its text, a story of two is that story with a note beside it.
_MOST_OF_ONE = 0.75
_COPIED = ("copy under another title", "本报讯 added", "width and punctuation", "a paragraph dropped")
_COPIES = [one for one in EDITS if one.name in _COPIED]
_LINKS = ("相关链接", "相关链接：", "延伸阅读", "新闻链接：")
_QUOTED = ("通知全文如下：", "现将通知予以刊登：", "附：通知")


@dataclass(frozen=True, slots=True)
class Held:
    """A story that stands in an article, and how much of it stands there (0 to 1)."""

    story: int
    share: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its truth: kind, story (its own by default), what it holds, its form.

    It arrives at a place among the news, and is dated by such a place too.
    """

    kind: str
    lines: Lines
    arrives: float
    dated: float
    story: int = -1
    holds: tuple[Held, ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    article: Article = field(default_factory=lambda: Article(url=""))


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


class Roundups:
    """So many articles, of which ``share`` are roundups and their like, and half as many look alike."""

    def __init__(self, count: int, share: float = 0.03, seed: int = 7) -> None:
        """Make all pieces: news first, then what is made of it."""
        self.pieces: list[Piece] = []
        self._chance, self._news = Random(seed), News(Random(seed), drawn=min(1_000_000, 500 * count))
        holding, alike = round(count * share), round(count * share / 2)
        for number, article in enumerate(islice(self._news.articles(), count - holding - alike)):
            self._keep_news(number, article)
        self._stories = [one for one in self.pieces if one.kind == "story" and _length(one.lines) > 150]
        self._notices = [one for one in self.pieces if one.kind == "notice"]
        for kinds, wanted in ((self._holding(), holding), (self._alike(), alike)):
            end = len(self.pieces) + wanted
            while len(self.pieces) < end:
                self._chance.choices(list(kinds), list(kinds.values()))[0](end - len(self.pieces))

    @property
    def _topic(self) -> list[str]:
        return self._news.words.topic(self._news.chance)

    def in_order(self) -> list[int]:
        """Return the numbers of the pieces as they arrive."""
        return sorted(range(len(self.pieces)), key=lambda number: self.pieces[number].arrives)

    def _holding(self) -> dict[Callable[[int], None], int]:
        return {
            self._add_roundup: 60,
            self._add_copy: 12,
            self._add_outer: 8,
            self._add_report: 10,
            self._add_linking: 10,
        }

    def _alike(self) -> dict[Callable[[int], None], int]:
        return {self._add_halves: 2, self._add_parts: 1, self._add_framed: 1, self._add_neighbour: 1}

    def _keep_news(self, number: int, article: Article) -> None:
        truth, lines = self._news.truths[number], own_lines(article)
        kind = f"reprint: {truth.edit}" if truth.edit else "story" if _LEAD.match(lines[0]) else "notice"
        if truth.edit and self._chance.random() < _KEEPS_TITLE:
            article = replace(article, title=self.pieces[truth.story].article.title)
        self._keep(article, Piece(kind, lines, number, number, truth.story))

    def _keep(self, article: Article, piece: Piece) -> Piece:
        """Keep a piece; a tenth have no date, the others are dated by their place."""
        at = _START + timedelta(minutes=30 * piece.dated + self._chance.randint(0, 20))
        article = replace(article, published_at=at, published_precision=Precision.MINUTE)
        if self._chance.random() < 0.1:
            article = replace(article, published_at=None, published_precision=None, published_raw="")
        self.pieces.append(replace(piece, article=article))
        return self.pieces[-1]

    def _add(self, piece: Piece, title: str = "") -> Piece:
        number = len(self.pieces)
        piece = replace(piece, story=number if piece.story < 0 else piece.story)
        article = self._news.publish(self._topic, piece.lines, Truth(piece.story))
        if piece.story < number and self._chance.random() < _KEEPS_TITLE:
            title = self.pieces[piece.story].article.title
        return self._keep(replace(article, title=title or article.title), piece)

    def _paragraph(self, least: int, most: int) -> str:
        return self._news.paragraph(self._topic, self._chance.randint(least, most))

    def _drawn(self, count: int) -> list[Piece]:
        """Return so many stories of one time."""
        start = self._chance.randrange(max(1, len(self._stories) - _WINDOW))
        return self._chance.sample(self._stories[start : start + _WINDOW], count)

    def _add_roundup(self, _: int) -> None:
        count = self._chance.choice((2, 3, self._chance.randint(4, 8), self._chance.randint(9, 20)))
        self._round_up("roundup", self._drawn(count))

    def _round_up(self, kind: str, items: Sequence[Piece]) -> None:
        chance = self._chance
        cut = chance.choice((*CUTS, "mixed"))
        form = {"heading": chance.choice(list(HEADINGS)), "frame": chance.choice(list(FRAMES))}
        parts = [CUTS[chance.choice(list(CUTS)) if cut == "mixed" else cut](item.lines) for item in items]
        if max(map(_length, parts)) > _MOST_OF_ONE * sum(map(_length, parts)):
            return
        lines = Lines()
        for place, (item, part) in enumerate(zip(items, parts, strict=True), 1):
            other = self._news.clause(self._topic, 5)
            lines += [*HEADINGS[form["heading"]](place, item.article.title, other), *part]
        lines = [self._paragraph(40, 150)] * (0 in FRAMES[form["frame"]]) + lines
        lines += [self._paragraph(30, 120)] * (1 in FRAMES[form["frame"]])
        inner = [held.story for item in items for held in item.holds]
        holds = self._standing([*(item.story for item in items), *inner], lines)
        arrival = chance.choice(ARRIVALS)
        form |= {"cut": cut, "arrival": arrival, "stories": _size(len(items))}
        places = sorted(item.arrives for item in items)
        arrives = {
            "after": places[-1] + 0.5,
            "before": places[0] - 0.5,
            "among": places[len(places) // 2] - 0.5,
        }
        dated = max(item.dated for item in items) + chance.randint(1, 96)
        piece = Piece(kind, lines, arrives[arrival.split()[0]], dated, -1, holds, tuple(form.items()))
        self._add(piece, f"{self._news.clause(self._topic, 2)}要闻速览")

    def _standing(self, stories: Sequence[int], lines: Lines) -> tuple[Held, ...]:
        """Return how much of each story stands in the lines; a line may be cut off."""
        holds, kept = [], set(lines)
        for story in dict.fromkeys(stories):
            whole = self.pieces[story].lines
            stands = _length([line for line in whole if line in kept])
            cut = [part for part in lines for line in whole if part != line and line.startswith(part)]
            holds.append(Held(story, (stands + max(map(len, cut), default=0)) / _length(whole)))
        return tuple(held for held in holds if held.share > 0)

    def _roundups(self) -> list[Piece]:
        return [one for one in self.pieces if one.kind == "roundup"]

    def _add_copy(self, _: int) -> None:
        """Copy a roundup: the copy holds what the roundup holds, but for a paragraph dropped."""
        if not (made := self._roundups()):
            return
        one, edit = self._chance.choice(made), self._chance.choice(_COPIES)
        lines = edit.make(one.lines, self._chance)
        holds = self._standing([held.story for held in one.holds], lines) if edit.cuts else one.holds
        arrives = one.arrives + self._chance.uniform(-40, 80)
        later = one.dated + self._chance.randint(1, 48)
        self._add(
            replace(one, kind="copy of a roundup", lines=lines, arrives=arrives, dated=later, holds=holds)
        )

    def _add_outer(self, _: int) -> None:
        """Round up a roundup and stories, or two roundups."""
        if not (made := self._roundups()):
            return
        inner = self._chance.sample(made, min(len(made), self._chance.choice((1, 1, 2))))
        held = {part.story for one in inner for part in one.holds}
        wanted = max(2, len(held)) if len(inner) == 1 else 1
        near = [one for one in self._drawn(min(_WINDOW, len(self._stories))) if one.story not in held]
        self._round_up("roundup of roundups", [*inner, *near[:wanted]])

    def _add_report(self, _: int) -> None:
        """Report a notice, and quote it whole."""
        if not self._notices:
            self._notices.append(self._add(Piece("notice", self._news.issued(), 0, 0)))
            return
        notice = self._chance.choice(self._notices)
        title = [notice.article.title] * self._chance.randint(0, 1)
        lines = [self._paragraph(60, 160) for _ in range(self._chance.randint(1, 3))]
        lines += [self._chance.choice(_QUOTED), *title, *notice.lines]
        lines += [self._paragraph(40, 120)] * self._chance.randint(0, 1)
        form = (("title above", "yes" if title else "no"),)
        self._hold("report that quotes a notice", lines, notice, form)

    def _add_linking(self, left: int) -> None:
        """Tell a story with another at its end; its reprint has none."""
        linked, own = self._drawn(1)[0], self._news.story(self._topic)
        title = [linked.article.title] * self._chance.randint(0, 1)
        form = (("title above", "yes" if title else "no"),)
        lines = [*own, self._chance.choice(_LINKS), *title, *linked.lines]
        host = self._hold("story with 相关链接", lines, linked, form)
        if left > 1 and self._chance.random() < 0.5:
            self._add(Piece("the story without 相关链接", own, self._near(host), host.dated + 9, host.story))

    def _hold(self, kind: str, lines: Lines, held: Piece, form: tuple[tuple[str, str], ...]) -> Piece:
        later = held.dated + self._chance.randint(1, 96)
        return self._add(Piece(kind, lines, self._near(held), later, -1, (Held(held.story, 1.0),), form))

    def _near(self, piece: Piece) -> float:
        return piece.arrives + self._chance.uniform(-40, 40)

    def _add_halves(self, left: int) -> None:
        """Reprint a half of a story, or both halves apart."""
        story = self._drawn(1)[0]
        first = half(story.lines)
        latter = "\n".join(story.lines)[_length(first) + len(first) - 1 :].strip("\n").split("\n")
        halves = {"first half": first, "latter half": latter}
        for name in self._chance.sample(list(halves), min(left, self._chance.randint(1, 2))):
            self._reprint(f"reprint: {name}", halves[name], story)

    def _add_parts(self, left: int) -> None:
        """Publish a long story in numbered parts, and reprint some of them."""
        parts = [[self._news.clause(self._topic, 4), *self._news.story(self._topic)[1:]] for _ in range(3)]
        for place, part in enumerate(parts, 1):
            part[0] = f"{numeral(place)}、{part[0]}"
        lead, arrives = self._news.story(self._topic)[0], self._drawn(1)[0].arrives
        story = self._add(
            Piece("story in parts", [lead, *(line for part in parts for line in part)], arrives, arrives)
        )
        if left > 1:
            cut = self._chance.choice(([lead, *parts[0], *parts[1]], [*parts[1], *parts[2]]))
            self._reprint("reprint: two parts of three", cut, story)

    def _add_framed(self, _: int) -> None:
        story = self._drawn(1)[0]
        room = max(40, _length(story.lines) // 4)
        note = [f"编者按：{self._paragraph(room // 2, room)}"]
        self._reprint(
            "reprint: in an editor's frame", [*note, *story.lines, self._paragraph(30, room)], story
        )

    def _reprint(self, kind: str, lines: Lines, story: Piece) -> None:
        later = story.dated + self._chance.randint(1, 96)
        self._add(Piece(kind, lines, self._near(story), later, story.story))

    def _add_neighbour(self, _: int) -> None:
        """Round up the same week elsewhere: a third of the stories are a roundup's own, in whole."""
        if not (made := [one for one in self._roundups() if len(one.holds) > 3]):
            return
        one = self._chance.choice(made)
        shared = [self.pieces[held.story] for held in one.holds[: len(one.holds) // 3]]
        near = [item for item in self._drawn(min(_WINDOW, len(self._stories))) if item not in shared]
        self._round_up("roundup that shares a third", [*shared, *near[: 2 * len(shared)]])


def _size(count: int) -> str:
    return str(count) if count < 4 else "4 to 8" if count < 9 else "9 or more"
