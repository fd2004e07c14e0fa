"""Tests for `unioncrawl.archive.care.retention`: a site's rule drops its own old files and texts alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.small_archive import BODY, TIME
from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.retention import drop_overdue, find_overdue
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, RawPage
from unioncrawl.sites.catalogue import read_site_file
from unioncrawl.sites.profile import SiteProfile

# Files by the run that wrote them: site and day of fetching.
FILES = {"linxi": (0, 50, 90), "linxi-2": (1,)}
NOW = TIME + timedelta(days=100)
SITE = """id = "{}"
name = "某市总工会"
level = "practice"
family = "generic"
hosts = ["{}.example"]
[retention]
days = 60
articles = {}
"""


def _file(site: str, day: int) -> str:
    return f"{site}-{TIME + timedelta(days=day):%Y%m%dT%H%M%S%fZ}"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An archive of two sites, a WARC file for each day."""
    address = archive_at(tmp_path / "archive.db")
    with Archive.open(address) as archive:
        for site, days in FILES.items():
            run_id = archive.begin_run(site, {})
            for day in days:
                _store(archive, tmp_path / "captures", site, day, run_id)
        archive.flush()
    return address


def _store(archive: Archive, folder: Path, site: str, day: int, run_id: int) -> None:
    at, url = TIME + timedelta(days=day), f"http://{site}.example/{day}"
    text = BODY.format(f"{site}{day}")
    with CaptureWriter(folder, _file(site, day)) as writer:
        capture = writer.write(RawPage(url=url, body=text.encode(), fetched_at=at))
    archive.store(
        Article(
            url=url,
            site=site,
            title=f"{site}第{day}篇",
            body_text=text,
            fetched_at=at,
            captures=(capture,),
        ),
        run_id,
    )


def _profile(folder: Path, site: str, articles: str) -> SiteProfile:
    path = folder / f"{site}.toml"
    path.write_text(SITE.format(site, site, articles), encoding="utf-8")
    return read_site_file(path)


@pytest.mark.parametrize("articles", ["false", "true"])
def test_a_rule_drops_the_site_s_own_old_files_and_texts(tmp_path: Path, address: str, articles: str) -> None:
    """Younger files and those of a site of a similar name stay; a text goes only where the rule says so."""
    folder = tmp_path / "captures"
    with Archive.open(address) as archive:
        with archive.engine.connect() as connection:
            profiles = [_profile(tmp_path, "linxi", articles)]
            (overdue,) = find_overdue(connection, folder, profiles, NOW)
        assert overdue.files == (f"{_file('linxi', 0)}-00000.warc.gz",)
        assert overdue.file_bytes == (folder / overdue.files[0]).stat().st_size
        assert len(overdue.articles) == (articles == "true")
        drop_overdue(archive.engine, folder, overdue)
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            f"{_file(site, day)}-00000.warc.gz"
            for site, day in (("linxi", 50), ("linxi", 90), ("linxi-2", 1))
        )
        with archive.engine.connect() as connection:
            records = [full_record(connection, str(number)) for number in (1, 2, 4)]
        assert [bool(record["withdrawn_at"]) for record in records] == [articles == "true", False, False]
        assert records[0]["url"] == "http://linxi.example/0"
        assert list(verify(archive.engine, folder)) == []
        with archive.engine.connect() as connection:
            assert find_overdue(connection, folder, profiles, NOW)[0].files == ()


def test_the_command_says_first_what_it_would_drop(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run names files, bytes and articles of each rule, and drops nothing."""
    (tmp_path / "sites").mkdir()
    _profile(tmp_path / "sites", "linxi", "true")
    monkeypatch.setenv("UNIONCRAWL_SITES_DIRS", str(tmp_path / "sites"))
    said = run(address, "vacuum", "--retention", "--dry-run").output
    assert "linxi: kept 60 days: 3 WARC files" in said
    assert "3 articles would be dropped" in said
    assert len(list((tmp_path / "captures").iterdir())) == 4
    assert "3 articles dropped" in run(address, "vacuum", "--retention").output
    assert len(list((tmp_path / "captures").iterdir())) == 1
    run(address, "vacuum", "--dry-run", expected=2)
