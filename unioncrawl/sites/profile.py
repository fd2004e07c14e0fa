"""What a site file may say: the schema of ``spiders/sites/*.toml``.

A site is ten lines of TOML; everything not said is the family's default.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from unioncrawl.guard.web_address import read_host
from unioncrawl.language.zones import CHINA_NAME, zone_named
from unioncrawl.sites.level import Level as Level  # noqa: PLC0414 - a site file says it
from unioncrawl.sites.window import read_window


def _host(entry: str) -> str:
    """The entry in small letters; raises when it is not a host with or without a port."""
    if read_host(entry) is None:
        raise PydanticCustomError("host_form", "is not a host")
    return entry.lower()


def _zone(name: str) -> str:
    """The name itself; raises when no time zone has it."""
    try:
        zone_named(name)
    except ValueError:
        raise PydanticCustomError("time_zone", "is not a time zone") from None
    return name


def _window(text: str) -> str:
    """The text itself; raises when it is not a window of hours."""
    try:
        read_window(text)
    except ValueError:
        raise PydanticCustomError("window", "is not a window of hours") from None
    return text


Hosts = tuple[Annotated[str, AfterValidator(_host)], ...]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selectors(_Record):
    """CSS selectors; an empty one leaves the field to the family or the general rules."""

    title: str = ""
    lead_title: str = ""
    subtitle: str = ""
    metadata: str = ""
    published: str = ""
    hits: str = ""
    source: str = ""
    author: str = ""
    editor: str = ""
    column: str = ""
    body: str = ""
    next_part: str = ""
    list_entries: str = ""
    list_next: str = ""


class Column(_Record):
    """A 栏目: its printed name and the URL of its first list page."""

    name: str
    url: str


class Politeness(_Record):
    """How gently a site is asked."""

    delay_seconds: float = Field(default=2.0, ge=0)
    concurrent_requests: int = Field(default=1, ge=1, le=16)
    autothrottle: bool = True


class TlsAge(StrEnum):
    """Which servers are asked over https: those of today, or those of an older time too."""

    MODERN = "modern"
    LEGACY = "legacy"


class Fetch(_Record):
    """How a site's server is reached.

    ``tls = "legacy"`` allows TLS 1.0 and 1.1, short keys and the old renegotiation, for this site alone.
    """

    tls: TlsAge = TlsAge.MODERN


class Retention(_Record):
    """How long what a site sent is kept; nothing is dropped before ``unioncrawl vacuum --retention``.

    After ``days`` a site's raw responses go (0 keeps them); with ``articles`` the texts of articles
    that were first seen before that go too, as in a takedown: the fact that they were there stays.
    """

    days: int = Field(default=0, ge=0)
    articles: bool = False


class Revisit(_Record):
    """When a known article is visited again for its hits and edits.

    An article is due when the time since its last visit is at least
    ``minimum_hours`` and at least ``share_of_age`` of its age, so that visits
    thin out as it grows old; after ``until_days`` it is no longer due.
    """

    minimum_hours: float = Field(default=20.0, ge=0)
    share_of_age: float = Field(default=0.5, ge=0, le=1)
    until_days: int = Field(default=180, ge=0)


class Schedule(_Record):
    """When ``unioncrawl crawl --due`` crawls a site.

    ``window``: the hours of a day in which it may, in local time, as ``20:00-06:00``; empty leaves it
    to the setting ``UNIONCRAWL_WINDOW``. Between two runs there are at least ``minimum_minutes`` and at
    most ``maximum_days``. A run walks the lists to their end when the last such run is ``deep_days``
    old; 0 for never.
    """

    window: Annotated[str, AfterValidator(_window)] = ""
    minimum_minutes: float = Field(default=10, ge=1)
    maximum_days: float = Field(default=14, gt=0, le=366)
    deep_days: float = Field(default=7, ge=0)


class SiteProfile(_Record):
    """One union site.

    ``hosts``: every host (with a port where it has one) that serves this site;
    the first is the canonical one, the others fold into it. ``part_hosts`` and
    ``counter_hosts``: other hosts that serve following parts and hit counters.
    ``private_hosts``: those of the names above that lead to a private network on
    purpose. Nothing else is asked (`unioncrawl.sites.address_gate`). ``region``: code of
    GB/T 2260. ``article_url``: a regular expression that an article's URL
    matches; empty leaves it to the family. ``script``: ``hans`` or ``hant``, the
    script in which the site itself writes. ``verified``: whether a person or a
    recorded page has confirmed the file. ``closed``: why a plain crawler gets
    nothing from this site (a wall, a shell that needs its API); such a site is
    listed and not crawled. ``aliases``: other names by which tables that are imported
    call the site.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str
    aliases: tuple[str, ...] = ()
    level: Level
    region: str = Field(default="", pattern=r"^(\d{6})?$")
    family: str
    hosts: Hosts = Field(min_length=1)
    part_hosts: Hosts = ()
    counter_hosts: Hosts = ()
    private_hosts: Hosts = ()
    scheme: str = Field(default="https", pattern="^https?$")
    time_zone: Annotated[str, AfterValidator(_zone)] = CHINA_NAME
    script: str = Field(default="hans", pattern="^han[st]$")
    columns: tuple[Column, ...] = ()
    article_url: str = ""
    selectors: Selectors = Selectors()
    politeness: Politeness = Politeness()
    fetch: Fetch = Fetch()
    retention: Retention = Retention()
    revisit: Revisit = Revisit()
    schedule: Schedule = Schedule()
    verified: bool = True
    closed: str = ""
    notes: str = ""

    @property
    def foreign_zone(self) -> str:
        """The zone of the site's times, empty where it is China's, as an article has it."""
        return "" if self.time_zone == CHINA_NAME else self.time_zone
