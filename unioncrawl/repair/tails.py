"""Drop what mirrors add to a story: lists of places, stray commas, halves of tags.

Seen on real mirrors: a line of place names between bars at the end
(``泰州市| 嘉定区| 海安县|``), an ASCII comma before another mark (``工作,。``), and
closing tags whose ``<`` was eaten together with the last byte before it
(``/p>``, ``/strong>``). They are dropped only from a page that shows a mirror's
other damage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unioncrawl.repair.plan import Edit

KIND = "mirror-tail"

# Places end in what administers them; three in a row are no sentence.
_PLACE = r"[一-鿿]{1,8}[省市区區县縣旗盟州镇鎮乡鄉]"
_PLACES = re.compile(rf"\s*(?:{_PLACE}\s*\|\s*){{2,}}(?:{_PLACE})?\s*\|?\s*\Z")
_CONFIDENCE = 0.95
_STRAY_COMMA = re.compile(r",(?=[，。、；：！？])")
_HALF_TAG = re.compile(r"/(?<![<\w./:-].)(p|strong|span|div|b|em|font|td|tr|li|a|h[1-6])>", re.ASCII)
# No place name is longer, with the bar before it and blanks around it.
_TAIL_LOOK = 40


def drop_tails(text: str) -> Iterator[Edit]:
    r"""Yield edits that drop a mirror's additions from one of its texts.

    >>> [text[edit.start : edit.end] for text in ["會議召開,。/p>"] for edit in drop_tails(text)]
    [',', '/p>']
    >>> [(edit.start, edit.end) for edit in drop_tails("責任編輯\n泰州市| 嘉定区| 海安县|")]
    [(4, 19)]
    >>> list(drop_tails("江蘇省泰州市,工會1/2>0"))
    []
    """
    for match in _STRAY_COMMA.finditer(text):
        yield Edit(*match.span(), "", _CONFIDENCE, "a stray comma before a mark", KIND)
    places = _PLACES.search(text) if "|" in text.rstrip()[-_TAIL_LOOK:] else None
    if places:
        yield Edit(*places.span(), "", _CONFIDENCE, "a list of places", KIND)
    for match in _HALF_TAG.finditer(text):
        if is_half_tag(text, match.start()):
            yield Edit(*match.span(), "", _CONFIDENCE, "a closing tag whose < was lost", KIND)


def is_half_tag(text: str, place: int) -> bool:
    """Tell whether a closing tag without its ``<`` stands here, in a text that is not HTML itself.

    >>> is_half_tag("會議召開。/p>", 5), is_half_tag("<p>會議召開。/p>", 8)
    (True, False)
    """
    match = _HALF_TAG.match(text, place)
    return match is not None and f"<{match[1]}" not in text
