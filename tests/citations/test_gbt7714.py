from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.citations.cited import PAPER, SEEN, UNION, cited
from unioncrawl.citations.cited_source import CitedSource, Evidence, Place
from unioncrawl.citations.creators import Role
from unioncrawl.citations.gbt7714 import EDITION_2015, EDITION_2025, gbt7714_2025, reference
from unioncrawl.model import Precision

URL = "http://lx.example/news/12.html?a=1&b=2"
FOUR = ((Role.AUTHOR, "李方 王建国 赵敏"), (Role.CORRESPONDENT, "陈嘉"))
REPRINT = cited(people=(), source="东河日报")
NOBODY = cited(people=(), source="")
UNDATED = cited(published_at=None, precision=None)
MIRROR = cited(people=(), source="", place=replace(UNION, level="mirror"))
PICTURES = cited(people=((Role.PHOTOGRAPHER, "欧阳海"),))
PORTAL = cited(place=Place(key="dh", name="东河工会新闻网", level="paper", column="第03版"))


@pytest.mark.parametrize(
    ("source", "edition_2025", "edition_2015"),
    [
        (cited(), "李方. 职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (
            cited(people=FOUR, subtitle="夜班工人有了去处"),
            "李方，王建国，赵敏，等. 职工书屋开放：夜班工人有了去处[EB/OL]. (2026-02-28)[2026-03-02].",
            "李方, 王建国, 赵敏, 等. 职工书屋开放: 夜班工人有了去处[EB/OL]. (2026-02-28)[2026-03-02].",
        ),
        (NOBODY, "临溪市总工会. 职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (REPRINT, "职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (MIRROR, "职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (PICTURES, "欧阳海. 职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (UNDATED, "李方. 职工书屋开放[EB/OL]. [2026-03-02].", "same"),
        (cited(precision=Precision.MONTH), "李方. 职工书屋开放[EB/OL]. (2026-02)[2026-03-02].", "same"),
        (cited(title=""), "李方. [无标题][EB/OL]. (2026-02-28)[2026-03-02].", "same"),
        (
            cited(place=PAPER),
            "李方. 职工书屋开放[N/OL]. 河东工人报, 2026-02-28(3).",
            "李方. 职工书屋开放[N/OL]. 河东工人报, 2026-02-28(3)[2026-03-02].",
        ),
        (
            cited(place=replace(PAPER, column="要闻"), people=(), source=""),
            "职工书屋开放[N/OL]. 河东工人报, 2026-02-28.",
            "职工书屋开放[N/OL]. 河东工人报, 2026-02-28[2026-03-02].",
        ),
        (PORTAL, "李方. 职工书屋开放[EB/OL]. (2026-02-28)[2026-03-02].", "same"),
    ],
)
def test_references_of_both_editions(source: CitedSource, edition_2025: str, edition_2015: str) -> None:
    """All parts stand where the edition has them, and what is unknown is left out."""
    assert reference(source, EDITION_2025) == f"{edition_2025} {URL}."
    wanted = edition_2025 if edition_2015 == "same" else edition_2015
    assert reference(source, EDITION_2015) == f"{wanted} {URL}."


def test_the_note_says_what_the_archive_can_show() -> None:
    """Source, time of the capture, both digests, the permalink, and that the site has deleted the page."""
    held = Evidence(
        seen_at=SEEN,
        revision="00ab12cd34ef5678",
        capture="9f" * 32,
        permalink="http://127.0.0.1:8000/revisions/00ab12cd34ef5678",
        vanished_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    note = gbt7714_2025(replace(REPRINT, evidence=held)).splitlines()[1]
    assert note == (
        "附注：原网址已无此文（2026-05-01确认）；来源：东河日报；存档于2026-03-02 00:30:00（UTC+8）；"
        f"版本摘要00ab12cd34ef5678；页面SHA-256 {'9f' * 32}；"
        "存档链接http://127.0.0.1:8000/revisions/00ab12cd34ef5678。"
    )


def test_a_reference_is_one_line() -> None:
    """Line breaks and tabs of a headline are blanks in it."""
    assert "\n" not in reference(cited(title="职工\n书屋\t开放"), EDITION_2025)
