from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.archive.search.conftest import TIME, Shelf
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.care.vacuum import reindex
from unioncrawl.archive.schema import search_document
from unioncrawl.archive.search import frequent_characters, spreads
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.facets import count_with_facets
from unioncrawl.archive.search.found_numbers import count
from unioncrawl.archive.search.index.rebuild_index import rebuild_index
from unioncrawl.archive.search.query import And, Filter, Node, Not, Or, Term, parse_query
from unioncrawl.archive.search.spreads import Spreads
from unioncrawl.errors import QueryTooCostly
from unioncrawl.language.folding import fold_words

# Longer words whose pairs stand apart in some texts, traditional and full-width forms, signs and
# spaces within phrases, a character that nearly every text holds.
_PIECES = (
    "市总工会", "市總工會", "总工", "工会", "工作会议", "困难职工", "困难", "难职", "职工", "慰问，职工",
    "慰问", "APP", "ａｐｐ", "上线", "5·1", "劳动竞赛", "勞動競賽", "劳动", "竞赛", "著名", "总工\xad会",
)  # fmt: skip
_SIGNS = ("，", "。", "\n", "\u3000", "", "", "")
_WORDS = (
    "工会", "总工会", "市总工会", "工", "职", "劳动竞赛", "困难职工", "难职工", "app", "5·1", "慰问，职工",
    "。", '"工会 职工"', '"劳动竞赛 著名"', "没有的词", "竞", "會", "著",
)  # fmt: skip
_FILTERS = (
    "site:xian", "site:mirror-a_b", "source:工人日报", "source:日", "column:要闻", "since:2024", "until:2023",
    "since:2024-03 until:2024-04-05", "hits:>100", "hits:<=7", "level:mirror", "region:61",
)  # fmt: skip
# Two hundred in all; PostgreSQL takes its time for new statements.
_QUERIES = {"sqlite": 130, "postgresql": 70}


@dataclass(frozen=True)
class _Known:
    """What an article was given."""

    number: int
    values: dict[str, Any]

    def matches(self, node: Node) -> bool:
        """Whether it matches, read from its texts."""
        match node:
            case Term(folded):
                texts = (self.values["title"], self.values["body_text"])
                return any(_stands(folded, fold_words(one)) for one in texts)
            case Filter():
                return self._passes(node)
            case Not(part):
                return not self.matches(part)
            case And(parts):
                return all(map(self.matches, parts))
            case Or(parts):
                return any(map(self.matches, parts))

    def _passes(self, condition: Filter) -> bool:
        field, value = condition.field, condition.value
        if field in {"hits", "since", "until"}:
            known = self.values["hits" if field == "hits" else "published_at"]
            if known is None:
                return False
            compared = {">": known > value, ">=": known >= value, "<": known < value, "<=": known <= value}
            return bool(compared[condition.comparison])
        if field in {"level", "region"}:
            # Both sites are of one region, and one is a mirror.
            return field == "region" or self.values["site"] != "xian"
        if field == "site":
            return bool(self.values["site"] == value)
        return str(value) in str(self.values[field])


def _stands(folded: str, text: str) -> bool:
    return re.search(r"\s+".join(map(re.escape, folded.split(" "))), text) is not None


def _made(chance: Random, number: int) -> dict[str, Any]:
    written = [chance.choice(_PIECES) + chance.choice(_SIGNS) for _ in range(chance.randrange(2, 9))]
    return {
        "title": f"第{number}篇{chance.choice(_PIECES)}",
        "body_text": "".join(written).strip() or "工会",
        "site": chance.choice(("xian", "xian", "mirror-a_b")),
        "source": chance.choice(("", "工人日报", "中工网")),
        "column": chance.choice(("", "要闻")),
        "hits": chance.choice((None, 7, 150)),
        "published_at": chance.choice((None, TIME - timedelta(days=chance.randrange(500)))),
    }


def _asked(chance: Random) -> str:
    parts = [chance.choice(_WORDS) for _ in range(chance.randrange(3))]
    parts += [chance.choice(_FILTERS) for _ in range(chance.randrange(3))]
    signed = [f"-({part})" if chance.random() < 0.25 else part for part in parts]
    return chance.choice((" ", " ", " OR ")).join(signed)


@pytest.fixture
def known(empty_shelf: Shelf) -> list[_Known]:
    """Sixty articles of pieces, stored."""
    chance = Random(5)  # noqa: S311 - a seed that repeats
    made = [_made(chance, number) for number in range(1, 61)]
    empty_shelf.fill(made)
    return [_Known(number, values) for number, values in enumerate(made, 1)]


