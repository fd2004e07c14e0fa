"""What each line of a page is worth as text: running text its length, link lists and boilerplate cost.

A second print of the article, which some pages hold for phones, is worth nothing.
"""

from __future__ import annotations

import re
from collections import Counter

from unioncrawl.language.label_folding import is_longer
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line, in_one_flow, squash
from unioncrawl.page.line_kinds import is_meta, names_event_time
from unioncrawl.page.regions import BODY, NOISE
from unioncrawl.page.shown.site_lines import is_site_line

_SENTENCE = re.compile(r"[，。；！？、：“”,;!?]")
# Of a copy for phones: its long lines, their share of all, the lines of its head.
_LONG_LINE, _MOST_OF_IT, _COPIED_HEAD = 40, 0.6, 4


def line_worth(lines: list[Line], index: int) -> float:
    """What a line adds to the element that holds it."""
    line = lines[index]
    length = len(line.text)
    if line.link_length > length * 0.5:
        return -6.0 - 0.5 * min(line.link_length, 60) - 2.0 * line.link_count
    text_length = length - line.link_length
    marks = len(_SENTENCE.findall(line.text))
    if is_site_line(lines, index):
        return -30.0
    if not is_longer(line.text, 119) and (is_meta(line.text) or is_dated(line.text)):
        return text_length * 0.3 if names_event_time(line.text) else -5.0
    worth = text_length + 6.0 * marks if marks else 0.3 * text_length
    if line.region is NOISE:
        return 0.15 * worth - 8.0
    if line.region is BODY:
        return 1.3 * worth + 2.0
    return worth


def line_worths(document: Document) -> list[float]:
    """The worth of each line of a page; computed once per page."""
    lines = document.lines
    if len(document.worths) != len(lines):
        worths = [line_worth(lines, index) for index in range(len(lines))]
        document.copies = _copies(lines, worths)
        for index in document.copies:
            worths[index] = min(worths[index], -12.0)
        document.worths = worths
    return document.worths


def _copies(lines: list[Line], worths: list[float]) -> frozenset[int]:
    """The lines of a second print of the article: some pages hold one for phones.

    Of two prints the one that is worth less is the copy. A refrain, or a sentence that two rules
    share, is no copy: most of the long lines must come again, once, in another element.
    """
    first: dict[str, int] = {}
    again: dict[int, int] = {}
    for index, line in enumerate(lines):
        if len(line.text) > _LONG_LINE and not line.link_length:
            place = first.setdefault(line.text, index)
            if place != index and not in_one_flow(lines[place], line):
                again[index] = place
    # A line that comes more than twice is of a list.
    often = {place for place, times in Counter(again.values()).items() if times > 1}
    again = {index: place for index, place in again.items() if place not in often}
    doubled = sum((len(lines[index].text) for index in set(again.values())), 0)
    long = sum(map(len, first), 0)
    if not again or doubled < _MOST_OF_IT * long:
        return frozenset()
    worth = sum([worths[index] for index in again], 0.0)
    if worth > sum([worths[place] for place in again.values()], 0.0):
        again = {place: index for index, place in again.items()}
    return _with_its_rest(lines, again)


def _with_its_rest(lines: list[Line], again: dict[int, int]) -> frozenset[int]:
    """The lines of a copy with its headline, metadata line and short lines, which are printed twice too."""
    reach = range(max(0, min(again) - _COPIED_HEAD), min(len(lines), max(again) + 1 + _COPIED_HEAD))
    copy, original = next(iter(again.items()))
    step = 1 if original < copy else -1
    seen: dict[str, int] = {}
    for index in range(len(lines))[::step]:
        place = seen.setdefault(squash(lines[index].text), index)
        if place != index and index in reach:
            again[index] = place
    return frozenset(again)
