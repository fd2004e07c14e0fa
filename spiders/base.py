"""The spider of every site: lists from new to old, articles, their parts and their counters.

A family's spider overrides only how the next list page is found. The site's own
facts are in ``profile``. Nothing here reads or changes text: pages are read by
`unioncrawl.extract`, articles go raw into the pipelines.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure

from unioncrawl.archive.due import YoungArticle
from unioncrawl.archive.runs import WALK_COMPLETE
from unioncrawl.archive.store import Archive, KnownArticle
from unioncrawl.archive.tombstones import GONE
from unioncrawl.extract import extract_page
from unioncrawl.extract.listing import read_listing
from unioncrawl.model import Article, Extraction, Listing, ListLink, PageKind, Rejection
from unioncrawl.normalize import parse_published
from unioncrawl.normalize.urls import canonical_url
from unioncrawl.sites.profile import Column, SiteProfile

from .arguments import read_arguments
from .conditional import ARTICLE_ID
from .counting import CounterVisits
from .decoding import NO_TEXT
from .failures import NETWORK_REASONS, failed_request
from .origin import joined, missing_part, with_list_facts, with_origin
from .rejecting import fetch_rejection, not_an_article, page_rejection
from .responses import PageResponse, is_page
from .walk import ColumnWalk, visit_is_due

# An article's own request goes before the next list page, a counter before both: what
# a killed run has begun, it has then mostly finished.
ARTICLE_PRIORITY, PART_PRIORITY = 10, 20
MAX_PARTS = 60
MAX_WALLS = 8
HTTP_ERROR = 400

Output: TypeAlias = Iterator[Request | Article | Rejection]


class SiteSpider(Spider):
    """Crawls one site; `loader` makes a subclass with a ``profile`` for each site file.

    Arguments: ``-a full=1`` walks every list to its end, ``-a max_pages=3`` so
    many list pages a column, ``-a since=2024-01-01 -a until=2024-12-31`` only
    articles of these days.
    """

    profile: SiteProfile
    archive: Archive | None = None
    # Known articles that may be owed a visit, newest first.
    young_articles: Sequence[YoungArticle] = ()
    # Addresses that an earlier run could not reach.
    missed_urls: Sequence[str] = ()
    # When the last complete walk of this site finished. Articles that a later, broken-off run
    # brought do not end a walk: older ones behind them may still be missing.
    settled_at: datetime | None = None

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        # scrapyd adds arguments of its own, named with an underscore.
        given = {name: str(value) for name, value in kwargs.items() if not name.startswith("_")}
        self.arguments = read_arguments(given)
        self.given_arguments = given
        super().__init__(*args)
        self.allowed_domains = sorted({host.partition(":")[0] for host in self.profile.hosts})
        self.walks: list[ColumnWalk] = []
        self.counters = CounterVisits(self)
        self._asked: set[str] = set()
        # Articles that wait for a part or for their counter, by URL: a run that is stopped
        # stores them as they are.
        self.unfinished: dict[str, Article] = {}
        self._walls_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:  # noqa: ANN401 - Scrapy's own signature
        """Make the spider; the margin of its walks is ``UNIONCRAWL_KNOWN_MARGIN``."""
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        margin = crawler.settings.getint("UNIONCRAWL_KNOWN_MARGIN", 5)
        spider.walks = [ColumnWalk(column, margin, spider.arguments) for column in spider.columns()]
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put the operator's contact into the User-Agent, unless that was given whole."""
        super().update_settings(settings)
        contact = settings.get("UNIONCRAWL_CONTACT")
        given = settings.getpriority("USER_AGENT") or 0
        if contact and given <= SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")

    def columns(self) -> tuple[Column, ...]:
        """The columns to walk; the home page when the site file names none."""
        home = Column(name="首页", url=f"{self.profile.scheme}://{self.profile.hosts[0]}/")
        return self.profile.columns or (home,)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of every column, for what was missed, and for what is due."""
        for number, walk in enumerate(self.walks):
            yield self.list_request(walk.column.url, number)
        for request in self._owed_visits(datetime.now(UTC)):
            yield request

    def _owed_visits(self, now: datetime) -> Iterator[Request]:
        pattern = re.compile(self.profile.article_url)
        for url in self.missed_urls:
            canonical = canonical_url(url, self.profile)
            if pattern.search(url) and canonical not in self._asked:
                self._asked.add(canonical)
                self.count("revisit/missed")
                yield self.article_request(ListLink(url=url), "")
        for article in self.young_articles:
            due = visit_is_due(self.profile.revisit, article.born_at, article.last_visit_at, now)
            if due and article.canonical_url not in self._asked:
                self._asked.add(article.canonical_url)
                self.count("revisit/due")
                request = self.article_request(ListLink(url=article.url), "")
                request.meta[ARTICLE_ID] = article.article_id
                yield request

    # Lists

    def list_request(self, url: str, column: int, **options: Any) -> Request:  # noqa: ANN401 - Request's own
        """The request for one list page of a column; ``options`` are those of a Request."""
        return Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"column": column},
            priority=-self.walks[column].pages,
            dont_filter=True,
            **options,
        )

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """The request for the next, older list page; None at the end. Families override this."""
        del response
        return self.list_request(listing.next_page, column) if listing.next_page else None

    def read_list(self, response: PageResponse) -> Listing:
        """The entries of a list page and its next page. Families override this."""
        return read_listing(response.page, self.profile)

    def parse_list(self, response: Response, column: int) -> Output:
        """Ask for the articles that are new or due, and for the next page unless the walk ends."""
        walk = self.walks[column]
        listing = self.read_list(response) if is_page(response) else Listing(url=response.url)
        links = self._own_links(listing)
        self.count("list/pages")
        self.count("list/articles", len(links))
        if not links:
            yield from self._explain_empty_list(response, walk)
        yield from self._visit_links(links, walk)
        following = None if walk.stopped else self.next_list_request(listing, response, column)
        if following is None:
            walk.stopped = walk.stopped or "end"
            self.count(f"list/stopped/{walk.stopped}")
            return
        yield following

    def _own_links(self, listing: Listing) -> dict[str, ListLink]:
        """The list's articles on this site's hosts, by canonical URL; page order, no repeats."""
        links: dict[str, ListLink] = {}
        for link in listing.links:
            if urlsplit(link.url).netloc in self.profile.hosts:
                links.setdefault(canonical_url(link.url, self.profile), link)
            else:
                self.count("list/offsite_links")
        return links

    def _visit_links(self, links: dict[str, ListLink], walk: ColumnWalk) -> Iterator[Request]:
        known = self.archive.known(self.profile.id, links) if self.archive else {}
        too_old = {url for url, link in links.items() if self._is_too_old(link)}
        walk.take_page(list(links), [url in too_old or self._is_settled(known.get(url)) for url in links])
        for url, link in links.items():
            if url in self._asked or url in too_old or url in known:
                continue
            self._asked.add(url)
            self.count("list/new")
            yield self.article_request(link, walk.column.name)

    def _is_settled(self, known: KnownArticle | None) -> bool:
        return known is not None and self.settled_at is not None and known.first_seen_at <= self.settled_at

    def _is_too_old(self, link: ListLink) -> bool:
        if self.arguments.since is None or not link.date_raw:
            return False
        published = parse_published(link.date_raw, fetched_at=datetime.now(UTC))
        return published is not None and self.arguments.too_old(published.at)

    def _explain_empty_list(self, response: Response, walk: ColumnWalk) -> Output:
        """Beyond the last page an empty list or a 404 is the end; else it is a failure."""
        if walk.pages and response.status in (200, 404):
            return
        walk.stopped = "failed"
        reason = f"http-{response.status}" if response.status >= HTTP_ERROR else "no-article-on-list"
        if is_page(response):
            extraction = extract_page(response.page, self.profile)
            if extraction.kind in (PageKind.BLOCKED, PageKind.SHELL, PageKind.NOT_FOUND):
                reason = extraction.reason or extraction.kind.value
        detail = f"list of column {walk.column.name}"
        yield page_rejection(response, self.profile.id, "fetch", reason, detail)

    def list_failed(self, failure: Failure) -> Iterator[Rejection]:
        """Record a list page that did not come."""
        self.walks[failed_request(failure).cb_kwargs["column"]].stopped = "failed"
        yield self.fetch_rejection(failure)

    # Articles

    def article_request(self, link: ListLink, column_name: str) -> Request:
        """The request for an article's first part."""
        return Request(
            link.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"link": link, "column_name": column_name},
            priority=ARTICLE_PRIORITY,
        )

    def parse_article(self, response: Response, link: ListLink, column_name: str) -> Output:
        """Read an article's first part, or record why the page is none."""
        extraction = self.read_article(response)
        if extraction.article is None or not is_page(response):
            gone = ARTICLE_ID in response.meta and extraction.kind is PageKind.NOT_FOUND
            yield not_an_article(response, self.profile.id, extraction, GONE if gone else "")
            self._count_wall(extraction)
            return
        self._walls_in_a_row = 0
        article = with_list_facts(extraction.article, link, column_name)
        yield from self.next_part(with_origin(article, response, self.profile), (), response)

    def read_article(self, response: Response) -> Extraction:
        """What the page is; an error status or a file is never an article."""
        if not is_page(response):
            reason = "undecodable" if response.meta.get(NO_TEXT) else "not-a-page"
            return Extraction(kind=PageKind.NOT_FOUND, url=response.url, reason=reason)
        extraction = extract_page(response.page, self.profile)
        if response.status >= HTTP_ERROR and extraction.article is not None:
            return replace(
                extraction, kind=PageKind.NOT_FOUND, article=None, reason=f"http-{response.status}"
            )
        return extraction

    def _count_wall(self, extraction: Extraction) -> None:
        """End the crawl at a wall that answers everything: asking on would only feed it."""
        self._walls_in_a_row = self._walls_in_a_row + 1 if extraction.kind is PageKind.BLOCKED else 0
        if self._walls_in_a_row >= MAX_WALLS:
            raise CloseSpider("blocked")

    def next_part(self, article: Article, before: tuple[Article, ...], response: Response) -> Output:
        """Ask for the article's next part, or finish with the parts that there are."""
        parts = (*before, article)
        seen = {part.url for part in parts}
        if article.next_page and article.next_page not in seen and len(parts) < MAX_PARTS:
            self.unfinished[parts[0].url] = missing_part(joined(parts), article.next_page)
            yield response.follow(
                article.next_page,
                callback=self.parse_part,
                errback=self.part_failed,
                cb_kwargs={"parts": parts},
                priority=PART_PRIORITY,
                dont_filter=True,
            )
            return
        yield from self.counters.ask(joined(parts))

    def parse_part(self, response: Response, parts: tuple[Article, ...]) -> Output:
        """Read a following part; when it is none, keep the parts before it and say so."""
        extraction = self.read_article(response)
        if extraction.article is None or not is_page(response):
            yield not_an_article(response, self.profile.id, extraction)
            yield from self.counters.ask(missing_part(joined(parts), response.url))
            return
        yield from self.next_part(with_origin(extraction.article, response, self.profile), parts, response)

    def part_failed(self, failure: Failure) -> Output:
        """Keep the parts that came, and record the one that did not."""
        request = failed_request(failure)
        yield self.fetch_rejection(failure)
        yield from self.counters.ask(missing_part(joined(request.cb_kwargs["parts"]), request.url))

    def article_failed(self, failure: Failure) -> Iterator[Rejection]:
        """Record an article that did not come."""
        yield self.fetch_rejection(failure)

    # Counters

    def parse_counter(self, response: Response, article: Article) -> Iterator[Article]:
        """Complete an article with what its counter answered."""
        yield self.counters.read(response, article)

    def counter_failed(self, failure: Failure) -> Iterator[Article]:
        """Complete an article whose counter did not answer."""
        yield self.counters.failed(failure, failed_request(failure).cb_kwargs["article"])

    # Records

    def fetch_rejection(self, failure: Failure) -> Rejection:
        """A rejection for a request that brought no page; the network's failures are counted."""
        rejection = fetch_rejection(failure, self.profile.id)
        if rejection.reason in NETWORK_REASONS:
            self.count("fetch/network_failures")
        return rejection

    def closed(self, reason: str) -> None:
        """Say in the stats whether the walk was complete, and when no list showed any article.

        Scrapy itself calls a crawl without articles a success.
        """
        stats = self.crawler.stats
        complete = reason == "finished" and all(walk.complete for walk in self.walks)
        stats.set_value(WALK_COMPLETE, int(complete))
        if not stats.get_value("unioncrawl/list/articles"):
            stats.set_value("unioncrawl/crawl/empty", 1)
            if reason != "shutdown":
                self.logger.error("No list of %s showed an article (%s).", self.name, reason)

    def count(self, name: str, times: int = 1) -> None:
        """Count in the crawl's stats, under ``unioncrawl/``."""
        self.crawler.stats.inc_value(f"unioncrawl/{name}", times)
