"""Find a hit counter of no known system: a script that asks an address with the article's own id.

Small systems name their counters as they like (易优 ``a=arcclick&aid=12``, MetInfo
``/hits/?type=news&vid=12``, jspxcms ``/info_views/12``). What they share is a word for
hits in an address that a script loads, and the id that stands in the page's own address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from unioncrawl.fields.hits.known_counters import places_of
from unioncrawl.model import Counter
from unioncrawl.page.document import Document
from unioncrawl.urls import absolute_url

_HITS_WORD = re.compile(
    r"click|dianji|liulan|hits?(?![a-z])|(?:view|visit|read|browse)s?_?(?:count|num|times|hits|log)"
    r"|(?:add|inc|up|update|get|set|show|info|article|arc|news|content|doc|page)_?(?:view|visit|read|browse)s?(?![a-z])"
    r"|(?<![a-z])(?:views|visits|reads|pv)(?![a-z])",
    re.IGNORECASE,
)
# A piece of each of those words, and how far the rest of one reaches to either side: a long
# script is looked through for these, one after another, which is many times as fast.
_CUES = tuple("click dianji liulan hit view visit read browse pv".split())
_REACH = 10
# What is clicked and counted besides an article, and what belongs to others.
_OTHER_COUNT = re.compile(
    r"comment|digg|vote|zan|like|favou?r|collect|share|score|support|oppose|thumb|down|search|login|captcha|"
    r"member|user|cart|ad(?:s|ver\w*|_)?click|banner|link_?click|stat\.|tongji|cnzz|baidu|\.(?:js|css|png|jpe?g|gif)(?:$|\?)",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"""["'](?P<text>[\w./:?&=%;,{}+~@!$()-]{4,200})["'](?P<after>\s*\+\s*["']?[\w.]+)?""")
_APPENDED = re.compile(r"""\+\s*["']?(?P<value>[\w.]+)""")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_ID = re.compile(r"(?<!\d)\d+(?!\d)")
# $.ajax({url: "/hits", type: "post", data: {id: 12}}): the keys come in any order.
_AJAX = re.compile(r"\.ajax\(\s*\{(?P<options>.{0,600})", re.DOTALL)
_URL_OPTION = re.compile(r"""\burl["']?\s*:\s*["'](?P<url>[^"']{2,200})["']""")
_DATA_OPTION = re.compile(r"""\bdata["']?\s*:\s*\{(?P<fields>[^{}]{1,200})\}""")
_IS_POST = re.compile(r"""\b(?:type|method)["']?\s*:\s*["']post["']""", re.IGNORECASE)
_FIELD = re.compile(r"""["']?(?<!\w)(?P<name>\w++)["']?\s*:\s*["']?(?P<value>[\w-]+)""")


def find_called_counter(document: Document) -> Counter | None:
    """The counter that one of the page's scripts asks for this very article, or None.

    Only addresses on the page's own host count, and only with the page's own id.
    """
    own = _own_ids(document.page.url)
    if not own:
        return None
    for placed in document.scripts:
        source = (placed.element.get("src") or "").strip()
        text = placed.element.text or ""
        if not _names_hits(source or text):
            continue
        for counter in (
            *_loaded(source),
            *_posted(text, document.page.text),
            *_named(text, document.page.text),
        ):
            found = _asked(counter, own, document)
            if found is not None:
                return found
    return None


def _names_hits(script: str) -> bool:
    lowered = script.lower()
    return any(
        _HITS_WORD.search(lowered, max(0, place - _REACH), place + len(cue) + _REACH)
        for cue in _CUES
        for place in places_of(lowered, cue)
    )


def _own_ids(url: str) -> set[str]:
    """The numbers in the last part of an address and in its query: one of them is the article's."""
    parts = urlsplit(url)
    return set(_ID.findall(f"{parts.path.rstrip('/').rpartition('/')[2]}?{parts.query}"))


def _loaded(source: str) -> Iterator[Counter]:
    if source:
        yield Counter(url=source, family="generic")


def _named(script: str, page: str) -> Iterator[Counter]:
    """Yield counters whose address is in a script; an appended variable is looked up on the page."""
    for found in _LITERAL.finditer(script):
        address = found["text"]
        if ("/" not in address and "?" not in address) or not _HITS_WORD.search(address):
            continue
        if found["after"] and address.endswith(("=", "/")):
            address += _value(found["after"], page)
        yield Counter(url=address, family="generic")


def _posted(script: str, page: str) -> Iterator[Counter]:
    for found in _AJAX.finditer(script):
        url, data = _URL_OPTION.search(found["options"]), _DATA_OPTION.search(found["options"])
        if url is None or data is None:
            continue
        fields = {
            field["name"]: _value(f"+{field['value']}", page) or field["value"]
            for field in _FIELD.finditer(data["fields"])
        }
        if _IS_POST.search(found["options"]):
            yield Counter(url=url["url"], family="generic", method="POST", body=urlencode(fields))
        else:
            yield Counter(url=f"{url['url']}?{urlencode(fields)}", family="generic")


def _value(appended: str, page: str) -> str:
    """The number that ``+ 12`` or ``+ aid`` appends to an address; empty when it is not on the page."""
    found = _APPENDED.search(appended)
    value = found["value"] if found else ""
    if not value or value.isdigit():
        return value
    assigned = re.compile(rf"\b{re.escape(value)}\s*[:=]\s*[\"']?(\d+)\b")
    # `re` would try the pattern at each sign of the page: a name may stand anywhere, \b says nothing.
    found = next(filter(None, (assigned.match(page, place) for place in places_of(page, value))), None)
    return found[1] if found else ""


def _asked(counter: Counter, own: set[str], document: Document) -> Counter | None:
    url = absolute_url(document.base_url, counter.url)
    parts, page = urlsplit(url), urlsplit(document.page.url)
    asked = f"{parts.path}?{parts.query}&{counter.body}"
    if parts.netloc != page.netloc or url == document.page.url:
        return None
    if _OTHER_COUNT.search(asked) or not _HITS_WORD.search(asked) or own.isdisjoint(_NUMBER.findall(asked)):
        return None
    return Counter(url=url, family=counter.family, method=counter.method, body=counter.body)
