"""引题, 主题, 副题 and 原标题: labelled in brackets, or set as lines of their own around the headline."""

from __future__ import annotations

import re
from typing import NamedTuple

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.language.names import is_person_list, names_source
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, Line, clean_text, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labels import split_labels
from unioncrawl.page.line_kinds import is_boilerplate, is_meta


class HeadlineParts(NamedTuple):
    """The parts as printed, and the lines that hold them (they are not body text)."""

    lead_title: str
    subtitle: str
    original_title: str
    lines: frozenset[int]

    @property
    def texts(self) -> dict[str, str]:
        """The parts by the name of their field."""
        return {name: text for name, text in self._asdict().items() if name != "lines"}


_PART = re.compile(
    r"\s*+(?P<text>[^()]*(?:\([^()]*\)[^()]*)*?)\((?P<kind>引题|肩题|眉题|主题|正题|主标题|副题|副标题)\)"
)
_ORIGINAL = re.compile(r"^[\s(【]*(?:文章|本文|原文)?原标?题\s*(?::|为(?=\s*[《“]))\s*")
_LEAD_NAMES = re.compile(
    r"yinti|yt\b|^pre\b|\bpre$|jianti|meiti|intro-?title|pre-?title|lead-?title|shoulder|eyebrow|kicker|sup-?title",
    re.IGNORECASE,
)
_SUB_NAMES = re.compile(
    r"futi|ft\b|\bsub\b|fubiaoti|sub-?title|subtit|sub-?head|fbt\b|ftitle|title2|vice", re.IGNORECASE
)
_MAY_NAME = re.compile(r"[题題][)）:：∶]|原[题題标標]")
_CHINESE = re.compile(r"[㐀-鿿]")
_LONGEST = 90
_SHORTEST = 6
_REACH = 8
# E-papers set the parts of a headline as rows of one table; only font names distinguish them.
_EPAPER = ("enpproperty", "founder-content", "ozoom")
_STEM = re.compile(r"(?:^|\s)([a-z_-]*(?:tit|bt|head)[a-z_-]*)\d(?=\s|$)", re.IGNORECASE)
_NAMED = re.compile(r"^[\s(【]*(?P<kind>引题|肩题|眉题|副题|副标题)\s*:\s*(?P<text>\S.{1,88}?)[\s)】]*$")


def read_parts(document: Document, headline: Headline, body: Range) -> HeadlineParts:
    """The parts of the headline; an empty string for each part that the page does not print."""
    labelled = _labelled(document, headline, body)
    lead, lead_line = _lead(document, headline)
    subtitle, sub_line = _subtitle(document, headline, body)
    lines = set(labelled.lines) | lead_line | sub_line
    return HeadlineParts(
        labelled.lead_title or lead or _property(document, "introtitle"),
        labelled.subtitle or subtitle or _property(document, "subtitle"),
        labelled.original_title,
        frozenset(lines),
    )


def _property(document: Document, name: str) -> str:
    """A part of the headline in the comment that 方正 e-papers carry."""
    text = document.page.text
    place = text.find("enpproperty")
    found = re.compile(rf"<{name}>([^<]{{2,90}})</{name}>").search(text, place) if place >= 0 else None
    return clean_text(found[1]) if found else ""


def _labelled(document: Document, headline: Headline, body: Range) -> HeadlineParts:
    texts = {"引题": "", "主题": "", "副题": ""}
    original, lines = "", set()
    opened = False
    for index in _candidates(headline, body, len(document.lines)):
        text = document.lines[index].text
        if len(text) > 2 * _LONGEST or not _MAY_NAME.search(text):
            continue
        folded = fold_labels(text)
        named = _NAMED.match(folded.text)
        if named:
            begin, end = (folded.place(place) for place in named.span("text"))
            texts[_kind(named["kind"])] = text[begin:end]
            lines.add(index)
            continue
        start = _ORIGINAL.match(folded.text)
        pieces = list(_PART.finditer(folded.text, start.end() if start else 0))
        if not start and not pieces:
            continue
        opened = opened or start is not None
        lines.add(index)
        for piece in pieces:
            printed = text[folded.place(piece.start("text")) : folded.place(piece.end("text"))].strip()
            texts[_kind(piece["kind"])] = printed
        if start and not pieces:
            original = _unquoted(text[folded.place(start.end()) :].strip(" )）】"))
    main = texts["主题"] if opened or texts["主题"] else ""
    return HeadlineParts(texts["引题"], texts["副题"], original or main, frozenset(lines))


