"""Records of RIS, which EndNote, Zotero, NoteExpress and others import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unioncrawl.citations.archive_note import archive_note
from unioncrawl.citations.cited_source import CitedSource, Medium

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def ris_record(cited: CitedSource) -> str:
    r"""Return one record, its lines ended by CR LF as RIS asks.

    Tags are those of Research Information Systems' format specification of 2001 and 2011
    (``ELEC``: web page, ``NEWS``: newspaper; ``DA`` as YYYY/MM/DD/, with empty parts for what
    is not known; ``Y2``: the day of access).

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> seen = Evidence(seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    >>> page = CitedSource(
    ...     number=12, url="http://lx.example/1", title="送清凉", people=((Role.AUTHOR, "李方"),),
    ...     place=Place(key="lxzgh", name="临溪市总工会"), published_at=datetime(2026, 2, 28, tzinfo=UTC),
    ...     evidence=seen,
    ... )
    >>> print(*ris_record(page).splitlines()[:-1], sep="\n")
    TY  - ELEC
    ID  - lxzgh-2026-12
    AU  - 李, 方
    TI  - 送清凉
    T2  - 临溪市总工会
    PB  - 临溪市总工会
    PY  - 2026
    DA  - 2026/02/28/
    Y2  - 2026/03/01/
    UR  - http://lx.example/1
    LA  - zh-CN
    N1  - 存档于2026-03-01 08:00:00（UTC+8）
    """
    lines = (f"{tag}  - {_BLANKS.sub(' ', value).strip()}\r\n" for tag, value in _tags(cited) if value)
    return "".join(lines) + "ER  - \r\n"


def _tags(cited: CitedSource) -> Iterator[tuple[str, str]]:
    is_paper = cited.medium is Medium.NEWSPAPER
    yield "TY", "NEWS" if is_paper else "ELEC"
    yield "ID", cited.key
    for creator in cited.creators:
        yield "AU", f"{creator.family}, {creator.given}" if creator.given else creator.family
    yield "TI", "：".join(filter(None, (cited.headline, cited.subtitle)))
    yield "T2", cited.container
    yield "PB", "" if is_paper else cited.container
    yield "SP", cited.place.page
    yield "PY", cited.date_parts[0] if cited.date_parts else ""
    yield "DA", _date("-".join(cited.date_parts))
    yield "Y2", _date(cited.seen_day)
    yield "UR", cited.url
    yield "LA", "zh-CN"
    yield "N1", archive_note(cited)


def _date(day: str) -> str:
    """The date of RIS: year, month, day and other information, parted by three slashes."""
    parts = day.split("-") if day else []
    return "/".join([*parts, *[""] * (4 - len(parts))]) if parts else ""
