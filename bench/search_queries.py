"""Queries as readers type them: from an archive's own words, by length and by how frequent they are.

Words of one to eight characters, phrases with signs and spaces within, operators, filters, the most
relevant first, and what nothing holds. The same archive gives the same queries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, revision, site, site_column
from unioncrawl.archive.search.answer import Order

_SAMPLE = 1_500
_LENGTHS = range(1, 9)
# Shares of the texts that hold a word: from words of nearly every article to words of hardly any.
_BANDS = {"frequent": (0.2, 1.0), "common": (0.02, 0.2), "uncommon": (0.004, 0.02), "rare": (0.0, 0.004)}
_EACH = 2
_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_SIGNS = re.compile(r"[\u4e00-\u9fff]{2}[，、。\s][\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the kind that it stands for."""

    kind: str
    query: str
    order: Order = "newest"


def make_queries(connection: Connection) -> list[Asked]:
    """Return the queries for an archive, each once."""
    texts = _sample(connection)
    chance = Random(20)
    words = list(_words(texts, chance))
    return list(dict.fromkeys([*words, *_made(connection, texts, words, chance)]))


def _sample(connection: Connection) -> list[str]:
    last = connection.execute(select(func.max(article.c.id))).scalar_one()
    step = max(1, last // _SAMPLE)
    query = select(revision.c.body_text).join(article, article.c.revision_id == revision.c.id)
    return list(connection.execute(query.where(article.c.id % step == 0)).scalars())


def _words(texts: Sequence[str], chance: Random) -> Iterator[Asked]:
    for length in _LENGTHS:
        held: Counter[str] = Counter()
        for one in texts:
            runs = _WORDS.findall(one)
            held.update({run[at : at + length] for run in runs for at in range(len(run) - length + 1)})
        for band, (least, most) in _BANDS.items():
            fitting = sorted(word for word, number in held.items() if least <= number / len(texts) < most)
            for word in chance.sample(fitting, min(_EACH, len(fitting))):
                yield Asked(f"{length} characters, {band}", word)


def _made(
    connection: Connection, texts: Sequence[str], words: Sequence[Asked], chance: Random
) -> Iterator[Asked]:
    def of(band: str, *lengths: int) -> str:
        fitting = [one.query for one in words if one.kind.endswith(band) and len(one.query) in lengths]
        return chance.choice(fitting)

    spanning = [found for one in texts for found in _SIGNS.findall(one)[:1]]
    for phrase in chance.sample(sorted(set(spanning)), 3):
        yield Asked("phrase with a sign", f'"{phrase}"')
    yield Asked("phrase", '"困难职工"')
    yield Asked("phrase", '"总工会主席"')
    yield Asked("AND", f"{of('frequent', 2)} {of('common', 2, 3)}")
    yield Asked("AND", f"{of('frequent', 3, 4)} AND {of('frequent', 2)}")
    yield Asked("AND", f"{of('common', 2)} {of('frequent', 1)}")
    yield Asked("OR", f"{of('common', 2)} OR {of('uncommon', 2, 3)}")
    yield Asked("OR", f"{of('frequent', 3, 4)} OR {of('common', 4)}")
    yield Asked("NOT", f"{of('frequent', 2)} -{of('common', 2)}")
    yield Asked("NOT", f"{of('common', 3)} NOT {of('frequent', 3)}")
    yield Asked("NOT", f"-{of('frequent', 3)}")
    first_sites = select(site.c.key).order_by(site.c.id).limit(1).offset(1)
    site_key = connection.execute(first_sites).scalar_one()
    column = connection.execute(select(site_column.c.name).order_by(site_column.c.id).limit(1)).scalar_one()
    times = ("since:2024", "since:2020-01 until:2020-06", "until:2012")
    for condition in (f"site:{site_key}", *times, f"column:{column}", "hits:>1000"):
        yield Asked("filter", condition)
        yield Asked("filter and word", f"{of('frequent', 2)} {condition}")
        yield Asked("filter and long word", f"{of('frequent', 3, 4, 5)} {condition}")
    yield Asked("all", "")
    relevant = (of("frequent", 2), of("frequent", 4, 5), of("common", 3), of("uncommon", 2))
    for query in (*relevant, of("frequent", 1)):
        yield Asked("relevance", query, "relevance")
    for query in ("龘", "貔貅驩驫", "没有这样的一句话", '"工会 貔貅"'):
        yield Asked("none", query)
