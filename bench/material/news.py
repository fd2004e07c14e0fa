"""An endless stream of invented union news, whose reprints are known.

Words come with the frequencies of real Chinese prose (the shipped statistics);
an article keeps to its topic, so that it repeats its words as real ones do
(measured on 173 stretches of broadcast news: 615 pairs of characters, 452
different ones). Articles share what real ones share without being reprints:
stock phrases, disclaimers, a paragraph of background, and notices that many
unions issue with other names and numbers in the same words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from bench.material.edits import EDITS, Edit
from tools.lexicon.readers import read_glossary
from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.model import Article, HitsStatus

TIME = datetime(2025, 10, 1, tzinfo=UTC)
SITES = 80
_DAYS = 15 * 365
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国志文海波晓红梅春玉"
_SOURCES = ("工人日报", "中工网", "新华社", "本站", "市总工会", "省总工会办公室", "人民网", "劳动报")
_GLOSSARY = Path(__file__).resolve().parent.parent.parent / "tools" / "lexicon" / "glossary"
_TERMS = (_GLOSSARY / "union.txt", _GLOSSARY / "institutions.txt")
_COLUMNS = ("工会要闻", "基层动态", "劳模风采", "通知公告", "权益维护", "图片新闻")
_RECENT = 3_000


class Words:
    """Draws words by how frequent they are."""

    def __init__(self) -> None:
        lexicon = load_lexicon()
        known = lexicon.words
        self._words = list(known)
        self._weights = list(accumulate(map(math.exp, known.values())))
        self._topical = [word for word, nats in known.items() if len(word) > 1 and nats > -13]
        self.terms = sorted({term for file in _TERMS for term in read_glossary(file)})
        self.places = sorted(lexicon.places)

    def draw(self, chance: Random, count: int) -> list[str]:
        """Return so many words of any prose."""
        return chance.choices(self._words, cum_weights=self._weights, k=count)

    def topic(self, chance: Random) -> list[str]:
        """Return the words that an article repeats."""
        return chance.choices(self._topical, k=22) + chance.choices(self.terms, k=8) + ["工会", "职工"] * 2


@dataclass(frozen=True, slots=True)
class Truth:
    """What an article is: the number of its story, and how it was edited (``None``: not at all)."""

    story: int
    edit: str | None = None


@dataclass
class News:
    """A stream of articles; ``truths`` has the story and the edit of each.

    So many words are drawn once: the fewer, the more often two articles have a stretch in common.
    """

    chance: Random = field(default_factory=lambda: Random(7))
    truths: list[Truth] = field(default_factory=list)
    text_bytes: int = 0
    drawn: int = 1_000_000

    def __post_init__(self) -> None:
        self.words = Words()
        self._drawn = self.words.draw(self.chance, self.drawn)
        topic = self.words.topic(self.chance)
        self._stock = [self.clause(topic, 5) for _ in range(3_000)]
        self._stock_weights = list(accumulate(1 / (10 + rank) for rank in range(len(self._stock))))
        self._blurbs = [self.paragraph(topic, 50 + 4 * number) for number in range(SITES // 2)]
        self._background = [self.paragraph(topic, 60 + number % 80) for number in range(300)]
        self._notices = [self._notice() for _ in range(40)]
        self._recent: list[tuple[int, list[str], bool]] = []

    def _words(self, topic: Sequence[str], count: int) -> list[str]:
        """Return words of which two in five are the topic's."""
        # Stretches of words drawn once: the topic's words between them make them new.
        start = self.chance.randrange(self.drawn - count)
        words = self._drawn[start : start + count]
        for start in (1, 3):
            places = range(start, count, 5)
            words[start::5] = self.chance.choices(topic, k=len(places))
        return words

    def clause(self, topic: Sequence[str], count: int) -> str:
        """Return so many words as one clause, or as a title."""
        return "".join(self._words(topic, count))

    def paragraph(self, topic: Sequence[str], length: int) -> str:
        """Return a paragraph of about so many characters."""
        words = iter(self._words(topic, length // 2 + 20))
        parts: list[str] = []
        while length > 0:
            if self.chance.random() < 0.1:
                clause = self.chance.choices(self._stock, cum_weights=self._stock_weights)[0]
            else:
                clause = "".join(islice(words, int(4 + 6 * self.chance.random())))
            parts.append(clause)
            length -= len(clause) + 1
        marks = self.chance.choices("，，，。", k=len(parts))
        return "".join(map("".join, zip(parts, marks, strict=True)))[:-1] + "。"

    def _name(self) -> str:
        return self.chance.choice(_SURNAMES) + "".join(self.chance.choices(_GIVEN, k=2))

    def _lead(self) -> str:
        day, place = self.chance.randint(1, 28), self.chance.choice(self.words.places)
        return (
            f"{self.chance.randint(1, 12)}月{day}日，{place}总工会主席{self._name()}带队，"
            f"{self.chance.randint(3, 900)}名职工参加，投入{self.chance.randint(2, 99)}.{day}万元。"
        )

    def _notice(self) -> list[str]:
        """Return a notice as many unions issue it, with places for their own particulars."""
        topic = self.words.topic(self.chance)
        lines = [
            self.paragraph(topic, self.chance.randint(60, 150)) for _ in range(self.chance.randint(3, 5))
        ]
        own = ("{place}总工会", "{place}各级工会", "{count}名", "截止{day}日", "联系人{name}")
        return [
            f"{self.chance.choice(own)}{line[:-1]}，{self.chance.choice(own)}。"
            for line in ["{place}" + x for x in lines]
        ]

    def issued(self) -> list[str]:
        """Return one of the notices of many unions, with the particulars of one."""
        place, count = self.chance.choice(self.words.places), self.chance.randint(10, 9_000)
        filled = {"place": place, "count": count, "day": self.chance.randint(1, 28), "name": self._name()}
        return [line.format(**filled) for line in self.chance.choice(self._notices)]

    def story(self, topic: Sequence[str]) -> list[str]:
        """Return a story as paragraphs."""
        # Lengths of news spread widely; the mean is about 2 kB.
        length = min(4_000, int(self.chance.lognormvariate(6.08, 0.55)))
        lines = [self._lead()]
        while length > 0:
            size = self.chance.randint(50, 220)
            lines.append(self.paragraph(topic, size))
            length -= size
        if self.chance.random() < 0.08:
            lines.insert(self.chance.randint(1, len(lines)), self.chance.choice(self._background))
        return lines

    def articles(self) -> Iterator[Article]:
        """Yield the news, without end: a fifth are reprints, one in thirty a notice of many unions."""
        while True:
            number = len(self.truths)
            topic = self.words.topic(self.chance)
            drawn = self.chance.random()
            edit: Edit | None = None
            if self._recent and drawn < 0.2:
                story, lines, is_notice = self.chance.choice(self._recent)
                edit = self.chance.choice([one for one in EDITS if one.cuts <= (not is_notice)])
                lines = edit.make(lines, self.chance)
            else:
                is_notice = drawn > 0.967
                story, lines = number, self.issued() if is_notice else self.story(topic)
                if len(self._recent) < _RECENT:
                    self._recent.append((story, lines, is_notice))
                else:
                    self._recent[self.chance.randrange(_RECENT)] = (story, lines, is_notice)
            yield self.publish(topic, lines, Truth(story, edit.name if edit else None))

    def publish(self, topic: Sequence[str], lines: list[str], truth: Truth) -> Article:
        """Return the next article: these lines on one of the sites, above its disclaimer."""
        number = len(self.truths)
        self.truths.append(truth)
        # Large sites publish most of the news.
        site = min(SITES - 1, int(self.chance.paretovariate(0.7)) - 1)
        if site % 3:
            lines = [*lines, self._blurbs[site // 2]]  # `own_lines` takes it away again
        title, body = self.clause(topic, 5), "\n".join(lines)
        self.text_bytes += len(f"{title}{body}".encode())
        published = TIME - timedelta(minutes=int(_DAYS * 1_440 * self.chance.random() ** 1.5))
        url = f"http://www.site{site}.example.cn/html/{published:%Y/%m%d}/{number}.html"
        return Article(
            url=url,
            canonical_url=url,
            site=f"site{site}",
            column=self.chance.choice(_COLUMNS),
            title=title,
            body_text=body,
            source=self.chance.choice(_SOURCES),
            author=self._name(),
            editor=self._name(),
            published_at=published,
            published_raw=f"发布时间：{published:%Y-%m-%d %H:%M}",
            published_rule="label",
            fetched_at=TIME,
            hits=(hits := int(self.chance.paretovariate(0.8) * 20)),
            hits_raw=str(hits),
            hits_status=HitsStatus.PAGE,
        )


def own_lines(article: Article) -> list[str]:
    """Return the paragraphs of an article of `News` without the disclaimer of its site."""
    lines = article.body_text.split("\n")
    return lines[:-1] if int(article.site.removeprefix("site")) % 3 else lines
