"""Whether a proposed site file reads archived articles at their present addresses as the archive has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from unioncrawl.errors import UnioncrawlError
from unioncrawl.language.zones import CHINA
from unioncrawl.line import read_page
from unioncrawl.model import Article, RawPage
from unioncrawl.page.document import squash
from unioncrawl.service.health.updates.known_titles import KnownArticle
from unioncrawl.sites.profile import SiteProfile

# A site edits its texts; this much of the archived one must be found again.
_ALIKE = 0.8
_COMPARED_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """An archived article, read at its present address: which of its fields came out otherwise."""

    url: str
    title: str
    differing: tuple[str, ...]

    def as_record(self) -> dict[str, object]:
        """Return it for a machine."""
        return {"url": self.url, "title": self.title, "differing": list(self.differing)}


def read_again(raw: RawPage, known: KnownArticle, profile: SiteProfile) -> ReadAgain:
    """Read the page of an archived article by a site file, and compare."""
    try:
        article = read_page(raw, profile).article
    except UnioncrawlError:
        article = None
    differing = ("article",) if article is None else tuple(_differing(article, known))
    return ReadAgain(raw.url, known.title, differing)


def _differing(article: Article, known: KnownArticle) -> Sequence[str]:
    found = []
    if squash(article.title) != known.title:
        found.append("title")
    if known.published_at is not None:
        day = article.published_at.astimezone(CHINA).date() if article.published_at else None
        if day != known.published_at.astimezone(CHINA).date():
            found.append("published_at")
    one, other = (squash(text)[:_COMPARED_CHARACTERS] for text in (article.body_text, known.text))
    if other and SequenceMatcher(None, one, other, autojunk=False).ratio() < _ALIKE:
        found.append("body_text")
    return found
