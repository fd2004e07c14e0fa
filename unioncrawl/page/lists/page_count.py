"""Count the pages that a list says it has: in words, in a script, by a row of numbers, by a select.

Nothing is followed here: a walk that ended compares the number with the pages that it read,
so that a pager which nobody can follow is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from unioncrawl.language.printed_number import small_number
from unioncrawl.page.document import Document
from unioncrawl.page.lists.next_page import link_address
from unioncrawl.page.lists.number_row import PAGE_NUMBER

_MOST_LINE = 160
# No list of a union has more than four digits of pages; a larger number counts records or hits.
# 共12页, 总页数：12, 第1/12页, 页次：1/12页, 1/12页, Page 1 of 12.
_PRINTED = re.compile(
    r"共\s?(?:计|有)?\s?(\d{1,4})\s?[页頁]|总页数\s?[:：]?\s?(\d{1,4})(?!\d)|[页頁]次\s?[:：]?\s?\d{1,4}\s?/\s?(\d{1,4})"
    r"|第?\s?\d{1,4}\s?/\s?(\d{1,4})\s?[页頁]|\bPage\s\d{1,4}\s?(?:of|/)\s?(\d{1,4})",
    re.IGNORECASE,
)
_MAY_BE_PRINTED = re.compile(r"[页頁]|\bpage\b", re.IGNORECASE)
# createPageHTML(12, 0, …) of TRS, countPage = 12, kkpager's total: '12', totalPages: 12.
_SCRIPTED = re.compile(
    r"createPageHTML\w*\(\s*(?:['\"][A-Za-z][\w-]*['\"]\s*,)?\s*['\"]?(\d{1,4})['\"]?\s*,"
    r"|\b(?:count_?page|page_?count|total_?pages?|page_?total)\b['\"]?\s*[:=]\s*['\"]?(\d{1,4})(?![\d.%])",
    re.IGNORECASE,
)
_KKPAGER_TOTAL = re.compile(r"""\btotal\s*:\s*['"]?(\d{1,4})(?!\d)""")
_PAGE_OPTION = re.compile(r"(?:第\s?)?(\d{1,4})(?:\s?/\s?\d{1,4})?(?:\s?页)?")
_DIGITS = re.compile(r"\d+")
_SCRIPT_CALL = re.compile(r"(?<=[\w\s])\(([^()]*)\)")
# A pager is a row of numbers and a few words (首页 上一页 … 尾页); text of more letters is not one.
_MOST_WORDS = 60
# A month of days in a table is a calendar.
_CALENDAR_ROWS = 4


def count_pages(document: Document) -> int:
    """The pages that a list page says its list has; 0 where it says nothing.

    The largest number counts that the page gives in words (共12页, 1/12页), in the variables
    of a script's pager, as the text of a page link (also one that only a script can follow,
    ``javascript:goPage(12)``) or in a select that turns pages. A calendar's days, dates and
    counts of records are no pages.
    """
    if document.root is None:
        return 0
    found = [*_printed(document), *_scripted(document.page.text), *_linked(document), *_selected(document)]
    return max(found, default=0)


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for match in pattern.finditer(text):
        number = small_number(next(group for group in match.groups() if group))
        if number is not None:
            yield number


def _printed(document: Document) -> Iterator[int]:
    """Numbers that stand beside the pager's links; a headline's own pages (全文共12页) are no list's."""
    lines = [
        line.text
        for line in document.lines
        if len(line.text) <= _MOST_LINE and _MAY_BE_PRINTED.search(line.text)
    ]
    if not lines:
        return
    titles = [
        text
        for placed in document.links
        if link_address(placed.element) and _MAY_BE_PRINTED.search(text := "".join(placed.element.itertext()))
    ]
    for line in lines:
        for title in titles:
            line = line.replace(title.strip(), " ")  # noqa: PLW2901 - what is left of it
        yield from _numbers(_PRINTED, line)


def _scripted(text: str) -> Iterator[int]:
    yield from _numbers(_SCRIPTED, text)
    if "kkpager" in text:
        yield from _numbers(_KKPAGER_TOTAL, text)


def _linked(document: Document) -> Iterator[int]:
    """The numbers of the links in a row of page numbers."""
    rows: dict[Any, list[int]] = {}
    for placed in document.links:
        found = PAGE_NUMBER.fullmatch("".join(placed.element.itertext()).strip())
        number = small_number(found[1]) if found else None
        if number is not None and _leads_to(placed.element, number):
            rows.setdefault(_row(placed.element), []).append(number)
    for row, numbers in rows.items():
        texts = [text.strip() for text in row.itertext() if text.strip()]
        shown = {int(found[1]) for text in texts if (found := PAGE_NUMBER.fullmatch(text))}
        words = sum(len(text) for text in texts if not PAGE_NUMBER.fullmatch(text))
        # The first number may stand unlinked, as the page's own: 1 [2] [3].
        is_row = 1 in shown and any(number - 1 in shown for number in numbers)
        if is_row and words <= _MOST_WORDS and not _is_calendar(row):
            yield max(numbers)


def _leads_to(element: Any, number: int) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a link goes to the page of this number, counted from 0 or 1, by its address or its script."""
    href = (element.get("href") or "").strip()
    script = f"{href if href.lower().startswith('javascript:') else ''} {element.get('onclick') or ''}"
    called = " ".join(call[1] for call in _SCRIPT_CALL.finditer(script))
    named = _DIGITS.findall(f"{called} {link_address(element)}")
    is_marked = number == 1 or bool(element.get("data-page") or element.get("data-ci-pagination-page"))
    return is_marked or any(small_number(digits) in (number - 1, number) for digits in named)


def _row(element: Any) -> Any:  # noqa: ANN401 - the same
    """The element that holds the row of numbers: the parent, or the list around single items."""
    row = element.getparent()
    while len(row) == 1 and row.getparent() is not None and row.getparent().tag != "body":
        row = row.getparent()
    return row


def _is_calendar(row: Any) -> bool:  # noqa: ANN401 - the same
    table = next((node for node in (row, *row.iterancestors()) if node.tag in ("table", "tbody")), None)
    return table is not None and len(table.findall("tr")) >= _CALENDAR_ROWS


def _selected(document: Document) -> Iterator[int]:
    """The options of a select that turns pages: 1, 2, 3 …, with a script or an address."""
    for element in document.root.iter("select"):
        options = list(element.iter("option"))
        numbers = [
            small_number(found[1])
            for option in options
            if (found := _PAGE_OPTION.fullmatch("".join(option.itertext()).strip()))
        ]
        turns = element.get("onchange") or any("/" in (option.get("value") or "") for option in options)
        if turns and len(numbers) > 1 and numbers == list(range(1, len(options) + 1)):
            yield len(numbers)
