"""Letters that nobody wrote and no repair could read: they stay, and somebody is informed."""

from __future__ import annotations

from unioncrawl.model import Unresolved
from unioncrawl.repair.code_pages.letters import find_stretches, looks_written, suspects_letters
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import Finding

# Formulas and tables of signs are shorter.
_FEWEST_LETTERS = 8
_REASON = "letters of a wrong encoding, too many bytes are lost"


def suspects_unread(text: str) -> bool:
    """Whether a text has letters that nobody wrote.

    >>> suspects_unread("äžæ²³å¿æ»å·¥äŒå¬åŒäŒè®®"), suspects_unread("Профсоюзы России")
    (True, False)
    """
    return suspects_letters(text) and any(map(_is_unread, find_stretches(text)))


def flag_unread(text: str, page: Page) -> Finding:
    """Flag the letters that are left of a misread text after all repairs.

    >>> flag_unread("äžæ²³å¿æ»å·¥äŒå¬åŒäŒè®®", Page(())).unresolved[0].end
    23
    >>> flag_unread("Профсоюзы России", Page(())).unresolved
    ()
    """
    del page
    spans = ((start, start + len(run)) for start, run in filter(_is_unread, find_stretches(text)))
    return Finding((), tuple(Unresolved(start, end, _REASON) for start, end in spans))


def _is_unread(found: tuple[int, str]) -> bool:
    letters = len(found[1]) - len(found[1].encode("ascii", "ignore"))
    return letters >= _FEWEST_LETTERS and not looks_written(found[1])
