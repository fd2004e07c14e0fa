"""Which kinds of jobs there are, and what each is called, locked by and ranked as."""

from __future__ import annotations

from enum import StrEnum

CRAWL_QUEUE, HEAVY_QUEUE = "crawl", "heavy"
CRAWL_TASK, PLAN_TASK = "crawl", "plan"
# Jobs of these run as commands of their own: the name of the task is the command's.
HEAVY_TASKS = ("reprocess", "import", "repair")
# The plan is older news with each second; any worker with room does it before all else.
PLAN_PRIORITY = 100


class Kind(StrEnum):
    """Why a site is crawled: something new is to be expected, all lists are walked, or addresses are owed."""

    DAILY = "daily"
    DEEP = "deep"
    OWED = "owed"


# Higher goes first: news before what is owed, and what takes hours last.
PRIORITY = {Kind.DAILY: 20, Kind.OWED: 10, Kind.DEEP: 5}


def site_lock(site: str) -> str:
    """The lock of a site's jobs, of which one runs at a time and one waits.

    >>> site_lock("hgzgh")
    'site hgzgh'
    """
    return f"site {site}"
