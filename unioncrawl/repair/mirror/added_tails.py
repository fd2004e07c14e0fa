"""Drop what mirrors add to a story: lists of places, stray commas, halves of tags.

Seen on real mirrors: a line of place names between bars at the end
(``泰州市| 嘉定区| 海安县|``), an ASCII comma before another mark (``工作,。``), and
closing tags whose ``<`` was eaten together with the last byte before it
(``/p>``, ``/strong>``). They are dropped only from a page that shows a mirror's
other damage.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from unioncrawl.repair.plan import Edit

KIND = "mirror-tail"

# Names of places end in an administrative unit and have at most 15 characters (双江拉祜族佤族布朗族
# 傣族自治县 has 15); three in a row are not a sentence.
_PLACE = r"(?<![一-鿿])[一-鿿]{1,14}[省市区區县縣旗盟州镇鎮乡鄉]"
# The pattern does not backtrack into a list: a page of bars takes one pass.
_PLACES = re.compile(rf"(?:{_PLACE}\s*+\|\s*+){{2,}}+")
_LAST_PLACE = re.compile(rf"(?:{_PLACE})?\s*+(?:\|\s*+)?\Z")
_CONFIDENCE = 0.95
_STRAY_COMMA = re.compile(r",(?=[，。、；：！？])")
# On a page whose marks are narrow and have commas before them.
_NARROW_COMMA = re.compile(r",(?=[，。、；：！？,;:!])")
_TAGS = (
    "p",
    "strong",
    "span",
    "div",
    "b",
    "em",
    "font",
    "td",
    "tr",
    "li",
    "a",
    *(f"h{n}" for n in range(1, 7)),
)
_HALF_TAG = re.compile(rf"/(?<![<\w./:-].)({'|'.join(_TAGS)})>", re.ASCII)


def drop_tails(text: str, *, commas: bool = False) -> Iterator[Edit]:
    r"""Yield edits that drop a mirror's additions from one of its texts.

    ``commas`` says that the page has an ASCII comma before its marks, narrow ones too.

    >>> [text[edit.start : edit.end] for text in ["會議召開,。/p>"] for edit in drop_tails(text)]
    [',', '/p>']
    >>> [(edit.start, edit.end) for edit in drop_tails("責任編輯\n泰州市| 嘉定区| 海安县|")]
    [(4, 19)]
    >>> list(drop_tails("江蘇省泰州市,工會1/2>0"))
    []
    """
    for match in (_NARROW_COMMA if commas else _STRAY_COMMA).finditer(text) if "," in text else ():
        yield Edit(*match.span(), "", _CONFIDENCE, "a stray comma before a mark", KIND)
    start = _start_of_places(text) if "|" in text else None
    if start is not None:
        yield Edit(start, len(text), "", _CONFIDENCE, "a list of places", KIND)
    for match in _HALF_TAG.finditer(text) if "/" in text else ():
        if is_half_tag(text, match.start()):
            yield Edit(*match.span(), "", _CONFIDENCE, "a closing tag whose < was lost", KIND)


def _start_of_places(text: str) -> int | None:
    """Return where the list of places that ends a text begins, with blanks before it; None without one."""
    places = deque(_PLACES.finditer(text), maxlen=1)
    if not places or not _LAST_PLACE.match(text, places[0].end()):
        return None
    return len(text[: places[0].start()].rstrip())


@lru_cache(maxsize=8)
def _opened_tags(text: str) -> frozenset[str]:
    """Return which of the tags a text opens."""
    return frozenset(name for name in _TAGS if f"<{name}" in text)


def is_half_tag(text: str, place: int) -> bool:
    """Whether a closing tag without its ``<`` stands here, in a text that is not HTML itself.

    >>> is_half_tag("會議召開。/p>", 5), is_half_tag("<p>會議召開。/p>", 8)
    (True, False)
    """
    match = _HALF_TAG.match(text, place)
    return match is not None and match[1] not in _opened_tags(text)
