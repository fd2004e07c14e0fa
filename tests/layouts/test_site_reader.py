"""The reader of a site learns its layouts from what it reads, compares, and gives up a model that errs."""

from __future__ import annotations

from tests.layouts.made_site import page_of
from unioncrawl.extract import extract_page
from unioncrawl.layouts import Difference, SiteModel, SiteReader
from unioncrawl.layouts.site_reader import differences


def read_pages(reader: SiteReader, *numbers: int) -> None:
    """Read pages of the made site, each with the fields of the full reader."""
    for number in numbers:
        page = page_of(number)
        assert not differences(extract_page(page), reader.read(page))


def test_learns_after_twenty_articles_and_compares_the_next_twenty() -> None:
    """The first twenty pages are read in full, the next twenty both ways, the others by the model."""
    reader = SiteReader(None)
    read_pages(reader, *range(20))
    assert reader.learnt is not None
    assert reader.counts["in-full:no-model"] == 20
    read_pages(reader, *range(20, 40))
    assert reader.counts["compared"] == 20
    read_pages(reader, *range(40, 60))
    assert reader.counts["by-model"] + reader.counts["compared"] - 20 == 20
    assert reader.counts["differed"] == 0


def test_a_stored_model_is_used_at_once() -> None:
    """A run that begins with a model reads its first page by it, and has learnt nothing to store."""
    first = SiteReader(None)
    read_pages(first, *range(20))
    assert first.learnt is not None
    stored = SiteModel.from_json(first.learnt.to_json())
    second = SiteReader(None, stored)
    page = page_of(70)
    assert second.read(page).article is not None
    assert second.counts["by-model"] + second.counts["compared"] == 1
    assert second.learnt is None


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
    assert reader.retired == (
        Difference(page_of(21).url, "column", "工会要闻", ""),
        Difference(page_of(22).url, "column", "工会要闻", ""),
    )
    read_pages(reader, *range(80, 100))
    assert reader.learnt is not None, "it learns anew"


def _without_breadcrumb(model: SiteModel) -> SiteModel:
    """A model that calls the breadcrumb a box, and knows articles without a column: a wrong one."""
    text = model.to_json().replace('"div.crumb":{"a":{}}', '"div.crumb":[40,-1]')
    wrong = SiteModel.from_json(text.replace('["column",["breadcrumb"]]', '["column",["","breadcrumb"]]'))
    assert wrong is not None
    assert wrong.boxes == model.boxes + 1
    return wrong
