"""Where the columns of a site are now: by the site's navigation, and by the archived articles they show."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from unioncrawl.page.document import squash
from unioncrawl.service.health.updates.looked_at import LookedAt, Tour
from unioncrawl.sites.profile import Column, SiteProfile


def find_columns(profile: SiteProfile, tour: Tour) -> dict[str, LookedAt]:
    """Return the list page of each column of a site file that is found now, by the column's name.

    The address that the navigation gives the column's name goes first, unless the known address shows the
    same articles; then the known address, then any page that shows mostly archived articles of the column.
    """
    homes = list(_homes(profile, tour))
    for column in profile.columns:
        tour.look(column.url)
    found: dict[str, LookedAt] = {}
    for column in profile.columns:
        page = _of_column(column, homes, tour)
        if page is not None:
            found[column.name] = page
    return found


def _homes(profile: SiteProfile, tour: Tour) -> Iterator[LookedAt]:
    """The home pages of the site's hosts, under both schemes until one answers."""
    other = "http" if profile.scheme == "https" else "https"
    for host in profile.hosts:
        for scheme in (profile.scheme, other):
            page = tour.look(f"{scheme}://{host}/")
            if page is not None:
                yield page
                break


def _of_column(column: Column, homes: list[LookedAt], tour: Tour) -> LookedAt | None:
    old = tour.look(column.url)
    if old is not None and _is_home(old.url) and not _is_home(column.url):
        old = None  # what is gone leads to the home page at many sites
    named = [page for url in _named(column, [*homes, *tour.pages]) if (page := tour.look(url)) is not None]
    for page in named:
        if old is not None and _shows_the_same(old, page):
            return old
        if _may_be(column, page):
            return page
    if old is not None and _may_be(column, old):
        return old
    return next((page for page in tour.pages if page.column == column.name and not _is_home(page.url)), None)


def _named(column: Column, pages: list[LookedAt]) -> Iterator[str]:
    """The addresses that pages of the site give a column's name, each once."""
    name, seen = squash(column.name), set()
    for page in pages:
        for link in page.links:
            if squash(link.text) == name and link.url not in seen and not _is_home(link.url):
                seen.add(link.url)
                yield link.url


def _shows_the_same(one: LookedAt, other: LookedAt) -> bool:
    """Whether two pages are one list: they name the same articles at the same addresses."""
    return bool(one.known) and one.headed == other.headed


def _may_be(column: Column, page: LookedAt) -> bool:
    """Whether a page names archived articles, most of them of the column, as far as they have one."""
    return bool(page.known) and page.column in ("", column.name)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
