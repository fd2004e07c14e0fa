"""Find a list's next, older page: by a link that says so, by a script, by its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from unioncrawl.language.printed_number import small_number
from unioncrawl.page.document import Document, select
from unioncrawl.page.lists.number_row import read_number_row
from unioncrawl.page.lists.script_links import script_address
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import absolute_url

# A word between signs. Blogs call the older page so, which is the next one of a list.
_NEXT = re.compile(
    r"^\W*+(?:下\s?一\s?页|下\s?页|下一頁|下頁|后一?页|後一?頁|次のページ|次へ|다음(?:\s?페이지)?"
    r"|(?:较早|更早|早期|較早|以前|更旧|更多旧)的?(?:文章|日志|文章列表|内容|记录)|旧文章|舊文章"
    r"|Next(?:\s+(?:page|»|›))?|(?:«\s*)?Older(?:\s+(?:posts|entries|articles))?|Suivant|Weiter|Siguiente)\W*+$",
    re.IGNORECASE,
)
# Signs alone that have an arrow among them; a double arrow may lead to the last page.
_ARROW = re.compile(r"^(?=[^>›»＞→]*+[>›»＞→])\W++$")
_SAYS_NEXT = re.compile(r"^\W*(?:去|转到|Go to )?(?:下一页|下一頁|next page)\W*$", re.IGNORECASE)
_NEXT_RELATION = re.compile(r"(?:^|\s)next(?:\s|$)", re.IGNORECASE)
# Classes of WordPress, Typecho, Discuz! and of paginators for web frameworks.
_NEXT_CLASS = re.compile(
    r"(?:^|\s)(?:next|nxt|next-?page|page-?next|older-?posts|pagination-?next|next-posts-link|layui-laypage-next)(?:\s|$)",
    re.IGNORECASE,
)
# WordPress puts the older page of a list into nav-previous; of an article it is another article.
_OLDER_BOX = re.compile(r"(?:^|\s)(?:posts|paging)-navigation(?:\s|$)|^nav-(?:above|below)$", re.IGNORECASE)
# TRS WCM counts pages from 0: createPageHTML(total, current, "index", "html"). The common platform of
# Guangdong names the pager's element first and counts from 1.
_CREATE_PAGES = re.compile(
    r"createPageHTML\w*\(\s*(?P<element>['\"][A-Za-z][\w-]*['\"]\s*,)?\s*['\"]?(?P<total>\d+)['\"]?\s*,"
    r"\s*['\"]?(?P<current>\d+)['\"]?\s*,\s*['\"](?P<name>[\w.-]+)['\"]\s*,\s*['\"](?P<suffix>\w+)['\"]"
)
# Templates of TRS that write the pager themselves keep its numbers in variables, counted from 0.
_CURRENT_PAGE = re.compile(r"\bcurrentPage\s*=\s*['\"]?(\d+)")
_COUNT_PAGE = re.compile(r"\bcountPage\s*=\s*['\"]?(\d+)")
# kkpager: {pno: '1', total: '5', hrefFormer: 'list', hrefLatter: '.html', getLink: … + '_' + n + …}.
_KKPAGER = re.compile(
    r"""\bhrefFormer\s*:\s*['"](?P<former>[^'"]*)['"]\s*,\s*hrefLatter\s*:\s*['"](?P<latter>[^'"]*)['"]"""
)
_KK_OPTION = re.compile(r"""\b(?P<name>pno|total)\s*:\s*['"]?(?P<number>\d+)""")
_KK_LINK = re.compile(r"""hrefFormer\s*\+\s*['"](?P<between>[^'"]*)['"]\s*\+\s*\w+""")
_INDEX_FILE = re.compile(
    r"(?<![\w-])(?:(?![A-Za-z])[\w-])*+(?P<name>[A-Za-z][\w-]*?)(?:_\d+)?\.(?P<suffix>s?html?)$"
)
_LINKED_NEXT = etree.XPath("//head/link[@rel='next'][@href]")
_DIGITS = re.compile(r"\d+")
_NO_ADDRESS = ("#", "javascript:", "mailto:")


def find_next_page(document: Document, profile: SiteProfile) -> str:
    """The absolute address of the next list page; empty when there is no next page.

    A site's selector wins. Then come: a link that says so in its text, title, label,
    relation or class; a pager that a script builds (TRS, Guangdong's platform); a row of
    numbers in which the number after this page's own is a link; a choice of pages; an arrow.
    """
    if document.root is None:
        return ""
    for element in (*select(document, profile.selectors.list_next), *_links_that_say_next(document)):
        address = _address_in(document, element)
        if address:
            return _other(document, address)
    built = _built_by_script(document)
    if built:
        return built
    row = read_number_row(document, lambda element: _address_in(document, element))
    if row is not None:
        return _other(document, _address_in(document, row.following)) if row.following is not None else ""
    return _next_choice(document) or _arrow(document)


def _links_that_say_next(document: Document) -> Iterator[Any]:
    for placed in document.links:
        if _says_next(placed.element):
            yield placed.element
    yield from _LINKED_NEXT(document.root)
    for button in document.root.iter("input", "button"):  # JEECMS turns its pages by buttons
        if _NEXT.match(button.get("value") or "".join(button.itertext()).strip()):
            yield button


def _says_next(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    if _NEXT.match("".join(element.itertext()).strip()):
        return True
    if any(_NEXT.match((picture.get("alt") or "").strip()) for picture in element.iter("img")):
        return True
    labels = (element.get("title") or "", element.get("aria-label") or "")
    if any(map(_SAYS_NEXT.match, labels)) or _NEXT_RELATION.search(element.get("rel") or ""):
        return True
    parent = element.getparent()
    classes = [element.get("class") or "", (parent.get("class") or "") if parent is not None else ""]
    if any(map(_NEXT_CLASS.search, classes)):
        return True
    return "nav-previous" in classes[1].split() and any(
        _OLDER_BOX.search(box.get("class") or box.get("id") or "")
        for box in element.iterancestors("nav", "div")
    )


def link_address(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """Return where a link leads, also when a script follows it; empty when it leads nowhere."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(_NO_ADDRESS):
        return href
    return script_address("", element)


def _address_in(document: Document, element: Any) -> str:  # noqa: ANN401 - the same
    """The absolute address to which a link leads, by the functions of its page too; empty for none."""
    address = link_address(element) or script_address(document.page.text, element)
    return absolute_url(document.base_url, address) if address else ""


def _other(document: Document, url: str) -> str:
    return "" if url.rstrip("#") == document.page.url else url


def _next_choice(document: Document) -> str:
    """The page after the chosen one in a ``<select>`` whose options are addresses or numbers of pages."""
    for choice in document.root.iter("select"):
        options = list(choice.iter("option"))
        own = next((at for at, one in enumerate(options) if one.get("selected") is not None), None)
        if not choice.get("onchange") or own is None or own + 1 >= len(options):
            continue
        value = (options[own + 1].get("value") or "").strip()
        address = script_address(document.page.text, choice, value)
        if address and small_number("".join(_DIGITS.findall(value)[-1:])) is not None:
            return _other(document, absolute_url(document.base_url, address))
    return ""


def _arrow(document: Document) -> str:
    """The link that is only an arrow; a single one before a double one, which may mean the last page."""
    arrows = {
        "".join(text.split()): placed.element
        for placed in reversed(document.links)
        if _ARROW.match(text := "".join(placed.element.itertext()).strip())
    }
    for text in sorted(arrows, key=len):
        address = _address_in(document, arrows[text])
        if address:
            return _other(document, address)
    return ""


def _built_by_script(document: Document) -> str:
    text = document.page.text
    found = _CREATE_PAGES.search(text)
    if found is not None:
        own, count = small_number(found["current"]), small_number(found["total"])
        name, suffix, counted_from = found["name"], found["suffix"], 1 if found["element"] else 0
    else:
        if _KKPAGER.search(text):
            return _built_by_kkpager(document)
        current, pages = _CURRENT_PAGE.search(text), _COUNT_PAGE.search(text)
        if current is None or pages is None:
            return ""
        own, count, counted_from = small_number(current[1]), small_number(pages[1]), 0
        file = _INDEX_FILE.search(urlsplit(document.page.url).path)
        name, suffix = (file["name"], file["suffix"]) if file else ("index", "html")
    if own is None or count is None or own + 1 >= count + counted_from:
        return ""
    return absolute_url(document.base_url, f"{name}_{own + 1}.{suffix}")


def _built_by_kkpager(document: Document) -> str:
    """The next page of a pager that kkpager builds from its options."""
    text = document.page.text
    file, link = _KKPAGER.search(text), _KK_LINK.search(text)
    numbers = {option["name"]: small_number(option["number"]) for option in _KK_OPTION.finditer(text)}
    own, last = numbers.get("pno"), numbers.get("total")
    if file is None or own is None or last is None or own >= last:
        return ""
    between = link["between"] if link else "_"
    return absolute_url(document.base_url, f"{file['former']}{between}{own + 1}{file['latter']}")
