"""Class E: HTML entities that stand in the text: ``&amp;ldquo;``, ``&ldquo;``, ``&#24037;``.

A page whose text was escaped twice shows ``&amp;ldquo;`` in its source and
``&ldquo;`` once its HTML is read; escaped three times it shows one layer more.
All layers are undone at once. Names are those of the HTML standard (13.5), with
their semicolon, which mirrors also write full-width; ``&nbsp`` is known without.

Ambiguous: a text about HTML that means ``&lt;``; it is taken for damage. Left
alone: ``R&D``, ``?a=1&copy=2`` in a URL, numbers that are no character, names
that are no entity.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from unioncrawl.model import Unresolved
from unioncrawl.repair.page import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding

_NAME = "#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30}"
_ENTITY = re.compile(
    # A character beyond the BMP written as two numbers, one for each surrogate.
    "&(?:amp[;；])*#(?P<high>5(?:5[2-9]|6[0-2])[0-9]{2})[;；]&(?:amp[;；])*#(?P<low>5[67][0-9]{3})[;；]"
    f"|&(?P<layers>(?:amp[;；])*)(?P<name>{_NAME})[;；]"
    "|&(?P<more>(?:amp[;；])*)nbsp(?=[^\x00-\x7f]|[&\\s]|$)"
)
_CUT = re.compile("&(?:amp[;；])*(?:#[0-9xX][0-9a-fA-F]{0,6}|[a-z]{2,8})$")
_CUT_NAMES = frozenset(
    {"amp", "nbsp", "ldquo", "rdquo", "lsquo", "rsquo", "mdash", "hellip", "middot", "quot"}
)
_CONFIDENCE_LAYERS = 0.995
_CONFIDENCE_ONE_LAYER = 0.97
_FIRST_PRINTABLE = 0xA0
_WHITE_SPACE = frozenset("\t\n\r")


def suspects_entities(text: str) -> bool:
    """Whether a text holds an ampersand.

    >>> suspects_entities("&ldquo;"), suspects_entities("全国总工会")
    (True, False)
    """
    return "&" in text


def unescape_entities(text: str, page: Page) -> Finding:
    """Put the characters back that entities stand for.

    >>> [edit.after for edit in unescape_entities("&amp;ldquo;工会&amp;rdquo;&amp;#24037;", Page(())).edits]
    ['“', '”', '工']
    >>> unescape_entities("R&D中心 http://a.example/?a=1&copy=2", Page(())).edits
    ()
    """
    del page
    if "&" not in text:
        return NOTHING
    cut = _CUT.search(text)
    end = cut.start() if cut is not None and _is_cut_entity(cut[0]) else len(text)
    edits = tuple(edit for found in _ENTITY.finditer(text, 0, end) if (edit := _edit(found)) is not None)
    if end == len(text):
        return Finding(edits)
    return Finding(edits, (Unresolved(end, len(text), "an entity cut off by the end"),))


def _edit(found: re.Match[str]) -> Edit | None:
    character = _character(found)
    if character is None:
        return None
    layers = (found["layers"] or found["more"] or found[0][1:]).count("amp") + 1
    confidence = _CONFIDENCE_ONE_LAYER if layers == 1 else _CONFIDENCE_LAYERS
    told = f"HTML entity, escaped {layers} times" if layers > 1 else "HTML entity left in the text"
    return Edit(*found.span(), character, confidence, told)


def _character(found: re.Match[str]) -> str | None:
    """What an entity stands for; None when it stands for nothing."""
    if found["high"]:
        pair = (int(found["high"]), int(found["low"]))
        return b"".join(unit.to_bytes(2, "big") for unit in pair).decode("utf-16-be", "ignore") or None
    name = found["name"] or "nbsp"
    if not name.startswith("#"):
        return html5.get(f"{name};")
    character = html.unescape(f"&{name};")
    printable = character >= chr(_FIRST_PRINTABLE) or character in _WHITE_SPACE or character.isprintable()
    return character if len(character) == 1 and printable and character != "\ufffd" else None


def _is_cut_entity(cut: str) -> bool:
    name = cut.rpartition("&")[2].rpartition(";")[2]
    return name.startswith("#") or any(known.startswith(name) and known != name for known in _CUT_NAMES)
