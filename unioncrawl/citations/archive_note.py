"""What a citation's note says: when the text was archived, what proves it, what became of the page."""

from __future__ import annotations

from collections.abc import Iterator

from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.language.zones import CHINA


def archive_note(cited: CitedSource) -> str:
    """Return the note in Chinese, one sentence; parts that are not known are left out.

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place
    >>> seen = Evidence(seen_at=datetime(2026, 3, 1, 2, 5, tzinfo=UTC), revision="00ab12cd34ef5678")
    >>> place = Place(key="lxzgh", name="临溪市总工会")
    >>> page = CitedSource(number=12, url="http://lx.cn/1", place=place, source="东河日报", evidence=seen)
    >>> archive_note(page)
    '来源：东河日报；存档于2026-03-01 10:05:00（UTC+8）；版本摘要00ab12cd34ef5678'
    """
    return "；".join(_parts(cited))


def _parts(cited: CitedSource) -> Iterator[str]:
    held = cited.evidence
    if held.withdrawn_at is not None:
        yield f"该文已于{held.withdrawn_at.astimezone(CHINA).date()}从存档撤回，正文不再提供"
        yield f"原页面最后见于{held.seen_at.astimezone(CHINA).date()}"
        return
    if held.vanished_at is not None:
        yield f"原网址已无此文（{held.vanished_at.astimezone(CHINA).date()}确认）"
    if cited.source and cited.source not in {cited.container, *(one.name for one in cited.creators)}:
        yield f"来源：{cited.source}"
    yield f"存档于{held.seen_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}（UTC+8）"
    if held.revision:
        yield f"版本摘要{held.revision}"
    if held.capture:
        yield f"页面SHA-256 {held.capture}"
    if held.permalink:
        yield f"存档链接{held.permalink}"