def _unquoted(title: str) -> str:
    """Drop the book marks around a whole headline: （原题为《…》）."""
    return title[1:-1] if title[:1] + title[-1:] in ("《》", "“”") else title


def _kind(printed: str) -> str:
    if printed in ("引题", "肩题", "眉题"):
        return "引题"
    return "副题" if printed.startswith("副") else "主题"


def _candidates(headline: Headline, body: Range, count: int) -> list[int]:
    near = set(range(max(0, headline.start - 2), headline.start)) if headline.stop else set()
    near.update(range(headline.stop, min(headline.stop + _REACH, count)))
    near.update(range(body.start, min(body.start + _REACH, body.stop)))
    near.update(range(max(body.start, body.stop - 4), min(body.stop + 4, count)))
    return sorted(near)


def _lead(document: Document, headline: Headline) -> tuple[str, set[int]]:
    """A line right above the headline that its markup calls 引题, or a smaller heading of the same block.

    A column's name stands there too: it is short, in ``<title>``, or a link of the menu.
    """
    lines = document.lines
    index = headline.start - 1
    if headline.stop == 0 or index < 0:
        return "", set()
    line = lines[index]
    if not _plain(line, headline):
        return "", set()
    if _LEAD_NAMES.search(_names(line)):
        return line.text, {index}
    is_column = len(line.text) < 7 or line.text in document.title or line.text in _menu(document)
    head = lines[headline.start]
    smaller = line.heading > 1 and _siblings(line, head)
    if (smaller or _in_one_block(document, line, head)) and not is_column:
        return line.text, {index}
    return "", set()


def _in_one_block(document: Document, line: Line, head: Line) -> bool:
    """Whether a line stands with the headline: in its element or e-paper's table, or numbered with it."""
    text = line.text
    is_office = names_source(text) and not re.search("[、，,\\s]", text)
    if len(text) < _SHORTEST or is_office or is_person_list(text) or split_labels(line.parts):
        return False
    if line.element is head.element or _numbered(line) & _numbered(head):
        return True
    if not any(cue in document.lowered for cue in _EPAPER):
        return False
    table = next(line.element.iterancestors("table"), None)
    return table is not None and table is next(head.element.iterancestors("table"), None)


def _numbered(line: Line) -> set[str]:
    """The stems of numbered names (title1, title2) of a line's element and of the one around it."""
    around = (line.element, line.element.getparent())
    names = " ".join(element.get("class") or "" for element in around if element is not None)
    return set(_STEM.findall(names))


def _menu(document: Document) -> set[str]:
    return {link.text.strip() for link in document.links}


def _subtitle(document: Document, headline: Headline, body: Range) -> tuple[str, set[int]]:
    """A line right under the headline that starts with —— or that its markup calls 副题."""
    lines = document.lines
    index = headline.stop
    if headline.stop == 0 or index >= len(lines):
        return "", set()
    line, head = lines[index], lines[headline.start]
    if not _plain(line, headline):
        return "", set()
    dashed = (
        line.text.startswith(("——", "—", "--", "－－"))
        and len(line.text) < 50
        and not line.text.endswith("。")
    )
    named = _SUB_NAMES.search(_names(line)) or (line.heading > 1 and _siblings(line, head))
    apart = index < body.start and not line.text.endswith("。")
    is_part = dashed or named or (apart and _in_one_block(document, line, head))
    return (line.text, {index}) if is_part else ("", set())


def _plain(line: Line, headline: Headline) -> bool:
    text = line.text
    return (
        len(text) <= _LONGEST
        and len(_CHINESE.findall(text)) >= 4
        and not line.link_length
        and not is_meta(text)
        and not is_boilerplate(text)
        and squash(text) != squash(headline.text)
        and not re.search(r"[>»›]|位置|版[:：]|\d{4}[-年/]\d", text)
    )


def _names(line: Line) -> str:
    return f"{line.element.get('class') or ''} {line.element.get('id') or ''}"


def _siblings(one: Line, other: Line) -> bool:
    return one.element.getparent() is other.element.getparent()
