from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.service.health.sound_sites import BEGIN, LISTS, SoundSite
from unioncrawl.service.health.alerts import opened_by
from unioncrawl.service.health.reading import ListNote, Reading
from unioncrawl.service.health.rules.case import Case
from unioncrawl.service.health.rules.table import RULES

Fault = Callable[[Reading], Reading]
OTHER_PRINT = "".join(f"{number:04x}" for number in range(50, 3250, 100))
NEW_HOME = "https://www.linxi-gh.example/new/"


def kinds_of(readings: Sequence[Reading]) -> dict[str, int]:
    """The kinds of fault that a history opens, each with the place of the reading that opens it."""
    found: dict[str, int] = {}
    for place in range(len(readings)):
        for rule in RULES:
            alert = opened_by(rule, Case(recent=(), before=()), readings[max(0, place - 120) : place + 1])
            if alert is not None:
                found.setdefault(alert.kind, place)
    return found


def lists_with(*, leads_on: bool = True, moved: str = "", encoding: str = "gb18030") -> Fault:
    """Change what every list shows."""
    return lambda reading: replace(
        reading,
        lists={
            url: note._replace(leads_on=leads_on, moved=moved, encoding=encoding)
            for url, note in reading.lists.items()
        },
    )


def articles_with(**changed: int) -> Fault:
    """Change what the new articles have."""

    def change(reading: Reading) -> Reading:
        new = reading.articles["new"]
        counted = {name: min(new, number) for name, number in changed.items()}
        return replace(reading, articles={**reading.articles, **counted})

    return change


def of_list(url: str, change: Callable[[Reading], ListNote]) -> Fault:
    """Change what one list shows."""
    return lambda reading: replace(reading, lists={**reading.lists, url: change(reading)})


def doubled(reading: Reading) -> Reading:
    """All entries under new addresses."""
    return replace(reading, articles={**reading.articles, "duplicates": 20})


FAULTS: dict[str, Fault] = {
    "certificate-expired": lambda reading: replace(reading, certificate_ends=BEGIN),
    "address-moved": lists_with(moved=NEW_HOME),
    "layout-changed": lambda reading: replace(reading, list_prints=(OTHER_PRINT,)),
    "charset-changed": lists_with(encoding="utf-8"),
    "list-lost": of_list(LISTS[1], lambda _: ListNote(0, leads_on=False)),
    "list-replaced": lambda reading: replace(
        reading, lists=dict(zip(LISTS, reversed(list(reading.lists.values())), strict=True))
    ),
    "pager-lost": lists_with(leads_on=False),
    "pages-lost": lambda reading: replace(
        reading, visits=0, new=0, revised=0, articles={}, letters=(), hits={}, refused={"soft-404": 15}
    ),
    "addresses-changed": doubled,
    "all-revised": lambda reading: replace(reading, revised=12),
    "field-lost": articles_with(published_at=0),
    "hits-lost": lambda reading: replace(reading, hits={"failed": 15}),
    "dates-ahead": lambda reading: replace(reading, refused={"future-date": reading.new + 2}),
    "texts-short": lambda reading: replace(reading, letters=(20,) * reading.new),
    "repairs-uncertain": articles_with(uncertain=9),
    "lines-dropped": articles_with(dropped=9),
}
# What is counted of new articles waits until there are some.
OF_NEW_ARTICLES = {"field-lost", "texts-short", "repairs-uncertain", "lines-dropped", "dates-ahead"}


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_opens_its_alert(kind: str) -> None:
    """Each fault opens its alert, and no other; what shows in every run within two runs."""
    readings = list(SoundSite(seed=5).readings(80))
    broken = [*readings[:60], *map(FAULTS[kind], readings[60:])]
    found = kinds_of(broken)
    assert set(found) == {kind}
    assert found[kind] == 61 or kind in OF_NEW_ARTICLES
    assert found[kind] < 75


def test_every_rule_has_a_fault() -> None:
    """Each kind that is not a site's silence is tried here."""
    of_pages = {kind for rule in RULES[1:] for kind in rule.kinds}
    assert of_pages == {*FAULTS, "silent", "list-still"}


@pytest.mark.parametrize(
    ("status", "visits", "history", "place"),
    [("no-counter", 3, 60, 0), ("no-counter", 2, 60, 1), ("failed", 15, 60, 1), ("no-counter", 15, 10, 1)],
)
def test_a_count_that_no_page_shows_any_more_needs_no_second_run(
    status: str, visits: int, history: int, place: int
) -> None:
    """One run tells of it after a week of counts; two where requests failed, or little is known."""
    readings = [replace(one, hits={"page": 15}) for one in SoundSite(seed=5).readings(history + 10)]
    broken = [*readings[:history], *(replace(one, hits={status: visits}) for one in readings[history:])]
    assert kinds_of(broken) == {"hits-lost": history + place}


@pytest.mark.parametrize(("lost", "place"), [(1, 1), (0, None)])
def test_articles_that_show_their_count_no_more_are_told_at_the_second_visit(
    lost: int, place: int | None
) -> None:
    """Of a site of one visit in five runs two are enough, where these articles had a count."""

    def visited(reading: Reading, status: str, lost: int) -> Reading:
        is_visited = reading.run_id % 5 == 0
        return replace(
            reading, hits={status: 1} if is_visited else {}, articles={"unshown": lost * is_visited}
        )

    plain = [replace(one, new=0, letters=()) for one in SoundSite(seed=5).readings(75)]
    before = [visited(one, "page", 0) for one in plain[:59]]
    found = kinds_of([*before, *(visited(one, "no-counter", lost) for one in plain[59:])])
    assert found == ({"hits-lost": 59 + 5 * place} if place else {})
    # A page of before that lost its own says that pages do, at this site.
    before[9] = visited(plain[9], "no-counter", 1)
    assert kinds_of([*before, *(visited(one, "no-counter", lost) for one in plain[59:])]) == {}


