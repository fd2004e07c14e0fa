"""The pages of a site as they are now: each fetched once, with the archived articles that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import DecodeError, FetchFailed
from unioncrawl.model import DecodedPage, RawPage
from unioncrawl.outcomes import FIRST_ERROR_STATUS
from unioncrawl.service.health.updates.known_titles import KnownArticle, KnownTitles
from unioncrawl.sites.recognise import PageLink, page_links

Fetch = Callable[[str], RawPage]
_HEADLINE = 8
# So many pages are asked for at most, a few seconds apart.
_MOST_PAGES = 40


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A page: where it was in the end, its links, and the archived articles by the address it gives them."""

    asked: str
    raw: RawPage
    page: DecodedPage
    links: list[PageLink]
    known: dict[str, KnownArticle]

    @property
    def url(self) -> str:
        """Where it was in the end."""
        return self.page.url

    @property
    def address(self) -> str:
        """The address at which it is to be asked for: where it was in the end, without a fragment."""
        return self.url.partition("#")[0]

    @property
    def headed(self) -> frozenset[str]:
        """The addresses that it names by something as long as a headline."""
        return frozenset(link.url for link in self.links if len(link.title) >= _HEADLINE)

    @property
    def column(self) -> str:
        """The column of most of the archived articles that it names; empty without any."""
        columns = Counter(one.column for one in self.known.values() if one.column)
        return columns.most_common(1)[0][0] if columns else ""


class Tour:
    """Fetches pages of a site, each once; ``refused`` has what did not come, and why."""

    def __init__(self, fetch: Fetch, titles: KnownTitles) -> None:
        self._fetch = fetch
        self._titles = titles
        self._seen: dict[str, LookedAt | None] = {}
        self.refused: dict[str, str] = {}

    def look(self, url: str) -> LookedAt | None:
        """Return a page; None where it did not come, is an error, or too many were asked for."""
        if url not in self._seen:
            too_many = len(self._seen) >= _MOST_PAGES
            self._seen[url] = None if too_many else self._asked(url)
        return self._seen[url]

    def _asked(self, url: str) -> LookedAt | None:
        try:
            raw = self._fetch(url)
            page = decode_raw(raw)
        except (FetchFailed, DecodeError) as error:
            self.refused[url] = error.message
            return None
        if raw.status >= FIRST_ERROR_STATUS:
            self.refused[url] = f"HTTP {raw.status}"
            return None
        links = page_links(page)
        known = {link.url: found for link in links if (found := self._titles.find(link)) is not None}
        return LookedAt(url, raw, page, links, known)

    @property
    def pages(self) -> list[LookedAt]:
        """The pages that came, in the order of asking."""
        return [page for page in self._seen.values() if page is not None]
