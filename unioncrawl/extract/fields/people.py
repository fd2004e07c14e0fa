"""Take source and people: from the metadata lines, the lead in the text, the brackets at its end."""

from __future__ import annotations

import re
from typing import NamedTuple

from unioncrawl.extract.body import DATED
from unioncrawl.extract.document import Document
from unioncrawl.extract.metadata import MetaLine, Zone, labelled
from unioncrawl.labels import Label
from unioncrawl.model import Evidence
from unioncrawl.normalize.people import clean_people, clean_source, is_department, is_person_list


class Byline(NamedTuple):
    """Who made an article: each as printed and cleaned, with the evidence of all of them."""

    source: str
    author: str
    editor: str
    evidence: tuple[Evidence, ...]


_LEAD = re.compile(r"^.{0,40}?[（(](?P<inner>[^（）()]{2,60})[）)]")
_LEAD_PEOPLE = re.compile(r"(?:记者|記者|文[/／]|作者)[:：/／\s]*(?P<names>[^，。,；;]*)")
_CLOSING = re.compile(r"[（(](?P<inner>[^（）()]{2,24})[）)]\s*$")
_ROLE = re.compile(r"\s*(?:本报|特约|见习|实习)?(?:通讯员|通訊員|摄影|攝影|图[/／]|圖[/／]|编辑[/／]).*$")
_MEDIUM = re.compile(
    r"《?[㐀-鿿A-Za-z0-9·—-]{1,16}(?:网|报|社|台|客户端|频道|在线|工会|融媒体中心|融媒|发布|周刊|杂志|新闻|公众号)》?"
)
_META_SOURCES = ("contentsource", "source", "article:source", "mediaid", "publisher", "og:source")
_META_EDITORS = ("editor", "article:editor")
_META_AUTHORS = ("author", "article:author")


def read_byline(document: Document, metas: tuple[MetaLine, ...], paragraphs: tuple[str, ...]) -> Byline:
    """Source, author and editor of a page, apart from each other; empty where none is told."""
    evidence: list[Evidence] = []
    source = _first(metas, evidence, (Label.SOURCE, Label.REPRINTED, Label.ISSUER))
    author = _first(metas, evidence, (Label.AUTHOR, Label.ACCOUNT))
    editor = _first(metas, evidence, (Label.EDITOR,))
    for label in (Label.PHOTOGRAPHER, Label.CORRESPONDENT, Label.REVIEWER):
        _first(metas, evidence, (label,))
    source = source or _beside_date(metas, evidence)
    source = source or _meta(document, evidence, "source", _META_SOURCES)
    editor = editor or _meta(document, evidence, "editor", _META_EDITORS)
    author = author or _from_lead(paragraphs, evidence)
    closing = _closing(paragraphs)
    if closing and is_department(closing):
        evidence.append(Evidence("source", "closing-bracket", closing))
        source = source or closing
    elif closing and not author and is_person_list(closing):
        evidence.append(Evidence("author", "closing-bracket", closing))
        author = closing
    author = author or _meta(document, evidence, "author", _META_AUTHORS)
    return Byline(source, author, editor, tuple(evidence))


def _first(metas: tuple[MetaLine, ...], evidence: list[Evidence], labels: tuple[Label, ...]) -> str:
    """The first value of a label, in the order of ``labels``; every one is evidence."""
    kept = ""
    for label in labels:
        for meta, part in labelled(metas, label):
            if not _in_place(meta, part.name):
                continue
            clean = clean_source if label in _SOURCES else clean_people
            value = clean(part.value)
            if value:
                evidence.append(Evidence(_FIELD_OF.get(label, label.value), f"label:{part.name}", part.value))
                kept = kept or value
    return kept


_SOURCES = (Label.SOURCE, Label.REPRINTED, Label.ISSUER)
_FIELD_OF = {Label.REPRINTED: "source", Label.ISSUER: "source", Label.ACCOUNT: "author"}


def _beside_date(metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """A source without a label beside the date: 2019-09-26 10:56:28 证券时报网."""
    for meta in metas:
        found = DATED.search(meta.unlabelled) if meta.zone is Zone.HEAD else None
        if found is None or len(meta.unlabelled) > 60:
            continue
        for word in re.split(r"[\s|]+", meta.unlabelled):
            if _MEDIUM.fullmatch(word):
                evidence.append(Evidence("source", "beside-date", word))
                return clean_source(word)
    return ""


def _in_place(meta: MetaLine, name: str) -> bool:
    """A short label (图, 文, 记者) inside a long line of text is prose."""
    if meta.zone is Zone.ABOVE:
        return len(meta.text) < 80
    return len(name) > 1 or len(meta.text) < 60


def _meta(document: Document, evidence: list[Evidence], field: str, names: tuple[str, ...]) -> str:
    clean = clean_source if field == "source" else clean_people
    for name in names:
        content = document.metas.get(name, "")
        value = clean(re.sub(r"^\s*(?:来源|稿源|作者|编辑|责任编辑)\s*[:：]", "", content)) if content else ""
        if (
            value
            and len(value) <= 30
            and re.search(r"[㐀-鿿]", value)
            and (field != "author" or is_person_list(value))
        ):
            evidence.append(Evidence(field, f"meta:{name}", content))
            return value
    return ""


def _from_lead(paragraphs: tuple[str, ...], evidence: list[Evidence]) -> str:
    """Reporters named in the brackets of the lead: (工人日报-中工网记者郑莉 郝赫)."""
    for text in paragraphs[:2]:
        lead = _LEAD.match(text[:110])
        people = _LEAD_PEOPLE.search(lead["inner"]) if lead else None
        if lead and people:
            names = clean_people(_ROLE.sub("", people["names"]))
            if names:
                evidence.append(Evidence("author", "lead", lead["inner"]))
                return names
    return ""


def _closing(paragraphs: tuple[str, ...]) -> str:
    for text in reversed(paragraphs[-3:]):
        found = _CLOSING.search(text)
        if found is not None:
            return found["inner"].strip()
    return ""
