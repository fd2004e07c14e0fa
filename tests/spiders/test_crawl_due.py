"""``unioncrawl crawl --due`` crawls what is due, whatever becomes of single sites."""

from __future__ import annotations

import json
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.databases import NO_TABLE_YET, archive_at, ask_at
from tests.processes import wait_until
from tests.spiders.conftest import Workplace
from unioncrawl.service.schedule.site_locks import SiteLocks

ASP, XUNRUI, EMPIRE = "practice-asp", "practice-xunrui", "practice-empire"


def due(workplace: Workplace, *options: str) -> tuple[int, dict[str, Any], str]:
    """Crawl what is due; exit code, the record, and what was said."""
    done = workplace.run("unioncrawl", "crawl", "--due", "--json", *options)
    return done.returncode, json.loads(done.stdout), done.stderr


def age(workplace: Workplace, days: float) -> None:
    """Let all that happened be so many days ago."""
    for number, *times in workplace.rows("select id, started_at, finished_at from run"):
        back = [str(datetime.fromisoformat(at) - timedelta(days=days)) for at in times]
        workplace.rows("update run set started_at = ?, finished_at = ? where id = ?", *back, number)


def test_what_was_crawled_is_not_due_again_until_its_rhythm_says_so(workplace: Workplace) -> None:
    """The first call crawls the site, the second does not, and the third does, to the end of the lists."""
    code, said, _ = due(workplace, ASP)
    assert (code, [site["site"] for site in said["sites"]]) == (0, [ASP])
    code, said, err = due(workplace, ASP)
    assert (code, said["sites"]) == (0, [])
    assert "All sites that were due were crawled" in err
    assert "Deprecat" not in err
    plan = workplace.run("unioncrawl", "crawl", "--due", "--dry-run", ASP, "--language", "zh")
    assert plan.returncode == 0
    assert "上次采集" in plan.stdout
    assert "应采集的网站：0/1" in plan.stdout
    age(workplace, 15)
    code, said, _ = due(workplace, ASP)
    assert [site["site"] for site in said["sites"]] == [ASP]
    assert '"full":"1"' in workplace.rows("select arguments from run order by id desc limit 1")[0][0]


def test_a_broken_site_stops_no_other_and_is_news_once(workplace: Workplace) -> None:
    """An unreadable file, a module that raises, a dead host: exit 1 until its alert is open, then 4."""
    (workplace.folder / "sites" / "bad.toml").write_text('id = "bad"\nname = 3\n', encoding="utf-8")
    own_module = workplace.site_file(XUNRUI).with_suffix(".py")
    own_module.write_text("raise RuntimeError('临溪')\n", encoding="utf-8")
    _move(workplace.site_file(EMPIRE), "127.0.0.1:9")
    names = (ASP, XUNRUI, EMPIRE, "bad", "nowhere")
    code, said, _ = due(workplace, *names)
    by_site = {site["site"]: site for site in said["sites"]}
    assert code == 1
    assert set(by_site) == set(names)
    assert by_site[ASP]["ok"]
    assert by_site[ASP]["new"] > 0
    assert "RuntimeError: 临溪" in by_site[XUNRUI]["error"]
    assert "bad.toml" in by_site["bad"]["error"]
    assert "nowhere" in by_site["nowhere"]["error"]
    assert not any(site["failed_before"] for site in said["sites"])
    age(workplace, 15)
    code, said, _ = due(workplace, *names)
    opened = [(site["site"], site["health"]) for site in said["sites"] if site["health"]]
    assert (code, opened) == (1, [(EMPIRE, ["alert-opened: never-answered"])])
    age(workplace, 15)
    code, said, _ = due(workplace, *names)
    assert code == 4
    assert {site["site"] for site in said["sites"] if site["failed_before"]} == set(names) - {ASP}
    reasons = workplace.rows("select spider, count(*) from run where reason = 'not-begun' group by spider")
    assert dict(reasons) == {XUNRUI: 3, "bad": 3, "nowhere": 3}


def test_a_site_that_dies_is_news_when_it_fails_and_when_an_alert_opens(workplace: Workplace) -> None:
    """Exit 1 for its first run without an answer and for the alert of the second, then 4."""
    assert due(workplace, ASP)[0] == 0
    _move(workplace.site_file(ASP), "127.0.0.1:9")
    told = []
    for _ in range(3):
        age(workplace, 15)
        code, said, _err = due(workplace, ASP)
        told.append((code, said["exit_code"], said["sites"][0]["health"]))
    assert told == [(1, 1, []), (1, 1, ["alert-opened: unreachable"]), (4, 4, [])]


def test_a_site_at_work_in_another_run_is_left_to_it(workplace: Workplace) -> None:
    """Both ways of crawling say so, crawl the other sites, and call it no error."""
    (workplace.folder / "data").mkdir()
    archive = workplace.folder / "data" / "archive.db"
    with SiteLocks(archive_at(archive)) as locks:
        assert locks.take(EMPIRE)
        code, said, err = due(workplace, ASP, EMPIRE)
        assert (code, [site["site"] for site in said["sites"]]) == (0, [ASP])
        assert f"{EMPIRE}: another run is at work on it" in err
        done = workplace.run("unioncrawl", "crawl", EMPIRE)
        assert (done.returncode, workplace.rows("select 1 from run where spider = ?", EMPIRE)) == (0, [])
        done = workplace.run("scrapy", "crawl", EMPIRE)
        assert (done.returncode, workplace.rows("select 1 from run where spider = ?", EMPIRE)) == (0, [])
        assert f"{EMPIRE}: another run is at work on it" in done.stderr


