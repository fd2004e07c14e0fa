"""A page as lines of visible text: parsed once, walked once.

A line is what a browser would show as one: text between two block elements or
line breaks. Every element knows which lines lie inside it (`Span`), so that a
part of the page is a range of lines and sums over it are differences of prefix
sums. Scripts, comments, pictures and links are noted with the line at which
they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from unioncrawl.errors import ExtractError
from unioncrawl.extract.regions import Region, region_of
from unioncrawl.model import DecodedPage

# Everything else breaks the line: custom tags (ucapcontent, founder-content) hold paragraphs.
INLINE = frozenset(
    """a abbr acronym b bdo bdi big cite code del dfn em font i img ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr nobr ruby rb rt rp input button""".split()
)
_UNSEEN = frozenset(
    """script style noscript template svg textarea select option iframe object embed canvas video audio title
    map""".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<=[㐀-鿿，。、；：！？”》）])[ \t]*\r?\n\s*(?=[㐀-鿿，。、；：！？“《（])")
_MARKER = re.compile(r"<\$\[(?P<name>[^\]]{2,12})\]>(?P<edge>begin|end)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2028-\u202e\u2060]")
_PARSER_OPTIONS: dict[str, Any] = {"encoding": "utf-8", "remove_pis": True, "huge_tree": False}
# Included templates close the page early (gov.cn's header ends in </html>); the parser would stop there.
_EARLY_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# <span>2020-01-17</span><span>437</span>: styles set them apart.
_TAG = re.compile(r"<[a-zA-Z!/]")
_DIGIT_EDGE = re.compile(r"(?<=\d)\x1f+(?=\d)")
_RUNNING_TEXT = 40
PART_EDGE = "\x1f"


class Line(NamedTuple):
    """A visible line: its text, the text with its inline edges, how much of it is link text."""

    text: str
    parts: str
    link_length: int
    link_count: int
    heading: int
    region: Region
    element: Any


class Span(NamedTuple):
    """An element and the range of lines inside it."""

    element: Any
    start: int
    stop: int


class Placed(NamedTuple):
    """Something that stands at a line without being text: a picture, a script, a comment."""

    line: int
    element: Any


@dataclass(slots=True)
class Document:
    """A parsed page."""

    page: DecodedPage
    root: Any
    lines: list[Line] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    images: list[Placed] = field(default_factory=list)
    scripts: list[Placed] = field(default_factory=list)
    links: list[Placed] = field(default_factory=list)
    markers: dict[str, tuple[int, int]] = field(default_factory=dict)
    metas: dict[str, str] = field(default_factory=dict)
    title: str = ""
    base_url: str = ""
    worths: list[float] = field(default_factory=list)

    @property
    def text_length(self) -> int:
        """How many characters are visible."""
        return sum(len(line.text) for line in self.lines)

    def marked(self, name: str) -> str:
        """The text between the comment markers of 大汉 for ``name``, or empty."""
        if name not in self.markers:
            return ""
        start, stop = self.markers[name]
        return " ".join(line.text for line in self.lines[start:stop])


def clean_text(text: str) -> str:
    r"""Collapse white space; a line break of the source between two Chinese characters is none.

    >>> clean_text("会议指出，\n   要加强县级工会  建设")
    '会议指出，要加强县级工会 建设'
    """
    if "\n" in text:
        text = _WRAPPED.sub("", text)
    return " ".join(text.split())


@lru_cache(maxsize=1)
def _parser() -> Any:  # noqa: ANN401 - lxml is untyped
    return etree.HTMLParser(**_PARSER_OPTIONS)


def parse_document(page: DecodedPage) -> Document:
    """Parse a page and note its lines.

    A page without any element (empty, plain text) gives a document without lines.
    """
    text = _EARLY_END.sub("", _CONTROL.sub("", page.text))
    if not text.strip():
        return Document(page=page, root=None, base_url=page.url)
    if not _TAG.search(text):
        text = f"<pre>{text.replace('<', '&lt;')}</pre>"
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError(
            f"the page is no HTML ({error})", next_step="Look at the capture.", url=page.url, stage="extract"
        ) from error
    if root is None:
        return Document(page=page, root=None, base_url=page.url)
    document = Document(page=page, root=root, base_url=page.url)
    _read_head(document)
    _Walk(document).run()
    _trust_regions(document)
    return document


def _trust_regions(document: Document) -> None:
    """Ignore noise names when they hold most of the text: some templates wrap the whole page in one."""
    lengths = dict.fromkeys(Region, 0)
    for line in document.lines:
        if len(line.text) > _RUNNING_TEXT and not line.link_length:
            lengths[line.region] += len(line.text)
    if lengths[Region.NOISE] > 0.6 * sum(lengths.values()):
        document.lines = [
            line._replace(region=Region.PLAIN) if line.region is Region.NOISE else line
            for line in document.lines
        ]


def _read_head(document: Document) -> None:
    for element in document.root.iter("title", "meta", "base"):
        if element.tag == "title":
            document.title = document.title or clean_text(element.text or "")
        elif element.tag == "base":
            document.base_url = element.get("href") or document.base_url
        else:
            name = element.get("name") or element.get("property") or element.get("itemprop")
            content = element.get("content")
            if name and content:
                document.metas.setdefault(name.strip().lower(), content.strip())


class _Walk:
    """The one walk over the tree: it fills a document's lines, spans and places."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.chunks: list[str] = []
        self.link_length = 0
        self.link_count = 0
        self.in_link: list[Any] = []
        self.heading = 0
        self.regions: list[Region] = [Region.PLAIN]
        self.blocks: list[tuple[Any, int]] = []

    def run(self) -> None:
        """Walk from the root to the end."""
        events = etree.iterwalk(self.document.root, events=("start", "end", "comment"))
        for event, element in events:
            if event == "comment":
                self._comment(element)
            elif event == "start":
                unseen = self._unseen(element)
                if unseen:
                    events.skip_subtree()
                self._open(element, unseen)
            else:
                self._close(element)
        self._flush()

    def _unseen(self, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
        if element.tag in _UNSEEN:
            return True
        style = element.get("style")
        return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None

    def _open(self, element: Any, unseen: bool) -> None:  # noqa: ANN401, FBT001 - the walk's own fact
        tag = element.tag
        if tag in INLINE or ":" in tag:
            if not unseen:
                self._open_inline(element, tag)
            return
        if unseen:
            if tag == "script":
                self.document.scripts.append(Placed(len(self.document.lines), element))
                self.chunks.append(PART_EDGE)
            return
        if self.chunks:
            self._flush()
        if tag in _HEADINGS:
            self.heading = int(tag[1])
        self.regions.append(region_of(element, self.regions[-1]))
        self.blocks.append((element, len(self.document.lines)))
        self._text(element.text)

    def _open_inline(self, element: Any, tag: str) -> None:  # noqa: ANN401 - the same
        if tag == "a":
            self.in_link.append(element)
            self.link_count += 1
            self.document.links.append(Placed(len(self.document.lines), element))
        elif tag == "img":
            self.document.images.append(Placed(len(self.document.lines), element))
        self.chunks.append(PART_EDGE)
        self._text(element.text)

    def _close(self, element: Any) -> None:  # noqa: ANN401 - the same
        tag = element.tag
        if tag in INLINE or ":" in tag:
            if tag == "a" and self.in_link and self.in_link[-1] is element:
                self.in_link.pop()
            self.chunks.append(PART_EDGE)
        elif self.blocks and self.blocks[-1][0] is element:
            if self.chunks:
                self._flush()
            _, start = self.blocks.pop()
            self.regions.pop()
            stop = len(self.document.lines)
            if stop > start:
                self.document.spans.append(Span(element, start, stop))
            if tag in _HEADINGS:
                self.heading = 0
        self._text(element.tail)

    def _comment(self, comment: Any) -> None:  # noqa: ANN401 - the same
        marker = _MARKER.search(comment.text or "")
        if marker is not None:
            self._flush()
            here = len(self.document.lines)
            start = self.document.markers.get(marker["name"], (here, here))[0]
            self.document.markers[marker["name"]] = (here if marker["edge"] == "begin" else start, here)
        self._text(comment.tail)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if text.isspace():
            if self.chunks:
                self.chunks.append(" ")
            return
        if "\n" in text:
            if self.blocks and self.blocks[-1][0].tag == "pre":
                self._preformatted(text)
                return
            text = _WRAPPED.sub("", text)
        self.chunks.append(text)
        if self.in_link:
            self.link_length += len(text.strip())

    def _preformatted(self, text: str) -> None:
        """In ``<pre>`` each line break is one."""
        for line in text.split("\n"):
            self.chunks.append(line)
            self._flush()

    def _flush(self) -> None:
        if not self.chunks:
            return
        parts = "".join(self.chunks)
        if not self.link_count and PART_EDGE in parts:
            parts = _DIGIT_EDGE.sub(" ", parts)
        text = " ".join(parts.replace(PART_EDGE, "").split())
        if text:
            element = self.blocks[-1][0] if self.blocks else self.document.root
            link_length = min(self.link_length, len(text))
            line = Line(text, parts, link_length, self.link_count, self.heading, self.regions[-1], element)
            self.document.lines.append(line)
        self.chunks = []
        self.link_length = self.link_count = 0
