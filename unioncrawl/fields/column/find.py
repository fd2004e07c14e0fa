"""Take the column (栏目) from the breadcrumb, the metadata line, a meta, or the title's tail."""

from __future__ import annotations

import re
from typing import Any

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labelled_lines import MetaLine, labelled
from unioncrawl.page.labels import Label

_STEP = re.compile(r"(?:(?<!\s)\s+)?(?:(?<!-)-+>|>+|»|›|→|＞+|/|\||—|::|\s-\s)\s*")
_SIGN = re.compile(r"\s*[>»›→＞/]")
_TRAIL = re.compile(r">+|»|›|→|＞+")
_STARTS = re.compile(
    r"^.{0,12}\s首页\s*[>»›→＞]|位置\s*:|位置是\s*:?|^\s*首页\s*[>»›/→＞]|^\s*(?:网站)?首页\s+-\s"
)
_TITLE_PARTS = re.compile(r"_|\s-\s|--+")
# As few characters of a headline that a breadcrumb cuts short name it surely.
_SURELY_HEADLINE = 10
_CUT_SHORT = ("..", "…")
# 正文内容, 新闻详情, 浏览文章: words for a text and its page, one of which no column is called.
_NO_COLUMN = re.compile(
    r"^(?:首页|主页|本站首页|Home|index|返回|>+|.*(?:网站?首页|网首页)|"
    r"(?=.*(?:正文|全文|内容|详[情细]|查看|浏览|页$))(?:正文|全文|内容|详[情细]|查看|浏览|阅读|文章|新闻|信息|资讯|页面?)+)$"
)
_LONGEST_COLUMN = 20
_LONGEST_TRAIL = 8
_CRUMB = re.compile(
    r"crumb|(?:^|[\s_-])(?:mbx|dqwz|weizhi|position|location|daohang)(?:$|[\s_\d-])", re.IGNORECASE
)


def read_column(document: Document, headline: Headline, metas: tuple[MetaLine, ...]) -> tuple[str, str]:
    """The column and the rule that found it; empty strings when nothing names it."""
    steps = _breadcrumb(document, headline) or _listed(document, headline)
    if steps:
        return steps[-1], "breadcrumb"
    for _, part in labelled(metas, Label.COLUMN):
        value = part.value.split("\x1f")[0].strip()
        if value and len(value) <= _LONGEST_COLUMN:
            return value, f"label:{part.name}"
    category = _marked(document, metas)
    if category:
        return category, "rel:category"
    for name in ("columnname", "article:section"):
        if document.metas.get(name):
            return document.metas[name].split(",")[0], f"meta:{name}"
    column = _in_title(document.title, headline)
    return column, "title-tag" if column else ""


def _marked(document: Document, metas: tuple[MetaLine, ...]) -> str:
    """The text of the link near headline and text that its markup calls the category, as WordPress does."""
    near = {meta.place for meta in metas}
    for link in document.links:
        if link.line in near and _is_category(link.element):
            name = " ".join(link.text.split())
            return name if len(name) <= _LONGEST_COLUMN else ""
    return ""


