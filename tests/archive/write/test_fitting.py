from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, BigInteger, Boolean, Float, Integer, Text

from unioncrawl import outcomes
from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.schema import article, capture, metadata, rejection
from unioncrawl.archive.write.column_values import misfit, misfits, surely_fits
from unioncrawl.archive.write.fitting import REPLACED, fitted, plain_json
from unioncrawl.archive.write.record_rows import RecordRows, record_rows
from unioncrawl.model import (
    Article,
    Attachment,
    CaptureRef,
    Counter,
    Evidence,
    FieldStep,
    Image,
    Rejection,
    Step,
)
from unioncrawl.rows import article_row

TIME = datetime(2024, 4, 8, 1, 32, tzinfo=UTC)
HALF = "\ud83d"
SOUND = Article(
    url="http://example.cn/1.html",
    site="xian",
    title="市总工会送清凉",
    body_text="本报讯 市总工会领导到一线慰问职工。",
    fetched_at=TIME,
)
CAPTURE = CaptureRef(
    file="a.warc.gz", offset=0, length=9, digest="ab", url="http://example.cn/1.html", status=200
)


def test_every_column_is_of_a_kind_that_the_check_knows() -> None:
    """A new kind of column cannot come in unchecked: every type of the schema is among these."""
    kinds = {type(column.type) for table in metadata.sorted_tables for column in table.columns}
    assert kinds <= {Text, UtcTime, JSON, Boolean, BigInteger, Integer, Float}


ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        "",
        "工会",
        HALF,
        "工\x00会",
        "a" * 2601,
        "工" * 866,
        True,
        0,
        -1,
        2**31,
        -(2**31),
        2**63,
        10**30,
    ),
    *(0.5, float("nan"), float("inf"), b"a", TIME, TIME.replace(tzinfo=None), TIME.replace(year=1)),
    *(
        [HALF],
        ["\x00"],
        [2**63],
        [10**17],
        [float("nan")],
        {"a": [1.5]},
        {HALF: 1},
        {1: "工会"},
        {b"a": 1},
        [TIME],
    ),
    *("\\u0000", ["\\u0000"], ["NaN"], ("一", ("二",)), {2**64: 1}),
)


def test_the_cheap_look_passes_nothing_that_the_close_one_refuses() -> None:
    """Whatever value stands in whatever column: where the cheap look finds a row fit, it is."""
    full = replace(SOUND, images=(Image("a"),), attachments=(Attachment("b"),), captures=(CAPTURE,))
    rows = [(table, row, name) for table, row in record_rows(full, RecordRows.of(full)) for name in row]
    passed = {True: 0, False: 0}
    for table, row, name in rows:
        for value in ODD_VALUES:
            changed = {**row, name: value}
            passed[surely_fits(table, changed)] += 1
            assert not (surely_fits(table, changed) and list(misfits(table, changed))), (name, value)
    assert min(passed.values()) > 200


def test_the_cheap_look_passes_a_sound_article() -> None:
    """Nearly all rows are looked at once: nothing of a sound article needs the close look."""
    evidence = Evidence("title", "h1", "市总工会送清凉 2024")
    sound = replace(SOUND, captures=(replace(CAPTURE, encoding_evidence=(evidence,)),), evidence=(evidence,))
    assert all(surely_fits(table, row) for table, row in record_rows(sound, RecordRows.of(sound)))


