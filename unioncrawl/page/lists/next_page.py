"""Find a list's next, older page: by a link that says so, by a script, by its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.language.printed_number import small_number
from unioncrawl.page.document import Document
from unioncrawl.page.selectors import select
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import absolute_url

# A word between signs, or signs alone that have an arrow among them.
_NEXT = re.compile(
    r"^(?:\W*+(?:下\s?一\s?页|下\s?页|下一頁|后一?页|Next(?:\s+page)?)\W*+|(?=[^>›»＞]*+[>›»＞])\W++)$",
    re.IGNORECASE,
)
_SAYS_NEXT = re.compile(r"^\W*(?:去|转到|Go to )?(?:下一页|下一頁|next page)\W*$", re.IGNORECASE)
_NEXT_RELATION = re.compile(r"(?:^|\s)next(?:\s|$)", re.IGNORECASE)
# A link that a script follows names its address in quotes: onclick="location.href='list_2.html'";
# JEECMS has it pass encodeURI first.
_FOLLOWED = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\(|open\()\s*(?:encodeURI\()?\s*['\"]([^'\"]+)"
)
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
_EXTENSION = re.compile(r"\.\w{3,5}$")
_NUMBER = re.compile(r"\W{0,2}(\d{1,4})\W{0,2}")
_DIGITS = re.compile(r"\d+")
_IS_CURRENT = re.compile(r"(?:^|[\s_-])(?:current|cur|active|on|now|selected|thisclass)(?:$|[\s_-])")
_NO_ADDRESS = ("#", "javascript:", "mailto:")


def find_next_page(document: Document, profile: SiteProfile) -> str:
    """The absolute address of the next list page; empty when there is no next page.

    A site's selector wins. Then come: a link that says so in its text, title,
    label or relation; a pager that a script builds (TRS, Guangdong's platform);
    a row of numbers in which the number after this page's own is a link.
    """
    if document.root is None:
        return ""
    named = [*select(document, profile.selectors.list_next), *_links_that_say_next(document)]
    for element in named:
        address = link_address(element)
        if address:
            return _other(document, address)
    return _built_by_script(document) or _next_number(document)


def _links_that_say_next(document: Document) -> Iterator[Any]:
    for placed in document.links:
        if _says_next(placed.element):
            yield placed.element
    for button in document.root.iter("input", "button"):  # JEECMS turns its pages by buttons
        if _NEXT.match(button.get("value") or "".join(button.itertext()).strip()):
            yield button


def _says_next(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    if _NEXT.match("".join(element.itertext()).strip()):
        return True
    labels = (element.get("title") or "", element.get("aria-label") or "")
    return any(map(_SAYS_NEXT.match, labels)) or bool(_NEXT_RELATION.search(element.get("rel") or ""))


def link_address(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """Return where a link leads, also when a script follows it; empty when it leads nowhere."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(_NO_ADDRESS):
        return href
    followed = _FOLLOWED.search(f"{href} {element.get('onclick') or ''}")
    return followed[1] if followed else ""


def _other(document: Document, address: str) -> str:
    url = absolute_url(document.base_url, address)
    return "" if url.rstrip("#") == document.page.url else url


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


def _next_number(document: Document) -> str:
    """The link after this page's own number, in a pager that is only a row of numbers."""
    linked = {
        int(number[1]): placed.element
        for placed in document.links
        if (number := _NUMBER.fullmatch("".join(placed.element.itertext()).strip()))
        and (_is_current(document, placed.element) or _pages_this_list(document, placed.element))
    }
    own = [number for number, element in linked.items() if _is_current(document, element)]
    own += [number - 1 for number, element in linked.items() if _stands_unlinked(element, number - 1)]
    following = linked.get(own[0] + 1) if own else None
    return _other(document, link_address(following)) if following is not None else ""


def _pages_this_list(document: Document, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a link stands beside this list, or below it, and has a number in its name or query."""
    address = link_address(element)
    own, other = urlsplit(document.page.url), urlsplit(absolute_url(document.base_url, address))
    folder, _, name = other.path.rpartition("/")
    beside_or_below = (own.path.rpartition("/")[0], own.path.rstrip("/"), _EXTENSION.sub("", own.path))
    is_own = bool(address) and own.netloc == other.netloc and folder in beside_or_below
    return is_own and _DIGITS.search(name + other.query) is not None


def _is_current(document: Document, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    classes = " ".join((node.get("class") or "") for node in (element, element.getparent()))
    return bool(_IS_CURRENT.search(classes)) or absolute_url(document.base_url, link_address(element)) == (
        document.page.url
    )


def _stands_unlinked(element: Any, number: int) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether the number is not a link and stands before a link: ``<span>1</span> <a>2</a>``."""
    before = next(element.itersiblings("*", preceding=True), None)  # comments are passed over
    if before is None and element.getparent() is not None:
        before = element.getparent().getprevious()
    text = (before.tail or "").strip() if before is not None else (element.getparent().text or "").strip()
    if before is not None and not text:
        linked = any(link_address(link) for link in before.iter("a"))
        text = "" if linked else "".join(before.itertext()).strip()
    found = _NUMBER.fullmatch(text)
    return found is not None and int(found[1]) == number
