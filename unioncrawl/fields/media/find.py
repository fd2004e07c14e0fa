"""The pictures and files of an article, with absolute URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from unioncrawl.model import Attachment, Image
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, Placed, clean_text
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.shown.files import embedded_files, linked_files
from unioncrawl.page.shown.pictures import gallery_pictures, is_in_noise, is_inlined, picture_address

_CAPTION = re.compile(
    r"^(?:▲|△|↑|图[为：:①②③④⑤一二三四12345]|图片说明|资料图|左图|右图|上图|下图)|(?:摄|供图|"
    r"摄影|制图|资料图|图片|图|/文)[)）】]?\s*$|(?:记者|通讯员).{1,12}摄"
)
_CENTERED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_LINES_AFTER = 12


def body_images(document: Document, headline: Headline, body: Range) -> tuple[tuple[int, Image], ...]:
    """The pictures of the body with the line at which each stands, in page order, each URL once."""
    seen: set[str] = set()
    found: list[tuple[int, Image]] = []
    for placed in document.images:
        if not _inside(document, placed, headline, body):
            continue
        url = picture_address(placed.element, document.base_url)
        if url and url not in seen:
            seen.add(url)
            found.append((placed.line, Image(url, _caption(document, placed, headline))))
    return tuple(found or _of_galleries(document, headline, body))


def has_inlined_picture(document: Document, headline: Headline, body: Range) -> bool:
    """Whether the text has a picture within the page itself; without an address it can't be kept as one."""
    inlined = (placed for placed in document.images if is_inlined(placed.element))
    return any(_inside(document, placed, headline, body) for placed in inlined)


def _of_galleries(document: Document, headline: Headline, body: Range) -> Iterator[tuple[int, Image]]:
    """Yield the pictures of a gallery's script, which stands in a text without other pictures."""
    seen: set[str] = set()
    for placed in document.scripts:
        if not _inside(document, placed, headline, body):
            continue
        for url in gallery_pictures(placed.element.text or "", document.base_url):
            if url not in seen:
                seen.add(url)
                yield placed.line, Image(url)


def _inside(document: Document, placed: Placed, headline: Headline, body: Range) -> bool:
    if body.element is not None:
        is_below = placed.line >= headline.stop and body.element in placed.element.iterancestors()
        return is_below and not is_in_noise(placed.element, {body.element: False})
    is_near = 0 < headline.stop <= placed.line <= headline.stop + 6
    return is_near and not is_in_noise(placed.element, document.in_noise)


def _caption(document: Document, placed: Placed, headline: Headline) -> str:
    figure = next(placed.element.iterancestors("figure"), None)
    if figure is not None:
        caption = figure.find(".//figcaption")
        text = clean_text("".join(caption.itertext())) if caption is not None else ""
        if text:
            return text
    for line in document.lines[placed.line : placed.line + 2]:
        if len(line.text) <= 90 and (_CAPTION.search(line.text) or _is_centered(line.element)):
            return line.text
    for name in ("alt", "title"):
        text = clean_text(placed.element.get(name) or "")
        if len(re.findall(r"[㐀-鿿]", text)) >= 4 and text != headline.text and "." not in text:
            return text
    return ""


def _is_centered(element: Any) -> bool:  # noqa: ANN401 - the same
    if element.get("align") == "center" or element.tag == "center":
        return True
    return bool(_CENTERED.search(element.get("style") or ""))


def body_attachments(document: Document, headline: Headline, body: Range) -> tuple[Attachment, ...]:
    """The files that the article offers, in its text or shortly after it, and those shown in it."""
    found: dict[str, Attachment] = {}
    last = max(body.stop, headline.stop) + _LINES_AFTER
    for linked in linked_files(document):
        if headline.stop <= linked.line <= last:
            found.setdefault(linked.file.url, linked.file)
    for file in _shown_files(document, headline, body):
        found.setdefault(file.url, file)
    return tuple(found.values())


def _shown_files(document: Document, headline: Headline, body: Range) -> Iterator[Attachment]:
    """Yield the files and films that stand in the text itself, in frames, players and scripts."""
    for placed in (*document.embeds, *document.scripts):
        if _inside(document, placed, headline, body):
            yield from embedded_files(placed.element, document.base_url)
