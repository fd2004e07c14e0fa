"""Tests for `unioncrawl.archive.crawl_state.entry_ledger`: every entry has one fate, and the fates add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.entry_ledger import Account, EntryLedger, Fate, close_ledger
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle
from unioncrawl.outcomes import Reason

BEGAN = datetime(2025, 3, 1, 8, tzinfo=UTC)
LATER = BEGAN + timedelta(minutes=1)
EARLIER = BEGAN - timedelta(days=1)


def url(name: str) -> str:
    """An address of 临溪市's union."""
    return f"http://gh.linxi.example/{name}.html"


def known(number: int, name: str, seen_at: datetime) -> KnownArticle:
    """An article of the archive at its own address."""
    return KnownArticle(number, url(name), seen_at, seen_at, None, seen_at)


def asked(*names: str) -> EntryLedger:
    """A ledger of entries that were asked for."""
    ledger = EntryLedger()
    for name in names:
        ledger.enter(url(name), url(name))
    return ledger


def closed(
    ledger: EntryLedger,
    stored: Mapping[str, KnownArticle],
    rejected: Mapping[str, Reason],
    *,
    is_finished: bool = True,
) -> Account:
    """The account of a ledger, by an archive that has these articles and rejections."""

    def find(urls: Sequence[str]) -> dict[str, KnownArticle]:
        return {url: stored[url] for url in urls if url in stored}

    return close_ledger(ledger, find, rejected.get, began_at=BEGAN, is_finished=is_finished)


def test_every_fate_is_counted_once() -> None:
    """What was settled at once and what the archive says of the rest add up to the entries of the lists."""
    ledger = asked("new", "gone", "busy", "newer", "nowhere")
    ledger.enter(url("old"), url("old"), Fate.KNOWN)
    ledger.enter(url("too-old"), url("too-old"), Fate.OUTSIDE)
    ledger.enter(url("new"), url("new"), Fate.KNOWN)
    rejected = {
        url("gone"): outcomes.SOFT_404,
        url("busy"): outcomes.TIMEOUT,
        url("newer"): outcomes.OUTSIDE_WINDOW,
    }
    stored = {url("new"): known(1, "new", LATER)}
    account = closed(ledger, stored, rejected)
    assert account.fates == {
        Fate.STORED: 1,
        Fate.KNOWN: 1,
        Fate.OUTSIDE: 2,
        Fate.REJECTED: 1,
        Fate.OWED: 1,
        Fate.MISSING: 1,
    }
    assert account.unanswered == (url("nowhere"),)
    assert account.total == len(ledger) == 7


@pytest.mark.parametrize(("is_finished", "fate"), [(True, Fate.MISSING), (False, Fate.OWED)])
def test_no_answer_is_a_fault_only_of_a_finished_run(fate: Fate, *, is_finished: bool) -> None:
    """A run that was stopped owes what it did not come to; one that ended by itself has lost it."""
    account = closed(asked("nowhere"), {}, {}, is_finished=is_finished)
    assert account.fates[fate] == 1
    assert account.unanswered == (url("nowhere"),)


def test_two_addresses_of_one_article_are_one_stored_and_one_known() -> None:
    """An entry that leads to another entry's article is known by one more address."""
    ledger = asked("moved", "target", "old-alias")
    target = known(1, "target", LATER)
    stored = {url("moved"): target, url("target"): target, url("old-alias"): known(2, "old", EARLIER)}
    account = closed(ledger, stored, {})
    assert (account.fates[Fate.STORED], account.fates[Fate.KNOWN]) == (1, 2)


def test_two_addresses_that_lead_to_an_article_of_no_list_are_one_stored() -> None:
    """Where no list shows the article's own address, the first entry that led to it has brought it."""
    target = known(1, "elsewhere", LATER)
    stored = {url("one"): target, url("two"): target}
    account = closed(asked("one", "two"), stored, {})
    assert (account.fates[Fate.STORED], account.fates[Fate.KNOWN]) == (1, 1)


def test_a_part_that_is_missing_does_not_make_an_article_rejected() -> None:
    """An article that was stored without a part is stored, whatever rejection stands under its address."""
    stored = {url("long"): known(1, "long", LATER)}
    rejected = {url("long"): outcomes.PART_MISSING}
    account = closed(asked("long"), stored, rejected)
    assert account.fates[Fate.STORED] == account.total == 1
