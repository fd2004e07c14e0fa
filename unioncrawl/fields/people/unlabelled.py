"""Source and author that no label announces: beside the date, in metas, in elements named after them."""

from __future__ import annotations

import re
from typing import Any

from unioncrawl.fields.people.clean import clean_people, clean_source
from unioncrawl.fields.people.in_text import signature
from unioncrawl.fields.people.reporter_lines import line_reporters
from unioncrawl.language.names import is_person_list, names_persons
from unioncrawl.model import Evidence
from unioncrawl.page.dated_lines import DATED
from unioncrawl.page.document import Document
from unioncrawl.page.labelled_lines import ABOVE, HEAD, TAIL, MetaLine

_MEDIUM = re.compile(
    r"(?!本.$)《?[㐀-鿿A-Za-z0-9·—-]{1,16}(?:网|報|报|社|台|网站|中文站|客户端|工会|工會|融媒体中心|融媒|周刊|杂志|公众号|中心|委员会|办公室|研究室|"
    r"宣教部|宣传部|局|厅|大学|学院|公司|集团)》?"
)
_META_SOURCES = ("contentsource", "source", "article:source", "mediaid", "publisher", "og:source")
_META_EDITORS = ("editor", "article:editor")
_META_AUTHORS = ("author", "article:author")
_LONGEST_META = 30
_LONGEST_LINE = 60
_TIME = re.compile(r"(?<!\d)[012]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)")
_WORDS_APART = re.compile(r"[\s|｜·\[\]（()）【】]+")
_SITE = re.compile(r"[_|｜—–-]+")
_MEANS_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|zuozhe|writer)(?:$|[\s_-])", re.IGNORECASE)
# Words of the page, each with what marks an element by it: most pages have no such word.
_AUTHOR_CUES = {"author": ('author"', "author'", "author>"), "zuozhe": ("zuozhe",), "writer": ('writer"',)}
_LONGEST_AUTHOR = 30
# Where a byline stands; after the text such elements are other articles' too.
_OF_ARTICLE = (HEAD, ABOVE, TAIL)


def wechat_account(document: Document, evidence: list[Evidence]) -> str:
    """WeChat names the account that published in ``#js_name``."""
    if not document.is_wechat:
        return ""
    for element in document.root.iterfind(".//*[@id='js_name']"):
        name = "".join(element.itertext()).strip()
        if clean_source(name):
            evidence.append(Evidence("source", "wechat-account", name))
            return name
    return ""


