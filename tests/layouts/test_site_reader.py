"""The reader of a site learns its layouts from what it reads, compares, and gives up a model that errs."""

from __future__ import annotations

from dataclasses import replace

from tests.layouts.made_site import page_of
from unioncrawl.extract import extract_page
from unioncrawl.layouts.read_by_model import read_by_model
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.layouts.site_reader import Difference, SiteReader, differences
from unioncrawl.model import DecodedPage


def read_pages(reader: SiteReader, *numbers: int) -> None:
    """Read pages of the made site, each with the fields of the full reader."""
    for number in numbers:
        page = page_of(number)
        assert not differences(extract_page(page), reader.read(page))


def test_learns_after_twenty_articles_and_compares_the_next_twenty() -> None:
    """The first twenty pages are read in full, the next twenty both ways, the others by the model."""
    kept: list[SiteModel] = []

    def keep(model: SiteModel) -> bool:
        kept.append(model)
        return True

    reader = SiteReader(None, keep=keep)
    read_pages(reader, *range(20))
    assert kept == [reader.model]
    assert reader.counts["in-full:no-model"] == 20
    read_pages(reader, *range(20, 40))
    assert reader.counts["compared"] == 20
    read_pages(reader, *range(40, 60))
    assert reader.counts["by-model"] + reader.counts["compared"] - 20 == 20
    assert reader.counts["differed"] == 0


def learnt() -> SiteModel:
    """The model that a reader learns from twenty pages, as it is stored."""
    reader = SiteReader(None)
    read_pages(reader, *range(20))
    assert reader.model is not None
    stored = SiteModel.from_json(reader.model.to_json())
    assert stored is not None
    return stored


def test_a_stored_model_is_used_at_once() -> None:
    """A run that begins with a model compares its first pages, and learns nothing anew."""
    second = SiteReader(None, learnt())
    read_pages(second, *range(60, 80))
    assert second.counts["compared"] >= 4
    assert second.counts["by-model"] + second.counts["compared"] == 20
    assert second.counts["learnt"] == 0


def test_a_model_that_can_not_be_kept_reads_nothing() -> None:
    """Nobody could repeat its readings; the next twenty pages try again."""
    asked: list[SiteModel] = []

    def refuse(model: SiteModel) -> bool:
        asked.append(model)
        return False

    reader = SiteReader(None, keep=refuse)
    read_pages(reader, *range(45))
    assert reader.model is None
    assert len(asked) == 2
    assert reader.counts["in-full:no-model"] == 45


def test_a_run_of_few_pages_learns_from_captured_ones() -> None:
    """They are recalled once, at the first page that no model fits."""
    asked: list[int] = []

    def recalled() -> list[DecodedPage]:
        asked.append(1)
        return [page_of(number) for number in range(100, 130)]

    reader = SiteReader(None, recall=recalled)
    read_pages(reader, 1, 2, 3)
    assert len(asked) == 1
    assert reader.counts["learnt"] == 1
    assert reader.counts["compared"] == 2


def test_another_template_is_learnt_beside_what_is_known() -> None:
    """Twenty pages that do not fit make another model, in use at once."""
    reader = SiteReader(None, learnt())
    pages = [page_of(number) for number in range(20)]
    names = ('class="content" id="content_', 'class="detail" id="detail_')
    other = [replace(page, text=page.text.replace(*names)) for page in pages]
    for page in other:
        assert not differences(extract_page(page), reader.read(page))
    assert reader.counts["learnt"] == 1
    assert reader.model is not None
    assert read_by_model(other[0], None, reader.model).why_not == ""


def test_two_differing_of_twenty_retire_a_model() -> None:
    """The full reader's record is taken where fields differ; the second difference retires the model."""
    reader = SiteReader(None)
    read_pages(reader, *range(20))
    assert reader.model is not None
    reader.model = _without_breadcrumb(reader.model)
    for number in (21, 22):
        page = page_of(number)
        assert reader.read(page) == extract_page(page)
    assert reader.counts["differed"] == 2
    assert reader.counts["retired"] == 1
    assert reader.model is None
    assert list(reader.differences) == [
        Difference(page_of(21).url, "column", "工会要闻", ""),
        Difference(page_of(22).url, "column", "工会要闻", ""),
    ]
    assert reader.retired is not None
    assert page_of(22).url in reader.retired.reason
    read_pages(reader, *range(80, 120))
    assert reader.counts["learnt"] == 2, "it learns anew"


def _without_breadcrumb(model: SiteModel) -> SiteModel:
    """A model that calls the breadcrumb a box, and knows articles without a column: a wrong one."""
    text = model.to_json().replace('"div.crumb":{"a":{}}', '"div.crumb":[40,-1]')
    wrong = SiteModel.from_json(text.replace('["column",["breadcrumb"]]', '["column",["","breadcrumb"]]'))
    assert wrong is not None
    assert wrong.boxes == model.boxes + 1
    return wrong
