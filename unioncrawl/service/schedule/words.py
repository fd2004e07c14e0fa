"""A plan in words: why and when a site is due, in English and in Chinese."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from unioncrawl.service.schedule.due import SiteDue, Why
from unioncrawl.service.schedule.pace import NIGHT_BEGINS, NIGHT_ENDS, NIGHT_SPEED

_FULL_DAY_HOURS = NIGHT_BEGINS - NIGHT_ENDS + (24 - NIGHT_BEGINS + NIGHT_ENDS) * NIGHT_SPEED


class Said(NamedTuple):
    """A sentence in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """Return the sentence in ``en`` or ``zh``."""
        return self.zh if language == "zh" else self.en


WHY = {
    Why.NEVER: Said("never crawled", "从未采集"),
    Why.RHYTHM: Said("by its rhythm", "按发布规律"),
    Why.FAILED: Said("its last run failed", "上次采集失败"),
    Why.REFUSED: Said("the site refused last time", "上次被网站拒绝"),
    Why.KILLED: Said(
        "its last run has no end: killed, or at work now", "上次采集没有结束：被强制终止，或正在进行"
    ),
    Why.CUT_SHORT: Said("its last run was ended early", "上次采集提前结束"),
    Why.OWED: Said("addresses failed and are owed a request", "有失败的网址需要重新请求"),
    Why.VISITS: Said("articles are owed a visit for hits and edits", "有文章需要回访（点击量与修改）"),
}


def said_due(due: SiteDue, zone: tzinfo) -> Said:
    """Say when a site is crawled next, and why; times in a zone."""
    why = WHY[due.why]
    if due.opens_at is not None:
        at = _clock(due.opens_at, zone)
        return Said(f"at {at}, when its window opens: {why.en}", f"{at}（采集时段开始时）：{why.zh}")
    if due.is_due:
        return Said(f"now: {why.en}", f"现在：{why.zh}")
    at = _clock(due.due_at, zone)
    return Said(f"at {at}: {why.en}", f"{at}：{why.zh}")


def said_rhythm(due: SiteDue) -> Said:
    """Say the pause that a site's rhythm has on workdays, and how many looks it is learnt from.

    >>> from datetime import UTC
    >>> due = SiteDue(site="lxgh", why=Why.RHYTHM, due_at=datetime(2026, 3, 4, tzinfo=UTC), is_due=True,
    ...     opens_at=None, last_run=None, pause_hours=4.5, looks=12, is_deep=False)
    >>> said_rhythm(due)
    Said(en='4.5 working hours (12 looks)', zh='4.5 工作小时（12 次观察）')
    """
    if due.pause_hours is None:
        return Said("not known yet", "尚不清楚")
    hours = f"{due.pause_hours:.1f}"
    if due.pause_hours >= 2 * _FULL_DAY_HOURS:
        days = f"{due.pause_hours / _FULL_DAY_HOURS:.1f}"
        return Said(f"{days} workdays ({due.looks} looks)", f"{days} 个工作日（{due.looks} 次观察）")
    return Said(f"{hours} working hours ({due.looks} looks)", f"{hours} 工作小时（{due.looks} 次观察）")


def _clock(at: datetime | None, zone: tzinfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
