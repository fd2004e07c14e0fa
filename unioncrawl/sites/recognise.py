"""Recognise which content management system a page comes from."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html as lxml_html

from unioncrawl.model import DecodedPage
from unioncrawl.sites.families import FAMILIES, Family
from unioncrawl.urls import absolute_url, encoded_url

_SOME_LINKS = 3
_OWN_ADDRESS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"<!--\s*saved from url=\(\d+\)(?P<url>https?://\S+)",
        r"<link\s[^<>]*rel=[\"']canonical[\"'][^<>]*href=[\"'](?P<url>https?://[^\"']+)",
        r"<meta\s[^<>]*property=[\"']og:url[\"'][^<>]*content=[\"'](?P<url>https?://[^\"']+)",
        r"<base\s[^>]*href=[\"'](?P<url>https?://[^\"']+)",
    )
)
_META = re.compile(r"<meta\s[^<>]*>", re.IGNORECASE)
_NAMES_SYSTEM = re.compile(r"""\bname\s*=\s*["']?(?:generator|author)\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(["'])(?P<said>.*?)\1""", re.IGNORECASE | re.DOTALL)
_NO_ADDRESS = ("#", "javascript:", "mailto:", "tel:")


class PageLink(NamedTuple):
    """A link of a page: its text without white space, its title or else its text, its absolute address."""

    text: str
    title: str
    url: str


def recognise_family(page: DecodedPage) -> tuple[str, tuple[str, ...]]:
    """The family whose traces the page shows most of, and those traces; ``generic`` without traces.

    Traces are marks of the system's templates, the page's own address, and links to
    articles of the page's own site; links to other sites say nothing. Where the page
    names its system (``<meta name="generator">``), that decides.

    >>> page = DecodedPage(
    ...     url="http://a.cn/", text='<script src="/e/public/ViewClick/?classid=3&id=9">', encoding="utf-8"
    ... )
    >>> recognise_family(page)[0]
    'empirecms'
    >>> named = '<meta name="generator" content="WordPress 6.1"><p>工会要闻</p>'
    >>> recognise_family(DecodedPage(url="http://a.cn/", text=named, encoding="utf-8"))
    ('wordpress', ('WordPress 6.1',))
    >>> recognise_family(DecodedPage(url="http://a.cn/", text="<p>工会</p>", encoding="utf-8"))
    ('generic', ())
    """
    named = _named_family(page.text)
    if named is not None:
        return named
    host = urlsplit(page.url).netloc
    own = [page.url, *(link.url for link in page_links(page) if urlsplit(link.url).netloc == host)]
    markup = _without_foreign_addresses(page.text, host)
    best: tuple[float, str, tuple[str, ...]] = (0, "generic", ())
    for family in FAMILIES.values():
        score, traces = _score(family, markup, own)
        if score > best[0]:
            best = (score, family.id, traces)
    return best[1], best[2]


def page_links(page: DecodedPage) -> list[PageLink]:
    """Every link of the page that leads somewhere, in page order."""
    if not page.text.strip():
        return []
    root = lxml_html.fromstring(page.text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
    found = []
    for anchor in root.iter("a"):
        address = (anchor.get("href") or "").strip()
        if address and not address.lower().startswith(_NO_ADDRESS):
            text = "".join(anchor.text_content().split())
            title = "".join((anchor.get("title") or "").split())
            url = absolute_url(absolute_url(page.url, base), address)
            if url:
                found.append(PageLink(text, title or text, encoded_url(url, page.encoding)))
    return found


def address_in_page(text: str) -> str:
    """Return where a saved page says it came from, or empty.

    Browsers write a comment; a page may name its own base or canonical address.

    >>> address_in_page('<!-- saved from url=(0030)http://www.qhszgh.com/index.php -->')
    'http://www.qhszgh.com/index.php'
    >>> address_in_page("<p>青海省总工会</p>")
    ''
    """
    for form in _OWN_ADDRESS:
        found = form.search(text)
        if found is not None:
            return found["url"]
    return ""


def _named_family(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The family that the page says it is made with, and its words; None where it names none of them."""
    metas = [tag[0] for tag in _META.finditer(text) if _NAMES_SYSTEM.search(tag[0])]
    said = [found["said"].strip() for meta in metas if (found := _CONTENT.search(meta))]
    for family in FAMILIES.values():
        for name in said:
            if family.generator and re.search(family.generator, name):
                return family.id, (name,)
    return None


def _score(family: Family, markup: str, own: list[str]) -> tuple[float, tuple[str, ...]]:
    if not family.traces:
        return 0, ()
    traces = [found[0] for trace in family.traces if (found := re.search(trace, markup))]
    if family.marked and not traces:
        return 0, ()
    articles = [url for url in own if re.search(family.article_url, url)]
    score = len(traces) + (len(articles) >= 1) + (len(articles) >= _SOME_LINKS)
    return score, tuple(dict.fromkeys([*traces, *articles[:1]]))


def _without_foreign_addresses(text: str, host: str) -> str:
    """The markup without addresses on other hosts: a friend's link shows the friend's system."""
    own = host.removeprefix("www.")
    return re.sub(
        r"(?:https?:)?//(?P<host>[\w.:-]+)[^\"'\s<>)]*",
        lambda found: found[0] if not own or found["host"].endswith(own) else "",
        text,
    )
