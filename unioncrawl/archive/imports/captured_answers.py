"""The answers of hit counters among captured responses, and which article each belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from unioncrawl.archive.captures.warc_reader import Captured
from unioncrawl.archive.imports.foreign_warcs import read_past_damage, warc_files
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import UnioncrawlError
from unioncrawl.fields.hits.counter_answers import read_answer, with_answer
from unioncrawl.fields.hits.known_counters import LONGEST_ANSWER, find_counter
from unioncrawl.model import Article, Counter, Evidence, RawPage

_MOST_ANSWER_BYTES = 3 * LONGEST_ANSWER
# The headers around an answer.
_MOST_RECORD_BYTES = _MOST_ANSWER_BYTES + 8000
# A count belongs to the visit of its page: a browser asks within seconds, a queue within hours.
_SAME_VISIT = timedelta(days=1)
# What loaders add to an address so that no cache answers, or to name the function that takes the answer.
_ADDED = re.compile(
    r"(?:_|cb|\w*callback\w*|jsonp\w*)=.*|\w+=(?:|0?\.\d+|\d{10,}|[A-Z][a-z]{2} [A-Z][a-z]{2} \d.*)",
    re.IGNORECASE | re.DOTALL,
)


class _Place(NamedTuple):
    host: str
    path: str


@dataclass(slots=True)
class CapturedAnswers:
    """The short responses of an import that read as a counter's answer, by host and path."""

    found: defaultdict[_Place, list[RawPage]] = field(default_factory=lambda: defaultdict(list))
    hosts: set[str] = field(default_factory=set)
    # The addresses that an article of the import asked.
    asked: set[str] = field(default_factory=set)

    def add(self, page: RawPage) -> bool:
        """Keep a response, if it reads as a counter's answer; return whether it does."""
        place = _place(page.url)
        counter = Counter(url=page.url, family="generic")
        if place is None or read_answer(counter, _text(page), page.status).hits is None:
            return False
        self.found[place].append(page)
        self.hosts.add(place.host)
        return True

    def has_host(self, url: str) -> bool:
        """Whether there is an answer of a page's host."""
        place = _place(url)
        return place is not None and place.host in self.hosts

    def holds(self, page: RawPage) -> bool:
        """Whether a response is a counter's: an article asked for it, or its address is a known counter's."""
        if page.url in self.asked:
            return True
        is_short = len(page.body) <= _MOST_ANSWER_BYTES
        return is_short and find_counter(f'"{page.url}"', page.url) is not None

    def of(self, article: Article) -> RawPage | None:
        """Return what an article's counter answered in the visit of its page; None without such an answer.

        The answer to a POST is not found: its address names no article.
        """
        counter = article.counter
        place = _place(counter.url) if counter is not None and not counter.body else None
        if counter is None or place is None:
            return None
        fitting = [page for page in self.found.get(place, ()) if _asks_the_same(counter.url, page.url)]
        near = [page for page in fitting if _apart(page, article) <= _SAME_VISIT]
        self.asked.update(page.url for page in fitting)
        return min(near, key=lambda page: _apart(page, article), default=None)


def collect_answers(paths: Iterable[Path]) -> CapturedAnswers:
    """Return the counters' answers in WARC and WACZ files, which may belong to pages of other files.

    What can't be read is passed over: reading the pages reports it.
    """
    answers, bodies = CapturedAnswers(), dict[str, bytes]()
    # Revisits of bodies that another file may have.
    waiting: list[tuple[str, RawPage]] = []
    for captured in _short_responses(paths):
        page, digest = captured.page, captured.payload_digest
        if not captured.is_revisit:
            if answers.add(page) and digest:
                bodies[digest] = page.body
        elif digest in bodies:
            answers.add(replace(page, body=bodies[digest]))
        elif digest:
            waiting.append((digest, replace(page, headers=())))
    for digest, page in waiting:
        answers.add(replace(page, body=bodies.get(digest, b"")))
    return answers


def _short_responses(paths: Iterable[Path]) -> Iterator[Captured]:
    for path in paths:
        with suppress(UnioncrawlError, OSError), warc_files(path, []) as files:
            for file in files:
                with suppress(UnioncrawlError):
                    yield from read_past_damage(file, [], most_bytes=_MOST_RECORD_BYTES)


def answered(article: Article, answer: RawPage) -> Article:
    """Return an article with a captured answer of its counter, and when and from where it came."""
    read = with_answer(article, read_answer(article.counter, _text(answer), answer.status))
    at = answer.fetched_at.isoformat() if answer.fetched_at else ""
    return replace(
        read, evidence=(*read.evidence, Evidence("hits", "captured", f"{at} {answer.url}".strip()))
    )


def _text(page: RawPage) -> str:
    is_short = 0 < len(page.body) <= _MOST_ANSWER_BYTES
    if page.status != HTTPStatus.OK or not is_short or b"<html" in page.body[:300].lower():
        return ""
    try:
        return decode_raw(page).text
    except UnioncrawlError:
        return ""


def _place(url: str) -> _Place | None:
    """Return the host and path of an address, whatever its scheme; None for what is not one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    name = host if port in (None, 80, 443) else f"{host}:{port}"
    return _Place(name, parts.path.rstrip("/").lower()) if name else None


def _asks_the_same(counter: str, captured: str) -> bool:
    """Whether a captured request is a counter's, with no more than what loaders add to it.

    >>> _asks_the_same("http://a.cn/count.php?id=4&r=", "https://a.cn/count.php?r=0.27&id=4&_=1714521600000")
    True
    >>> _asks_the_same("http://a.cn/count.php?id=4", "http://a.cn/count.php?id=4&down=5")
    False
    """
    ours, theirs = (
        set(parse_qsl(urlsplit(url).query, keep_blank_values=True)) for url in (counter, captured)
    )
    open_names = {name for name, value in ours if not value}
    stated = {pair for pair in ours if pair[1]}
    added = (pair for pair in theirs - stated if pair[0] not in open_names)
    return stated <= theirs and all(_ADDED.fullmatch(f"{name}={value}") for name, value in added)


def _apart(page: RawPage, article: Article) -> timedelta:
    """Return how far in time a response is from an article's page; nothing where a time is missing."""
    if page.fetched_at is None or article.fetched_at is None:
        return timedelta(0)
    return abs(page.fetched_at - article.fetched_at)
