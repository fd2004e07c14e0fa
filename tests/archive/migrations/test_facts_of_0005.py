"""The facts that schema 0004 kept in the evidence alone come into columns of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, MetaData, create_engine, insert, select, text

from unioncrawl.archive.column_types import UtcTime, json_text
from unioncrawl.archive.content_hash import digest64, normal_text
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.migrations.migrate import migrate
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.schema import revision
from unioncrawl.archive.search.index.rebuild_index import rebuild_index
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.archive.write.exact_digest import exact_digest

_TIME = datetime(2026, 7, 1, 8, tzinfo=UTC)


def _piece(field: str, rule: str, raw: str) -> dict[str, str]:
    return {"field": field, "rule": rule, "raw": raw}


# The evidence of old revisions, and the facts that it holds: bytes, addresses, fields of the text.
_KINDS: tuple[tuple[list[dict[str, str]] | None, tuple[int, tuple[str, ...], tuple[str, ...]]], ...] = (
    ([_piece("page", "undecodable-bytes", "2"), _piece("page", "undecodable-bytes", "3")], (5, (), ())),
    ([_piece("url", "redirect", "http://x.cn/旧"), _piece("url", "redirect", "http://x.cn/b")],
     (0, ("http://x.cn/旧", "http://x.cn/b"), ())),
    ([_piece("author", "label:作者", "李方"), _piece("dateline", "dateline", "本报讯"),
      _piece("source", "reprint-note", "工人日报"), _piece("source", "reprint-note", "工人日报")],
     (0, (), ("dateline", "source"))),
    ([_piece("author", "label:作者", "李方")], (0, (), ())),
    ([_piece("page", "undecodable-bytes", "9" * 30)], (0, (), ())),
    (None, (0, (), ())),
)  # fmt: skip
_COUNT = 24
# What the code before schema 0005 gave for the third of the revisions below.
_DIGEST_BY_0004 = -4416865674839232465
# Dies by kill -9 within the transaction, when it has renewed the first digests.
_KILLED = """
import os, signal, sys
from unioncrawl.archive.migrations import renewed_digests
from unioncrawl.archive.store import Archive
write = renewed_digests.write_digests
def write_and_die(connection, numbers):
    write(connection, numbers)
    os.kill(os.getpid(), signal.SIGKILL)
