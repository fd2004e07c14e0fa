"""The views for other people's tools, in both databases, over one archive each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from tests.archive.conftest import Templates
from tests.archive.exports.shared_archive import STORY, WITHDRAWN, Shared
from unioncrawl.archive.exports.meanings import ExampleQuery, about_view, column_meaning, example_queries
from unioncrawl.archive.reports.hit_series import load_series
from unioncrawl.archive.schema import VIEWS
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model.article_fields import WORDS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "fields.md"


@pytest.fixture
def connection(in_both: Shared) -> Iterator[Connection]:
    """A connection to the archive."""
    with in_both.archive.engine.connect() as opened:
        yield opened


def _rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(query)).mappings()]


def test_an_article_has_both_times_and_no_numbers_for_names(connection: Connection) -> None:
    """China's time and UTC stand beside each other, the day is China's, sites have names."""
    row = _rows(connection, "SELECT * FROM articles WHERE id = 1")[0]
    assert (str(row["published_local"]), str(row["published_utc"])) == (
        "2024-05-02 02:30:00",
        "2024-05-01 18:30:00",
    )
    assert (row["published_day"], row["published_month"], row["site"]) == ("2024-05-02", "2024-05", "linxi")
    assert (row["image_count"], row["attachment_count"], row["edits"], row["hits"]) == (1, 1, 0, 3)
    assert row["characters"] == len(row["body_text"]) > len(STORY)


def test_a_day_that_no_page_printed_is_empty(connection: Connection) -> None:
    """A page that prints a month alone has no day, in no view."""
    (row,) = _rows(connection, "SELECT published_day, published_month FROM articles WHERE id = 2")
    assert row == {"published_day": None, "published_month": "2024-05"}
    assert _rows(connection, "SELECT sum(articles) AS dated FROM site_days") == [{"dated": 2}]


def test_the_series_is_the_one_of_the_reports(connection: Connection) -> None:
    """Changes and flags of the view are those of ``unioncrawl hits``."""
    rows = _rows(
        connection, "SELECT hits, change, flag FROM hit_series WHERE article_id = 1 ORDER BY at_utc, id"
    )
    assert rows == [
        {"hits": one.hits, "change": one.change, "flag": one.flag} for one in load_series(connection, 1)
    ]
    assert [row["flag"] for row in rows] == ["", "", "decrease", "reset"]


def test_a_pair_has_the_earlier_one_first(connection: Connection) -> None:
    """A reprint stands beside the article that it was matched with, with the days between them."""
    rows = _rows(connection, "SELECT * FROM reprint_pairs WHERE later_id = 3")
    assert [(row["earlier_id"], row["days_between"], row["later_site"]) for row in rows] == [(1, 2, "donghe")]
    assert (rows[0]["kind"], rows[0]["earlier_site_name"]) == ("copy", "linxi")
    ordered = "SELECT count(*) AS wrong FROM reprint_pairs WHERE earlier_published_utc > later_published_utc"
    assert _rows(connection, ordered) == [{"wrong": 0}]


def test_a_day_of_a_site_counts_each_thing_once(connection: Connection) -> None:
    """Published, read, withdrawn, first seen and rejected on one day of China's."""
    rows = _rows(connection, "SELECT * FROM site_days WHERE site = 'linxi' ORDER BY day")
    counted = ("day", "articles", "with_hits", "hits", "withdrawn", "first_seen", "rejections")
    assert [tuple(row[name] for name in counted) for row in rows] == [
        ("2024-05-02", 1, 1, 3, 0, 0, 1),
        ("2024-05-05", 0, 0, 0, 1, 0, 0),
        ("2024-05-09", 0, 0, 0, 0, 3, 0),
    ]


def test_a_withdrawn_text_is_in_no_view(connection: Connection) -> None:
    """After a takedown the row says so, its words are empty, and no view shows them."""
    (row,) = _rows(connection, "SELECT * FROM articles WHERE withdrawn_utc IS NOT NULL")
    assert row["id"] == 4
    assert [row[name] for name in WORDS if row[name]] == []
    shown = " ".join(str(one) for view in VIEWS for one in _rows(connection, f"SELECT * FROM {view}"))  # noqa: S608 - our names
    assert "第2场的电话" in shown
    assert not re.search(f"{WITHDRAWN}|第4场的电话|李方", shown)


# Nothing of this archive is a practice site's or was edited.
_WITHOUT_ANSWER = {"declared_sources", "edited_or_gone"}


@pytest.mark.parametrize("query", example_queries(), ids=lambda one: one.name)
def test_each_example_query_answers(connection: Connection, query: ExampleQuery) -> None:
    """The ten queries run on both databases as they stand, and the archive answers most of them."""
    rows = _rows(connection, query.sql)
    assert rows != [] or query.name in _WITHOUT_ANSWER


def test_every_column_has_a_meaning_in_both_languages(connection: Connection) -> None:
    """The codebook has all columns of the views and no others."""
    for view in VIEWS:
        columns = [column["name"] for column in inspect(connection).get_columns(view)]
        for name in columns:
            meaning = column_meaning(view, name)
            assert meaning.english.endswith("."), name
            assert not meaning.chinese.isascii(), name
        assert not about_view(view).chinese.isascii()


def test_a_missing_view_is_found(tmp_path: Path, templates: Templates) -> None:
    """An archive that lost a view is reported by verify."""
    with Archive.open(templates.copy("sqlite", tmp_path / "a.db")) as archive:
        with archive.engine.begin() as connection:
            connection.execute(text("DROP VIEW hit_series"))
        assert "hit_series" in next(verify(archive.engine, tmp_path)).detail


def test_the_documents_show_the_example_queries() -> None:
    """docs/fields.md has the ten queries as they are run here."""
    shown = re.findall(r"```sql\n(.*?)\n```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown == [query.sql for query in example_queries()]
    assert len(shown) == 10
