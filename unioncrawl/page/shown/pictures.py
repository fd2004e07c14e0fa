"""Where a picture of a page is, and whether it is one of the site's icons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.language.printed_number import small_number
from unioncrawl.page.regions import BODY, NOISE, PLAIN, is_among_comments, region_of
from unioncrawl.urls import absolute_url

# Lazy loaders keep the true address beside a spacer in src; TRS keeps it in oldsrc.
_SOURCES = tuple(
    """data-original data-src data-echo data-lazy-src data-lazyload data-url lazy-src original zoomfile file
    src _src oldsrc""".split()
)
_NO_ADDRESS = ("data:", "file:", "javascript:", "about:", "#")
_LOOSE = ("original", "file", "oldsrc")  # names that other scripts use for other things
_PICTURE = r"\.(?:jpe?g|png|webp|bmp|gif|tiff?)"
_HAS_PICTURE = re.compile(_PICTURE, re.IGNORECASE)
PICTURE_ADDRESS = re.compile(rf"[^\s,'\"()]+{_PICTURE}(?:[?!@][^\s,'\"()]*)?$", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?(?P<url>[^'\")]+)", re.IGNORECASE)
# One entry of a gallery's list, in JSON or as a script writes it: {"src":"/u/1.jpg","text":"颁奖现场"}.
_ENTRY = re.compile(r"\{[^{}]{1,2000}\}")
_VALUE = re.compile(
    rf"""(?<![A-Za-z_])(?P<name>[A-Za-z_]++)["']?\s*:\s*["'](?P<url>[^"'<>\s]{{1,400}}?{_PICTURE}(?:\?[^"'<>\s]*)?)["']""",
    re.IGNORECASE,
)
_SMALLER = re.compile(r"thumb|small|mini|icon|tiny", re.IGNORECASE)
_ICON = re.compile(
    r"spacer|blank\.gif|grey\.gif|loading|/icon|icon_|\bicons?\b|logo|qrcode|erweima|ewm|"
    r"weixin|wechat|share|arrow|line\.gif|dot\.|"
    r"filetypeimages|/fileicon|attachicons|emotion|smil|/face/|button|btn|print\.|avatar|"
    r"counter|next_?page|prev_?page|/skin/|/template/|/images/(?:bg|top|foot)|"
    r"doc\.(?:gif|png)|pdf\.(?:gif|png)|xls\.(?:gif|png)|rar\.(?:gif|png)|cnzz|50yc|hm\.baidu|"
    r"red\.png|zc_|jiucuo|sydw|ghs\.",
    re.IGNORECASE,
)
_ICON_PIXELS = 32


def picture_address(element: Any, base_url: str) -> str:  # noqa: ANN401 - lxml is untyped
    """The address of the picture that an element shows; empty where it shows no picture of the article.

    ``<img>`` of every lazy loader, ``srcset``, and elements without text whose style has a picture as
    ground. A picture that is small or named as an icon is the site's.
    """
    if element.tag == "img":
        found = _own_address(element)
        # A loader of a name that is not known keeps the address in an attribute of its own.
        if not found or _ICON.search(found):
            found = _other_address(element) or found
    else:
        found = _of_ground(element)
    url = absolute_url(base_url, found) if found else ""
    return "" if not url or _is_icon(element, url) else url


def is_inlined(element: Any) -> bool:  # noqa: ANN401 - the same
    """Whether the page itself holds a picture, without an address: parsing leaves ``data:,`` of it."""
    return bool(element.tag == "img" and element.get("src") == "data:,")


def gallery_pictures(script: str, base_url: str) -> Iterator[str]:
    r"""Yield the addresses of the pictures that a script shows one by one, the larger one of each entry.

    >>> list(gallery_pictures('var p=[{"thumb":"/u/1_s.jpg","src":"\\/u\\/1.jpg"}];', "http://a.example/"))
    ['http://a.example/u/1.jpg']
    """
    for entry in _ENTRY.finditer(script) if _HAS_PICTURE.search(script) else ():
        named = [(value["name"], value["url"]) for value in _VALUE.finditer(entry[0])]
        named.sort(key=lambda one: _SMALLER.search(one[0]) is not None)
        for _, url in named[:1]:
            address = absolute_url(base_url, url.replace("\\/", "/"))
            if not _ICON.search(urlsplit(address).path):
                yield address


def _own_address(element: Any) -> str:  # noqa: ANN401 - the same
    for name in _SOURCES:
        value: str = (element.get(name) or "").strip()
        if not value or value.startswith(_NO_ADDRESS) or (name == "src" and "blank" in value):
            continue
        if name in _LOOSE and "/" not in value and "." not in value:
            continue
        return value
    return ""


def _other_address(element: Any) -> str:  # noqa: ANN401 - the same
    for name, value in element.items():
        first = value.strip().split(" ")[0].rstrip(",")
        if name not in ("alt", "title", "src") and PICTURE_ADDRESS.match(first):
            return str(first)
    return ""


def _of_ground(element: Any) -> str:  # noqa: ANN401 - the same
    ground = _GROUND.search(element.get("style") or "")
    if ground is None or "".join(element.itertext()).strip():
        return ""
    url = ground["url"].strip()
    return "" if url.startswith(_NO_ADDRESS) else url


def _is_icon(element: Any, url: str) -> bool:  # noqa: ANN401 - the same
    if _ICON.search(urlsplit(url).path):
        return True
    sizes = [element.get(side) or "" for side in ("width", "height")]
    pixels = (small_number(size.rstrip("px")) for size in sizes)
    return any(number is not None and number <= _ICON_PIXELS for number in pixels)


def is_in_noise(element: Any, known: dict[Any, bool]) -> bool:  # noqa: ANN401 - the same
    """Whether an element stands in a part named as noise; a text in it is none.

    ``known`` keeps the answers for the elements around it. One that is in it from the start, as not
    noisy, ends the look.
    """
    around = []
    is_noisy = False
    for ancestor in element.iterancestors():
        if ancestor in known:
            is_noisy = known[ancestor]
            break
        around.append(ancestor)
        region = region_of(ancestor, PLAIN)
        if region is NOISE or (region is BODY and not is_among_comments(ancestor)):
            is_noisy = region is NOISE
            break
    known.update(dict.fromkeys(around, is_noisy))
    return is_noisy
