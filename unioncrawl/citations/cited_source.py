"""What a citation says of an article, before any style writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from unioncrawl.citations.creators import Creator, Role, creators_of
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Precision

NO_TITLE = "[无标题]"
WITHDRAWN_TITLE = "[已从存档撤回的文章]"
_PAPER_LEVEL = "paper"
# 河南工人日报（数字报）: the name of a paper, and in a bracket which of its sites it is.
_PAPER = re.compile(r"(?P<name>[^（(]*报)\s*(?:[（(][^（()）]*报[）)])?")
# 第03版：要闻, A02版 综合: the page of a paper that a column is named after.
_PAGE = re.compile(r"第?\s*(?P<page>[A-Z]?\d{1,3})\s*版(?!\w)")


class Medium(StrEnum):
    """What was cited: a page of a website, or an article of a newspaper."""

    WEB_PAGE = "web page"
    NEWSPAPER = "newspaper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands: the site by its key and name, its level, and the column."""

    key: str
    name: str
    level: str = ""
    column: str = ""

    @property
    def newspaper(self) -> str:
        """The newspaper whose site this is; empty for other sites, a paper's news portal among them.

        >>> Place(key="hn", name="河东工人日报（数字报）", level="paper").newspaper
        '河东工人日报'
        >>> Place(key="lx", name="临溪工人报（网站工会频道）", level="paper").newspaper
        ''
        >>> Place(key="dh", name="东河工会新闻网", level="paper").newspaper
        ''
        """
        found = _PAPER.fullmatch(self.name.strip()) if self.level == _PAPER_LEVEL else None
        return found["name"] if found else ""

    @property
    def page(self) -> str:
        """The page (版) of the newspaper, where the column is named after it; else empty.

        >>> Place(key="hn", name="河东工人报", level="paper", column="第03版：要闻").page
        '3'
        >>> Place(key="hn", name="河东工人报", level="paper", column="要闻").page
        ''
        """
        found = _PAGE.match(self.column.strip()) if self.newspaper else None
        return re.sub(r"(?<!\d)0+(?=\d)", "", found["page"]) if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the archive can show: when this text was fetched, and what proves it.

    ``seen_at`` is when it was last seen, if it is withdrawn. ``revision``: the digest of the
    revision, ``capture``: the SHA-256 of the page as it came (empty for what was imported without
    captures), ``permalink``: where a reader serves this revision (empty without a reader).
    """

    seen_at: datetime
    revision: str = ""
    capture: str = ""
    permalink: str = ""
    vanished_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """One revision of an article as citations have it.

    ``people``: everybody whom the page names, with roles; `creators` are those whom a
    citation begins with. ``number`` is the article's in its archive. A withdrawn article
    has an address and dates, and no words.
    """

    number: int
    url: str
    place: Place
    evidence: Evidence
    title: str = ""
    subtitle: str = ""
    people: tuple[tuple[Role, str], ...] = ()
    source: str = ""
    published_at: datetime | None = None
    precision: Precision | None = None

    @property
    def medium(self) -> Medium:
        """Whether a newspaper's article or a web page is cited."""
        return Medium.NEWSPAPER if self.place.newspaper else Medium.WEB_PAGE

    @property
    def container(self) -> str:
        """The newspaper, or the site."""
        return self.place.newspaper or self.place.name or self.place.key

    @property
    def headline(self) -> str:
        """The title, or in square brackets why there is none (GB/T 7714, 7.2.1 of 2025, 8.2.1 of 2015)."""
        if self.evidence.withdrawn_at is not None:
            return WITHDRAWN_TITLE
        return self.title or NO_TITLE

    @property
    def creators(self) -> tuple[Creator, ...]:
        """Whom the citation begins with: persons before the organisation; may be nobody."""
        if self.evidence.withdrawn_at is not None:
            return ()
        return creators_of(self.people, self.source, "" if self.place.newspaper else self._own_name)

    @property
    def _own_name(self) -> str:
        # A site that only a table or an address named has its key for a name.
        is_named = self.place.level != "mirror" and self.place.name != self.place.key
        return self.place.name if is_named else ""

    @property
    def day(self) -> str:
        """The day of publishing, as exact as it was printed (2025, 2025-02, 2025-02-17); empty if unknown."""
        return "-".join(self.date_parts)

    @property
    def date_parts(self) -> tuple[str, ...]:
        """Year, month and day of publishing in China's time, as many as were printed."""
        if self.published_at is None:
            return ()
        known = {Precision.YEAR: 1, Precision.MONTH: 2}.get(self.precision or Precision.DAY, 3)
        return tuple(self.published_at.astimezone(CHINA).strftime("%Y %m %d").split()[:known])

    @property
    def seen_day(self) -> str:
        """The day on which the cited text was fetched, in China's time: the day of access."""
        return self.evidence.seen_at.astimezone(CHINA).date().isoformat()

    @property
    def key(self) -> str:
        """A name for bibliographies: the site, the year and the article's number, in ASCII.

        >>> from datetime import UTC
        >>> place, seen = Place(key="lxzgh", name="临溪市总工会"), Evidence(seen_at=datetime.now(UTC))
        >>> CitedSource(number=12, url="http://lx.example/1", place=place, evidence=seen).key
        'lxzgh-nd-12'
        """
        site = re.sub(r"[^A-Za-z0-9]+", "", self.place.key) or "site"
        return f"{site}-{self.date_parts[0] if self.date_parts else 'nd'}-{self.number}"


def with_permalink(cited: CitedSource, permalink: str) -> CitedSource:
    """Return the source with the address at which a reader serves this revision."""
    return replace(cited, evidence=replace(cited.evidence, permalink=permalink))
