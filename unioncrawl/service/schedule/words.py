"""A plan in words: why and when a site is due, in English and in Chinese."""

from __future__ import annotations

from datetime import datetime, tzinfo

from unioncrawl.service.schedule.due import SiteDue, Why
from unioncrawl.service.schedule.pace import NIGHT_BEGINS, NIGHT_ENDS, NIGHT_SPEED
from unioncrawl.service.words import Words

_FULL_DAY_HOURS = NIGHT_BEGINS - NIGHT_ENDS + (24 - NIGHT_BEGINS + NIGHT_ENDS) * NIGHT_SPEED


WHY = {
    Why.NEVER: Words("从未采集", "never crawled"),
    Why.RHYTHM: Words("按发布规律", "by its rhythm"),
    Why.FAILED: Words("上次采集失败", "its last run failed"),
    Why.REFUSED: Words("上次被网站拒绝", "the site refused last time"),
    Why.KILLED: Words(
        "上次采集没有结束：被强制终止，或正在进行", "its last run has no end: killed, or at work now"
    ),
    Why.CUT_SHORT: Words("上次采集提前结束", "its last run was ended early"),
    Why.OWED: Words("有失败的网址需要重新请求", "addresses failed and are owed a request"),
    Why.VISITS: Words("有文章需要回访（点击量与修改）", "articles are owed a visit for hits and edits"),
}


def said_due(due: SiteDue, zone: tzinfo) -> Words:
    """Say when a site is crawled next, and why; times in a zone."""
    why = WHY[due.why]
    if due.opens_at is not None:
        at = _clock(due.opens_at, zone)
        return Words(f"{at}（采集时段开始时）：{why.zh}", f"at {at}, when its window opens: {why.en}")
    if due.is_due:
        return Words(f"现在：{why.zh}", f"now: {why.en}")
    at = _clock(due.due_at, zone)
    return Words(f"{at}：{why.zh}", f"at {at}: {why.en}")


def said_rhythm(due: SiteDue) -> Words:
    """Say the pause that a site's rhythm has on workdays, and how many looks it is learnt from.

    >>> from datetime import UTC
    >>> due = SiteDue(site="lxgh", why=Why.RHYTHM, due_at=datetime(2026, 3, 4, tzinfo=UTC), is_due=True,
    ...     opens_at=None, last_run=None, pause_hours=4.5, looks=12, is_deep=False)
    >>> said_rhythm(due)
    Words(zh='4.5 工作小时（12 次观察）', en='4.5 working hours (12 looks)')
    """
    if due.pause_hours is None:
        return Words("尚不清楚", "not known yet")
    hours = f"{due.pause_hours:.1f}"
    if due.pause_hours >= 2 * _FULL_DAY_HOURS:
        days = f"{due.pause_hours / _FULL_DAY_HOURS:.1f}"
        return Words(f"{days} 个工作日（{due.looks} 次观察）", f"{days} workdays ({due.looks} looks)")
    return Words(f"{hours} 工作小时（{due.looks} 次观察）", f"{hours} working hours ({due.looks} looks)")


def _clock(at: datetime | None, zone: tzinfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
