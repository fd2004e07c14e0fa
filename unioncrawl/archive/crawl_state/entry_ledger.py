"""The ledger of a run: every entry that its lists showed, and what became of each.

An entry is a canonical URL that a list of the run showed, counted once however many
lists show it. What the spider knows at once (known, too old, failed before and not due)
is entered as settled; what it asks for stays open, and is settled when the run ends by
what the archive has of it. So no lost request, filter or callback passes for an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle
from unioncrawl.archive.crawl_state.run_notes import NotesFile, RunNotes
from unioncrawl.archive.sql import CHUNK
from unioncrawl.outcomes import Owed, Reason, outcome_of

ENTRIES_STAT = "unioncrawl/entries"
# The stat that names missing entries.
MISSING_STAT = f"{ENTRIES_STAT}/missing_addresses"


class Fate(StrEnum):
    """What became of an entry, in the order of the summary."""

    STORED = "stored"
    # An article that the archive had, or another entry's article at one more address.
    KNOWN = "known"
    OUTSIDE = "outside"
    # There is a row that says why, and no run goes out of its way to ask again.
    REJECTED = "rejected"
    OWED = "owed"
    # A finished run that asked for it has no word of it: a fault of ours.
    MISSING = "missing"


_WORDS = {Fate.OUTSIDE: "outside the window", Fate.MISSING: "MISSING"}


class EntryLedger:
    """The entries of one run, by canonical URL, while it goes on.

    ``settled``: the fate of each that is settled; ``asked``: the address that was asked for.
    """

    def __init__(self, file: NotesFile | None = None) -> None:
        self.file = file or NotesFile()
        self.settled, self.asked = RunNotes(self.file), RunNotes(self.file)

    def enter(self, entry: str, url: str, fate: Fate | None = None) -> None:
        """Enter an entry with its fate, or as asked for; what is asked for once stays open.

        >>> ledger = EntryLedger()
        >>> ledger.enter("http://a.cn/1", "http://a.cn/1", Fate.OUTSIDE)
        >>> ledger.enter("http://a.cn/1", "http://a.cn/1")
        >>> list(ledger.settled.names()), list(ledger.asked.names())
        ([], ['http://a.cn/1'])
        """
        if fate is None:
            self.settled.forget(entry)
            self.asked.note(entry, url)
        elif entry not in self.asked:
            self.settled.note(entry, fate.value)

    def __len__(self) -> int:
        """How many entries the lists showed."""
        return len(self.settled) + len(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A ledger that was closed: how many entries have each fate, and the addresses without an answer.

    ``unanswered``: asked for, and neither an article nor a rejection of this run.
    """

    fates: Mapping[Fate, int]
    unanswered: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many entries the lists showed."""
        return sum(self.fates.values())


def close_ledger(
    ledger: EntryLedger,
    find_known: Callable[[Sequence[str]], Mapping[str, KnownArticle]],
    rejected: Callable[[str], Reason | None],
    *,
    began_at: datetime,
    is_finished: bool,
) -> Account:
    """Settle every entry by what the archive has: the articles it knows and this run's rejections.

    ``rejected`` returns the last reason of a canonical URL. An entry without either is
    owed where the run was stopped, and missing where it ended by itself. The archive is
    asked for a few hundred entries at a time, and what it says of them is let go.
    """
    fates = Counter(Fate(fate) for _, fate in ledger.settled.items())
    # The articles of this run, of which one entry each counts as stored.
    brought, unanswered = RunNotes(ledger.file), []
    for some in _slices(ledger.asked.items()):
        known = find_known([entry for entry, _ in some])
        for entry, url in some:
            if entry in known:
                is_new = _is_brought(entry, known[entry], began_at) and brought.note(
                    str(known[entry].article_id)
                )
                fates[Fate.STORED if is_new else Fate.KNOWN] += 1
            elif (reason := rejected(entry)) is not None:
                fates[fate_of(reason)] += 1
            else:
                unanswered.append(url)
    fates[Fate.MISSING if is_finished else Fate.OWED] += len(unanswered)
    return Account(fates={fate: fates[fate] for fate in Fate}, unanswered=tuple(unanswered))


def _slices(items: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    while some := list(islice(items, CHUNK)):
        yield some


def _is_brought(entry: str, article: KnownArticle, began_at: datetime) -> bool:
    """Whether an entry is an article's own address, or led to one that no run had before."""
    return article.canonical_url == entry or article.first_seen_at >= began_at


def fate_of(reason: Reason) -> Fate:
    """What became of an entry that was rejected for this reason.

    >>> [fate_of(reason).value for reason in (outcomes.SOFT_404, outcomes.TIMEOUT, outcomes.OUTSIDE_WINDOW)]
    ['rejected', 'owed', 'outside']
    """
    if reason == outcomes.OUTSIDE_WINDOW:
        return Fate.OUTSIDE
    return Fate.REJECTED if outcome_of(reason).owed is Owed.NEVER else Fate.OWED


def account_stats(account: Account) -> Iterator[tuple[str, int]]:
    """Yield the stats of a run that hold its account.

    >>> dict(account_stats(Account(fates={Fate.STORED: 2, Fate.OWED: 0})))
    {'unioncrawl/entries/total': 2, 'unioncrawl/entries/stored': 2, 'unioncrawl/entries/owed': 0}
    """
    yield f"{ENTRIES_STAT}/total", account.total
    yield from ((f"{ENTRIES_STAT}/{fate.value}", number) for fate, number in account.fates.items())


def counted_entries(stats: Mapping[str, object]) -> dict[str, int] | None:
    """Return the numbers of a run's entries from its stats; None where no archive closed its ledger.

    >>> counted_entries({"unioncrawl/entries/total": 3, "unioncrawl/entries/stored": 3})["stored"]
    3
    >>> counted_entries({"unioncrawl/list/pages": 1})
    """
    if f"{ENTRIES_STAT}/total" not in stats:
        return None
    values = {name: stats.get(f"{ENTRIES_STAT}/{name}", 0) for name in ("total", *Fate)}
    return {str(name): value for name, value in values.items() if isinstance(value, int)}


def missing_addresses(stats: Mapping[str, object]) -> list[str]:
    """Return the addresses, or the first of many, of a run's entries without an answer.

    >>> missing_addresses({"unioncrawl/entries/missing_addresses": ["http://a.cn/1"]})
    ['http://a.cn/1']
    """
    named = stats.get(MISSING_STAT)
    return [str(url) for url in named] if isinstance(named, (list, tuple)) else []


def entries_in_words(numbers: Mapping[str, int]) -> str:
    """Say in a line what became of a run's entries.

    >>> entries_in_words({"total": 5, "stored": 3, "known": 1, "outside": 0, "rejected": 1, "owed": 0})
    '5 entries: 3 stored, 1 known, 0 outside the window, 1 rejected, 0 owed'
    """
    parts = [
        f"{numbers[fate]} {_WORDS.get(fate, fate.value)}"
        for fate in Fate
        if fate is not Fate.MISSING or numbers.get(fate)
    ]
    return f"{numbers['total']} entries: {', '.join(parts)}"