def test_every_number_is_that_of_the_texts(
    empty_shelf: Shelf, known: list[_Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of random queries total, facets and results are what a reading of all texts finds."""
    monkeypatch.setattr(spreads, "_FEW", 9)
    chance, kept = Random(8), Spreads()  # noqa: S311 - a seed that repeats
    with empty_shelf.archive.engine.connect() as connection:
        for _ in range(_QUERIES[connection.dialect.name]):
            query = _asked(chance)
            node = parse_query(query)
            wanted = [one for one in known if one.matches(node)]
            answer = search(connection, SearchRequest(query=query, limit=100))
            assert {hit.id for hit in answer.results} == {one.number for one in wanted}, query
            total, facets = count_with_facets(connection, node, kept)
            assert total == answer.total == len(wanted), query
            sites = Counter(one.values["site"] for one in wanted)
            sources = Counter(one.values["source"] for one in wanted)
            assert (dict(facets.counts["site"]), dict(facets.counts["source"])) == (sites, sources), query
            assert sum(number for _, number in facets.counts["year"]) == total, query


def test_facets_count_the_matches(shelf: Shelf) -> None:
    """Facets count how the matches spread over sites, years and sources."""
    for query in ("工会", "总工会 OR 559"):
        counts = shelf.ask(query, facets=True).facets
        assert counts["site"] == [("xian", 2), ("mirror-a_b", 1)]
        assert counts["year"] == [("2024", 3)]
        assert dict(counts["source"]) == {"": 2, "工人日报": 1}


def test_facets_that_are_kept_follow_the_archive(
    empty_shelf: Shelf, known: list[_Known], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """What comes, changes, is withdrawn and is indexed anew counts at once in facets that a process keeps."""
    monkeypatch.setattr(spreads, "_FEW", 0)
    kept, node = Spreads(), parse_query("")

    def counted() -> tuple[int, dict[str, int]]:
        with empty_shelf.archive.engine.connect() as connection:
            total, facets = count_with_facets(connection, node, kept)
        return total, dict(facets.counts["source"])

    total, sources = counted()
    assert total == len(known)
    first = known[0].values
    empty_shelf.fill([first | {"source": "东河日报", "body_text": f"{first['body_text']}又一行工会新闻。"}])
    changed = Counter(sources)
    changed.subtract([first["source"]])
    changed.update(["东河日报"])
    assert counted() == (total, +changed)
    take_down(empty_shelf.archive.engine, tmp_path, "1", "测试")
    left = total - 1, {name: n for name, n in changed.items() if n and name != "东河日报"}
    assert counted() == left
    with empty_shelf.archive.engine.begin() as connection:
        numbers = select(search_document.c.article_id, search_document.c.id).order_by(search_document.c.id)
        before = connection.execute(numbers).all()
        rebuild_index(connection)
        assert connection.execute(numbers).all() == before
    assert counted() == left


def test_reading_facets_that_was_broken_off_goes_on(
    empty_shelf: Shelf, known: list[_Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before a limit of time broke it off is kept, and all counts are those of the whole."""
    monkeypatch.setattr(spreads, "_FEW", 0)
    monkeypatch.setattr(spreads, "_STEP", 7)
    steps: list[int] = []

    def take(self: Spreads, rows: Any, taken: Any = Spreads._take) -> None:
        steps.append(1)
        if len(steps) == 3:
            raise QueryTooCostly("10 seconds", next_step="Ask for less.")
        taken(self, rows)

    monkeypatch.setattr(Spreads, "_take", take)
    kept = Spreads()
    with empty_shelf.archive.engine.connect() as connection:
        with pytest.raises(QueryTooCostly):
            kept.refresh(connection)
        kept.refresh(connection)
        fresh = count_with_facets(connection, parse_query(""), Spreads())
        assert count_with_facets(connection, parse_query(""), kept) == fresh
    whole = -(-len(known) // 7)
    assert len(steps) == 2 * whole + 1


def test_facets_that_are_kept_follow_new_numbers_of_documents(
    empty_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that is built again gives documents other numbers: what each counts for is read again."""
    monkeypatch.setattr(spreads, "_FEW", 0)
    kept, node = Spreads(), parse_query("竞赛")
    first = {"title": "题", "published_at": TIME, "source": "东河日报", "url": "http://x/1"}
    other = first | {"source": "临溪日报", "url": "http://x/2", "body_text": "慰问一线职工。"}
    empty_shelf.fill([first | {"body_text": "技能比武。"}, other])
    # Its revision takes it out of the index and puts it in again, after the other.
    empty_shelf.fill([first | {"body_text": "技能竞赛。"}])

    def counted() -> dict[str, int]:
        with empty_shelf.archive.engine.connect() as connection:
            return dict(count_with_facets(connection, node, kept)[1].counts["source"])

    assert counted() == {"东河日报": 1}
    reindex(empty_shelf.archive.engine)
    assert counted() == {"东河日报": 1}


def test_a_frequent_character_is_counted_by_its_pairs(empty_shelf: Shelf) -> None:
    """A character of nearly every text is counted by a few pairs and the texts that these leave.

    To PostgreSQL's index all words that begin with it are one range.
    """
    empty_shelf.fill(
        [
            {"title": f"第{n}篇", "body_text": f"工会{'凤' * (n % 20 == 7)}" if n % 9 else "工人"}
            for n in range(60)
        ]
    )
    with empty_shelf.archive.engine.connect() as connection:
        for query, number, plans in (("工", 60, 2), ("凤", 2, 1), ("工 -凤", 58, 2), ("龘", 0, 1)):
            node = parse_query(query)
            assert count(connection, node) == number, query
            wanted = plans if connection.dialect.name == "sqlite" else 1
            assert len(frequent_characters.plans_of(connection, node)) == wanted, query
