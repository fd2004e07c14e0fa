from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.search.conftest import ARTICLES, TIME, Shelf
from unioncrawl.archive.search import matching_articles
from unioncrawl.archive.search.index import document_numbers
from unioncrawl.archive.search.index.document_numbers import Zone
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.search.query_sql import make_plan
from unioncrawl.errors import QueryError
from unioncrawl.language.folding import fold


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("工会", [4, 2, 1]),
        ("工會", [4, 2, 1]),
        ("总工会", [2, 1]),
        ("會", [6, 4, 2, 1, 5, 3]),
        ("5·1", [1]),
        ("５・１", [1]),
        ("五·一", [6]),
        ("559", [4]),
        ("app", [4]),
        ("ＡＰＰ", [4]),
        ("工会 劳模", [2]),
        ("工会 AND 劳模", [2]),
        ("劳模 OR 559", [4, 2]),
        ("工会 -劳模", [4, 1]),
        ("工会 NOT 总工会", [4]),
        ("NOT 工会", [6, 5, 3]),
        ("-总工会 -app", [6, 5, 3]),
        ("工会 (559 OR NOT 职工)", [4, 2]),
        ('"APP 上线"', [4]),
        ("劳动竞赛", [5]),
        ("工会 site:mirror-a_b", [2]),
        ("工会 -site:mirror-a_b", [4, 1]),
        ("source:工人日报", [1]),
        ("工会 source:日报", [1]),
        ("level:mirror", [2]),
        ("region:6101 559", [4]),
        ("column:要闻", [4]),
        ("hits:>1000", [1]),
        ("hits:<=20", [2]),
        ("until:2023", [5]),
        ("会 since:2024-04-08 until:2024-04-08", [6, 4, 2, 1]),
        ("(site:mirror-a_b OR hits:>1000)", [2, 1]),
        ("不存在的词", []),
        ("%", [6]),
        ("'", [6]),
        ('""" OR 1=1', None),
        ("", [6, 4, 2, 1, 5, 3]),
    ],
)
def test_queries_find_what_they_say(shelf: Shelf, query: str, expected: list[int] | None) -> None:
    """Words, phrases, operators and filters find exactly their articles, newest first."""
    if expected is None:
        with pytest.raises(QueryError):
            shelf.ids(query)
    else:
        assert shelf.ids(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "');DROP TABLE article;--",
        "工会' OR '1'='1",
        "NEAR(a b)",
        "tokens:工会",
        "a* ^b",
        "{工会}",
        "\\",
        "\ue000工会",
        "\x00工",
    ],
)
def test_queries_are_never_commands(shelf: Shelf, query: str) -> None:
    """What looks like SQL or FTS5 syntax is text, or a message; the archive stays whole."""
    with suppress(QueryError):
        shelf.ids(query)
    assert shelf.ids("工会") == [4, 2, 1]


def test_index_follows_revisions(shelf: Shelf) -> None:
    """After an edit the new words are found and the old ones aren't."""
    changed = dict(ARTICLES[0], title="市总工会送温暖", published_at=TIME + timedelta(days=30))
    shelf.fill([changed])
    assert shelf.ids("送清凉") == []
    assert shelf.ids("温暖") == [1]
    assert shelf.ids("工会") == [1, 4, 2]


def test_relevance_puts_headlines_first(shelf: Shelf) -> None:
    """An article with the word in its headline stands before one with it in passing."""
    assert shelf.ids("劳模 OR 代表", order="relevance")[0] == 2


def test_pages_of_results(shelf: Shelf) -> None:
    """Limit and offset cut pages, the total counts all matches."""
    answer = shelf.ask("会", limit=2, offset=2)
    assert ([hit.id for hit in answer.results], answer.total) == ([2, 1], 6)


def test_snippets_mark_the_match(shelf: Shelf) -> None:
    """The match is marked in the text as stored, whatever script was asked for."""
    assert shelf.ask("总工会 site:mirror-a_b").results[0].snippet == "⟦總工會⟧邀請勞模座談，並發放慰問品。"


def test_columns_levels_and_regions_narrow_by_the_index(shelf: Shelf) -> None:
    """Filters on column, level and region find the same alone, with words, negated and joined by OR."""
    assert shelf.ids("column:要闻") == [4]
    assert shelf.ids("level:mirror") == shelf.ids("总工会 level:mirror") == [2]
    assert shelf.ids("工会 -level:mirror") == [4, 1]
    assert shelf.ids("column:要闻 OR level:mirror") == [4, 2]
    assert shelf.ids("region:62") == []


def test_what_is_left_out_needs_no_word_besides(shelf: Shelf) -> None:
    """A query of exclusions alone finds all others."""
    assert shelf.ids("-工会 -会议") == [6]
    assert shelf.ids("-(工会 OR 会议)") == [6]


def test_hits_alone_are_answered_newest_first(shelf: Shelf) -> None:
    """Hit counts and times without words find articles in order."""
    assert shelf.ids("hits:>=20") == [2, 1]
    assert shelf.ids("hits:>=20 hits:<100 since:2024") == [2]


# Each is answered another way: by times, by the index, with conditions, by few hits, by verifying.
_BY_HITS = (
    "工会 hits:>2",
    "总工会 hits:>=20",
    "会 hits:<2000",
    "工会 -劳模 hits:>2",
    "hits:>2",
    "工会 hits:>9999",
)


