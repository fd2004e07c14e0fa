"""Class F: text that is lost for good. Its spans are flagged, never filled.

锟斤拷 is two U+FFFD in UTF-8 read as GBK, and ï¿½ is one read as Latin-1: the
original was gone before. 烫烫烫 and 屯屯屯 are memory that a C program never
filled (0xCC and 0xCD), 葺葺葺 memory that it gave back (0xDD). 錕斤拷 is the traditional form on mirrors.
"""

from __future__ import annotations

import re

from unioncrawl.model import Unresolved
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import Finding
from unioncrawl.repair.suspicion import Hint

_REASONS = {
    "\ufffd": "lost in decoding (U+FFFD)",
    "锟": "lost in decoding twice (锟斤拷)",
    "錕": "lost in decoding twice (锟斤拷)",
    "斤": "lost in decoding twice (锟斤拷)",
    "ï": "lost in decoding (U+FFFD read as Latin-1)",
    "烫": "memory that was never filled (烫烫烫)",
    "屯": "memory that was never filled (屯屯屯)",
    "葺": "memory that was given back (葺葺葺)",
    "&": "lost in decoding (U+FFFD as an entity)",
}
_MARKS = ("\ufffd", "斤拷", "½", "烫烫", "屯屯", "葺葺", "&")
# An odd number of U+FFFD leaves half a character: 锟斤 or 锟 and a lone ?.
_LOST = re.compile(
    "\ufffd+"
    "|(?:斤拷)?(?:[锟錕]斤拷)+(?:[锟錕](?:斤|\\?|(?![\u4e00-\u9fff])))?|(?:斤拷){2,}"
    "|(?:ï¿½)+|烫{3,}|屯{3,}|葺{3,}"
    "|(?:&(?:amp;)*#(?:65533|[xX][fF]{3}[dD]);?)+"
)

HINTS = tuple(map(Hint.of_word, _MARKS))


def suspects_loss(text: str) -> bool:
    """Whether a text has one of the marks of class F.

    >>> suspects_loss("锟斤拷锟斤拷"), suspects_loss("三斤苹果")
    (True, False)
    """
    return any(mark in text for mark in _MARKS) and _LOST.search(text) is not None


def flag_lost(text: str, page: Page) -> Finding:
    """Flag text that can't be restored; it stays as it is.

    >>> [(left.start, left.end) for left in flag_lost("青石县锟斤拷锟斤拷总工会", Page(())).unresolved]
    [(3, 9)]
    >>> flag_lost("三斤苹果", Page(())).unresolved
    ()
    """
    del page
    if not suspects_loss(text):
        return Finding()
    spans = (found.span() for found in _LOST.finditer(text))
    return Finding((), tuple(Unresolved(start, end, _REASONS[text[start]]) for start, end in spans))
