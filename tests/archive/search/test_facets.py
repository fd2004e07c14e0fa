from __future__ import annotations

import pytest

from tests.archive.search.conftest import Shelf
from unioncrawl.archive.search import facets


def test_facets_count_the_matches(shelf: Shelf) -> None:
    """Facets count how the matches spread over sites, years and sources."""
    for query in ("工会", "总工会 OR 559"):
        counts = shelf.ask(query, facets=True).facets
        assert counts["site"] == [("xian", 2), ("mirror-a_b", 1)]
        assert counts["year"] == [("2024", 3)]
        assert dict(counts["source"]) == {"": 2, "工人日报": 1}


def test_a_count_of_many_texts_says_that_it_is_an_estimate(
    empty_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the texts that are read for it, a total is an estimate near the truth; so are facets."""
    empty_shelf.fill(
        [{"title": f"第{n}篇", "body_text": "总工会慰问" if n % 2 else "总工 工会"} for n in range(60)]
    )
    assert (empty_shelf.ask("总工会").total, empty_shelf.ask("总工会").total_is_estimate) == (30, False)
    monkeypatch.setattr(facets, "_MOST_VERIFIED", 20)
    monkeypatch.setattr(facets, "_MOST_SPREAD", 20)
    answer = empty_shelf.ask("总工会", facets=True)
    assert (answer.total_is_estimate, answer.facets_are_estimates) == (True, True)
    assert answer.total is not None
    assert 15 <= answer.total <= 45
    assert empty_shelf.ask("工会").total == 60
    assert 40 <= dict(empty_shelf.ask("工会", facets=True).facets["site"])["xian"] <= 80


def test_rare_characters_are_counted_exactly_and_frequent_ones_by_texts(
    empty_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few texts show whether a character is frequent; the index counts a rarer one exactly."""
    empty_shelf.fill(
        [{"title": f"第{n}篇", "body_text": f"工会{'凤' * (n % 20 == 7)}凰" * 2} for n in range(60)]
    )
    monkeypatch.setattr(facets, "_FIRST_VERIFIED", 10)
    monkeypatch.setattr(facets, "_MOST_VERIFIED", 20)
    for query, number in (("凤", 3), ("凤 工会", 3), ("凤 工会凤凰", 3), ("凰 hits:>1", 0), ("龘", 0)):
        answer = empty_shelf.ask(query, facets=True)
        assert (answer.total, answer.total_is_estimate, len(answer.results)) == (number, False, number), query
        assert sum(count for _, count in answer.facets["site"]) == number
    assert not empty_shelf.ask("凰").total_is_estimate
    monkeypatch.setattr(facets, "_SURELY_MANY", 50)
    answer = empty_shelf.ask("凰", facets=True)
    assert (answer.total, answer.total_is_estimate, answer.facets_are_estimates) == (60, True, True)
