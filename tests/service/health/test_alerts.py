from __future__ import annotations

import pytest

from tests.service.health.invented_runs import (
    GONE,
    HALF_A_DAY,
    LEADS_AWAY,
    NO_NAME,
    NO_NAME_OF_ROBOTS,
    ROBOTS_OF_503,
    TIMEOUT,
    WELL,
    InventedRuns,
)
from unioncrawl.archive.database import writing
from unioncrawl.service.health.alerts import AlertEvent, Change
from unioncrawl.service.health.settle import settle

SITES = ["linxi", "donghe", "beigang", "nanping"]


def told(events: list[AlertEvent]) -> list[tuple[str, str, str]]:
    """What is told, of whom."""
    return [(one.site, one.kind, one.change.value) for one in events]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (TIMEOUT, "unreachable"),
        ({**TIMEOUT, "unioncrawl/rejected/extract/ruishu-challenge": 1}, "unreachable"),
        ({**TIMEOUT, "unioncrawl/rejected/extract/ruishu-challenge": 3}, "blocked"),
        (NO_NAME, "dns"),
        (NO_NAME_OF_ROBOTS, "dns"),
        (ROBOTS_OF_503, "server-error"),
        (GONE, "no-articles"),
        (LEADS_AWAY, "host-changed"),
    ],
)
def test_two_bad_runs_in_a_row_open_one_alert(runs: InventedRuns, bad: dict[str, int], kind: str) -> None:
    """One bad run says nothing, the second opens an alert, the third says nothing more."""
    assert not runs.crawl("linxi", WELL, times=5)
    assert not runs.crawl("linxi", bad)
    assert told(runs.crawl("linxi", bad)) == [("linxi", kind, "alert-opened")]
    assert not runs.crawl("linxi", bad)


def test_a_good_run_between_opens_no_alert(runs: InventedRuns) -> None:
    """A site that fails every other time opens no alert."""
    runs.crawl("linxi", WELL, times=5)
    for _ in range(5):
        assert not runs.crawl("linxi", TIMEOUT)
        assert not runs.crawl("linxi", WELL)


def test_a_recovery_is_told_once(runs: InventedRuns) -> None:
    """The first good run ends the alert, and the next fault opens another one."""
    runs.crawl("linxi", WELL, times=5)
    (opened,) = runs.crawl("linxi", TIMEOUT, times=3)
    assert told(runs.crawl("linxi", WELL, times=3)) == [("linxi", "unreachable", "alert-recovered")]
    (again,) = runs.crawl("linxi", TIMEOUT, times=3)
    assert again.change is Change.OPENED
    assert again.event_id != opened.event_id


def test_an_alert_is_repeated_each_week(runs: InventedRuns) -> None:
    """A fault of two weeks is told three times, each time as another event."""
    runs.crawl("linxi", WELL, times=5)
    events = runs.crawl("linxi", TIMEOUT, times=2 + 2 * 14)
    assert [one.change for one in events] == [Change.OPENED, *[Change.REPEATED] * 2]
    assert len({one.event_id for one in events}) == 3


def test_a_site_that_never_answered_is_told(runs: InventedRuns) -> None:
    """A site without any good run is told as such."""
    assert told(runs.crawl("linxi", TIMEOUT, times=4)) == [("linxi", "never-answered", "alert-opened")]


def test_a_run_that_a_person_ended_is_not_judged(runs: InventedRuns) -> None:
    """A run that was interrupted is neither good nor bad."""
    runs.crawl("linxi", WELL, times=5)
    runs.crawl("linxi", TIMEOUT)
    assert not runs.crawl("linxi", {}, reason="shutdown")
    assert told(runs.crawl("linxi", TIMEOUT)) == [("linxi", "unreachable", "alert-opened")]


def test_half_of_the_sites_together_are_one_event(runs: InventedRuns) -> None:
    """When the network fails, one event says so, and one that it is back."""
    for _ in range(3):
        runs.crawl_all(SITES, WELL)
    events = [one for _ in range(4) for one in runs.crawl_all(SITES, NO_NAME)]
    assert told(events) == [("", "network", "alert-opened")]
    assert told(runs.crawl_all(SITES, WELL)) == [("", "network", "alert-recovered")]
    assert not runs.crawl_all(SITES, WELL)


