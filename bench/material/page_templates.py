"""Pages as real sites write them: one HTML file a system in ``templates/``, filled for each article.

A file has its system's marks (addresses, names of scripts and classes), with long navigation,
inline scripts, links of other unions, related lists and share boxes around the article. What stands
in double braces is filled in: ``{{title}}`` a value; ``{{menu 9 …}}``, ``{{links 9 …}}`` and ``{{near 9 …}}``
a row for each of nine columns, unions or other articles, with ``{url}``, ``{text}`` and ``{date}``;
``{{body …||…}}`` the form of a paragraph and of a picture. What stands between ``<!-- main -->`` and
``<!-- end -->`` is the article; a list page has its list there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

from bench.material.news import Words

_FOLDER = Path(__file__).with_name("templates")
_FIELD = re.compile(r"\{\{(\w+)(?: (\d+))?(?: (.*?))?\}\}\n?", re.DOTALL)
_SLOT = re.compile(r"\{(url|text|date)\}")
_MAIN, _END = "<!-- main -->\n", "<!-- end -->\n"
_PICTURE = "||"
_COLUMNS = (_FOLDER / "columns.txt").read_text(encoding="utf-8").split()


class Link(NamedTuple):
    """What a row of a list shows: an address, its text, a date."""

    url: str
    text: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A list of other articles: how many, the form of a row, whether it stands in the article's own part."""

    count: int
    form: str
    is_inside: bool


Part = str | Near
Links = Callable[[Near, int], Iterable[Link]]


def rows(form: str, links: Iterable[Link]) -> str:
    r"""Return a row of this form for each link.

    >>> rows('<li><a href="{url}">{text}</a></li>', [Link("/1.html", "入会指南")])
    '<li><a href="/1.html">入会指南</a></li>\n'
    """
    pieces = _SLOT.split(form)
    return "".join(
        "".join([getattr(link, piece) if at & 1 else piece for at, piece in enumerate(pieces)]) + "\n"
        for link in links
    )


class PageTemplate:
    """One system's page. ``fixed`` are the values that all pages of its site share."""

    def __init__(self, name: str, fixed: Mapping[str, str]) -> None:
        text = (_FOLDER / f"{name}.html").read_text(encoding="utf-8")
        self._fixed = fixed
        self._unions = [place for place in Words().places if len(place) < 6]
        self.paragraph_form, self.picture_form = "", ""
        head, _, rest = text.partition(_MAIN)
        main, _, foot = rest.partition(_END)
        self._head, self._main, self._foot = (
            self._parts(head, is_inside=False),
            self._parts(main, is_inside=True),
            self._parts(foot, is_inside=False),
        )

    def _parts(self, text: str, *, is_inside: bool) -> list[Part]:
        """Return the text cut at what each page fills in: a name stands as ``{{name``."""
        parts: list[Part] = []
        end = 0
        for found in _FIELD.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end() - (found[0][-1] == "\n" and found[3] is None)
            parts.append(self._part(found, is_inside=is_inside))
        parts.append(text[end:])
        return parts

    def _part(self, found: re.Match[str], *, is_inside: bool) -> Part:
        name, count, form = found[1], int(found[2] or 0), found[3] or ""
        match name:
            case "menu":
                return rows(form, (Link(f"/col{at}/", _COLUMNS[at % len(_COLUMNS)]) for at in range(count)))
            case "links":
                chosen = self._unions[:: len(self._unions) // count][:count]
                return rows(
                    form, (Link(f"http://u{at}.example/", f"{one}总工会") for at, one in enumerate(chosen))
                )
            case "near":
                return Near(count, form, is_inside)
            case "body":
                self.paragraph_form, _, self.picture_form = form.partition(_PICTURE)
        return self._fixed.get(name, "{{" + name)

    def article(self, values: Mapping[str, str], near: Links) -> str:
        """Return the page of an article: values by the names in the file, and what its lists show."""
        return self._filled((*self._head, *self._main, *self._foot), values, near)

    def listing(self, entries: str, values: Mapping[str, str], near: Links) -> str:
        """Return a list page: the entries stand where the article stands otherwise."""
        return self._filled((*self._head, entries, *self._foot), values, near)

    @staticmethod
    def _filled(parts: Sequence[Part], values: Mapping[str, str], near: Links) -> str:
        filled: list[str] = []
        lists = 0
        for part in parts:
            if isinstance(part, Near):
                filled.append(rows(part.form, near(part, lists)))
                lists += 1
            else:
                filled.append(values.get(part[2:], "") if part[:2] == "{{" else part)
        return "".join(filled)

    def body(self, lines: Iterable[str], pictures: Mapping[int, Link]) -> str:
        """Return the paragraphs, each picture after the line of its number."""
        html: list[str] = []
        for number, line in enumerate(lines):
            html.append(rows(self.paragraph_form, [Link("", escape(line, quote=False))]))
            if number in pictures:
                html.append(rows(self.picture_form, [pictures[number]]))
        return "".join(html)
