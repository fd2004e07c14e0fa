"""Asks for articles, their following parts and their counters, and records pages that are not articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_memory import CrawlMemory
from unioncrawl.errors import ExtractError
from unioncrawl.extract.article_parts import missing_part
from unioncrawl.guard.bounds import PARTS
from unioncrawl.model import Article, Extraction, ListLink, PageKind, Rejection
from unioncrawl.outcomes import FIRST_ERROR_STATUS, Reason, reason_of_status
from unioncrawl.sites.address_gate import Purpose
from unioncrawl.urls import absolute_url

from ..components.conditional_middleware import ARTICLE_ID
from ..components.cut_middleware import CUT
from ..components.decode_middleware import NO_TEXT, REFUSED, mark_unread
from ..components.gate_middleware import PURPOSE, AddressRefused, request_for
from ..components.politeness.patience_extension import wall_met
from ..responses import PageResponse, is_page
from .article_origin import joined, with_list_facts, with_origin
from .counter_requests import CounterVisits
from .failures import failed_address, failed_request
from .page_reading import PageReading
from .rejections import is_sent_home, not_an_article, page_rejection, part_rejection
from .spider_state import FoundationSpider, Output

# An article's own request goes before the next list page, a counter before both: what
# a killed run has begun, it has then mostly finished.
ARTICLE_PRIORITY, PART_PRIORITY = 10, 20
MAX_WALLS = 6
# Key of a request's meta: how many articles were read when it was first answered.
_READ_BEFORE = "unioncrawl_read_before"
# Key of a request's meta: the id of the model by which a known article is read again, empty if in full.
_READ_AS = "unioncrawl_read_as"
# The reason of a crawl that so many walls in a row ended.
BLOCKED = "blocked"


class ArticleSpider(FoundationSpider):
    """Reads the articles that the lists name."""

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        self.counters = CounterVisits(self)
        self.reading = PageReading(self.profile, self.set_number)
        self._walls_in_a_row = 0
        self._articles_read = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ArticleSpider:  # noqa: ANN401 - Scrapy's own signature
        """Make the spider; it notes when each address was answered first."""
        spider: ArticleSpider = super().from_crawler(crawler, *args, **kwargs)  # type: ignore[assignment]
        crawler.signals.connect(spider.note_first_answer, signals.response_downloaded)
        return spider

    def remember(self, memory: CrawlMemory) -> None:
        """Take what earlier runs left to do, and what they learnt of the site's layouts."""
        super().remember(memory)
        learns = self.crawler.settings.getint("UNIONCRAWL_SITE_MODELS") > 0
        self.reading.begin(memory, learns=learns)

    def note_first_answer(self, request: Request) -> None:
        """Note how many articles were read when a request was first answered; retries keep the note."""
        request.meta.setdefault(_READ_BEFORE, self._articles_read)

    def article_request(self, link: ListLink, column_name: str) -> Request:
        """The request for an article's first part.

        The spider itself asks each address once. Scrapy's filter would do more: it drops
        what an article redirects to when that was asked before (its own address with a
        cookie, another article's), and nobody would hear of the entry again.
        """
        return request_for(
            link.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"link": link, "column_name": column_name},
            priority=ARTICLE_PRIORITY,
            # `asked` decides; Scrapy's list of seen requests (JOBDIR) names pages that nobody read.
            dont_filter=True,
        )

    def parse_article(
        self, response: Response, link: ListLink, column_name: str, *, is_known: bool = False
    ) -> Output:
        """Read an article's first part, or record why the page is not an article.

        A body that ended too early is asked for again by the next run. A new article is stored
        as far as it came; of one that is known nothing is stored, for nobody edited it.

        @reads_an_article
        """
        extraction = self.read_article(response)
        cut = response.meta.get(CUT, "")
        if cut:
            yield page_rejection(response, self.profile.id, "fetch", outcomes.BODY_CUT, cut)
            if extraction.article is None or is_known:
                # The rest may be an article, and an archived one has not become shorter.
                return
        if extraction.article is None or not is_page(response) or is_sent_home(response):
            yield not_an_article(response, self.profile.id, extraction)
            self._count_wall(response, extraction)
            return
        self._walls_in_a_row = 0
        self._articles_read += 1
        self.notes.note_article(response)
        article = with_list_facts(extraction.article, link, column_name)
        yield from self.next_part(with_origin(article, response, self.profile), (), response)

    def read_article(self, response: Response) -> Extraction:
        """What the page is; an error status or a file is never an article."""
        if not is_page(response) or REFUSED in response.meta:
            is_text = not response.meta.get(NO_TEXT)
            unread = outcomes.NOT_A_PAGE if is_text else outcomes.UNDECODABLE
            reason: Reason = response.meta.get(REFUSED) or unread
            if response.status >= FIRST_ERROR_STATUS:
                reason = reason_of_status(response.status)
            return Extraction(url=response.url, reason=reason)
        return self.extracted(response)

    def extracted(self, response: PageResponse) -> Extraction:
        """What a page is; a page beyond the bounds of parsing is not an article, with the reason."""
        try:
            return self._read(response)
        except ExtractError as error:
            mark_unread(response.meta, error.reason, error.message)
            return Extraction(url=response.url, reason=error.reason)

    def _read(self, response: PageResponse) -> Extraction:
        meta = response.meta
        if ARTICLE_ID in meta and _READ_AS not in meta:
            meta[_READ_AS] = self.reading.read_as(meta[ARTICLE_ID])
        if _READ_AS in meta:
            return self.reading.read_again(response.page, meta[_READ_AS])
        return self.reading.read(response.page)

    def _count_wall(self, response: Response, extraction: Extraction) -> None:
        """Slow down at a wall, and end the crawl after `MAX_WALLS` walls in a row.

        Retries come last, all in a row: an address since whose first answer articles were
        read is one of a few that fail, and no sign that the site refuses us.
        """
        if extraction.kind is not PageKind.BLOCKED:
            self._walls_in_a_row = 0
            return
        if response.meta.get(_READ_BEFORE, self._articles_read) == self._articles_read:
            self._walls_in_a_row += 1
        if self._walls_in_a_row >= MAX_WALLS:
            raise CloseSpider(BLOCKED)
        self.meet_wall(response)

    def meet_wall(self, response: Response) -> None:
        """Report to the extensions that the site refused, so that they pause requests to its host."""
        self.crawler.signals.send_catch_log(
            wall_met, request=response.request, walls_in_a_row=max(1, self._walls_in_a_row)
        )

    # Parts

    def next_part(self, article: Article, before: tuple[Article, ...], response: Response) -> Output:
        """Ask for the article's next part, or finish with the parts that there are."""
        parts = (*before, article)
        seen = {part.url for part in parts}
        goes_on = article.next_page and article.next_page not in seen
        if goes_on and len(parts) >= PARTS.default:
            self.count("article/too_many_parts")
            yield from self.counters.ask(missing_part(joined(parts), article.next_page))
            return
        if goes_on:
            self.unfinished[parts[0].url] = missing_part(joined(parts), article.next_page)
            yield request_for(
                absolute_url(response.url, article.next_page),
                callback=self.parse_part,
                errback=self.part_failed,
                cb_kwargs={"parts": parts},
                priority=PART_PRIORITY,
                dont_filter=True,
                encoding=response.encoding if is_page(response) else "utf-8",
                meta={PURPOSE: Purpose.PART, **_read_as(response.meta)},
            )
            return
        yield from self.counters.ask(joined(parts))

    def parse_part(self, response: Response, parts: tuple[Article, ...]) -> Output:
        """Read a following part; when the page is not an article, keep the parts before it and say so."""
        extraction = self.read_article(response)
        if response.meta.get(CUT):
            cut = page_rejection(response, self.profile.id, "fetch", outcomes.BODY_CUT, response.meta[CUT])
            yield replace(cut, url=parts[0].url, detail=f"{cut.url}: {cut.detail}")
        if extraction.article is None or not is_page(response):
            yield part_rejection(not_an_article(response, self.profile.id, extraction), parts[0].url)
            yield from self.counters.ask(missing_part(joined(parts), response.url))
            return
        yield from self.next_part(with_origin(extraction.article, response, self.profile), parts, response)

    def part_failed(self, failure: Failure) -> Output:
        """Keep the parts that came, and record the missing part."""
        parts = failed_request(failure).cb_kwargs["parts"]
        yield part_rejection(self.fetch_rejection(failure), parts[0].url)
        yield from self.counters.ask(missing_part(joined(parts), failed_address(failure)))

    def article_failed(self, failure: Failure) -> Iterator[Rejection]:
        """Record an article that did not come."""
        yield self.fetch_rejection(failure)

    # Counters

    def parse_counter(self, response: Response, article: Article) -> Iterator[Article]:
        """Complete an article with what its counter answered."""
        yield from self.counters.read(response, article)

    def counter_failed(self, failure: Failure) -> Iterator[Article | Rejection]:
        """Complete an article whose counter did not answer; an address that was refused is recorded."""
        if isinstance(failure.value, AddressRefused):
            yield self.fetch_rejection(failure)
        yield from self.counters.failed(failure, failed_request(failure).cb_kwargs["article"])


def _read_as(meta: dict[str, Any]) -> dict[str, Any]:
    """What the request for a following part takes over, so that it is read as the part before it."""
    return {_READ_AS: meta[_READ_AS]} if _READ_AS in meta else {}
