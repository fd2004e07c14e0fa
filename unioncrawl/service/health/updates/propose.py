"""Propose what a site's file needs after its pages have changed, and prove it by archived articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from unioncrawl.errors import FetchFailed
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.service.health.updates.find_columns import find_columns
from unioncrawl.service.health.updates.known_titles import KnownArticle, KnownTitles
from unioncrawl.service.health.updates.looked_at import Fetch, LookedAt, Tour
from unioncrawl.service.health.updates.proof import ReadAgain, read_again
from unioncrawl.service.health.updates.site_toml import changed_file, difference
from unioncrawl.sites.address_pattern import address_pattern
from unioncrawl.sites.families import FAMILIES, complete
from unioncrawl.sites.profile import Column, Selectors, SiteProfile
from unioncrawl.sites.recognise import recognise_family

# So many archived articles are read again.
_READ_AGAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A proposed site file: its text, how it differs, and the proof.

    ``titles``: how many archived articles the lists name; ``entries``: how many of them the proposed
    file takes for articles. ``articles``: some of them, read again. ``to_check``: what a person must look at.
    """

    site: str
    text: str
    difference: str
    titles: int
    entries: int
    articles: tuple[ReadAgain, ...]
    to_check: tuple[str, ...]

    @property
    def is_proven(self) -> bool:
        """Whether archived articles are found by the proposed file, and read as the archive has them."""
        return bool(self.titles and self.articles) and not self.to_check

    def as_record(self) -> dict[str, object]:
        """Return it for a machine."""
        return {
            "site": self.site,
            "changed": bool(self.difference),
            "proven": self.is_proven,
            "text": self.text,
            "difference": self.difference,
            "titles": self.titles,
            "entries": self.entries,
            "articles": [one.as_record() for one in self.articles],
            "to_check": list(self.to_check),
        }


def propose_update(profile: SiteProfile, text: str, titles: KnownTitles, fetch: Fetch) -> Update:
    """Look at a site's lists and articles as they are now; return what its file needs.

    ``text`` is the present site file, ``fetch`` gets a page and raises `FetchFailed`. What the pages do
    not contradict stays as the file has it. Raises `FetchFailed` where no page came at all: of a site
    that does not answer nothing can be said.
    """
    tour = Tour(fetch, titles)
    found = find_columns(profile, tour)
    if not tour.pages:
        _refuse_without_pages(tour)
    known = {url: one for page in found.values() for url, one in page.known.items()}
    changes = _changes(profile, found, known)
    proposed = _with(profile, changes)
    samples = _samples(known)
    again = [read_again(page.raw, one, proposed) for url, one in samples if (page := tour.look(url))]
    if profile.selectors != Selectors() and any(one.differing for one in again):
        bare = proposed.model_copy(update={"selectors": Selectors()})
        without = [read_again(page.raw, one, bare) for url, one in samples if (page := tour.look(url))]
        if _faults(without) < _faults(again):
            changes, proposed, again = {**changes, "selectors": None}, bare, without
    written = changed_file(text, changes)
    return Update(
        site=profile.id,
        text=written,
        difference=difference(text, written, f"{profile.id}.toml"),
        titles=len(known),
        entries=sum(_taken(page, proposed) for page in found.values()),
        articles=tuple(again),
        to_check=(*_lost_columns(profile, found, tour.refused), *_to_check(proposed, found, known, again)),
    )


def _refuse_without_pages(tour: Tour) -> None:
    url, why = next(iter(tour.refused.items()), ("", "nothing was asked for"))
    raise FetchFailed(
        f"no page of the site came ({why.rstrip('.')}).",
        next_step="Try again when it answers, or save its pages from a browser and give them with --page.",
        url=url,
        stage="fetch",
    )


def _lost_columns(
    profile: SiteProfile, found: dict[str, LookedAt], refused: Mapping[str, str]
) -> Iterator[str]:
    for column in profile.columns:
        if column.name not in found:
            why = f" ({column.url}: {refused[column.url].rstrip('.')})" if column.url in refused else ""
            yield f"columns: {column.name} was not found{why}; look for its list in a browser, or drop it."