def test_a_site_that_stays_away_is_told_when_the_network_is_back(runs: InventedRuns) -> None:
    """What the network hid is told as soon as it explains nothing any more."""
    for _ in range(3):
        runs.crawl_all(SITES, WELL)
    for _ in range(3):
        runs.crawl_all(SITES, TIMEOUT)
    events = runs.crawl_all(SITES[1:], WELL) + runs.crawl("linxi", TIMEOUT)
    assert told(events) == [("", "network", "alert-recovered"), ("linxi", "unreachable", "alert-opened")]


def test_sites_that_are_known_to_be_down_are_no_sign_of_the_network(runs: InventedRuns) -> None:
    """Three dead sites of four do not make the fourth one's fault one of the network."""
    for key in SITES[:3]:
        runs.crawl(key, WELL, times=3)
        runs.crawl(key, TIMEOUT, times=3)
    runs.crawl(SITES[3], WELL, times=3)
    for key in SITES[:3]:
        runs.crawl(key, TIMEOUT)
    assert told(runs.crawl(SITES[3], TIMEOUT, times=2)) == [("nanping", "unreachable", "alert-opened")]


def test_a_new_site_file_settles_what_only_looked_otherwise(runs: InventedRuns) -> None:
    """A changed layout is told until the site file changes; then the new layout is the normal one."""
    old, new = (
        {**WELL, "unioncrawl/health/list_prints": [page], "unioncrawl/health/site_file": "a1"}
        for page in ("00aa00bb00cc", "00dd00ee00ff")
    )
    runs.crawl("linxi", old, times=5)
    assert told(runs.crawl("linxi", new, times=4)) == [("linxi", "layout-changed", "alert-opened")]
    renewed = {**new, "unioncrawl/health/site_file": "b2"}
    assert told(runs.crawl("linxi", renewed)) == [("linxi", "layout-changed", "alert-recovered")]
    assert not runs.crawl("linxi", renewed, times=5)


def test_what_follows_from_a_known_fault_is_told_when_it_outlasts_it(runs: InventedRuns) -> None:
    """While a changed layout is known, another encoding opens an alert that nobody is told of until then."""
    lists = {"http://linxi.example/yw/": {"entries": 20, "next": 1, "encoding": "gb18030"}}
    prints = {"unioncrawl/health/list_prints": ["00aa00bb00cc"]}
    runs.crawl("linxi", {**WELL, **prints, "unioncrawl/health/lists": lists}, times=5)
    changed = {**WELL, "unioncrawl/health/list_prints": ["00dd00ee00ff"], "unioncrawl/health/lists": lists}
    assert told(runs.crawl("linxi", changed, times=3)) == [("linxi", "layout-changed", "alert-opened")]
    recoded = {url: {**note, "encoding": "utf-8"} for url, note in lists.items()}
    assert not runs.crawl("linxi", {**changed, "unioncrawl/health/lists": recoded}, times=3)
    back = {**WELL, **prints, "unioncrawl/health/lists": recoded}
    assert told(runs.crawl("linxi", back, times=2)) == [
        ("linxi", "layout-changed", "alert-recovered"),
        ("linxi", "charset-changed", "alert-opened"),
    ]


def test_what_opens_a_week_after_a_known_fault_is_told(runs: InventedRuns) -> None:
    """A fault that nobody mends hides no later one: another encoding a month after a new layout is told."""
    lists = {"http://linxi.example/yw/": {"entries": 20, "next": 1, "encoding": "gb18030"}}
    old, new = (
        {**WELL, "unioncrawl/health/list_prints": [page], "unioncrawl/health/lists": lists}
        for page in ("00aa00bb00cc", "00dd00ee00ff")
    )
    runs.crawl("linxi", old, times=5)
    assert told(runs.crawl("linxi", new, times=3)) == [("linxi", "layout-changed", "alert-opened")]
    runs.crawl("linxi", new, times=50)
    recoded = {url: {**note, "encoding": "utf-8"} for url, note in lists.items()}
    changed = {**new, "unioncrawl/health/lists": recoded}
    assert told(runs.crawl("linxi", changed, times=2)) == [("linxi", "charset-changed", "alert-opened")]


def test_what_follows_from_a_known_fault_is_told_with_its_repetition(runs: InventedRuns) -> None:
    """What the alert of a new layout hides is told when that one is told again, a week later."""
    lists = {"http://linxi.example/yw/": {"entries": 20, "next": 1, "encoding": "gb18030"}}
    old = {**WELL, "unioncrawl/health/list_prints": ["00aa00bb00cc"], "unioncrawl/health/lists": lists}
    recoded = {url: {**note, "encoding": "utf-8"} for url, note in lists.items()}
    new = {**old, "unioncrawl/health/list_prints": ["00dd00ee00ff"]}
    runs.crawl("linxi", old, times=5)
    assert told(runs.crawl("linxi", new, times=3))
    assert told(runs.crawl("linxi", {**new, "unioncrawl/health/lists": recoded}, times=14)) == [
        ("linxi", "charset-changed", "alert-opened"),
        ("linxi", "layout-changed", "alert-repeated"),
    ]


