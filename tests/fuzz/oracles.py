"""What must hold of every result, whatever the input was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from unioncrawl.decode.order import Decoded
from unioncrawl.errors import UnioncrawlError
from unioncrawl.guard.web_address import is_web_link
from unioncrawl.model import Article, Repaired
from unioncrawl.repair import repair, replay

MOST_HITS = 10**12
YEARS = range(1900, 2101)
TAGS = frozenset(
    "p h2 h3 h4 h5 h6 li ul ol table tr td th blockquote figure figcaption img".split()  # noqa: SIM905
)
ATTRIBUTES = frozenset(("src", "alt"))
_LONE = re.compile(r"[\ud800-\udfff]")


class Broken(AssertionError):
    """A result that breaks a promise."""


def check(holds: bool, promise: str, seen: object = "") -> None:  # noqa: FBT001 - reads like assert
    """Raise `Broken` unless the promise holds."""
    if not holds:
        raise Broken(f"{promise}: {seen!r:.300}")


def check_error(error: UnioncrawlError) -> None:
    """An error says what happened, and the next step."""
    check(bool(error.message and error.next_step), "an error has a message and a next step", error)


def texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a record, with its place."""
    if isinstance(value, str):
        yield place, value
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name), f"{place}.{one.name}")
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()], place)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one, place)


def check_texts(value: object) -> None:
    """Every string can be written as UTF-8: it has no half of a surrogate pair."""
    for place, text in texts(value):
        check(_LONE.search(text) is None, f"{place} has no lone surrogate", text)


def check_decoded(decoded: Decoded) -> None:
    """Text is text, and the evidence says what decided."""
    check_texts(decoded)
    check(decoded.undecodable >= 0, "bytes lost are counted", decoded.undecodable)
    check(decoded.evidence[-1].rule == "decided", "the last evidence says what decided", decoded.evidence)


def check_hits(hits: object) -> None:
    """A hit count is missing, or a number that a counter can mean."""
    check(
        hits is None or (type(hits) is int and 0 <= hits <= MOST_HITS), "hits are missing or 0 to 10^12", hits
    )


def check_date(at: datetime | None) -> None:
    """A date is missing, or an aware date of our time."""
    check(
        at is None or (at.tzinfo is not None and at.year in YEARS), "a date is missing or of 1900 to 2100", at
    )


def check_web_addresses(addresses: Iterable[str], what: str) -> None:
    """Every address is a web address."""
    for address in addresses:
        check(urlsplit(address).scheme in {"http", "https"}, f"{what} is an address of the web", address)


def check_article(article: Article) -> None:
    """What holds of each article that a page gives."""
    check_texts(article)
    check_hits(article.hits)
    check_date(article.published_at)
    check_html(article.body_html)
    places = [span for span in article.unresolved if not 0 <= span.unresolved.start < span.unresolved.end]
    check(not places, "unresolved damage has a place", places)
    if is_web_link(article.url):  # the links of a saved page without an address aren't web addresses either
        check_web_addresses([article.counter.url] if article.counter else [], "the counter")
        check_web_addresses(filter(None, [article.next_page]), "the next part")


class _Tags(HTMLParser):
    """Notes the tags and attributes of markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.append((tag, dict(attrs)))


def check_html(html: str) -> None:
    """Markup holds text, structure and pictures of the web, and nothing that runs."""
    parser = _Tags()
    parser.feed(html)
    parser.close()
    for tag, attributes in parser.seen:
        check(tag in TAGS and attributes.keys() <= ATTRIBUTES, "markup has only safe tags", (tag, attributes))
        if tag == "img":
            check_web_addresses([attributes["src"] or ""], "a picture")


def check_repaired(text: str, repaired: Repaired) -> None:
    """Steps replay to the output, spans lie in it, and a second run changes nothing."""
    check_texts(repaired.text if _LONE.search(text) is None else "")
    check(replay(text, repaired.steps) == repaired.text, "the steps replay", repaired.text)
    length = len(repaired.text)
    for span in repaired.unresolved:
        check(0 <= span.start < span.end <= length, "unresolved damage lies in the text", span)
    check(all(0.0 <= step.confidence <= 1.0 for step in repaired.steps), "confidence is a share")
    again = repair(repaired.text)
    check(not again.steps, "a second repair changes nothing", again.steps)