def reporters_line(metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """A line of the head that names reporters without a colon: 雁川日报记者 李方 通讯员 王小丫."""
    for meta in metas:
        if meta.zone is not HEAD or not re.search("[记記]者|评论员", meta.text):
            continue
        line = _undated(meta.text.replace("\x1f", " "))
        for part in (line, *re.split(r"[|｜丨]", line), *meta.text.split("\x1f")):
            text = " ".join(part.split())
            if signature(text) or line_reporters(text):
                evidence.append(Evidence("author", "reporters", text))
                return text
    return ""


def source_beside_date(document: Document, metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """A source without a label beside the date: 2019-09-26 10:56:28 证券时报网.

    After the headline it may have company; below the text the line holds nothing else.
    """
    for meta in metas:
        if meta.zone is ABOVE:
            continue
        text = meta.unlabelled
        if len(text) > _LONGEST_LINE or not DATED.search(text):
            continue
        words = [word for word in _WORDS_APART.split(_undated(text)) if word]
        if meta.zone is not HEAD and (len(words) != 1 or meta.parts or _is_of_link(document, meta)):
            continue
        for word in words:
            if _MEDIUM.fullmatch(word) or _is_of_site(word, document.title):
                evidence.append(Evidence("source", "beside-date", word))
                return word
    return ""


def outlet_above_date(
    document: Document, metas: tuple[MetaLine, ...], evidence: list[Evidence]
) -> tuple[str, str]:
    """The outlet that stands alone in the line above the date, and who wrote for it: 李方/雁川日报."""
    for meta in metas:
        if meta.zone is not HEAD or not meta.place:
            continue
        if not DATED.search(meta.unlabelled) or _undated(meta.unlabelled):
            continue
        above = document.lines[meta.place - 1]
        *persons, outlet = re.split(r"\s*[/／]\s*", above.text.strip())
        if above.heading or not _MEDIUM.fullmatch(outlet) or not all(map(names_persons, persons)):
            continue
        evidence.append(Evidence("source", "above-date", above.text))
        if persons:
            evidence.append(Evidence("author", "above-date", above.text))
        return outlet, " ".join(persons)
    return "", ""


def _undated(text: str) -> str:
    return _TIME.sub(" ", DATED.sub(" ", text)).strip()


def _is_of_link(document: Document, meta: MetaLine) -> bool:
    """Whether a line holds a link, or belongs to the one above it: it is an entry of a list."""
    line, above = document.lines[meta.place], document.lines[meta.place - 1]
    return bool(line.link_length) or 2 * above.link_length > len(above.text)


def _is_of_site(word: str, title: str) -> bool:
    """Whether a word begins with the name of the site at the end of ``<title>``: 新浪娱乐, _新浪网."""
    *_, before, site = ("", *_SITE.split(title))
    stem = re.sub("(?:新闻)?网$", "", site.strip())
    return bool(before) and len(stem) > 1 and word.startswith(stem) and word not in title[: -len(site)]


def named_author(document: Document, metas: tuple[MetaLine, ...], evidence: list[Evidence]) -> str:
    """The person whom an element marks as the author: ``rel="author"``, ``class="author"``."""
    lowered = document.lowered
    if not any(any(cue in lowered for cue in cues) for word, cues in _AUTHOR_CUES.items() if word in lowered):
        return ""
    places: dict[Any, list[str]] = {}
    for meta in metas:
        if meta.zone in _OF_ARTICLE:
            places.setdefault(document.lines[meta.place].element, []).append(meta.text)
    for element, texts in places.items():
        for node in element.iter("a", "span", "em", "i", "b", "strong", "cite", element.tag):
            name = _marked_name(node)
            if name and any(name in text for text in texts):
                evidence.append(Evidence("author", "marked-author", name))
                return name
    return ""


def _marked_name(node: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The person in an element that says that it holds the author; empty for any other element."""
    names = f"{node.get('rel') or ''} {node.get('itemprop') or ''} {node.get('class') or ''}"
    if not _MEANS_AUTHOR.search(names):
        return ""
    text = " ".join("".join(node.itertext()).split())
    return text if len(text) <= _LONGEST_AUTHOR and names_persons(text) else ""


def meta_value(document: Document, field: str, evidence: list[Evidence]) -> str:
    """The source or the editor that a meta of the head names; empty when it names neither."""
    clean, names = {
        "source": (clean_source, _META_SOURCES),
        "editor": (clean_people, _META_EDITORS),
    }[field]
    for name in names:
        printed = _without_label(document.metas.get(name, ""))
        value = clean(printed)
        if value and len(value) <= _LONGEST_META and re.search(r"[㐀-鿿]", value):
            evidence.append(Evidence(field, f"meta:{name}", document.metas[name]))
            return printed
    return ""


def meta_author(document: Document, evidence: list[Evidence], *others: str) -> str:
    """The person whom the head's meta calls the author; empty for one whom ``others`` name.

    CMSs write the editor, the site, the source or the user's account there.
    """
    known = {word for other in others for word in re.split(r"[\s、,，]+", clean_people(other))}
    for name in _META_AUTHORS:
        printed = _without_label(document.metas.get(name, ""))
        value = clean_people(printed)
        is_known = not known.isdisjoint(re.split(r"[\s、,，]+", value))
        if is_known or value in document.title or not is_person_list(value) or not names_persons(value):
            continue
        evidence.append(Evidence("author", f"meta:{name}", document.metas[name]))
        return printed
    return ""


def _without_label(content: str) -> str:
    return re.sub(r"^\s*(?:来源|稿源|作者|编辑|责任编辑)\s*[:：]", "", content)
