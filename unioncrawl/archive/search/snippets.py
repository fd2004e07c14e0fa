"""Cut the place of a match out of a text and mark it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from unioncrawl.archive.search.match import find
from unioncrawl.language.folding import fold

# Brackets that no news text uses; a page turns them into <mark> after escaping.
MARK_START, MARK_END = "⟦", "⟧"
_MARKS = re.compile(f"[{MARK_START}{MARK_END}]")
_BEFORE, _LENGTH = 24, 100


def cut_snippet(body_text: str, terms: Sequence[str]) -> str:
    """About 100 characters around the first match, each match within marked.

    Without a match in the body (it is in the headline) the beginning is given.

    >>> cut_snippet("市总工会慰问职工。", ["工会"])
    '市总⟦工会⟧慰问职工。'
    >>> cut_snippet("五一劳动节", ["工会"])
    '五一劳动节'
    """
    text = _MARKS.sub(" ", body_text)
    folded = fold(text)
    places = [place for term in terms if (place := find(folded, term)) is not None]
    first = min((start for start, _ in places), default=0)
    start = max(0, first - _BEFORE)
    end = min(len(text), start + _LENGTH)
    cut = mark_matches(text[start:end], terms)
    cut = " ".join(cut.split())
    return f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"


def mark_matches(text: str, terms: Sequence[str]) -> str:
    """The text with every match between marks; matches that overlap become one.

    >>> mark_matches("市总工会⟦图⟧", ["工会"])
    '市总⟦工会⟧ 图 '
    """
    text = _MARKS.sub(" ", text)
    folded = fold(text)
    covered = bytearray(len(text) + 1)
    for term in terms:
        place = find(folded, term)
        while place is not None:
            covered[place[0] : place[1]] = b"\x01" * (place[1] - place[0])
            place = find(folded, term, place[1])
    parts, inside = [], 0
    for position, character in enumerate(text):
        if covered[position] != inside:
            parts.append(MARK_START if covered[position] else MARK_END)
            inside = covered[position]
        parts.append(character)
    return "".join(parts) + (MARK_END if inside else "")