def _is_category(link: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a link is ``rel="category"``, or a tag in an element that names the taxonomy ``category``."""
    kinds = (link.get("rel") or "").split()
    return "category" in kinds or ("tag" in kinds and "category" in (link.getparent().get("class") or ""))


def _in_title(title: str, headline: Headline) -> str:
    """The column between headline and site in ``<title>``; empty without all three of them."""
    pieces = [piece.strip() for piece in _TITLE_PARTS.split(title) if piece.strip()]
    if not pieces or not squash(headline.text).startswith(squash(pieces[0])[:6] or "?"):
        return ""
    rest = _after_headline(pieces, headline)
    return rest[-2] if len(rest) > 1 and len(rest[-2]) <= _LONGEST_COLUMN else ""


def _after_headline(pieces: list[str], headline: Headline) -> list[str]:
    """The pieces of a title without the first ones, which together are the headline."""
    own, squashed = squash(headline.text), squash(pieces[0])
    count = 1
    while count < len(pieces) and own.startswith(squashed + squash(pieces[count])):
        squashed += squash(pieces[count])
        count += 1
    return pieces[count:]


def _breadcrumb(document: Document, headline: Headline) -> list[str]:
    index, start = breadcrumb_place(document, headline)
    if index < 0:
        return []
    line, text = document.lines[index], document.lines[index].text[start:]
    if start is None:
        return _steps(text, headline)
    if line.link_count > 1 and not _STEP.search(text):
        return _steps(" > ".join(_links(document, index)), headline)
    return _steps(text + _continued(document.lines, index), headline)


def breadcrumb_place(document: Document, headline: Headline) -> tuple[int, int | None]:
    """The line of the breadcrumb and where its steps start in it, None without a label; -1 for no line."""
    lines = document.lines
    stop = headline.start if headline.stop else len(lines)
    for index in range(min(len(lines), stop + 1 if headline.stop else 80)):
        printed = lines[index].text
        # 首页 and 位置 begin alike in both scripts; most lines need no fold.
        folded = fold_labels(printed) if "首" in printed or "位" in printed else None
        found = _STARTS.search(folded.text) if folded else None
        if found is None and _is_trail(lines[index]):
            return index, None
        if folded is None or found is None or len(printed) > 120:
            continue
        return index, folded.place(found.end()) if "位置" in found[0] else 0
    return -1, None


def _links(document: Document, index: int) -> list[str]:
    """The texts of a line's links: a picture or a style sets some breadcrumbs apart."""
    return [link.text for link in document.links if link.line == index]


def _listed(document: Document, headline: Headline) -> list[str]:
    """A breadcrumb without label and signs: the short lines of an element that calls itself one."""
    for span in document.spans:
        is_before = not headline.stop or span.start <= headline.start
        if not is_before or not 2 <= span.stop - span.start <= _LONGEST_TRAIL:
            continue
        names = f"{span.element.get('class') or ''} {span.element.get('id') or ''}"
        texts = [line.text for line in document.lines[span.start : span.stop]]
        if _CRUMB.search(names) and _NO_COLUMN.match(texts[0]):
            return _steps(" > ".join(texts), headline)
    return []


def _is_trail(line: Line) -> bool:
    """A breadcrumb without a label: links with signs between them, 人民网>>工会新闻>>要闻."""
    return line.link_count >= 2 and len(line.text) < 80 and len(_TRAIL.findall(line.text)) >= 2


def _continued(lines: list[Line], index: int) -> str:
    return "".join(f" > {lines[place].text}" for place in places_after(lines, index))


def places_after(lines: list[Line], index: int) -> range:
    """Breadcrumbs set as list items: the lines that follow and are links or start with a sign."""
    stop = index + 1
    for line in lines[index + 1 : index + 10]:
        if not _SIGN.match(line.text) and (len(line.text) > 14 or line.link_count != 1 or " " in line.text):
            break
        stop += 1
    return range(index + 1, stop)


def _steps(text: str, headline: Headline) -> list[str]:
    printed = [step for step in _STEP.split(text) if step.strip()]
    steps = [step.strip(" \t　:：[]【】") for step in _without_headline(printed, headline)]
    return [step for step in steps if step and len(step) <= _LONGEST_COLUMN and not _NO_COLUMN.match(step)]


def _without_headline(steps: list[str], headline: Headline) -> list[str]:
    """The steps before the headline, which its own signs (——, |) part into several of them."""
    own = squash(headline.text)
    for first in range(len(steps)):
        tail = [step for step in steps[first:] if not _NO_COLUMN.match(step.strip())]
        squashed = squash("".join(tail))
        is_cut = bool(tail) and tail[-1].strip().endswith(_CUT_SHORT)
        if (
            squashed
            and own.startswith(squashed)
            and (len(squashed) >= min(len(own), _SURELY_HEADLINE) or is_cut)
        ):
            return steps[:first]
    return steps
