from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from sqlalchemy import update

from spiders.components.capture_middleware import CaptureMiddleware
from spiders.components.conditional_middleware import ConditionalMiddleware
from tests.archive.small_archive import Kept
from unioncrawl import settings as defaults
from unioncrawl.archive.capture_folder import capture_file, captures_folder, crawl_captures
from unioncrawl.archive.care.backup import back_up
from unioncrawl.archive.care.reprocess import Plan, Report, reprocess
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import capture
from unioncrawl.archive.search.query import And
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveError


class _Spider(Spider):
    name = "x"


def _settings(**given: str) -> Settings:
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.setdict(given, priority="cmdline")
    return settings


@pytest.mark.parametrize(
    "address", ["工会/archive.db", "sqlite:///工会/archive.db", "archive.db", "postgresql://host/news"]
)
def test_a_crawl_keeps_captures_where_the_commands_look(address: str) -> None:
    """Whatever names the archive, crawl and commands mean the same folder."""
    assert crawl_captures(_settings(UNIONCRAWL_ARCHIVE=address)) == captures_folder(address)


@pytest.mark.parametrize("kind", [CaptureMiddleware, ConditionalMiddleware])
def test_one_setting_moves_them_for_all(
    monkeypatch: pytest.MonkeyPatch, kind: type[CaptureMiddleware | ConditionalMiddleware]
) -> None:
    """The variable is read by commands and by a crawl's components alike; a crawl's own option wins."""
    settings = _settings(UNIONCRAWL_ARCHIVE="x/archive.db")
    assert kind.from_crawler(Crawler(_Spider, settings))._folder == Path("x/captures")
    monkeypatch.setenv("UNIONCRAWL_CAPTURES", "elsewhere")
    assert captures_folder("x/archive.db") == Path("elsewhere")
    assert kind.from_crawler(Crawler(_Spider, settings))._folder == Path("elsewhere")
    given = _settings(UNIONCRAWL_ARCHIVE="x/archive.db", UNIONCRAWL_CAPTURES="own")
    assert kind.from_crawler(Crawler(_Spider, given))._folder == Path("own")


def test_another_folder_is_one_finding_that_names_it(kept: Kept, tmp_path: Path) -> None:
    """Where none of the files is, the folder and the way to name another one are given once."""
    (found,) = verify(kept.archive.engine, tmp_path / "elsewhere")
    assert str(tmp_path / "elsewhere") in found.detail
    assert "--captures" in found.next_step


def test_backup_and_takedown_without_the_files_change_nothing(kept: Kept, tmp_path: Path) -> None:
    """Where a file of captures is missing both name the folder, and change nothing."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(ArchiveError, match=r"missing from .*elsewhere.*--captures"):
        back_up(kept.archive.engine, elsewhere, tmp_path / "backups" / "one")
    assert not (tmp_path / "backups").exists()
    with pytest.raises(ArchiveError, match=r"missing from .*elsewhere.*--captures"):
        take_down(kept.archive.engine, elsewhere, "1", "asked")
    assert list(verify(kept.archive.engine, kept.captures)) == []


def test_reprocessing_without_the_files_fails(kept: Kept, tmp_path: Path) -> None:
    """Nothing derived because the files are elsewhere is a failure that names the folder."""
    report = Report()
    plan = Plan(node=And(()), stage="extract", captures=tmp_path / "elsewhere")
    with kept.archive.engine.connect() as connection:
        assert not list(reprocess(connection, plan, report))
    assert (report.failed, report.unread) == (True, 5)
    assert all("elsewhere" in problem and "--captures" in problem for problem in report.problems)


@pytest.mark.parametrize(
    "name", ["../secret.warc.gz", "/etc/passwd", "sub/x.gz", "..", ".", "C:x", "a\\b", "a\0b"]
)
def test_a_name_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, name: str) -> None:
    """What a changed database names elsewhere is an error, before any file is opened."""
    with pytest.raises(ArchiveError, match="not in their folder"):
        capture_file(tmp_path, name)


def test_a_changed_name_overwrites_and_copies_nothing_elsewhere(kept: Kept, tmp_path: Path) -> None:
    """A takedown and a backup refuse a file outside the folder; verify finds it and checks the rest."""
    outside = tmp_path / "outside.warc.gz"
    outside.write_bytes(next(kept.captures.glob("a-*")).read_bytes())
    before = outside.read_bytes()
    with writing(kept.archive.engine) as connection:
        connection.execute(update(capture).where(capture.c.article_id == 1).values(file=str(outside)))
    for act in (
        lambda: take_down(kept.archive.engine, kept.captures, "1", "asked"),
        lambda: back_up(kept.archive.engine, kept.captures, tmp_path / "backups" / "one"),
    ):
        with pytest.raises(ArchiveError, match="not in their folder"):
            act()
    assert outside.read_bytes() == before
    assert any("not in their folder" in one.detail for one in verify(kept.archive.engine, kept.captures))
