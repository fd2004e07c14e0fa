"""Entries for biblatex: ``@online`` for web pages, ``@article`` of a newspaper for papers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unioncrawl.citations.archive_note import archive_note
from unioncrawl.citations.cited_source import CitedSource, Medium
from unioncrawl.citations.creators import Creator

# What TeX takes for a command. A brace counts for BibTeX even after a backslash, so it gets a name.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\lbrace{}", "}": r"\rbrace{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{sign: f"\\{sign}" for sign in "#$%&_"},
}  # fmt: skip
_IN_TEX = str.maketrans(_TEX)
# An address is taken to the letter, but its braces are counted and a backslash is none of the web's.
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def bibtex_entry(cited: CitedSource) -> str:
    r"""Return one entry; titles and organisations stand in a second pair of braces, which keeps them whole.

    Fields are those of the biblatex manual, 2.1.1 and 2.2 (``@online``; newspapers are ``@article``
    with ``entrysubtype = newspaper``, as gbt7714-bibtex-style and biblatex-gb7714 take them).

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> seen = Evidence(seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    >>> page = CitedSource(
    ...     number=12, url="http://lx.example/?a=1&b=2", title="送清凉 100% 覆盖",
    ...     place=Place(key="lxzgh", name="临溪市总工会"), people=((Role.AUTHOR, "李方"),),
    ...     published_at=datetime(2026, 2, 28, tzinfo=UTC), evidence=seen,
    ... )
    >>> print(bibtex_entry(page))
    @online{lxzgh-2026-12,
      author = {李, 方},
      title = {{送清凉 100\% 覆盖}},
      organization = {{临溪市总工会}},
      date = {2026-02-28},
      url = {http://lx.example/?a=1&b=2},
      urldate = {2026-03-01},
      note = {存档于2026-03-01 08:00:00（UTC+8）},
      langid = {chinese},
    }
    """
    kind = "article" if cited.medium is Medium.NEWSPAPER else "online"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(cited) if value)
    return f"@{kind}{{{cited.key},\n{fields}}}"


def _fields(cited: CitedSource) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(map(_name, cited.creators))
    yield "title", _whole(cited.headline)
    yield "subtitle", _whole(cited.subtitle)
    if cited.medium is Medium.NEWSPAPER:
        yield "entrysubtype", "newspaper"
        yield "journaltitle", _whole(cited.container)
        yield "pages", cited.place.page
    else:
        yield "organization", _whole(cited.container)
    yield "date", cited.day
    yield "url", _BLANKS.sub("%20", cited.url.strip()).translate(_IN_ADDRESS)
    yield "urldate", cited.seen_day
    yield "note", _plain(archive_note(cited))
    yield "langid", "chinese"


def _name(creator: Creator) -> str:
    if creator.given:
        return f"{_plain(creator.family)}, {_plain(creator.given)}"
    return _whole(creator.family)


def _whole(text: str) -> str:
    plain = _plain(text)
    return f"{{{plain}}}" if plain else ""


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip().translate(_IN_TEX)