renewed_digests.write_digests = write_and_die
Archive.open(sys.argv[1])
"""


def _address(number: int) -> str:
    return f"http://x.cn/{number}.html"


def _revision(number: int) -> dict[str, Any]:
    title, body = f"送清凉到第{number}个工地", f"临溪市总工会第{number}次慰问高温下的职工。\n大家都说好。"
    return {
        "id": number, "article_id": number, "number": 1, "kind": "first", "seen_at": _TIME, "title": title,
        "body_text": body, "content_hash": digest64(normal_text(title), normal_text(body)),
        "source": "工人日报", "author": "李方",
        "text_digest": digest64(normal_text(title), "", "", "", normal_text(body)),
        "evidence": _KINDS[number % len(_KINDS)][0],
    }  # fmt: skip


def _with_digest(row: dict[str, Any]) -> dict[str, Any]:
    url = _address(row["id"])
    of_article = {"url": url, "canonical_url": url, "mirror": False}
    return {**row, "exact_digest": exact_digest({**row, **of_article})}


def _article(number: int) -> dict[str, Any]:
    url = _address(number)
    return {
        "id": number, "site_id": 1, "canonical_url": url, "url": url, "first_seen_at": _TIME,
        "last_seen_at": _TIME, "last_observed_at": _TIME, "revision_id": number, "revision_number": 1,
        "mirror": False, "content_hash": _revision(number)["content_hash"], "hits_status": "no-counter",
    }  # fmt: skip


def _write_archive_of_0004(address: str) -> None:
    engine = create_engine(archive_url(address), json_serializer=json_text)
    old = MetaData()
    with engine.begin() as connection:
        migrate(connection, "0004")
        old.reflect(connection, only=["site", "article", "revision", "observation"])
        for table in old.tables.values():
            for column in table.columns:
                if column.name.endswith("_at") or column.name == "at":
                    column.type = UtcTime()
        old.tables["revision"].c.evidence.type = JSON(none_as_null=True)
        assert "read_in_text" not in old.tables["revision"].c
        site = {"id": 1, "key": "linxi", "name": "临溪市总工会", "hosts": []}
        connection.execute(insert(old.tables["site"]), site)
        numbers = range(1, _COUNT + 1)
        connection.execute(insert(old.tables["article"]), [_article(number) for number in numbers])
        rows = [_with_digest(_revision(number)) for number in numbers]
        connection.execute(insert(old.tables["revision"]), rows)
        visits = [{"id": n, "article_id": n, "at": _TIME, "status": "no-counter"} for n in numbers]
        connection.execute(insert(old.tables["observation"]), visits)
        if connection.dialect.name == "sqlite":
            # PostgreSQL's of that time had another form, and is dropped in any case.
            rebuild_index(connection)
    engine.dispose()


def _facts(archive: Archive, numbers: range = range(1, _COUNT + 1)) -> list[tuple[object, ...]]:
    with archive.engine.connect() as connection:
        records = [stored.record for stored in load_articles(connection, numbers)]
    return [(one.undecodable_bytes, one.redirected_from, one.read_in_text) for one in records]


def test_facts_come_out_of_the_evidence(no_archive: str, tmp_path: Path) -> None:
    """An archive of schema 0004 has the facts of its evidence in columns, after a killed upgrade too."""
    _write_archive_of_0004(no_archive)
    died = subprocess.run([sys.executable, "-c", _KILLED, no_archive], check=False)
    assert died.returncode == -signal.SIGKILL
    engine = create_engine(archive_url(no_archive))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0004"
    engine.dispose()
    with Archive.open(no_archive, create=False) as archive:
        assert _facts(archive) == [_KINDS[number % len(_KINDS)][1] for number in range(1, _COUNT + 1)]
        assert list(verify(archive.engine, tmp_path / "captures")) == []
        with archive.engine.connect() as connection:
            rows = connection.execute(select(revision.c.evidence).order_by(revision.c.id)).scalars()
            assert list(rows) == [_revision(number)["evidence"] for number in range(1, _COUNT + 1)]


@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_revision_changed_before_is_still_reported(tmp_path: Path, number: int) -> None:
    """A title changed under schema 0004 gets no sound digest by coming forward, with facts or without."""
    address = str(tmp_path / "a.db")
    _write_archive_of_0004(address)
    engine = create_engine(archive_url(address))
    with engine.begin() as connection:
        change = text("UPDATE revision SET title = '别的题目' WHERE id = :number")
        connection.execute(change, {"number": number})
    engine.dispose()
    with Archive.open(address) as archive:
        found = [one.detail for one in verify(archive.engine, tmp_path / "captures") if one.check == "hashes"]
    assert found == [f"revision 1 of article {number} is not what was stored"]


def test_damaged_evidence_does_not_end_the_upgrade(tmp_path: Path) -> None:
    """Evidence that is no JSON any more gives no facts; the others come forward, and it is reported."""
    address = str(tmp_path / "a.db")
    _write_archive_of_0004(address)
    engine = create_engine(archive_url(address))
    with engine.begin() as connection:
        connection.execute(text("UPDATE revision SET evidence = '[{\"field' WHERE id = 1"))
    engine.dispose()
    with Archive.open(address) as archive:
        assert _facts(archive, range(2, 4)) == [_KINDS[2][1], _KINDS[3][1]]
        assert any("article 1" in one.detail for one in verify(archive.engine, tmp_path / "captures"))


def test_the_digest_is_that_of_the_older_code() -> None:
    """A revision without these facts has the digest that unioncrawl wrote under schema 0004."""
    assert _with_digest(_revision(3))["exact_digest"] == _DIGEST_BY_0004
