"""The safe HTML of an article, made of its lines and of what the page's markup adds to them.

An article keeps its text as plain lines and, in ``markup``, what HTML adds: which
lines are headings, entries, rows, quotations, and where the pictures stand. So the
HTML says what the text says, repaired or not, and an archive holds no text twice.

The notation is a letter a line in the order of the page, repeated letters with
their count: ``ip3hfp`` is a picture, three paragraphs, a heading, a picture with the
next line as its caption. A capital begins a list or a table of its own. Paragraphs
at the end are left out; an empty notation means all pictures, then paragraphs only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from html import escape
from itertools import groupby, islice
from typing import NamedTuple, Protocol

from unioncrawl.guard.web_address import is_web_link

PARAGRAPH, ROW, HEAD_ROW, BULLET, NUMBERED, QUOTED = "ptruoq"
HEADINGS = "hhjklm"  # by level: <h1> is the article's own title
_ALONE, _CAPTIONED = "if"
_TAGS = {PARAGRAPH: "p", "h": "h2", "j": "h3", "k": "h4", "l": "h5", "m": "h6", QUOTED: "p"}
_TAGS |= {BULLET: "li", NUMBERED: "li"}
_AROUND = {BULLET: "ul", NUMBERED: "ol", ROW: "table", HEAD_ROW: "table", QUOTED: "blockquote"}
_CELLS = {ROW: "td", HEAD_ROW: "th"}
_PIECE = re.compile(r"([A-Za-z])(\d{0,6})")


class Picture(Protocol):
    """A picture to show."""

    @property
    def url(self) -> str:
        """The absolute URL."""
        ...

    @property
    def caption(self) -> str:
        """The caption as text, or empty."""
        ...


class Mark(NamedTuple):
    """What markup adds to a line.

    ``alone`` and ``captioned`` count the pictures right before it: those that stand for
    themselves and those whose caption it is. ``opens`` begins a list or table of its own.
    """

    kind: str = PARAGRAPH
    alone: int = 0
    captioned: int = 0
    opens: bool = False


def write_markup(marks: Sequence[Mark], after: int = 0) -> str:
    """The notation of marked lines and of the pictures ``after`` them.

    >>> write_markup([Mark(), Mark("h"), Mark("p", captioned=1), Mark()])
    'phf'
    >>> write_markup([Mark(alone=2), Mark()])
    ''
    """
    letters = "".join(
        _ALONE * mark.alone + _CAPTIONED * mark.captioned + (mark.kind.upper() if mark.opens else mark.kind)
        for mark in marks
    )
    if not marks:
        return ""
    if not after:
        letters = letters.rstrip(PARAGRAPH)
        if letters == _ALONE * marks[0].alone:
            return ""
    letters += _ALONE * after
    runs = ((letter, len(list(run))) for letter, run in groupby(letters))
    return "".join(letter if count == 1 else f"{letter}{count}" for letter, count in runs)


def read_markup(markup: str, lines: int, pictures: int) -> tuple[list[Mark], int]:
    """The marks of ``lines`` lines, and how many of the pictures stand after them.

    A notation with more or fewer lines or pictures is followed as far as it goes: the result
    never has more lines or pictures than the article.

    >>> read_markup("phf", lines=4, pictures=1)[0][2]
    Mark(kind='p', alone=0, captioned=1, opens=False)
    """
    if not markup and lines:
        return [Mark(alone=pictures), *[Mark()] * (lines - 1)], 0
    marks: list[Mark] = []
    alone = captioned = 0
    for letter, count in _PIECE.findall(markup):
        times = int(count or 1)
        if letter == _ALONE:
            alone += min(times, pictures)
        elif letter == _CAPTIONED:
            captioned += min(times, pictures)
        else:
            for _ in range(min(times, lines - len(marks))):
                alone = min(alone, pictures)
                captioned = min(captioned, pictures - alone)
                pictures -= alone + captioned
                marks.append(_mark(letter, alone, captioned))
                alone = captioned = 0
    if len(marks) < lines:
        alone = min(alone, pictures)
        captioned = min(captioned, pictures - alone)
        pictures -= alone + captioned
        marks.append(Mark(alone=alone, captioned=captioned))
    marks += [Mark()] * (lines - len(marks))
    return marks, pictures


def without_lines(markup: str, lines: int, pictures: int, dropped: Collection[int]) -> str:
    """The notation for the text without some of its lines; their pictures stay.

    >>> without_lines("phip", lines=4, pictures=1, dropped={0, 2})
    'hi'
    """
    marks, after = read_markup(markup, lines, pictures)
    kept: list[Mark] = []
    waiting = 0
    for index, mark in enumerate(marks):
        if index in dropped:
            waiting += mark.alone + mark.captioned
        else:
            kept.append(mark._replace(alone=mark.alone + waiting))
            waiting = 0
    return write_markup(kept, after + waiting)


def _mark(letter: str, alone: int, captioned: int) -> Mark:
    kind = letter.lower()
    known = kind in _TAGS or kind in _CELLS
    return Mark(kind if known else PARAGRAPH, alone, captioned, letter != kind)


def safe_html(
    body_text: str,
    markup: str = "",
    images: Sequence[Picture] = (),
    show: Callable[[Picture, Collection[str]], str] | None = None,
) -> str:
    r"""The text as HTML that holds only text, structure and pictures at http addresses.

    One element a line: without its tags and the lines of pictures it is ``body_text`` to
    the character. What a picture's caption adds to the text stands in its ``alt``. ``show`` makes
    the element of a picture of it and the lines of the text, where it is not an ``<img>``.

    >>> safe_html("暖心驿站\n司机 < 职工", "h")
    '<h2>暖心驿站</h2>\n<p>司机 &lt; 职工</p>'
    >>> safe_html("姓名\t单位\n李方\t工会", "rt")
    '<table><tr><th>姓名</th>\t<th>单位</th></tr>\n<tr><td>李方</td>\t<td>工会</td></tr></table>'
    """
    lines = body_text.split("\n") if body_text else []
    marks, _ = read_markup(markup, len(lines), len(images))
    printed = frozenset(lines)
    pictures = iter([(show or _picture)(image, printed) for image in images])
    written: list[str] = []
    around = ""
    for line, mark in zip(lines, marks, strict=True):
        alone = _figures(islice(pictures, mark.alone))
        captioned = "".join(islice(pictures, mark.captioned))
        wanted = "" if captioned else _AROUND.get(mark.kind, "")
        if around and (wanted != around or mark.opens or alone):
            written[-1] += f"</{around}>"
            around = ""
        opening = f"<{wanted}>" if wanted and not around else ""
        written += [*alone, opening + _element(line, mark.kind, captioned)]
        around = wanted
    if around:
        written[-1] += f"</{around}>"
    return "\n".join([*written, *_figures(pictures)])


def _figures(pictures: Iterable[str]) -> list[str]:
    return [f"<figure>{shown}</figure>" for shown in pictures if shown]


def _picture(image: Picture, lines: Collection[str]) -> str:
    """The picture's element; empty when its address is not an address of the web."""
    if not is_web_link(image.url):
        return ""
    caption = "" if image.caption in lines else image.caption
    return f'<img src="{escape(image.url)}" alt="{escape(caption)}">'


def _element(line: str, kind: str, captioned: str) -> str:
    if captioned:
        return f"<figure>{captioned}<figcaption>{escape(line, quote=False)}</figcaption></figure>"
    if kind in _CELLS:
        tag = _CELLS[kind]
        cells = "\t".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in line.split("\t"))
        return f"<tr>{cells}</tr>"
    tag = _TAGS[kind]
    return f"<{tag}>{escape(line, quote=False)}</{tag}>"