def test_a_signal_ends_a_crawl_of_due_sites_gracefully(workplace: Workplace) -> None:
    """SIGTERM stores what was fetched, exits 143, and the next call goes on with what was cut short."""
    slow = workplace.site_file(EMPIRE)
    slow.write_text(
        slow.read_text(encoding="utf-8").replace("delay_seconds = 0", "delay_seconds = 1"), "utf-8"
    )
    process = workplace.start("unioncrawl", "crawl", "--due", EMPIRE)
    archive = workplace.folder / "data" / "archive.db"
    wait_until(lambda: bool(_rows(archive, "select 1 from article")), process)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 143
    assert _rows(archive, "select reason from run") == [("shutdown",)]
    plan = json.loads(workplace.run("unioncrawl", "crawl", "--dry-run", "--json", EMPIRE).stdout)
    assert plan[0]["why"] == "cut-short"


def test_plain_scrapy_judges_what_it_crawled_and_tells_of_it(workplace: Workplace) -> None:
    """The second run of a dead host, begun by ``scrapy crawl``, opens an alert: it is said, and queued."""
    channels = workplace.folder / "data" / "channels.toml"
    channels.parent.mkdir()
    channels.write_text(
        '[[channels]]\nname = "群"\ntype = "json"\naddress = "http://127.0.0.1:9/"\n', "utf-8"
    )
    channels.chmod(0o600)
    _move(workplace.site_file(ASP), "127.0.0.1:9")
    workplace.run("unioncrawl", "crawl", ASP)
    workplace.run("unioncrawl", "watch", "add", "故障", "--health", "--to", "群")
    workplace.environment["LC_ALL"] = "zh_CN.UTF-8"
    done = workplace.run("scrapy", "crawl", ASP, "-s", "LOG_LEVEL=ERROR")
    assert done.returncode == 0
    said = done.stderr.splitlines()
    assert any(line.startswith(f"{ASP}: 该网站从未列出任何文章") for line in said)
    assert any(line.startswith("watch: 群: ") for line in said)
    assert workplace.rows("select count(*) from notice") == [(1,)]


# The window closes when two articles have come.
_IN_A_WINDOW = """
import os
import sys
from datetime import timedelta
from unioncrawl.commands import _crawling
from unioncrawl.commands.crawl import project_settings

closes_at = _crawling.now() + timedelta(days=1)

class Watch:
    def running(self, site, stats):
        if stats.get("item_scraped_count", 0) >= 2:
            _crawling.now = lambda: closes_at
    def ended(self, outcome):
        print(outcome.site, outcome.reason, outcome.failed)

jobs = [_crawling.SiteJob(site, closes_at=closes_at) for site in sys.argv[1:]]
way = _crawling.Way(at_once=1, watch=Watch())
archive = os.environ.get("UNIONCRAWL_ARCHIVE", "data/archive.db")
_crawling.crawl_sites(project_settings(archive, "WARNING"), jobs, way)
"""


def test_a_run_ends_gracefully_when_its_window_closes(workplace: Workplace) -> None:
    """What was fetched is stored, the rest is owed, and a site whose turn comes later is not begun."""
    _slow_down(workplace.site_file(EMPIRE))
    (workplace.folder / "in_a_window.py").write_text(_IN_A_WINDOW, encoding="utf-8")
    workplace.environment["PYTHONPATH"] += f":{workplace.folder}"
    done = workplace.run("in_a_window", EMPIRE, ASP)
    assert done.stdout.splitlines() == [f"{EMPIRE} window-closed False", f"{ASP} window-closed False"]
    assert "its window closes" in done.stderr
    assert workplace.rows("select spider, reason from run") == [(EMPIRE, "window-closed")]
    assert workplace.rows("select count(*) > 0 from rejection where reason = 'not-reached'") == [(1,)]
    del workplace.environment["UNIONCRAWL_FLUSH_SECONDS"]
    plan = json.loads(workplace.run("unioncrawl", "crawl", "--dry-run", "--json", EMPIRE).stdout)
    assert (plan[0]["why"], plan[0]["last_faults"]) == ("cut-short", [])


def test_due_beside_what_it_makes_void_is_refused(workplace: Workplace) -> None:
    """A run of what is due is never a partial one; settings of hours that are none are named."""
    done = workplace.run("unioncrawl", "crawl", "--due", "--max-pages", "2")
    assert done.returncode == 2
    workplace.environment["UNIONCRAWL_WINDOW"] = "night"
    done = workplace.run("unioncrawl", "crawl", "--due", ASP)
    assert done.returncode == 1
    assert "UNIONCRAWL_WINDOW: 'night' is not a window of hours" in done.stderr


def _slow_down(file: Path) -> None:
    """Let a site file ask for a second between two requests."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("delay_seconds = 0", "delay_seconds = 1"), encoding="utf-8")


def _move(file: Path, host: str) -> None:
    """Let a site file name another host."""
    text = file.read_text(encoding="utf-8")
    old = text.split('hosts = ["', 1)[1].split('"', 1)[0]
    file.write_text(text.replace(old, host), encoding="utf-8")


def _rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    try:
        return ask_at(archive, query)
    except NO_TABLE_YET:
        return []
