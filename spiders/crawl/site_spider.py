"""The spider of every site: lists from new to old, and the visits that are owed.

A family's spider overrides only how the next list page is found. The site's own
facts are in ``profile``. Nothing here reads or changes text: pages are read by
`unioncrawl.extract`, articles go raw into the pipelines.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_runs import EMPTY_CRAWL, WINDOW_CLOSED
from unioncrawl.archive.crawl_state.entry_ledger import Fate, fate_of
from unioncrawl.archive.crawl_state.failed_addresses import FailedAddress
from unioncrawl.archive.crawl_state.visit_plan import visit_is_due
from unioncrawl.errors import ExtractError
from unioncrawl.fields.dates.clean import parse_published
from unioncrawl.guard.bounds import FORM_BYTES, FORM_FIELDS
from unioncrawl.model import Listing, ListLink, PageKind, Rejection
from unioncrawl.outcomes import Reason
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.urls import canonical_url, encoded_url

from ..components.cut_middleware import CUT
from ..components.decode_middleware import mark_unread
from ..components.gate_middleware import asked_address, request_for
from ..components.unpack_middleware import DAMAGED
from ..responses import PageResponse, is_page
from .article_requests import BLOCKED
from .failures import failed_request
from .job_folder import close_job
from .list_walk import ColumnWalk, Entry, walk_stats
from .owed_visits import OwedVisitSpider
from .rejections import page_rejection
from .spider_state import Output

__all__ = ["Output", "SiteSpider"]
# The key of the addresses asked for, in what Scrapy keeps of a spider in its JOBDIR.
_ASKED = "unioncrawl_asked"


class SiteSpider(OwedVisitSpider):
    """Crawls one site; `loader` makes a subclass with a ``profile`` for each site file.

    Arguments: ``-a full=1`` walks every list to its end, ``-a max_pages=3`` so
    many list pages a column, ``-a since=2024-01-01 -a until=2024-12-31`` only
    articles of these days.
    """

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of every column, for what was missed, and for what is due."""
        if self.follows_killed:
            self.count("job/killed")
        # With JOBDIR: what an interrupted crawl asked for is in its queue, and is not asked for twice.
        for url in getattr(self, "state", {}).pop(_ASKED, ()):
            self.asked.note(url)
        # What had its answer there, a failure, is in no queue; it is owed like any other.
        for url, failed in self.missed.items():
            if failed.outcome.reason != outcomes.NOT_REACHED:
                self.asked.forget(url)
        for number, walk in enumerate(self.walks):
            yield self.list_request(walk.column.url, number)
        for request in self.owed_visits(self.memory, datetime.now(UTC)) if self.memory else ():
            yield request

    def parse(self, response: Response) -> Output:
        """Read any page of the site, for ``scrapy parse``: an article by its address, else a list."""
        if re.search(self.profile.article_url, response.url):
            yield from self.parse_article(response, ListLink(url=response.url), "")
            return
        columns = [walk.column.url for walk in self.walks]
        yield from self.parse_list(response, columns.index(response.url) if response.url in columns else 0)

    # Lists

    def list_request(self, url: str, column: int, **options: Any) -> Request:  # noqa: ANN401 - Request's own
        """The request for one list page of a column; ``options`` are those of a Request."""
        return request_for(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"column": column},
            priority=-self.walks[column].pages,
            dont_filter=True,
            **options,
        )

    def form_request(
        self,
        url: str,
        column: int,
        fields: Mapping[str, str],
        encoding: str = "utf-8",
        **options: Any,  # noqa: ANN401 - Request's own
    ) -> Request | None:
        """The POST of a form that a list page names; None, with the walk ended, for one beyond the bounds."""
        body = urlencode(fields, encoding=encoding, errors="xmlcharrefreplace")
        if len(fields) > FORM_FIELDS.default:
            self.walks[column].stopped = outcomes.TOO_MANY_FORM_FIELDS
            return None
        if len(body) > FORM_BYTES.default:
            self.walks[column].stopped = outcomes.TOO_MANY_FORM_BYTES
            return None
        headers = {"Content-Type": "application/x-www-form-urlencoded", **options.pop("headers", {})}
        return self.list_request(url, column, method="POST", body=body, headers=headers, **options)

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """The request for the next, older list page; None at the end. Families override this."""
        if not listing.next_page:
            return None
        # A query in Chinese goes out in the page's own encoding, as browsers send it.
        encoding = response.encoding if is_page(response) else "utf-8"
        return self.list_request(listing.next_page, column, encoding=encoding)

    def read_list(self, response: PageResponse) -> Listing:
        """The entries of a list page and its next page. Families override this."""
        return read_listing(response.page, self.profile)

    def parse_list(self, response: Response, column: int) -> Output:
        """Ask for the articles that are new or due, and for the next page unless the walk ends.

        @asks_for_articles
        """
        walk = self.walks[column]
        listing = self._listing(response)
        walk.page_count = max(walk.page_count, listing.page_count)
        links = self._own_links(listing, response)
        self.count("list/pages")
        self.count("list/articles", len(links))
        if not links:
            yield from self._explain_empty_list(response, walk)
        admitted = walk.admitted(links)
        yield from self._visit_links({url: link for url, link in links.items() if url in admitted}, walk)
        if response.meta.get(DAMAGED) or response.meta.get(CUT):
            # Its end, and with it the way to older articles, may be missing.
            walk.stopped = "failed"
            is_damaged = response.meta.get(DAMAGED)
            reason = outcomes.DAMAGED_PACKING if is_damaged else outcomes.CUT_OFF
            yield self._list_rejection(response, walk, reason)
        if listing.is_cut and not walk.stopped:
            walk.stopped = outcomes.TOO_MANY_ENTRIES
        following = None if walk.stopped else self.next_list_request(listing, response, column)
        self.notes.note_list(response, walk, listing, links, leads_on=following is not None)
        if following is None:
            yield from self.end_walk(walk, response)
            return
        yield following

    def _listing(self, response: Response) -> Listing:
        if not is_page(response):
            return Listing(url=response.url)
        try:
            return self.read_list(response)
        except ExtractError as error:
            mark_unread(response.meta, error.reason, error.message)
            return Listing(url=response.url)

    def end_walk(self, walk: ColumnWalk, response: Response) -> Iterator[Rejection]:
        """Count why a walk ends; what a bound or an unread pager leaves out is a rejection that says so."""
        is_unfollowed = not walk.stopped
        walk.stopped = walk.stopped or "end"
        if walk.is_short:
            said = f"the list says {walk.page_count} pages, {walk.pages_read} read"
            self.name_short_list(f"{walk.column.name} ({walk.column.url}): {said}")
            detail = f"list of column {walk.column.name}: {said}"
            yield page_rejection(response, self.profile.id, "fetch", outcomes.PAGES_UNREAD, detail)
            # Where the site itself ended the list, there is nothing more to walk for.
            walk.stopped = outcomes.PAGES_UNREAD if is_unfollowed else walk.stopped
        self.count(f"list/stopped/{walk.stopped}")
        if walk.limit is not None:
            self.count("walk/limited")
            detail = f"list of column {walk.column.name}, after {walk.pages} pages; see docs/bounds.md"
            yield page_rejection(response, self.profile.id, "fetch", walk.limit, detail)

    def _own_links(self, listing: Listing, response: Response) -> dict[str, ListLink]:
        """The list's articles on this site's hosts, by canonical URL; page order, no repeats."""
        links: dict[str, ListLink] = {}
        encoding = response.encoding if is_page(response) else "utf-8"
        for link in listing.links:
            if urlsplit(link.url).netloc.lower() in self.profile.hosts:
                asked = replace(link, url=asked_address(encoded_url(link.url, encoding)))
                links.setdefault(canonical_url(asked.url, self.profile), asked)
            else:
                self.count("list/offsite_links")
        return links

    def _visit_links(self, links: dict[str, ListLink], walk: ColumnWalk) -> Iterator[Request]:
        """Enter every entry of a page into the ledger, then ask for those that need a visit.

        All are entered before the first request goes out: what fails in between is owed.
        """
        settled_at = self.settled_at(walk)
        known = self.memory.archive.known(self.profile.id, links) if self.memory else {}
        resting = self._resting(links)
        entries, wanted = [], []
        for url, link in links.items():
            fate = self._fate_without_visit(url, link, known, resting)
            seen_at = known[url].first_seen_at if url in known else None
            seen_at = resting[url].first_at if url in resting and url not in known else seen_at
            done = fate is Fate.OUTSIDE or bool(seen_at and settled_at and seen_at <= settled_at)
            entries.append(Entry(url, link.block, done))
            self.ledger.enter(url, link.url, fate)
            if fate is None:
                wanted.append((url, link))
        walk.take_page(entries)
        for url, link in wanted:
            yield from self._visit_link(url, link, walk.column.name)

    def _visit_link(self, url: str, link: ListLink, column_name: str) -> Iterator[Request]:
        is_missed = self.missed.pop(url, None) is not None
        if self.asked.note(url):
            self.count("revisit/missed" if is_missed else "list/new")
            yield self.article_request(link, column_name)

    def _fate_without_visit(
        self, url: str, link: ListLink, known: Mapping[str, object], resting: Mapping[str, FailedAddress]
    ) -> Fate | None:
        """What an entry is that needs no visit; None for one that does."""
        if url in known:
            return Fate.KNOWN
        if self._is_too_old(link):
            # Owed or not, this run does not ask for it.
            self.missed.pop(url, None)
            return Fate.OUTSIDE
        if url in resting and url not in self.missed:
            return fate_of(resting[url].outcome.reason)
        return None

    def _resting(self, links: dict[str, ListLink]) -> dict[str, FailedAddress]:
        """Addresses that were no articles when they were asked, and are not due, by canonical URL."""
        if self.memory is None:
            return {}
        by_address = {address: url for url, link in links.items() for address in (url, link.url)}
        now, plan = datetime.now(UTC), self.profile.revisit
        return {
            by_address[address.url]: address
            for address in self.memory.archive.failed(self.profile.id, by_address)
            if address.rests and not visit_is_due(plan, address.first_at, address.last_at, now)
        }

    def _is_too_old(self, link: ListLink) -> bool:
        if self.arguments.since is None or not link.date_raw:
            return False
        published = parse_published(link.date_raw, fetched_at=datetime.now(UTC))
        return published is not None and self.arguments.too_old(published.at)

    def _explain_empty_list(self, response: Response, walk: ColumnWalk) -> Output:
        """Beyond the last page an empty list or a 404 is the end; else it is a failure.

        A wall, an unreadable answer or an empty answer is never the end, wherever it comes.
        """
        extraction = self.read_article(response)
        is_list = response.status == HTTPStatus.NOT_FOUND or (
            response.status == HTTPStatus.OK and response.body.strip()
        )
        if walk.pages and is_list and extraction.kind not in (PageKind.BLOCKED, PageKind.UNREADABLE):
            return
        walk.stopped = "failed"
        if extraction.kind is PageKind.BLOCKED:
            self.meet_wall(response)
        is_news = extraction.kind in (PageKind.ARTICLE, PageKind.LIST)
        reason = None if is_news else extraction.reason
        yield self._list_rejection(response, walk, reason or outcomes.NO_ARTICLE_ON_LIST)

    def _list_rejection(self, response: Response, walk: ColumnWalk, reason: Reason) -> Rejection:
        detail = f"list of column {walk.column.name}"
        return page_rejection(response, self.profile.id, "fetch", reason, detail)

    def list_failed(self, failure: Failure) -> Iterator[Rejection]:
        """Record a list page that did not come."""
        self.walks[failed_request(failure).cb_kwargs["column"]].stopped = "failed"
        yield self.fetch_rejection(failure)

    def closed(self, reason: str) -> None:
        """Say in the stats which walks were complete, and when no list showed any article.

        Scrapy itself calls a crawl without articles a success.
        """
        close_job(self.crawler.settings)
        # Scrapy writes it after this, for the crawl that goes on in the same JOBDIR.
        state = getattr(self, "state", None)
        if state is not None and reason != "finished":
            state[_ASKED] = set(self.asked.names())
        stats = self.crawler.stats
        if reason == BLOCKED:
            stats.set_value("unioncrawl/crawl/blocked", 1)
        notes = self.notes.stats(self.profile, self.walks)
        for name, value in (*walk_stats(self.walks, is_finished=reason == "finished"), *notes):
            stats.set_value(name, value)
        is_known = any(walk.stopped == "known" for walk in self.walks)
        is_cut_short = reason == WINDOW_CLOSED
        if not is_known and not is_cut_short and not stats.get_value("unioncrawl/list/articles"):
            stats.set_value(EMPTY_CRAWL, 1)
            if reason != "shutdown":
                self.logger.error("No list of %s showed an article (%s).", self.name, reason)
