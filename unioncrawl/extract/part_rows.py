"""Rows of part numbers (1 2 3) on an article: where they lead, and whether one was not followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from unioncrawl.page.document import Document, Link
from unioncrawl.page.regions import is_among_comments
from unioncrawl.urls import absolute_url

_LONGEST_ROW = 80
# 2, 第2页, Page 2, [2]
_NUMBER_LINK = re.compile(r"(?:第|\bpage)?\W*(?P<number>\d{1,2})\W*页?\W*", re.IGNORECASE)
# The same at the start of a link, looked for in the texts of all: one by one they take eight times as long.
_APART = "\0"
_STARTS_NUMBER = re.compile(rf"{_APART}\s*+(?:第|page)?[^\w{_APART}]*+\d", re.IGNORECASE)
# Of a query; p alone is WordPress's number of the article.
_PAGE_KEYS = frozenset(("page", "pageno", "pn", "pageindex"))
_FOLDER = re.compile(r"(?P<base>/.*[^/])/(?P<number>\d{1,2})")


class _Step(NamedTuple):
    """The number of this part, the address of the next, and of the first where the row must lead to it."""

    number: int
    following: str
    first: str = ""


def part_below(document: Document) -> str:
    """The next part that has its number as a folder or in the query, where a row of numbers leads to it.

    WordPress's ``<!--nextpage-->`` makes /archives/16/2 and /archives/16/3 of /archives/16, or
    ?p=16&page=2 of ?p=16. Empty when no row does.
    """
    steps = list(_steps(urlsplit(document.page.url)))
    linked = [(link, _address(document, link)) for link, _ in _numbered(document)]
    places = {_place(urlsplit(address)) for _, address in linked}
    for link, address in linked:
        place = _place(urlsplit(address))
        for step in steps:
            leads = place == step.following and (not step.first or step.first in places)
            if leads and in_row(link.element, step.number):
                return address
    return ""


def _steps(here: SplitResult) -> Iterator[_Step]:
    path = here.path.rstrip("/")
    mark = f"?{here.query}" if here.query else ""
    if path:
        yield _Step(1, f"{path}/2{mark}")
    folder = _FOLDER.fullmatch(path)
    if folder is not None:
        number = int(folder["number"])
        yield _Step(number, f"{folder['base']}/{number + 1}{mark}", f"{folder['base']}{mark}")
    pairs = parse_qsl(here.query)
    paged = [(key, value) for key, value in pairs if key.lower() in _PAGE_KEYS and value.isdecimal()]
    others = [pair for pair in pairs if pair not in paged]
    number = int(paged[0][1]) if paged and len(paged[0][1]) <= 2 else 1
    for key in [key for key, _ in paged[:1]] or sorted(_PAGE_KEYS):
        yield _Step(number, _key(path, [*others, (key, str(number + 1))]))


def _place(url: SplitResult) -> str:
    return _key(url.path.rstrip("/"), parse_qsl(url.query)) if "page" in url.query.lower() else _plain(url)


def _plain(url: SplitResult) -> str:
    path = url.path.rstrip("/")
    return f"{path}?{url.query}" if url.query else path


def _key(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{sorted(pairs)}"


def _address(document: Document, link: Link) -> str:
    return absolute_url(document.base_url, link.href.strip()) or ""


def _numbered(document: Document) -> Iterator[tuple[Link, int]]:
    """Yield the links that print a number alone, and that."""
    texts = _APART + _APART.join([link.text for link in document.links])
    for found in _STARTS_NUMBER.finditer(texts):
        link = document.links[texts.count(_APART, 0, found.end()) - 1]
        if number := _number_in(link.element):
            yield link, number


def _number_in(element: Any) -> int:  # noqa: ANN401 - lxml is untyped
    """The number that a link prints alone; 0 where it prints anything else."""
    found = _NUMBER_LINK.fullmatch("".join(islice(element.itertext(), 8)).strip())
    return int(found["number"]) if found else 0


def in_row(element: Any, number: int) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a link stands in a row that has this part's number and the next one's."""
    for ancestor in islice(element.iterancestors(), 3):
        numbers = _row_numbers(ancestor)
        if number in numbers and number + 1 in numbers:
            return True
    return False


def _row_numbers(row: Any) -> list[int]:  # noqa: ANN401 - lxml is untyped
    return [int(one) for one in re.findall(r"\d+", " ".join(row.itertext())[:_LONGEST_ROW])]


def row_not_followed(document: Document, places: range) -> str:
    """The row of numbers near the text that leads on from this part; empty where none does.

    ``places`` are the lines of the text and right below it. The part that is shown is the number
    that is no link: in 1 [2] 3 there is a third part, in 1 2 [3] there is no other.
    """
    for link, number in _numbered(document):
        if number > 1 and link.line in places and not is_among_comments(link.element):
            row = _row_around(link.element, number)
            if row is not None:
                return " ".join(" ".join(row.itertext()).split())
    return ""


def _row_around(element: Any, number: int) -> Any:  # noqa: ANN401 - the same
    """The row in which the number before a link's is shown and is no link; None where no row is so."""
    for row in islice(element.iterancestors(), 2):
        text = " ".join(row.itertext())
        linked = {_number_in(link) for link in row.iter("a")}
        if len(text) <= _LONGEST_ROW and number - 1 in _row_numbers(row) and number - 1 not in linked:
            return row
    return None