@pytest.mark.parametrize("name", [one.name for one in fields(Article) if one.type == "str"])
def test_a_half_character_in_any_text_is_refused_or_replaced(name: str) -> None:
    """Whatever text field holds a lone surrogate or NUL, every column can hold what is written."""
    for bad in (HALF, "\x00"):
        changed: dict[str, Any] = {name: f"工会{bad}"}
        taken, _ = fitted(replace(SOUND, **changed))
        if isinstance(taken, Article):
            assert all(
                not list(misfits(table, row)) for table, row in record_rows(taken, RecordRows.of(taken))
            )
            assert json.dumps(article_row(taken), ensure_ascii=False).encode()
        else:
            assert (taken.stage, taken.reason) == ("archive", "unkeepable-value")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"next_page": f"http://example.cn/2{HALF}.html"}, "next_page"),
        ({"counter": Counter(url=f"http://example.cn/hits?id={HALF}", family="generic")}, "counter.url"),
    ],
)
def test_what_rows_alone_hold_is_replaced_too(change: dict[str, Any], place: str) -> None:
    """A lone surrogate where no column is can't keep a row from the feed; the evidence has it."""
    taken, _ = fitted(replace(SOUND, **change))
    assert isinstance(taken, Article)
    assert "\ufffd" in json.dumps(article_row(taken), ensure_ascii=False)
    assert json.dumps(article_row(taken), ensure_ascii=False).encode()
    assert [(one.field, one.rule) for one in taken.evidence] == [(place, "replaced-characters")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"hits": 10**30}, "observation.hits"),
        ({"hits": -(2**63) - 1}, "observation.hits"),
        ({"title": f"工会{HALF}"}, "revision.title"),
        ({"body_text": "工会\x00"}, "revision.body_text"),
        ({"published_at": datetime(1, 1, 1, tzinfo=UTC)}, "revision.published_at"),
        ({"published_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))}, "revision.published_at"),
        ({"published_at": datetime(9999, 12, 31, tzinfo=UTC)}, "revision.published_at"),
        ({"published_at": datetime(2024, 4, 8)}, "revision.published_at"),  # noqa: DTZ001 - what is tested
        ({"fetched_at": datetime(9999, 12, 31, tzinfo=UTC)}, "observation.at"),
        ({"canonical_url": "http://example.cn/" + "a" * 3000}, "article.canonical_url"),
        ({"images": (Image("http://example.cn/1.jpg", HALF),)}, "image.caption"),
        ({"attachments": (Attachment(f"http://example.cn/{HALF}"),)}, "attachment.url"),
        ({"captures": (replace(CAPTURE, status=2**31),)}, "capture.status"),
        ({"captures": (replace(CAPTURE, offset=2**63),)}, "capture.offset"),
        ({"column": "要闻\x00"}, "site_column.name"),
        (
            {"steps": (FieldStep("title", Step("x", 0, 1, "a", "b", float("nan"))),)},
            "revision.steps",
        ),
    ],
)
def test_a_value_that_no_column_holds_makes_a_rejection_that_names_it(
    change: dict[str, Any], column: str
) -> None:
    """The article becomes a rejection of stage archive whose detail begins with table and column."""
    taken, _ = fitted(replace(SOUND, **change))
    assert isinstance(taken, Rejection)
    assert (taken.url, taken.site, taken.stage, taken.reason) == (
        SOUND.url,
        "xian",
        "archive",
        "unkeepable-value",
    )
    assert column in taken.detail


def test_a_half_character_in_a_trace_costs_no_article() -> None:
    """Evidence, raw strings and steps keep their places, and a note says which character was replaced."""
    taken, _ = fitted(
        replace(
            SOUND,
            hits_raw=f"点击{HALF}",
            evidence=(Evidence("title", "h1", f"工{HALF}会"),),
            raw=(("title", "工\x00会"),),
            captures=(replace(CAPTURE, content_type=f"text/html{HALF}"),),
        )
    )
    assert isinstance(taken, Article)
    assert taken.hits_raw == "点击\ufffd"
    assert taken.evidence[0].raw == "工\ufffd会"
    assert taken.raw == (("title", "工\u2400会"),)
    assert [(note.field, note.raw) for note in taken.evidence if note.rule == REPLACED] == [
        ("hits_raw", "U+D83D at 2"),
        ("evidence.0.raw", "U+D83D at 1"),
        ("raw.0.1", "U+0000 at 1"),
        ("captures.0.content_type", "U+D83D at 9"),
    ]


@given(st.text(st.characters(codec=None)), st.integers(), st.datetimes(timezones=st.just(UTC)))
def test_a_rejection_always_fits(words: str, number: int, at: datetime) -> None:
    """Whatever a rejection holds, what is written of it fits, and its detail says what did not."""
    bad = replace(CAPTURE, status=number, url=words)
    record = Rejection(
        url=words,
        site="xian",
        stage="fetch",
        reason=outcomes.Reason(words),
        detail=words,
        status=number,
        at=at,
        captures=(bad,),
    )
    taken, _ = fitted(record)
    assert isinstance(taken, Rejection)
    values = {name: getattr(taken, name) for name in ("url", "stage", "reason", "detail", "status", "at")}
    assert not list(misfits(rejection, values))
    assert all(not list(misfits(capture, {"url": one.url, "status": one.status})) for one in taken.captures)
    assert taken == record or "not kept" in taken.detail


def test_sound_records_are_left_alone() -> None:
    """An article or rejection that fits is the very same one."""
    assert fitted(SOUND)[0] is SOUND
    record = Rejection(
        url="http://example.cn/2.html",
        site="xian",
        stage="fetch",
        reason=outcomes.reason_of_status(404),
        at=TIME,
    )
    assert fitted(record)[0] is record


def test_a_long_text_is_counted_in_bytes() -> None:
    """An address of 867 Chinese characters (2,601 bytes) is too long for an index, one of 866 is not."""
    assert misfit(article.c.canonical_url, "工" * 866) == ""
    assert misfit(article.c.canonical_url, "工" * 867) == "2601 bytes; the column holds 2600"


def test_stats_of_a_run_become_plain_json() -> None:
    """Numbers that JSON or a database lacks become text, and half characters are replaced."""
    stats = {"a": float("nan"), "b": 2**70, f"c{HALF}": HALF, "d": TIME, "e": 7, "f": None}
    assert plain_json(stats) == {
        "a": "nan",
        "b": str(2**70),
        "c\ufffd": "\ufffd",
        "d": str(TIME),
        "e": 7,
        "f": None,
    }
