"""Take source and people from the metadata lines and the metas.

Who is named in the text itself, in its lead or in the bracket that closes it,
is read when the text is repaired: `unioncrawl.normalize.bylines`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from unioncrawl.extract.body import DATED
from unioncrawl.extract.document import Document
from unioncrawl.extract.metadata import MetaLine, Zone, labelled
from unioncrawl.labels import Label, Labelled
from unioncrawl.model import Evidence
from unioncrawl.normalize.bylines import signature
from unioncrawl.normalize.people import clean_people, clean_source, is_person_list


class Byline(NamedTuple):
    """Who made an article: each as printed and cleaned, with the evidence of all of them."""

    source: str
    author: str
    editor: str
    evidence: tuple[Evidence, ...]


_MEDIUM = re.compile(
    r"《?[㐀-鿿A-Za-z0-9·—-]{1,16}(?:网|报|社|台|客户端|工会|融媒体中心|融媒|周刊|杂志|公众号|中心|委员会|办公室|研究室|宣教部|局|厅)》?"
)
_META_SOURCES = ("contentsource", "source", "article:source", "mediaid", "publisher", "og:source")
_META_EDITORS = ("editor", "article:editor")
_META_AUTHORS = ("author", "article:author")


def read_byline(document: Document, metas: tuple[MetaLine, ...]) -> Byline:
    """Source, author and editor of a page, apart from each other; empty where none is told."""
    evidence: list[Evidence] = []
    source = _first(metas, evidence, (Label.SOURCE, Label.REPRINTED, Label.ISSUER))
    author = _first(metas, evidence, (Label.AUTHOR, Label.ACCOUNT))
    editor = _first(metas, evidence, (Label.EDITOR,))
    for label in (Label.PHOTOGRAPHER, Label.CORRESPONDENT, Label.REVIEWER):
        _first(metas, evidence, (label,))
    source = source or _wechat_account(document, evidence) or _beside_date(metas, evidence)
    source = source or _meta(document, evidence, "source", _META_SOURCES)
    editor = editor or _meta(document, evidence, "editor", _META_EDITORS)
    author = author or _reporters(metas, evidence)
    author = author or _meta(document, evidence, "author", _META_AUTHORS)
    return Byline(source, author, editor, tuple(evidence))


def _first(metas: tuple[MetaLine, ...], evidence: list[Evidence], labels: tuple[Label, ...]) -> str:
    """The first value of a label, in the order of ``labels``; every one is evidence."""
    kept = spaced = ""
    for label in labels:
        for meta, part in labelled(metas, label):
            if not _in_place(meta, part.name) or (label in _SPEAKERS and _SPEECH.search(part.value)):
                continue
            clean = clean_source if label in _SOURCES else clean_people
            value = clean(part.value)
            if not value:
                continue
            evidence.append(Evidence(_FIELD_OF.get(label, label.value), f"label:{part.name}", part.value))
            if _is_spaced(meta, part):
                spaced = spaced or value
            else:
                kept = kept or value
    return kept or spaced


def _is_spaced(meta: MetaLine, part: Labelled) -> bool:
    """Whether white space alone stands behind a label: 编辑 刘方 may be of the first publisher."""
    return meta.text[part.start + len(part.name) :][:1].isspace()


# 记者： opens the questions of an interview too.
_SPEAKERS = (Label.AUTHOR, Label.CORRESPONDENT, Label.PHOTOGRAPHER)
_SPEECH = re.compile(r"[，。？！；?!]")
_SOURCES = (Label.SOURCE, Label.REPRINTED, Label.ISSUER)
_FIELD_OF = {Label.REPRINTED: "source", Label.ISSUER: "source", Label.ACCOUNT: "author"}


def _credible(document: Document, field: str, value: str) -> bool:
    """A meta often names the site itself where a person belongs."""
    if field == "author" and not (is_person_list(value) and value not in document.title):
        return False
    return re.search(r"[㐀-鿿]", value) is not None


def _wechat_account(document: Document, evidence: list[Evidence]) -> str:
    """WeChat names the account that published in ``#js_name``."""
    if "mp.weixin.qq.com" not in document.page.text:
        return ""
    for element in document.root.iterfind(".//*[@id='js_name']"):
        name = clean_source("".join(element.itertext()))
        if name:
            evidence.append(Evidence("source", "wechat-account", name))
            return name
    return ""


def _reporters(metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """A line of the head that names reporters without a colon: 雁川日报记者 李方 通讯员 王小丫."""
    for meta in metas:
        text = " ".join(meta.text.replace("\x1f", " ").split())
        names = signature(text) if meta.zone is Zone.HEAD and "记者" in text else ""
        if names:
            evidence.append(Evidence("author", "reporters", text))
            return names
    return ""


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
        return len(meta.text) < 80 or len(meta.parts) > 1
    return len(name) > 1 or len(meta.text) < 60


def _meta(document: Document, evidence: list[Evidence], field: str, names: tuple[str, ...]) -> str:
    clean = clean_source if field == "source" else clean_people
    for name in names:
        content = document.metas.get(name, "")
        value = clean(re.sub(r"^\s*(?:来源|稿源|作者|编辑|责任编辑)\s*[:：]", "", content)) if content else ""
        if value and len(value) <= 30 and _credible(document, field, value):
            evidence.append(Evidence(field, f"meta:{name}", content))
            return value
    return ""
