"""What repair did to the fields of a stored article, and whether its record proves it.

The archive keeps a field as it was printed, and the steps taken on it. The steps are taken
again here: whoever reads the page need not believe the stored text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from unioncrawl.archive.rederive import normalize_again
from unioncrawl.errors import UnioncrawlError
from unioncrawl.language.folding import fold
from unioncrawl.model import Article, Repaired, Step, Unresolved
from unioncrawl.repair.plan import replay

_CAPTION = re.compile(r"images\.(?P<number>\d{1,6})\.caption")
_ELSEWHERE = "the recorded steps lead to another text than the one stored"


@dataclass(frozen=True, slots=True)
class RepairedField:
    """A field that was repaired or that has damage left.

    ``original`` is the string as printed, ``repaired`` what the recorded steps make of it now.
    ``stored`` is what the archive has, which may be cleaned further (spaces, labels). ``problem``
    says why the steps do not lead there; empty where they do.
    """

    name: str
    original: str
    repaired: Repaired
    stored: str
    problem: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether the original and the steps give what is stored."""
        return not self.problem


def repaired_fields(article: Article) -> list[RepairedField]:
    """Take the recorded steps of an article again; its repaired or damaged fields, in their order.

    >>> from unioncrawl.repair.article import repair_article
    >>> article = repair_article(Article(url="http://a.example/1", title="全國(guó)總工會(huì)"))
    >>> [(one.name, one.original, one.repaired.text, one.is_proved) for one in repaired_fields(article)]
    [('title', '全國(guó)總工會(huì)', '全国总工会', True)]
    >>> repaired_fields(Article(url="http://a.example/2", title="全国总工会"))
    []
    """
    steps, unresolved = _by_field(article)
    names = dict.fromkeys((*steps, *unresolved))
    replayed = [_replayed(article, name, steps[name], unresolved[name]) for name in names]
    # Cleaning comes after repair; it can be done again only where all steps fit.
    cleaned = normalize_again(article) if all(one.is_proved for one in replayed) else article
    return [_compared(one, cleaned) for one in replayed]


def _by_field(
    article: Article,
) -> tuple[defaultdict[str, list[Step]], defaultdict[str, list[Unresolved]]]:
    steps: defaultdict[str, list[Step]] = defaultdict(list)
    for taken in article.steps:
        steps[taken.field].append(taken.step)
    unresolved: defaultdict[str, list[Unresolved]] = defaultdict(list)
    for left in article.unresolved:
        unresolved[left.field].append(left.unresolved)
    return steps, unresolved


def _replayed(article: Article, name: str, steps: list[Step], left: list[Unresolved]) -> RepairedField:
    stored = _value(article, name)
    # What cleaning alone changed has its printed string too; the damage that is left lies in that.
    original = dict(article.raw).get(name, stored)
    try:
        text = replay(original, steps)
    except UnioncrawlError as error:
        return RepairedField(name, original, Repaired(stored), stored, str(error.message))
    spans = tuple(span for span in left if 0 <= span.start < span.end <= len(text))
    problem = "" if len(spans) == len(left) else "a place of damage lies outside of the text"
    return RepairedField(name, original, Repaired(text, tuple(steps), spans), stored, problem)


def _compared(one: RepairedField, cleaned: Article) -> RepairedField:
    if one.problem or one.stored in _candidates(one, cleaned) or _is_known_column(one):
        return one
    return RepairedField(one.name, one.original, one.repaired, one.stored, _ELSEWHERE)


def _is_known_column(one: RepairedField) -> bool:
    """Whether it is a column that the archive knows by another spelling, such as 資訊 for 资讯."""
    return one.name == "column" and fold(one.stored) == fold(one.repaired.text)


def _candidates(one: RepairedField, cleaned: Article) -> Iterator[str]:
    yield one.repaired.text
    # A caption that is a paragraph too is cleaned as that paragraph.
    yield one.repaired.text.strip() if _CAPTION.fullmatch(one.name) else _value(cleaned, one.name)


def _value(article: Article, name: str) -> str:
    caption = _CAPTION.fullmatch(name)
    if caption is None:
        value = getattr(article, name, "")
        return value if isinstance(value, str) else ""
    number = int(caption["number"])
    return article.images[number].caption if number < len(article.images) else ""
