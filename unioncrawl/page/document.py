"""A page as lines of visible text.

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

from lxml.cssselect import CSSSelector

from unioncrawl.model import Attachment, DecodedPage
from unioncrawl.page.hidden.elements import Hiding
from unioncrawl.page.regions import Region

WRAPPED = re.compile(r"(?<=[㐀-鿿，。、；：！？”》）])[ \t]*\r?\n\s*(?=[㐀-鿿，。、；：！？“《（])")
PART_EDGE = "\x1f"
_SQUASH = re.compile(r"[\s\x1f“”\"'‘’「」『』《》〈〉·.。…,，:：!！?？()（）\[\]【】_|｜\-—–－~～]+")


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


class Link(NamedTuple):
    """A link: the line at which it stands, its address as written (empty: a script follows it), its text."""

    line: int
    element: Any
    href: str
    text: str


class LinkedFile(NamedTuple):
    """A file to which a link leads, and the line at which the link stands."""

    line: int
    element: Any
    file: Attachment


class Hidden(NamedTuple):
    """An element that browsers do not show, the line before which it stands, and what hides it."""

    line: int
    element: Any
    hiding: Hiding

    @property
    def text(self) -> str:
        """What it would show, white space collapsed."""
        return " ".join("".join(self.element.itertext()).split())


@dataclass(slots=True)
class Document:
    """A parsed page; ``lowered`` is its source with small ASCII letters, for looking words up.

    ``embeds`` are the frames and players that show a file or a film.
    ``copies`` are the lines of a second print of the article, for phones, once the worths are known,
    ``files`` the files to which links lead and ``file_lines`` their lines, once they were asked for.
    ``left_out`` characters stood in elements that were emptied before the lines were read.
    ``in_noise`` are the elements of which it is known whether what they hold stands in noise.
    """

    page: DecodedPage
    root: Any
    lines: list[Line] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    images: list[Placed] = field(default_factory=list)
    scripts: list[Placed] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    embeds: list[Placed] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    markers: dict[str, tuple[int, int]] = field(default_factory=dict)
    metas: dict[str, str] = field(default_factory=dict)
    title: str = ""
    base_url: str = ""
    worths: list[float] = field(default_factory=list)
    copies: frozenset[int] = frozenset()
    files: tuple[LinkedFile, ...] | None = None
    file_lines: frozenset[int] = frozenset()
    lowered: str = ""
    left_out: int = 0
    in_noise: dict[Any, bool] = field(default_factory=dict)

    @property
    def text_length(self) -> int:
        """How many characters are visible, those left out too."""
        return sum((len(line.text) for line in self.lines), 0) + self.left_out

    @property
    def is_wechat(self) -> bool:
        """Whether this is a page of a WeChat account."""
        return "mp.weixin.qq.com" in self.page.url or "mp.weixin.qq.com" in self.page.text

    def marked(self, name: str) -> str:
        """The text between the comment markers of 大汉 for ``name``, or empty."""
        if name not in self.markers:
            return ""
        start, stop = self.markers[name]
        return " ".join(line.text for line in self.lines[start:stop])


# A line of these is one of several that stand one after another, whatever breaks it.
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 li dd dt blockquote".split())
_LISTS_AND_ROWS = frozenset("tr tbody thead tfoot table ul ol dl".split())


def flow_of(line: Line) -> Any:  # noqa: ANN401 - lxml is untyped
    """The element in which a line and its neighbours stand one after another.

    Lines that line breaks part stand in their own element, a paragraph in the element around it,
    an entry or a cell in the element around its list or table. Wrappers of one element are no place.
    """
    element = line.element
    if element.tag not in _PARAGRAPHS and next(element.iter("br"), None) is not None:
        return element
    flow = element.getparent()
    while (
        flow is not None and (len(flow) == 1 or flow.tag in _LISTS_AND_ROWS) and flow.getparent() is not None
    ):
        flow = flow.getparent()
    return element if flow is None else flow


def in_one_flow(one: Line, other: Line, flow: Any = None) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether two lines stand in one text: side by side in the same element, as paragraphs do.

    ``flow`` is the place of the first line where it is known.
    """
    place = flow_of(one) if flow is None else flow
    if place is other.element:
        return True
    there = flow_of(other)
    return place is there or there is one.element


def clean_text(text: str) -> str:
    r"""Collapse white space; drop a line break of the source between two Chinese characters.

    >>> clean_text("会议指出，\n   要加强县级工会  建设")
    '会议指出，要加强县级工会 建设'
    """
    if "\n" in text:
        text = WRAPPED.sub("", text)
    return " ".join(text.split())


def lower_ascii(text: str) -> str:
    """The text with its ASCII letters small, as long as before; half of a whole lower() in Chinese.

    >>> lower_ascii("<IMG alt='İＡ工会'>")
    "<img alt='İＡ工会'>"
    """
    return text.encode("utf-8", "replace").lower().decode("utf-8")


@lru_cache(maxsize=1024)
def squash(text: str) -> str:
    """Drop white space and signs, so that two prints of one headline compare equal.

    >>> squash("“送清凉” 活动——走进工地")
    '送清凉活动走进工地'
    """
    return _SQUASH.sub("", text)


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def select(document: Document, selector: str) -> list[Any]:
    """The elements that a CSS selector matches, in page order; an empty selector matches nothing."""
    return list(_compiled(selector)(document.root)) if selector and document.root is not None else []
