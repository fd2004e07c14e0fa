"""The one table of repairs, in the order in which they run.

Transport damage comes first (escaped entities, then bytes read in the wrong
encoding), because the marks of the later classes only show once it is gone.
A mirror's damage comes next, and text that is lost for good is flagged last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from unioncrawl.repair.code_pages.letters import HINTS as LETTER_HINTS
from unioncrawl.repair.code_pages.letters import suspects_letters
from unioncrawl.repair.entities import HINTS as ENTITY_HINTS
from unioncrawl.repair.entities import suspects_entities, unescape_entities
from unioncrawl.repair.gbk_as_latin.undo import HINTS as GBK_AS_LATIN_HINTS
from unioncrawl.repair.gbk_as_latin.undo import suspects_mojibake, undo_mojibake
from unioncrawl.repair.insertions import HINTS as INSERTION_HINTS
from unioncrawl.repair.insertions import drop_insertions, suspects_insertions
from unioncrawl.repair.lost_text import HINTS as LOSS_HINTS
from unioncrawl.repair.lost_text import flag_lost, suspects_loss
from unioncrawl.repair.mirror.undo import undo_mirror
from unioncrawl.repair.mirror_model.evidence import HINTS as MIRROR_HINTS
from unioncrawl.repair.mirror_model.evidence import may_be_mirrored
from unioncrawl.repair.other_pages.flag import flag_unread, suspects_unread
from unioncrawl.repair.other_pages.undo import undo_other_pages
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import Finding
from unioncrawl.repair.stray_characters import HINTS as STRAY_HINTS
from unioncrawl.repair.stray_characters import restore_stray, suspects_stray
from unioncrawl.repair.suspicion import Hint, any_of
from unioncrawl.repair.utf8_misread.as_gbk import HINTS as UTF8_AS_GBK_HINTS
from unioncrawl.repair.utf8_misread.as_gbk import suspects_utf8_as_gbk, undo_utf8_as_gbk
from unioncrawl.repair.utf8_misread.as_latin import HINTS as UTF8_AS_LATIN_HINTS
from unioncrawl.repair.utf8_misread.as_latin import shows_layer, suspects_utf8_as_latin, undo_utf8_as_latin


class Repair(NamedTuple):
    """One class of damage: its name in steps, the function that undoes it, and a quick test.

    ``suspects`` must be cheap and may return True for clean text; when it returns
    True for one field of a page, ``function`` gets every field of that page. A text
    that is suspected has one of the ``hints``, which are searched for all repairs at
    once (clean text is tested at some 100 MB a second over the whole table). Where
    ``shows_layer`` holds (å read twice was Ã¥), the repair runs again at once, before a
    later one searches what is left in vain.
    """

    kind: str
    function: Callable[[str, Page], Finding]
    suspects: Callable[[str], bool]
    hints: tuple[Hint, ...]
    shows_layer: Callable[[str], bool] = lambda _: False


REPAIRS: tuple[Repair, ...] = (
    Repair("entity", unescape_entities, suspects_entities, ENTITY_HINTS),
    Repair("code-page", undo_other_pages, suspects_letters, LETTER_HINTS),
    Repair("utf8-as-latin", undo_utf8_as_latin, suspects_utf8_as_latin, UTF8_AS_LATIN_HINTS, shows_layer),
    Repair("utf8-as-gbk", undo_utf8_as_gbk, suspects_utf8_as_gbk, UTF8_AS_GBK_HINTS),
    Repair("gbk-as-latin", undo_mojibake, suspects_mojibake, GBK_AS_LATIN_HINTS),
    Repair("stray", restore_stray, suspects_stray, STRAY_HINTS),
    Repair("mirror", undo_mirror, may_be_mirrored, MIRROR_HINTS),
    Repair("insertion", drop_insertions, suspects_insertions, INSERTION_HINTS),
    Repair("unread", flag_unread, suspects_unread, LETTER_HINTS),
    Repair("lost", flag_lost, suspects_loss, LOSS_HINTS),
)

_HINTS = any_of(hint for entry in REPAIRS for hint in entry.hints)
_SIGNS = tuple(re.compile(f"[{''.join(hint.signs for hint in entry.hints)}]") for entry in REPAIRS)
_SIGN = re.compile(f"[{''.join(hint.signs for entry in REPAIRS for hint in entry.hints)}]")
# Most damage is a mirror's: looking for that takes 3 ns a character, for all that stands before it 100.
_LIKELIEST_FIRST = sorted(REPAIRS, key=lambda entry: entry.kind != "mirror")


def is_suspect(text: str) -> bool:
    """Whether a text could be damaged; quick to compute, and False for most clean text.

    >>> is_suspect("全国总工会召开会议"), is_suspect("全國(guó)总工會(huì)")
    (False, True)
    """
    if _HINTS.search(text) is None:
        return False
    hinted = hinted_kinds(text)
    return any(entry.kind in hinted and entry.suspects(text) for entry in _LIKELIEST_FIRST)


def hinted_kinds(text: str) -> frozenset[str]:
    """Return the kinds of damage of which a text has a sign, in one pass; the others need not be asked.

    >>> sorted(hinted_kinds("全國&nbsp;")), hinted_kinds("全国总工会")
    (['entity', 'lost', 'mirror'], frozenset())
    """
    return frozenset().union(*set(map(_kinds_of, set(_SIGN.findall(text)))))


@cache
def _kinds_of(sign: str) -> frozenset[str]:
    """Return the kinds that a sign hints at; there are some 5,700 signs."""
    return frozenset(
        entry.kind for entry, signs in zip(REPAIRS, _SIGNS, strict=True) if signs.match(sign) is not None
    )
