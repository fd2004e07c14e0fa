"""What the page and its twins say elsewhere counts."""

from __future__ import annotations

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.repair.mirror.page_phrases import PageStatistics


def test_the_page_s_own_names_become_likely() -> None:
    """A rare name that stands undamaged elsewhere is expected after its first characters."""
    language = load_lexicon()
    page = PageStatistics(language, ["镇江市句容甪直社区"], [])
    assert page.after("句容甪")["直"] > language.after("句容甪")["直"] + 1


def test_a_twin_is_nearly_certain() -> None:
    """What a twin writes is believed over the language."""
    twin = PageStatistics(load_lexicon(), [], ["会议要求加强共会建设"])
    row = twin.after("求加强")
    assert row["共"] > row["工"]


def test_the_language_answers_for_the_rest() -> None:
    """A character that followed nowhere on the page keeps its share of the language."""
    language = load_lexicon()
    page = PageStatistics(language, ["工会组织"], [])
    assert page.after("职工会")["议"] < language.after("职工会")["议"] + 1
    assert page.after("龘龘龘")["工"] == language.after("龘龘龘")["工"]


def test_a_long_page_counts_as_a_short_one() -> None:
    """Collecting the pairs of a page and looking for each one give the same; a lone character has none."""
    language, words = load_lexicon(), "镇江市句容甪直社区"
    short = PageStatistics(language, [words], [])
    long = PageStatistics(language, [words, "\n" * 5000], [])
    for history in ("句容甪", "容甪", "甪", "", "龘龘"):
        assert (long.after(history)["直"], long.after(history)["会"]) == (
            short.after(history)["直"],
            short.after(history)["会"],
        )
    assert long.after("甪") is language.after("甪")