def test_a_settled_certificate_is_told_when_the_next_one_ends(runs: InventedRuns) -> None:
    """Whoever takes an ended certificate for normal hears no more of it, but of the end of another one."""
    ended, renewed = (
        {**WELL, "unioncrawl/health/certificate_ends": f"{year}-03-01T00:00:00+00:00"}
        for year in (2026, 2027)
    )
    opened = [("linxi", "certificate-expired", "alert-opened")]
    runs.crawl("linxi", renewed, times=3)
    assert told(runs.crawl("linxi", ended, times=2)) == opened
    with writing(runs.archive.engine) as connection:
        settle(connection, "linxi", "certificate-expired", runs.now)
    assert not runs.crawl("linxi", ended, times=20)
    assert not runs.crawl("linxi", renewed, times=3)
    assert told(runs.crawl("linxi", ended, times=2)) == opened


def test_an_ended_certificate_hides_nothing_and_is_not_hidden(runs: InventedRuns) -> None:
    """A certificate that ends and its renewal are told beside an alert of the pages, and that beside it."""
    ended, renewed = (
        {"unioncrawl/health/certificate_ends": f"{year}-03-01T00:00:00+00:00"} for year in (2026, 2027)
    )
    old, new = (
        {**WELL, "unioncrawl/health/list_prints": [page]} for page in ("00aa00bb00cc", "00dd00ee00ff")
    )
    runs.crawl("linxi", {**old, **renewed}, times=5)
    opened = [("linxi", "certificate-expired", "alert-opened")]
    assert told(runs.crawl("linxi", {**old, **ended}, times=2)) == opened
    assert told(runs.crawl("linxi", {**new, **ended}, times=2)) == [
        ("linxi", "layout-changed", "alert-opened")
    ]
    over = [("linxi", "certificate-expired", "alert-recovered")]
    assert told(runs.crawl("linxi", {**new, **renewed})) == over
    assert told(runs.crawl("linxi", {**new, **ended}, times=2)) == opened


def test_sites_that_fail_for_different_causes_do_not_fail_together(runs: InventedRuns) -> None:
    """Four sites of which one has no name, one no answer, one a wall and one no list are no fault of ours."""
    for _ in range(3):
        runs.crawl_all(SITES, WELL)
    wall = {"unioncrawl/rejected/fetch/403": 2, "unioncrawl/crawl/blocked": 1}
    for _ in range(2):
        runs.now += HALF_A_DAY
        events = [
            one
            for key, bad in zip(SITES, (NO_NAME, TIMEOUT, wall, GONE), strict=True)
            for one in runs.run(key, bad)
        ]
    assert {one.site for one in events} == set(SITES)


def test_an_outage_between_two_bad_runs_hides_no_fault(runs: InventedRuns) -> None:
    """A layout that changed before an outage of one run is told at the first run after it."""
    old, new = ({**WELL, "unioncrawl/health/list_prints": [page]} for page in ("00aa00bb", "00dd00ee"))
    runs.crawl("linxi", old, times=5)
    assert not runs.crawl("linxi", new)
    assert not runs.crawl("linxi", TIMEOUT)
    assert told(runs.crawl("linxi", new)) == [("linxi", "layout-changed", "alert-opened")]


def test_a_site_that_comes_back_as_another_one_is_told_anew(runs: InventedRuns) -> None:
    """After an outage that is known, two runs whose lists answer and show nothing are news, not a third."""
    runs.crawl("linxi", WELL, times=5)
    assert told(runs.crawl("linxi", NO_NAME, times=5)) == [("linxi", "dns", "alert-opened")]
    assert not runs.crawl("linxi", TIMEOUT, times=2)
    assert not runs.crawl("linxi", GONE)
    assert told(runs.crawl("linxi", GONE)) == [("linxi", "no-articles", "alert-opened")]
    assert not runs.crawl("linxi", GONE, times=2)
    assert not runs.crawl("linxi", NO_NAME, times=2)
    assert told(runs.crawl("linxi", WELL)) == [("linxi", "no-articles", "alert-recovered")]
