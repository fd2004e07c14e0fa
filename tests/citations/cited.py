"""Invented sources to cite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from unioncrawl.citations.cited_source import CitedSource, Evidence, Place
from unioncrawl.citations.creators import Role
from unioncrawl.model import Precision

SEEN = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
UNION = Place(key="lxzgh", name="临溪市总工会", level="city", column="工会要闻")
PAPER = Place(key="hdgrb", name="河东工人报（数字报）", level="paper", column="第03版：要闻")


def cited(**values: Any) -> CitedSource:
    """A page of 临溪市总工会 by 李方, with other values where they are given."""
    usual: dict[str, Any] = {
        "number": 12,
        "url": "http://lx.example/news/12.html?a=1&b=2",
        "place": UNION,
        "evidence": Evidence(seen_at=SEEN, revision="00ab12cd34ef5678", capture="9f" * 32),
        "title": "职工书屋开放",
        "people": ((Role.AUTHOR, "李方"),),
        "source": "临溪市总工会",
        "published_at": datetime(2026, 2, 27, 17, 0, tzinfo=UTC),
        "precision": Precision.DAY,
    }
    return CitedSource(**{**usual, **values})