def _faults(again: Sequence[ReadAgain]) -> int:
    return sum(len(one.differing) for one in again)


def _samples(known: dict[str, KnownArticle]) -> list[tuple[str, KnownArticle]]:
    """Archived articles at even distances among those that the lists name."""
    found = list(known.items())
    step = max(1, len(found) // _READ_AGAIN)
    return found[::step][:_READ_AGAIN]


def _changes(
    profile: SiteProfile, found: dict[str, LookedAt], known: dict[str, KnownArticle]
) -> dict[str, object]:
    """The keys of the site file that have another value now."""
    changes: dict[str, object] = {}
    columns = [
        (one.name, found[one.name].address if one.name in found else one.url) for one in profile.columns
    ]
    if columns != [(one.name, one.url) for one in profile.columns]:
        changes["columns"] = columns
    ends = [urlsplit(page.url) for page in found.values()]
    hosts = list(
        dict.fromkeys(
            [*(end.netloc.lower() for end in ends), *(urlsplit(url).netloc.lower() for url in known)]
        )
    )
    if any(host not in profile.hosts for host in hosts):
        added = [host for host in hosts if host not in profile.hosts]
        changes["hosts"] = [*added, *profile.hosts]
        if set(profile.private_hosts) & set(profile.hosts):
            changes["private_hosts"] = [*added, *profile.private_hosts]
    if ends and ends[0].scheme != profile.scheme and all(end.scheme == ends[0].scheme for end in ends):
        changes["scheme"] = ends[0].scheme
    return {**changes, **_address_changes(profile, found, list(known))}


def _address_changes(
    profile: SiteProfile, found: dict[str, LookedAt], addresses: Sequence[str]
) -> dict[str, object]:
    """Family and pattern of the articles' addresses, where the present ones miss archived articles."""
    if not addresses or _takes_all(complete(profile).article_url, addresses):
        return {}
    families = [recognise_family(page.page)[0] for page in found.values() if page.known]
    family = max(families, key=families.count)
    dropped = {"article_url": None} if profile.article_url else {}
    changed = {"family": family} if family != profile.family else {}
    if _takes_all(FAMILIES[family].article_url, addresses):
        return {**changed, **dropped}
    lists = [page.url for page in found.values()]
    pattern = address_pattern(addresses, lists, others=lists)
    return {**changed, "article_url": pattern} if pattern else {**changed, **dropped}


def _takes_all(pattern: str, addresses: Sequence[str]) -> bool:
    return all(re.search(pattern, url) for url in addresses)


def _with(profile: SiteProfile, changes: dict[str, object]) -> SiteProfile:
    """The site file as it would be."""
    update = {key: value if value is not None else "" for key, value in changes.items()}
    columns = changes.get("columns")
    if isinstance(columns, list):
        update["columns"] = tuple(Column(name=name, url=url) for name, url in columns)
    for key in ("hosts", "private_hosts"):
        if key in changes:
            update[key] = tuple(changes[key])  # type: ignore[arg-type]
    return complete(profile.model_copy(update=update))


def _taken(page: LookedAt, profile: SiteProfile) -> int:
    """How many of the archived articles that a list names the proposed file takes for articles."""
    entries = {link.url for link in read_listing(page.page, profile).links}
    return sum(url in entries for url in page.known)


def _to_check(
    profile: SiteProfile,
    found: dict[str, LookedAt],
    known: dict[str, KnownArticle],
    again: Sequence[ReadAgain],
) -> list[str]:
    checks: list[str] = []
    if not known:
        checks.append("no archived article is named by a list: the proposal is not proven.")
    taken = sum(_taken(page, profile) for page in found.values())
    if known and taken < len(known):
        checks.append(f"article_url: {taken} of {len(known)} archived articles on the lists match it.")
    for name, page in found.items():
        listing = read_listing(page.page, profile)
        if listing.page_count > 1 and not listing.next_page:
            checks.append(f"selectors.list_next: {name} says {listing.page_count} pages, and none is found.")
    checks += [
        f"{one.url}: reads otherwise than archived: {', '.join(one.differing)}."
        for one in again
        if one.differing
    ]
    return checks
