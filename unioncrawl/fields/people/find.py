"""Take source and people from the metadata lines and the metas, as printed.

Names are cleaned here only to see whether a string names anybody: what is handed on is
the string, several of one role a line each, for repair to mend and normalising to clean.

Who is named in the text itself, in its lead or in the bracket that closes it,
is read when the text is repaired: `unioncrawl.fields.people.in_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from unioncrawl.fields.people.clean import clean_people, clean_source, is_account
from unioncrawl.fields.people.origin import read_origin
from unioncrawl.fields.people.roles import read_credits
from unioncrawl.fields.people.unlabelled import (
    meta_author,
    meta_value,
    named_author,
    outlet_above_date,
    reporters_line,
    source_beside_date,
    wechat_account,
)
from unioncrawl.language.names import has_surname, is_person_list, names_persons, names_source
from unioncrawl.model import Evidence
from unioncrawl.page.document import Document
from unioncrawl.page.labelled_lines import ABOVE, HEAD, MetaLine, labelled
from unioncrawl.page.labels import Label, Labelled, is_sentence
from unioncrawl.page.line_kinds import OF_PICTURES


class Byline(NamedTuple):
    """Who made an article: the printed values by the name of the field, and their evidence."""

    texts: dict[str, str]
    evidence: tuple[Evidence, ...]


_SEVERAL = (Label.PHOTOGRAPHER, Label.CORRESPONDENT, Label.REVIEWER, Label.PROOFREADER)
_NAMED_ROLE = re.compile("[记記]者|通[讯訊][员員]|[摄攝]")
_LONGEST_NOTE = 60
_REPRINTED = re.compile("转载?自|载|摘自|选自|刊|首发于")


def read_byline(document: Document, metas: tuple[MetaLine, ...]) -> Byline:
    """Source and people of a page, as separate values; empty for each that the page does not name."""
    evidence: list[Evidence] = []
    source, origin = _sources(metas, evidence)
    author = _first(metas, evidence, (Label.AUTHOR, Label.ACCOUNT))
    editor = _first(metas, evidence, (Label.EDITOR,))
    named = {label.value: _all(metas, evidence, label) for label in _SEVERAL}
    _add_credits(metas, evidence, named)
    if not origin:
        source = source or wechat_account(document, evidence)
        source = source or source_beside_date(document, metas, evidence)
        if not source:
            source, writer = outlet_above_date(document, metas, evidence)
            author = author or writer
        source = source or meta_value(document, "source", evidence)
    editor = editor or meta_value(document, "editor", evidence)
    author = author or reporters_line(metas, evidence) or named_author(document, metas, evidence)
    author = author or meta_author(document, evidence, source, editor)
    printed = {"source": source, "original_source": origin, "author": author, "editor": editor}
    return Byline({**printed, **named}, tuple(evidence))


def _sources(metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> tuple[str, str]:
    """The declared source, and the source that a reprint names: 转自：B, （原载《B》2024年3月5日第2版）."""
    source = _first(metas, evidence, (Label.SOURCE,))
    origin = _first(metas, evidence, (Label.REPRINTED,)) or _noted_origin(metas, evidence)
    return source or ("" if origin else _first(metas, evidence, (Label.ISSUER,))), origin


def _noted_origin(metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """The origin that a note around the text names without a colon: （原载《工人日报》2024年3月5日第2版）."""
    for meta in metas:
        origin = (
            read_origin(meta.text) if len(meta.text) < _LONGEST_NOTE and _REPRINTED.search(meta.text) else ""
        )
        if origin:
            evidence.append(Evidence("original_source", "reprint-line", meta.text))
            return origin
    return ""


def _all(metas: tuple[MetaLine, ...], evidence: list[Evidence], label: Label) -> str:
    """Everybody whom a label names (一审 二审 三审), in page order, a line each."""
    found: list[str] = []
    for meta, part in labelled(metas, label):
        if not _in_place(meta, part.name) or _is_prose(label, part.value):
            continue
        value = clean_people(part.value)
        if not value or (part.name in OF_PICTURES and not _names_maker(value)):
            continue
        evidence.append(Evidence(label.value, f"label:{part.name}", part.value))
        found.append(part.value)
    return "\n".join(found)


def _names_maker(value: str) -> bool:
    """Whether a value after 图 is a person or an office, not what the picture shows."""
    words = value.replace("、", " ").split()
    return names_source(value) or all(is_person_list(word) and has_surname(word) for word in words)


def _add_credits(metas: tuple[MetaLine, ...], evidence: list[Evidence], named: dict[str, str]) -> None:
    """Fill correspondents and photographers that have no label of their own from the bylines."""
    for rule, text in _bylines(metas):
        for field, names in read_credits(text)._asdict().items():
            if names and not named.get(field, names):
                named[field] = names
                evidence.append(Evidence(field, rule, text))


def _bylines(metas: tuple[MetaLine, ...]) -> Iterator[tuple[str, str]]:
    for meta in metas:
        for part in meta.parts:
            if part.label in (Label.AUTHOR, Label.CORRESPONDENT) and not _SPEECH.search(part.value):
                yield f"label:{part.name}", f"{part.name} {part.value}"
        text = meta.unlabelled
        if meta.zone is HEAD and not meta.parts and _NAMED_ROLE.search(text):
            yield "reporters", text


def _first(metas: tuple[MetaLine, ...], evidence: list[Evidence], labels: tuple[Label, ...]) -> str:
    """The first value of a label, in the order of ``labels``; every value is evidence."""
    kept = spaced = ""
    for label in labels:
        for meta, part in labelled(metas, label):
            if not _in_place(meta, part.name) or _is_prose(label, part.value):
                continue
            clean = clean_source if label in _SOURCES else clean_people
            value = clean(part.value)
            if not value or (label in _WRITERS and is_account(value)):
                continue
            evidence.append(Evidence(_FIELD_OF.get(label, label.value), f"label:{part.name}", part.value))
            if _is_spaced(meta, part):
                spaced = spaced or part.value
            else:
                kept = kept or part.value
    return kept or spaced


def _is_prose(label: Label, value: str) -> bool:
    """Whether a label opens a sentence: 记者：您怎么看？ in an interview, 来源：会员的会费。 in a rule."""
    if label in _SPEAKERS and _SPEECH.search(value):
        first = _NAMED_FIRST.match(value)
        return first is None or not names_persons(first[1])
    return is_sentence(value) or (label in _CHECKERS and _is_rule(value))


def _is_rule(value: str) -> bool:
    """Whether a value with a full stop says what to do (审核：由部门负责人签字后上报。), and names nobody."""
    bare = value.removesuffix("。")
    if bare == value or _BREAK.search(bare):
        return False
    return not is_person_list(bare) and not bare.endswith(_OFFICE_ENDS)


def _is_spaced(meta: MetaLine, part: Labelled) -> bool:
    """Whether a label is followed by white space alone: 编辑 刘方 may be of the first publisher."""
    return meta.text[part.start + len(part.name) :][:1].isspace()


# 记者： opens the questions of an interview too.
_SPEAKERS = (Label.AUTHOR, Label.CORRESPONDENT, Label.PHOTOGRAPHER)
# 作者：李方，市总工会副主席
_NAMED_FIRST = re.compile(r"([^，。？！；?!]+)，[^。？！；?!]{2,30}$")
_SPEECH = re.compile(r"[，。？！；?!]")
_CHECKERS = (Label.EDITOR, Label.REVIEWER, Label.PROOFREADER, Label.STAFF)
_BREAK = re.compile(r"[\s)）】〕\]|｜。]")
_OFFICE_ENDS = tuple("会部室局处科司社院台网")
_WRITERS = (Label.AUTHOR, Label.ACCOUNT)
_SOURCES = (Label.SOURCE, Label.REPRINTED, Label.ISSUER)
_FIELD_OF = {Label.REPRINTED: "original_source", Label.ISSUER: "source", Label.ACCOUNT: "author"}


def _in_place(meta: MetaLine, name: str) -> bool:
    """A short label (图, 文, 记者) inside a long line of text is prose."""
    if meta.zone is ABOVE:
        return len(meta.text) < 80 or len(meta.parts) > 1
    return len(name) > 1 or len(meta.text) < 60
