"""Models of sites' layouts in the archive: kept, found again, retired, verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.small_archive import fill
from tests.databases import archive_at
from unioncrawl.archive.crawl_state.site_models import (
    in_use,
    kept_models,
    model_id_of,
    present_models,
)
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.layouts.site_model import Layout, SiteModel
from unioncrawl.model import Article
from unioncrawl.sites.profile import Level, SiteProfile

SITE = SiteProfile(
    id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("linxi.example.cn",)
)


def model(text_address: str) -> SiteModel:
    """A model of one layout and two boxes."""
    layout = Layout("a1b2c3", text_address, ("html>body>h1",), True, (("date", ("label",)),), 120, 8)
    tree = {"html": {"body": {"div.导航": (4,), "ul": (0,)}}}
    return SiteModel("linxi", (layout,), tree)


OLDER, NEWER = model("html>body>div.text"), model("html>body>div#正文")


def archive_with(address: str, *models: SiteModel) -> Archive:
    """An archive of one site, and a run that learnt these models one after another."""
    archive = Archive.open(address)
    archive.ensure_site(SITE)
    run = archive.begin_run("linxi", {})
    for one in models:
        archive.keep_model("linxi", one, run)
    return archive


def test_a_model_comes_back_as_it_was_kept(any_archive: str) -> None:
    """Model and id are those that were learnt; keeping it again adds none; another site has none."""
    with archive_with(any_archive, OLDER, OLDER) as archive, archive.engine.connect() as connection:
        assert [(kept.id, kept.model) for kept in kept_models(connection, "linxi")] == [(OLDER.id, OLDER)]
        assert in_use(kept_models(connection, "linxi")) == OLDER
        assert present_models(connection) == {"linxi": OLDER}
        assert in_use(kept_models(connection, "donghe")) is None


def test_a_retired_model_reads_nothing_new_and_is_still_there(any_archive: str) -> None:
    """Its reason is kept, no older one takes its place, and an article that it read is read by it again."""
    with archive_with(any_archive, OLDER) as archive:
        read = Article(
            url="http://linxi.example.cn/1.html", site="linxi", title="送清凉", site_model=OLDER.id
        )
        archive.store(read, 1)
        archive.flush()
        archive.retire_model(OLDER.id, "two readings differ")
        with archive.engine.connect() as connection:
            (kept,) = kept_models(connection, "linxi")
            assert (kept.retired_reason, kept.retired_at is None) == ("two readings differ", False)
            assert present_models(connection) == {}
            assert in_use([kept]) is None
            assert (kept.id, kept.model) == (model_id_of(archive.engine, 1), OLDER)
        assert not archive.keep_model("linxi", OLDER, 1), "learnt again, it stays out of use"
        assert archive.keep_model("linxi", NEWER, 1)


def test_an_article_read_in_full_names_no_model(any_archive: str) -> None:
    """Nor does one that the archive has not."""
    with archive_with(any_archive) as archive:
        archive.store(Article(url="http://linxi.example.cn/1.html", site="linxi", title="送清凉"), 1)
        archive.flush()
        assert [model_id_of(archive.engine, number) for number in (1, 2)] == ["", ""]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE site_model SET model = replace(model, 'html', 'body')", "not what it was"),
        (
            "UPDATE revision SET site_model = '0123456789abcdef' WHERE id = 2",
            "0123456789abcdef, which is gone",
        ),
    ],
)
def test_verify_reports_a_changed_or_missing_model(tmp_path: Path, damage: str, said: str) -> None:
    """A reading that nobody could repeat is reported; a sound archive has none."""
    captures = tmp_path / "captures"
    with archive_with(archive_at(tmp_path / "a.db"), OLDER) as archive:
        fill(archive, captures)
        assert list(verify(archive.engine, captures)) == []
        with archive.engine.begin() as connection:
            connection.exec_driver_sql(damage)
        found = [finding.detail for finding in verify(archive.engine, captures) if finding.check == "models"]
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    "damage", ["replace(model, '\"format\":', '\"format\":9')", "replace(model, 'div', 'dvi')", "'{'"]
)
def test_a_model_that_is_not_what_was_learnt_reads_nothing(tmp_path: Path, damage: str) -> None:
    """Whatever stands there now stays for the record, and stops no crawl; the next one learns another."""
    with archive_with(archive_at(tmp_path / "a.db"), OLDER) as archive:
        with archive.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE site_model SET model = {damage}")  # noqa: S608 - of this test
        with archive.engine.connect() as connection:
            assert [kept.model for kept in kept_models(connection, "linxi")] == [None]
            assert present_models(connection) == {}


def test_a_model_of_another_version_reads_nothing() -> None:
    """Its format is another one."""
    assert SiteModel.from_json(OLDER.to_json().replace('"format":1', '"format":9')) is None