@pytest.mark.parametrize("query", [*_BY_HITS, "工会 hits:>2 since:2024-04-08", "site:mirror-a_b hits:>2"])
def test_few_by_hits_are_found_alike_by_either_way(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Articles with such hits are looked up one by one, or all that the words match is read: alike."""
    found = []
    for read_for_a_piece in (0, 400):
        monkeypatch.setattr("unioncrawl.archive.search.matching_articles._READ_FOR_A_PIECE", read_for_a_piece)
        found.append(shelf.ids(query))
    assert found[0] == found[1]


def test_the_whole_is_read_for_many_numbers(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six articles in one piece are read whole for two numbers where each costs as much as five of them."""
    monkeypatch.setattr(matching_articles, "_READ_FOR_A_PIECE", 5)
    with shelf.archive.engine.connect() as connection:
        is_file = connection.dialect.name == "sqlite"
        words, none = (make_plan(connection, parse_query(query)) for query in ("工会 hits:>2", "hits:>2"))
        single = make_plan(connection, parse_query("会 hits:>2"))
        assert matching_articles._is_read_whole(connection, single, 1) == is_file
        for numbers, is_whole in ((1, False), (2, is_file)):
            assert matching_articles._is_read_whole(connection, words, numbers) == is_whole
            assert not matching_articles._is_read_whole(connection, none, numbers)


ASKED = ("", "工会", "since:2023 慰问", "工会 hits:>2", "会", "慰问职", "hits:>2", "-劳模", "慰问职 hits:>2")


def test_pages_by_cursor_join_to_the_whole(empty_shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page after page gives every match once, in order, whatever stands at the seams."""
    monkeypatch.setattr(
        document_numbers, "ZONES", (Zone(0, 2), Zone(0, 4, first_day=8192), Zone(1 << 30, 22))
    )
    # Several at one moment, several a day, days apart, undated ones, and one from before 1970.
    times = [
        None,
        TIME,
        TIME,
        TIME + timedelta(hours=1),
        TIME - timedelta(days=9),
        datetime(1960, 1, 1, tzinfo=UTC),
    ]
    empty_shelf.fill(
        [
            {"title": f"第{n}篇", "body_text": "工会慰问职工", "published_at": times[n % 6], "hits": n}
            for n in range(25)
        ]
    )
    for query in ASKED:
        whole = [hit.id for hit in empty_shelf.ask(query, limit=100).results]
        assert len(whole) >= 15
        for limit in (2, 7):
            found, after = list[int](), ""
            while after or not found:
                answer = empty_shelf.ask(query, limit=limit, after=after, count_total=False)
                found += [hit.id for hit in answer.results]
                after = answer.next_page
            assert found == whole, (query, limit)


def test_what_is_published_meanwhile_shifts_no_page(empty_shelf: Shelf) -> None:
    """A newer article does not push what was shown last onto the next page."""
    empty_shelf.fill([{"title": f"第{n}篇", "body_text": "工会"} for n in range(4)])
    first = empty_shelf.ask("工会", limit=2)
    newer = {"published_at": TIME + timedelta(days=3), "url": "http://example.cn/new"}
    empty_shelf.fill([{"title": "新篇", "body_text": "工会", **newer}])
    after = empty_shelf.ask("工会", limit=2, after=first.next_page)
    assert {hit.id for hit in after.results}.isdisjoint({hit.id for hit in first.results})
    for wrong in ("x", "1.", "99999999999999.1", "1.99999999999999999999"):
        with pytest.raises(QueryError):
            empty_shelf.ask("工会", after=wrong)


def test_articles_beyond_a_days_room_are_found_in_order(
    empty_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day with more articles than its first zone holds is walked like any other."""
    monkeypatch.setattr(
        document_numbers, "ZONES", (Zone(0, 2), Zone(0, 4, first_day=8192), Zone(1 << 30, 22))
    )
    empty_shelf.fill([{"title": f"第{n}篇", "body_text": "工会慰问职工"} for n in range(40)])
    newest = list(range(40, 0, -1))
    assert empty_shelf.ids("工会", limit=50) == newest
    assert empty_shelf.ids("慰问职", limit=50) == newest
    assert [hit.id for hit in empty_shelf.ask("工会", limit=7, offset=5).results] == newest[5:12]
    assert empty_shelf.ids("工会 since:2024-04-09 until:2024-04-09", limit=50) == newest[2:26]


TEXTS = st.text(alphabet="工会總总會劳模5·1aA ，\n", max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bodies=st.lists(TEXTS, min_size=1, max_size=6), word=st.text("工会總劳模5·1aA，", min_size=1, max_size=4)
)
def test_words_are_found_where_they_stand(empty_shelf: Shelf, bodies: list[str], word: str) -> None:
    """A word finds every article whose folded text contains it, and no other."""
    first = len(empty_shelf.ids("", limit=100_000))
    marker = f"第{first}轮"
    empty_shelf.fill(
        [
            {"url": f"http://example.cn/{first}-{n}", "title": marker, "body_text": b}
            for n, b in enumerate(bodies)
        ]
    )
    asked = f'"{marker}" "{word}"'
    found = {hit.url for hit in empty_shelf.ask(asked, limit=100_000).results}
    expected = {
        f"http://example.cn/{first}-{n}"
        for n, body in enumerate(bodies)
        if fold(word) in fold(f"{marker}\n{body}")
    }
    assert found == expected
