from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, select

from unioncrawl.archive.reprints.edge_paragraphs import EdgeParagraphs
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.schema import edge_paragraph, recent_edge_paragraph
from unioncrawl.archive.store import Archive

NOTE = "本网站所刊登的各种新闻信息和专题资料均为本网版权所有，未经协议授权禁止下载使用。"
_POUR_ROWS = "unioncrawl.archive.reprints.edge_paragraphs._POUR_ROWS"
_COUNTED_EVERY = "unioncrawl.archive.reprints.edge_paragraphs._COUNTED_EVERY"


@pytest.fixture
def connection(any_archive: str) -> Iterator[Connection]:
    """A connection to an empty archive, within a transaction."""
    with Archive.open(any_archive) as archive, archive.engine.begin() as opened:
        yield opened


def _story(number: int) -> Story:
    return Story.of(f"第{number}次慰问在高温下坚持工作的一线建筑职工，把清凉送到工地。\n{NOTE}")


def _add(connection: Connection, numbers: range) -> set[str]:
    """Take stories in, each in a batch of its own; return what is boilerplate to the next batch."""
    for number in numbers:
        edges, story = EdgeParagraphs(connection), _story(number)
        edges.load([story])
        edges.add(story)
        edges.write()
    edges, story = EdgeParagraphs(connection), _story(99)
    edges.load([story])
    return edges.boilerplate(story)


def _rows(connection: Connection) -> tuple[int, int]:
    """How many paragraphs the large table has, and how many the small one."""
    tables = (edge_paragraph, recent_edge_paragraph)
    large, small = (
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
    )
    return large, small


@pytest.mark.parametrize("pour_rows", [1, 3, 5, 100_000])
def test_a_paragraph_is_counted_over_both_tables(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, pour_rows: int
) -> None:
    """The third story makes a paragraph boilerplate, whether the stories before it were poured or not."""
    monkeypatch.setattr(_POUR_ROWS, pour_rows)
    monkeypatch.setattr(_COUNTED_EVERY, 1)
    (note,) = set(_story(1).edges.values()) & set(_story(2).edges.values())
    assert _add(connection, range(1, 3)) == set()
    assert _add(connection, range(3, 4)) == {note}
    counts: dict[int, int] = {}
    for table in (edge_paragraph, recent_edge_paragraph):
        for row in connection.execute(select(table)):
            counts[row.hash] = counts.get(row.hash, 0) + row.stories
    assert sorted(counts.values()) == [1, 1, 1, 3]


def test_the_small_table_is_poured_when_it_is_full(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small table never holds more than its rows and those of a batch, and is empty after pouring."""
    monkeypatch.setattr(_POUR_ROWS, 4)
    monkeypatch.setattr(_COUNTED_EVERY, 1)
    _add(connection, range(1, 3))
    assert _rows(connection) == (0, 3)
    _add(connection, range(3, 4))
    assert _rows(connection) == (4, 0)
    _add(connection, range(4, 5))
    assert _rows(connection) == (4, 2)


def test_one_paragraph_in_some_is_a_sign_to_count(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stories that come one by one fill the small table, which is poured all the same."""
    monkeypatch.setattr(_POUR_ROWS, 1)
    monkeypatch.setattr(_COUNTED_EVERY, 4)
    _add(connection, range(1, 60))
    large, small = _rows(connection)
    assert large > 40
    assert small < 20
