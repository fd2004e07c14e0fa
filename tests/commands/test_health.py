from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.commands.run_command import run
from tests.databases import archive_at, copy_archive
from tests.service.health.invented_runs import TIMEOUT, WELL, InventedRuns
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import article
from unioncrawl.archive.service_tables import alert
from unioncrawl.archive.store import Archive
from unioncrawl.errors import AlertNotFound, SiteUnknown

ONE_ARTICLE = {
    "canonical_url": "http://a.cn/1",
    "url": "http://a.cn/1",
    "revision_id": 1,
    "revision_number": 1,
}


@pytest.fixture(scope="module")
def two_sites(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive that `archive` is a copy of."""
    path = archive_at(tmp_path_factory.mktemp("sites") / "archive.db")
    with Archive.open(path) as opened:
        runs = InventedRuns(opened, now=datetime.now(UTC) - timedelta(days=3))
        for key in ("donghe", "linxi"):
            runs.run(key, WELL)
            values = {**ONE_ARTICLE, "site_id": len(runs.known), "id": len(runs.known), "mirror": False}
            times = dict.fromkeys(("first_seen_at", "last_seen_at"), runs.now)
            with writing(opened.engine) as connection:
                connection.execute(insert(article).values(**values, **times))
        runs.crawl("linxi", TIMEOUT, times=2)
        runs.crawl("donghe", WELL, times=2)
    return path


@pytest.fixture
def archive(two_sites: str, tmp_path: Path) -> str:
    """An archive of two sites, crawled until now: one is well, the other has not answered twice."""
    return copy_archive(two_sites, tmp_path / "archive.db")


def needs(address: str, *arguments: str, expected: int = 1) -> list[dict[str, Any]]:
    """What needs a person."""
    result = run(address, "health", *arguments, "--json", expected=expected)
    found: list[dict[str, Any]] = json.loads(result.stdout)["needs"]
    return found


def test_health_names_what_needs_a_person_and_nothing_else(archive: str) -> None:
    """One line for the broken site, with the next step; exit 1. A site that is well has none, and exit 0."""
    said = run(archive, "health", "--language", "en", expected=1).stdout
    assert said.count("\n") == 1
    assert said.startswith("linxi: The site does not answer")
    assert "unioncrawl health settle linxi unreachable" in said
    assert run(archive, "health", "donghe").stdout == ""


def test_health_speaks_chinese(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The language is the one asked for, else the locale's."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run(archive, "health", expected=1).stdout.startswith("linxi：网站没有应答")
    assert run(archive, "health", "--language", "en", expected=1).stdout.startswith("linxi: The site")


def test_health_all_shows_every_site(archive: str) -> None:
    """With --all each site has a line, and a record in JSON."""
    result = run(archive, "health", "--all", "--json", expected=1)
    assert [(one["site"], one["open"]) for one in json.loads(result.stdout)["sites"]] == [
        ("donghe", []),
        ("linxi", ["unreachable"]),
    ]


def test_a_site_has_one_line_whatever_is_wrong_with_it(archive: str) -> None:
    """Two alerts of a site are one line, by the step that the older one needs, with both kinds."""
    with Archive.open(archive) as opened, writing(opened.engine) as connection:
        number = connection.execute(select(alert.c.site_id)).scalar_one()
        row = {"id": 9, "site_id": number, "kind": "silent", "reading": {"days": 30, "day": "2026-10-01"}}
        times = dict.fromkeys(("opened_at", "last_bad_at"), datetime.now(UTC))
        connection.execute(insert(alert).values(**row, **times, bad_runs=2))
    said = run(archive, "health", "--language", "en", expected=1).stdout
    assert said.count("\n") == 1
    assert "does not answer" in said
    assert "No new article for 30 days" in said
    assert said.endswith("[unreachable silent]\n")


def test_a_muted_alert_needs_nobody(archive: str) -> None:
    """A muted alert is left out until its days are over."""
    run(archive, "health", "mute", "linxi", "unreachable", "--days", "2")
    assert needs(archive, expected=0) == []
    with Archive.open(archive) as opened, writing(opened.engine) as connection:
        connection.execute(update(alert).values(muted_until=datetime.now(UTC) - timedelta(hours=1)))
    assert [one["kind"] for one in needs(archive)] == ["unreachable"]


def test_a_settled_alert_is_the_new_normal(archive: str) -> None:
    """A settled alert is gone, and more runs of the same kind open none."""
    run(archive, "health", "settle", "linxi", "unreachable")
    assert needs(archive, expected=0) == []
    with Archive.open(archive) as opened:
        runs = InventedRuns(opened, now=datetime.now(UTC), known={"linxi"})
        assert not runs.crawl("linxi", TIMEOUT, times=4)
        assert not runs.crawl("linxi", WELL, times=4)
        assert runs.crawl("linxi", TIMEOUT, times=4)


def test_a_kind_that_is_not_open_is_refused(archive: str) -> None:
    """What is not open is neither muted nor settled; the error names what is."""
    wrong = run(archive, "health", "settle", "linxi", "layout-changed", expected=1)
    assert isinstance(wrong.exception, AlertNotFound)
    assert "open: unreachable" in str(wrong.exception)
    unknown = run(archive, "health", "mute", "xihe", "dns", expected=1)
    assert isinstance(unknown.exception, SiteUnknown)


def test_a_site_without_any_article_is_named(archive: str) -> None:
    """A site that was crawled once and never answered needs a person before any alert opens."""
    with Archive.open(archive) as opened:
        InventedRuns(opened, now=datetime.now(UTC)).run("xihe", TIMEOUT)
    assert [(one["site"], one["kind"]) for one in needs(archive, "xihe")] == [("xihe", "never-answered")]


def test_a_site_whose_file_is_gone_is_named(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was crawled, and nobody crawls it any more: a file was deleted, renamed or broken by an edit."""
    folder = tmp_path / "sites"
    folder.mkdir()
    monkeypatch.setenv("UNIONCRAWL_SITES_DIRS", str(folder))
    text = (
        'id = "donghe"\nname = "东河市总工会"\nlevel = "city"\nfamily = "trs"\nhosts = ["donghe.example"]\n'
    )
    file = folder / "donghe.toml"
    file.write_text(text, encoding="utf-8")
    assert needs(archive, "donghe", expected=0) == []
    file.write_text(text.replace("family", "famly"), encoding="utf-8")
    assert [one["kind"] for one in needs(archive, "donghe")] == ["no-site-file"]
    file.unlink()
    assert [one["kind"] for one in needs(archive, "donghe")] == ["no-site-file"]


def test_a_watcher_hears_that_nothing_runs(archive: str) -> None:
    """With --tell the hours since the last run count; without it they do not."""
    assert [one["kind"] for one in needs(archive, "--tell", "--hours", "1")] == ["no-run", "unreachable"]
    assert [one["kind"] for one in needs(archive, "--tell", "--hours", "48")] == ["unreachable"]


def test_a_watcher_hears_that_the_archive_cannot_be_read(tmp_path: Path) -> None:
    """No archive, or a file that is none, is a line for the watcher, and exit 1."""
    missing, broken = tmp_path / "none.db", tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    for path in (missing, broken):
        assert [one["kind"] for one in needs(str(path), "--tell")] == ["archive-unreadable"]
    assert not missing.exists()
