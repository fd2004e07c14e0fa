"""A known article is read as it was when it was stored, so that another reading is never an edit."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from spiders.crawl.page_reading import PageReading
from tests.databases import archive_at
from tests.layouts.made_site import page_of
from unioncrawl.archive.crawl_state.crawl_memory import recall
from unioncrawl.archive.store import Archive
from unioncrawl.extract import extract_page
from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import read_and_observe
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article
from unioncrawl.sites.profile import Level, SiteProfile

SITE = SiteProfile(
    id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("www.linxi-gh.example",)
)


def learnt() -> SiteModel:
    """What twenty pages of the made site share."""
    seen = (read_and_observe(page_of(number), SITE)[1] for number in range(20))
    return learn_model("linxi", [boxes for boxes in seen if boxes is not None])


def begun(archive: Archive) -> PageReading:
    """The reading of a run that begins now, and does not learn."""
    reading = PageReading(SITE, lambda _name, _number: None)
    reading.begin(recall(archive, SITE, "linxi", archive.begin_run("linxi", {}), None), learns=False)
    return reading


def store(archive: Archive, number: int, model_id: str) -> None:
    """Store an article that was read by a model, or in full."""
    page = page_of(number)
    archive.store(Article(url=page.url, site="linxi", title=f"题{number}", site_model=model_id), 1)
    archive.flush()


def test_a_known_article_is_read_by_its_own_model(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """By the one that its revision names, retired or not; in full where it names none."""
    model = learnt()
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(SITE)
        archive.keep_model("linxi", model, archive.begin_run("linxi", {}))
        archive.retire_model(model.id, "two readings differ")
        store(archive, 30, model.id)
        store(archive, 31, "")
        reading = begun(archive)
        assert [reading.read_as(number) for number in (1, 2)] == [model.id, ""]
    by_model, in_full = reading.read_again(page_of(30), model.id), reading.read_again(page_of(31), "")
    assert by_model.article is not None
    assert by_model.article.site_model == model.id
    assert in_full == extract_page(page_of(31), SITE)
    assert not caplog.records


def test_a_model_that_can_not_be_read_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The article is read in full, and the log says what may then look like an edit."""
    model = learnt()
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(SITE)
        archive.keep_model("linxi", model, archive.begin_run("linxi", {}))
        store(archive, 30, model.id)
        with archive.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE site_model SET model = '{'")
        reading = begun(archive)
        model_id = reading.read_as(1)
    with caplog.at_level(logging.WARNING):
        read = reading.read_again(page_of(30), model_id)
    assert read == extract_page(page_of(30), SITE)
    assert model.id in caplog.text
