"""A crawl with Scrapy's JOBDIR that was stopped goes on, whatever stopped it."""

from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from tests.databases import NO_TABLE_YET
from tests.processes import HANG_SECONDS, wait_until
from tests.spiders.conftest import Workplace

SITE = "practice-empire"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_crawl_goes_on_with_its_jobdir(workplace: Workplace, how: signal.Signals) -> None:
    """A crawl with JOBDIR that was interrupted or killed goes on, and ends with what one in one go has."""
    path = workplace.site_file(SITE)
    text = path.read_text(encoding="utf-8")
    slow = text.replace("delay_seconds = 0", "delay_seconds = 0.3")
    path.write_text(slow.replace("concurrent_requests = 4", "concurrent_requests = 1"), encoding="utf-8")
    job = ("-s", "JOBDIR=job", "-s", "UNIONCRAWL_FLUSH_ARTICLES=1")
    process = workplace.start("scrapy", "crawl", SITE, *job)
    wait_until(lambda: articles(workplace) > 2, process)
    process.send_signal(how)
    process.communicate(timeout=HANG_SECONDS)
    before = articles(workplace)
    path.write_text(text, encoding="utf-8")
    resumed = workplace.crawl(SITE, *job)
    assert 2 < before < 20
    assert articles(workplace) == 20
    assert workplace.rows("select count(*) from article where hits is null and hits_status = 'pending'") == [
        (0,)
    ]
    assert resumed.get("scheduler/unserializable", 0) == 0
    assert resumed.get("unioncrawl/job/killed", 0) == int(how is signal.SIGKILL)
    # A job that was finished is asked again in full.
    assert workplace.crawl(SITE, *job)["unioncrawl/archive/observation"] >= 20


def articles(workplace: Workplace) -> int:
    """How many articles the archive has; 0 while there is no archive."""
    with suppress(*NO_TABLE_YET):
        number: int = workplace.rows("select count(*) from article")[0][0]
        return number
    return 0
