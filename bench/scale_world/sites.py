"""Sites whose right archive follows from a seed alone: every article with its address, text and figures.

They are the measuring sites (`bench.material.news_sites`), as many as asked for, without damage. No site
prints a text twice, so that each address is an article of its own. The last sites share the hosts of the
first ones: two sites of a host must not be asked faster together than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from bench.material.news_sites import Item, NewsSite, make_item
from bench.material.site_systems import SYSTEMS

_NEWEST = datetime(2026, 11, 20, 18, 0)  # noqa: DTZ001 - a page prints local time without a zone
# The numbers of one seed's articles end before those of the next begin.
_SEED_NUMBERS = 1_000_000
_HOSTS_A_BLOCK = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is crawled: so many sites on so many hosts, each with so many articles, by a seed."""

    sites: int
    articles: int
    hosts: int
    seed: int
    delay_seconds: float

    @property
    def total(self) -> int:
        """How many articles there are."""
        return self.sites * self.articles

    def shared_hosts(self) -> list[str]:
        """The hosts that have two sites.

        >>> Plan(sites=5, articles=1, hosts=3, seed=1, delay_seconds=0).shared_hosts()
        ['127.20.0.1', '127.20.0.2']
        """
        return sorted(host_of(host_number(index, self.hosts)) for index in range(self.hosts, self.sites))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An article as its page prints it; ``text``: the digest of its text, ``hits``: what its counter says."""

    title: str
    published: str
    source: str
    text: str
    hits: int | None


def text_digest(text: str) -> str:
    r"""The digest of a text without its line breaks, which a page has in another form.

    >>> text_digest("五一\n劳动节") == text_digest("五一劳动节") != text_digest("五一劳动")
    True
    """
    return sha256(text.replace("\n", "").encode()).hexdigest()[:16]


def printed_text(item: Item) -> str:
    """The text that a page prints, captions among it."""
    captions = dict(item.pictures)
    return "".join(line + captions.get(number, "") for number, line in enumerate(item.lines))


def host_of(number: int) -> str:
    """The address of a host, each number another one of 127.20.0.0/16.

    >>> host_of(0), host_of(300)
    ('127.20.0.1', '127.20.1.51')
    """
    block, last = divmod(number, _HOSTS_A_BLOCK)
    return f"127.20.{block}.{last + 1}"


def host_number(index: int, hosts: int) -> int:
    """The host of the site of this index: one of its own, or that of a site of another system.

    >>> [host_number(index, 3) for index in range(5)], host_number(14, 14)
    ([0, 1, 2, 0, 1], 1)
    """
    number = index % hosts
    is_alike = index >= hosts and (index - number) % len(SYSTEMS) == 0
    return (number + 1) % hosts if is_alike else number


class ScaleSite(NewsSite):
    """The site of this index in a plan."""

    def __init__(self, index: int, plan: Plan) -> None:
        super().__init__(index % len(SYSTEMS), plan.articles, damaged=0)
        self.site_id = f"scale-{index:03}"
        self.host = host_of(host_number(index, plan.hosts))
        self._base = plan.seed * _SEED_NUMBERS
        self._group, self._groups = index // len(SYSTEMS), -(-plan.sites // len(SYSTEMS))
        self._numbers = tuple(
            number for number, _ in zip(self._new_texts(), range(plan.articles), strict=False)
        )

    def _new_texts(self) -> Iterator[int]:
        """Yield the numbers of articles of this site, without those whose text it prints already."""
        printed: set[int] = set()
        place = 0
        while True:
            number = (self._base + place * self._groups + self._group) * len(SYSTEMS) + self._order
            if (story := make_item(number).story) not in printed:
                printed.add(story)
                yield number
            place += 1

    def number(self, place: int) -> int:
        """Return the number, among the articles of all sites, of the one at this place of the list."""
        return self._numbers[place]

    def published(self, place: int) -> datetime:
        """Return when the article at this place was published."""
        return _NEWEST - timedelta(minutes=37 * (self.number(place) - self._base * len(SYSTEMS)))

    @cached_property
    def list_targets(self) -> Mapping[str, int]:
        """The pages of its list by their address."""
        pages = range(1, self.list_pages + 1)
        return {self.system.list_path(page, self.list_pages).replace("&amp;", "&"): page for page in pages}

    def printed(self) -> Iterator[tuple[str, Printed]]:
        """Yield each article's address on its host, and what its page prints."""
        for place in range(self.count):
            item = make_item(self.number(place))
            yield (
                self.path(place),
                Printed(
                    title=item.title,
                    published=f"{self.published(place):%Y-%m-%d}",
                    source=item.source,
                    text=text_digest(printed_text(item)),
                    hits=item.hits if self.system.counter else None,
                ),
            )

    def file(self, port: int, delay_seconds: float) -> str:
        """Return the site file with which a crawl finds this site."""
        host = f"{self.host}:{port}"
        lines = self.site_file(host).partition("[politeness]")[0]
        return (
            lines.replace('level = "practice"', f'level = "county"\nprivate_hosts = ["{host}"]')
            + f"[politeness]\ndelay_seconds = {delay_seconds}\nautothrottle = false\n"
        )


def make_sites(plan: Plan) -> list[ScaleSite]:
    """Return the sites of a plan."""
    return [ScaleSite(index, plan) for index in range(plan.sites)]
