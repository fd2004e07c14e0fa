"""What a run notes of a site's lists and layouts, for health to compare with other runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from scrapy.http import Response

from unioncrawl.layouts.page_print import page_print
from unioncrawl.model import Listing
from unioncrawl.service.health.reading import shown_on
from unioncrawl.sites.profile import SiteProfile

from ..responses import is_page
from .list_walk import ColumnWalk

# The layouts of the first lists and articles of a run are looked at, which takes a tenth of reading a page.
_LISTS_LOOKED_AT, _ARTICLES_LOOKED_AT = 6, 3
_ASN1_TIME = "%Y%m%d%H%M%SZ"


class HealthNotes:
    """The notes of one run.

    ``lists`` has for each column, by the address of its first page: ``entries``, how many articles that
    page shows; ``next``, 1 where it leads to an older page; ``moved``, the address that it
    redirects to; ``encoding``; ``shown``, digests of some of its articles. ``prints``: the distinct
    layouts of list pages and of articles.
    """

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, Any]] = {}
        self.prints: dict[str, list[str]] = {"list": [], "article": []}
        self.certificate_ends = ""
        self._articles = 0

    def note_list(
        self, response: Response, walk: ColumnWalk, listing: Listing, urls: Collection[str], *, leads_on: bool
    ) -> None:
        """Note the first page of a column's list."""
        if walk.column.url in self.lists:
            return
        noted: dict[str, Any] = {"entries": len(urls), "next": int(leads_on or bool(listing.next_page))}
        if is_page(response):
            noted["encoding"] = response.page.encoding
        if urls:
            noted["shown"] = shown_on(urls)
        if response.url != walk.column.url and "redirect_urls" in response.meta:
            noted["moved"] = response.url
        self.lists[walk.column.url] = noted
        self._note_certificate(response)
        # A wall, an error or a page in place of a list has a layout of its own.
        if urls and len(self.lists) <= _LISTS_LOOKED_AT:
            self._note_print("list", response)

    def note_article(self, response: Response) -> None:
        """Note the layout of an article, of the first ones."""
        self._articles += 1
        if self._articles <= _ARTICLES_LOOKED_AT:
            self._note_print("article", response)

    def _note_print(self, kind: str, response: Response) -> None:
        found = page_print(response.page) if is_page(response) else ""
        if found and found not in self.prints[kind]:
            self.prints[kind].append(found)

    def _note_certificate(self, response: Response) -> None:
        """Note when the host's certificate ends: Scrapy takes an expired one without a word."""
        certificate = getattr(response, "certificate", None)
        ends = certificate.original.get_notAfter() if certificate is not None else None
        if ends and not self.certificate_ends:
            at = datetime.strptime(ends.decode("ascii"), _ASN1_TIME).replace(tzinfo=UTC)
            self.certificate_ends = at.isoformat()

    def stats(self, profile: SiteProfile, walks: Iterable[ColumnWalk]) -> Iterator[tuple[str, object]]:
        """Yield the notes as stats of the run; a list of which nothing came has no entries."""
        missing: dict[str, Any] = {"entries": 0, "next": 0}
        yield "unioncrawl/health/lists", {**{one.column.url: missing for one in walks}, **self.lists}
        yield "unioncrawl/health/site_file", _digest(profile)
        for kind, prints in self.prints.items():
            if prints:
                yield f"unioncrawl/health/{kind}_prints", prints
        if self.certificate_ends:
            yield "unioncrawl/health/certificate_ends", self.certificate_ends


def _digest(profile: SiteProfile) -> str:
    """What a site file says, in eight figures: a changed file explains changed pages."""
    return blake2b(profile.model_dump_json().encode(), digest_size=4).hexdigest()
