"""An archive of news with all that an archive can hold, and places to copy it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bench.parity import differences, fill
from tests.archive.conftest import Templates
from tests.archive.small_archive import TIME
from unioncrawl.archive.schema import article, edge_paragraph, fingerprint, site_model, url_alias
from unioncrawl.archive.service_tables import alert, host_pace, notice, planned_site, watch
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.layouts.site_model import digest_of
from unioncrawl.model import Article, Attachment, Image

ARTICLES = 24


def fill_whole(archive: Archive, captures: Path) -> None:
    """News with edits, visits, groups, captures and rejections; a row at least of every other table."""
    fill(archive, captures, ARTICLES - 1)
    run = archive.begin_run("more", {})
    one = Article(
        url="http://x/more",
        site="site1",
        title="图",
        body_text="附图。",
        images=(Image("http://x/1.jpg", "图"),),
        attachments=(Attachment("http://x/1.pdf", "附件"),),
    )
    archive.store(one, run)
    archive.finish_run(run, {}, "finished")
    with archive.engine.begin() as connection:
        watched = {"name": "清凉", "kind": "query", "channels": ["mail"], "created_at": TIME, "paused": False}
        connection.execute(insert(watch).values(id=1, position={"revision": 7, "share": 1.0}, **watched))
        # In another order by code points than in most orders of words.
        for number, url in enumerate(
            ("http://x/É", "http://x/e", "http://x/工会", "http://x/Z", "http://x/_")
        ):
            query = select(article.c.id, article.c.site_id).where(article.c.id == number + 1)
            number_of_article, site_id = connection.execute(query).one()
            names = {"url": url, "site_id": site_id, "article_id": number_of_article}
            connection.execute(insert(url_alias).values(first_seen_at=TIME, reason="redirect", **names))
        models = [
            {"id": digest_of(text), "site_id": 1, "learnt_at": TIME, "model": text} for text in ("乙", "b")
        ]
        connection.execute(insert(site_model), models)
        fault = {"site_id": 1, "kind": "silent", "opened_at": TIME, "bad_runs": 2, "last_bad_at": TIME}
        connection.execute(insert(alert).values(id=1, baseline={"share": 0.25}, **fault))
        connection.execute(
            insert(fingerprint), [{"hash": -(2**63), "article_id": 1}, {"hash": 7, "article_id": 2}]
        )
        connection.execute(insert(edge_paragraph).values(hash=-(2**63), stories=3))
        event = {"title": "送清凉\u0001“🏮”", "number": 1e300}
        sent = {"channel": "mail", "watch_id": 1, "created_at": TIME, "tries": 0, "next_try_at": TIME}
        connection.execute(insert(notice).values(id=3, event_id="e1", event=event, **sent))
        connection.execute(insert(planned_site).values(site="site1", kinds=["daily"], added_at=TIME))
        # It passes, and no copy has it.
        connection.execute(insert(host_pace).values(host="a.cn", asked_at=TIME, pause_seconds=2.0))


@dataclass
class Places:
    """The address of an archive, its captures, and addresses where nothing is yet."""

    source: str
    captures: Path
    empty: Callable[[str], str]


@pytest.fixture
def places(stored_in: str, templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Places:
    """An archive in each database in turn."""
    (tmp_path / "source").mkdir()
    source = templates.copy(stored_in, tmp_path / "source" / "archive.db", fill_whole)
    captures = templates.copy_captures(stored_in, tmp_path / "source" / "captures", fill_whole)

    def empty(database: str) -> str:
        if database == "sqlite":
            return str(tmp_path / "target" / "archive.db")
        return str(request.getfixturevalue("other_postgres_url"))

    return Places(source, captures, empty)


def assert_same(source: str, target: str, captures: Path) -> None:
    """Both archives verify, and answer every question alike."""
    with Archive.open(source, create=False) as one, Archive.open(target, create=False) as other:
        assert list(verify(other.engine, captures)) == []
        assert list(differences(one, other, ["工会", "劳模 OR 慰问", "site:site1"], seed=3)) == []