def test_a_site_of_one_article_in_five_runs_is_told_by_its_articles() -> None:
    """What is lost of rare articles is gathered over as many runs as it takes, those without one left out."""
    plain = [replace(one, articles={}, new=0, letters=()) for one in SoundSite(seed=5).readings(120)]
    rare = {"new": 1, "published_at": 1, "source": 1}
    readings = [replace(one, articles=rare, new=1) if one.run_id % 5 == 0 else one for one in plain]
    broken = [
        *readings[:80],
        *(replace(one, articles={**one.articles, "source": 0}) for one in readings[80:]),
    ]
    assert kinds_of(broken) == {"field-lost": 99}


def test_one_list_that_begins_to_redirect_is_told() -> None:
    """One of two lists that leads to the home page has moved; one that has led there before has not."""
    readings = list(SoundSite(seed=5).readings(30))
    home = of_list(LISTS[0], lambda one: one.lists[LISTS[0]]._replace(moved="http://www.linxi-gh.example/"))
    assert kinds_of([*readings[:20], *map(home, readings[20:])]) == {"address-moved": 21}
    again = [home(one) if one.run_id % 7 == 3 or one.run_id > 20 else one for one in readings]
    assert kinds_of(again) == {}


OTHERS = frozenset(f"{number:04x}" for number in range(12))


def test_a_list_of_unknown_articles_is_another_list() -> None:
    """A list that shows a column that was never crawled is told; one after a pause of years is not."""
    readings = list(SoundSite(seed=5).readings(64))
    other = of_list(LISTS[0], lambda one: one.lists[LISTS[0]]._replace(shown=OTHERS))
    assert kinds_of([*readings[:60], *map(other, readings[60:])]) == {"list-replaced": 61}
    late = [replace(other(one), at=one.at + timedelta(days=700)) for one in readings[60:]]
    assert "list-replaced" not in kinds_of([*readings[:60], *late])


def test_a_list_that_stands_still_while_others_go_on_is_told() -> None:
    """A list that shows what it showed for weeks is told when the other one goes on, and not otherwise."""
    readings = list(SoundSite(seed=5, articles_a_run=4, notices=0).readings(110))
    frozen = {url: readings[70].lists[url] for url in LISTS}
    one = [
        *readings[:70],
        *(replace(one, lists={**one.lists, LISTS[1]: frozen[LISTS[1]]}) for one in readings[70:]),
    ]
    found = kinds_of(one)
    assert set(found) == {"list-still"}
    assert 70 + 16 < found["list-still"] < 70 + 30
    assert "list-still" not in kinds_of(
        [*readings[:70], *(replace(one, lists=frozen) for one in readings[70:])]
    )


@pytest.mark.parametrize("rate", [0.3, 1.5, 4.0])
def test_a_sound_site_opens_no_alert(rate: float) -> None:
    """Two months of a sound site, with days on which most articles lack a field, open none."""
    readings = list(SoundSite(seed=7, articles_a_run=rate).readings(120))
    assert kinds_of(readings) == {}


def test_an_archive_of_an_older_version_is_judged_by_what_it_has() -> None:
    """Readings without notes of lists and articles open an alert only for what they count."""
    old = [
        Reading(
            run_id=number, at=BEGIN + number * timedelta(hours=12), reason="finished", entries=20, visits=9
        )
        for number in range(30)
    ]
    broken = [*old[:20], *(replace(one, entries=0, refused={"dns": 2}) for one in old[20:])]
    assert set(kinds_of(old)) == set()
    assert set(kinds_of(broken)) == {"dns"}


def silent_from(last: date, days: Sequence[date], until: date) -> str:
    """The kind of fault of a site whose last article is of a day, at another day."""
    quiet = [
        Reading(run_id=number, at=BEGIN, reason="finished", entries=20, visits=9) for number in range(1, 30)
    ]
    at = BEGIN + timedelta(days=(until - BEGIN.date()).days)
    readings = [replace(one, at=at + timedelta(hours=one.run_id)) for one in quiet]
    known = [day for day in days if day <= last]
    rule = RULES[-1]
    is_holiday = {date(2026, 10, day) for day in range(1, 9)}.__contains__
    case = Case(recent=(), before=(), days=lambda: known, is_holiday=is_holiday)
    alert = opened_by(rule, case, readings)
    return alert.kind if alert else ""


WORKDAYS = [day for number in range(230) if (day := date(2026, 2, 24) + timedelta(number)).weekday() < 5]


@pytest.mark.parametrize(
    ("until", "kind"),
    [(date(2026, 10, 11), ""), (date(2026, 10, 30), "silent")],
)
def test_a_site_is_silent_beyond_its_own_pauses_without_holidays(until: date, kind: str) -> None:
    """A site of workdays is not silent over the National Day, and is after three weeks more."""
    assert (
        silent_from(date(2026, 9, 30) if until > date(2026, 9, 30) else date(2026, 9, 25), WORKDAYS, until)
        == kind
    )
