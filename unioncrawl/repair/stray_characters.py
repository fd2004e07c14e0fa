"""Class H: characters that stand for others, as ⼯会 (two radicals) does for 工会.

Which they are, and where they come from, stands in `unioncrawl.language.stray_characters`.
Left alone: private use that no standard explains, a radical that is a part of a
character (⺮), joiners in emoji, soft hyphens, which may be bytes of misread text
(reading a page drops those between letters, where misread bytes still stand together).
"""

from __future__ import annotations

import re

from unioncrawl.language.stray_characters import PRIVATE_USE, RADICALS, SHAPELESS_SIGNS, invisible_spans
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import Edit, Finding, in_order
from unioncrawl.repair.suspicion import Hint

# A page about radicals would mean the radical itself.
_CONFIDENCE_RADICAL = 0.98
_CONFIDENCE_CODE = 0.99
_STANDING = re.compile("[" + "".join((*RADICALS, *PRIVATE_USE)) + "]")

HINTS = (Hint("".join(PRIVATE_USE)), Hint("⺁-⻳⼀-⿕"), Hint(SHAPELESS_SIGNS))
_HINTED = re.compile("[" + "".join(hint.signs for hint in HINTS) + "]")


def suspects_stray(text: str) -> bool:
    """Whether a text holds a character that stands for another one or has no shape.

    >>> suspects_stray("⼯会"), suspects_stray("工会")
    (True, False)
    """
    return _HINTED.search(text) is not None


def restore_stray(text: str, page: Page) -> Finding:
    r"""Put the characters that are meant in place of those that stand for them.

    >>> [edit.after for edit in restore_stray("⼯会\ue5e5要闻\u200b", Page(())).edits]
    ['工', '\u3000', '']
    >>> restore_stray("部首⺮", Page(())).edits
    ()
    """
    del page
    edits = [_edit(found) for found in _STANDING.finditer(text)]
    edits += [
        Edit(start, end, "", _CONFIDENCE_CODE, "a character without a shape")
        for start, end in invisible_spans(text)
    ]
    return Finding(tuple(in_order(edits)))


def _edit(found: re.Match[str]) -> Edit:
    meant = RADICALS.get(found[0])
    if meant:
        return Edit(*found.span(), meant, _CONFIDENCE_RADICAL, "a radical in place of the character")
    return Edit(*found.span(), PRIVATE_USE[found[0]], _CONFIDENCE_CODE, "private use, moved by GB18030-2022")
