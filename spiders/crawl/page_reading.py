"""Reads the pages of a run: in full, or by the model of their site's layouts that the archive keeps.

A known article is read as it was when it was stored: by the model that its revision names, or in
full where it names none. A text that then differs was changed by its site and not by another reading.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from unioncrawl.archive.crawl_state.crawl_memory import CrawlMemory
from unioncrawl.archive.crawl_state.site_models import in_use, model_id_of, newest_pages
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ArchiveUnwritable, DecodeError
from unioncrawl.extract import extract_page
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import DecodedPage, Extraction
from unioncrawl.sites.profile import SiteProfile

if TYPE_CHECKING:
    from unioncrawl.layouts.site_reader import SiteReader

# The newest captured pages from which a site's layouts are learnt.
_MOST_RECALLED = 60
logger = logging.getLogger(__name__)


class PageReading:
    """The reading of one site's pages; ``count`` sets a number of the run's stats.

    Without an archive nobody could say later what a model was: then each page is read in full, and so
    is each new one of a crawl that does not learn.
    """

    def __init__(self, profile: SiteProfile, count: Callable[[str, int], None]) -> None:
        self._profile = profile
        self._count = count
        self._memory: CrawlMemory | None = None
        self._learns = False
        self._reader: SiteReader | None = None

    def begin(self, memory: CrawlMemory, *, learns: bool) -> None:
        """Take what earlier runs left, the site's model too, before the first page."""
        self._memory, self._learns = memory, learns

    def read(self, page: DecodedPage) -> Extraction:
        """Read a page that no earlier run has stored. Raises `ExtractError` beyond the bounds of parsing."""
        if self._memory is None or not self._learns:
            return extract_page(page, self._profile)
        if self._reader is None:
            self._reader = self._begun(self._memory)
        extraction = self._reader.read(page)
        for name, number in self._reader.counts.items():
            self._count(f"reading/{name.replace(':', '/')}", number)
        self._report(self._reader)
        return extraction

    def _begun(self, memory: CrawlMemory) -> SiteReader:
        # The first page loads the reader: a crawl whose lists show nothing new needs none of it.
        from unioncrawl.layouts.site_reader import SiteReader  # noqa: PLC0415

        pages = partial(self._newest_pages, memory)
        return SiteReader(self._profile, in_use(memory.models), keep=self._keep, recall=pages)

    def read_as(self, article_id: int) -> str:
        """Return the id of the model by which a known article was read; empty for one read in full."""
        if self._memory is None or not self._memory.models:
            return ""
        return model_id_of(self._memory.archive.engine, article_id)

    def read_again(self, page: DecodedPage, model_id: str) -> Extraction:
        """Read a page of a known article, by its own model. Raises `ExtractError` as `read` does."""
        from unioncrawl.layouts.read_by_model import read_again  # noqa: PLC0415 - as above

        return read_again(page, self._profile, self._model(model_id) if model_id else None)

    def _model(self, model_id: str) -> SiteModel | None:
        kept = self._memory.models if self._memory else ()
        model = next((one.model for one in kept if one.id == model_id), None)
        if model is None:
            logger.warning(
                "%s: the model %s, by which an article was read, can't be read: what another reading changes"
                " looks like an edit (unioncrawl verify).", self._profile.id, model_id,
            )  # fmt: skip
        return model

    def _newest_pages(self, memory: CrawlMemory) -> Iterator[DecodedPage]:
        """The pages that earlier runs captured: most runs bring too few new ones to learn from."""
        if memory.captures is None:
            return
        for page in newest_pages(memory.archive.engine, memory.captures, self._profile.id, _MOST_RECALLED):
            with suppress(DecodeError):
                yield decode_raw(page)

    def _keep(self, model: SiteModel) -> bool:
        """Keep a model that was learnt; while the archive takes nothing it is not read by."""
        if self._memory is None:
            return False
        try:
            return self._memory.archive.keep_model(self._profile.id, model, self._memory.run_id)
        except ArchiveUnwritable as error:
            logger.info("%s: pages are read in full, for their model can't be kept: %s", model.site, error)
            return False

    def _report(self, reader: SiteReader) -> None:
        """Log each difference of two readings, and take a model that differed too often out of use."""
        while reader.differences:
            one = reader.differences.popleft()
            logger.warning(
                "%s: %s is %.200r in full, which was taken, and %.200r by the site's model.",
                one.url, one.field, one.full, one.by_model,
            )  # fmt: skip
        retired = reader.retired
        if retired is None or self._memory is None:
            return
        try:
            self._memory.archive.retire_model(retired.model_id, retired.reason)
        except ArchiveUnwritable as error:  # the next page tries again
            logger.info("%s: its model can't be retired yet: %s", self._profile.id, error)
            return
        reader.retired = None
        logger.warning("%s: the model %s is retired: %s", self._profile.id, *retired)
