"""Tests for `unioncrawl.archive.crawl_state.run_notes`: what a run notes of addresses takes no memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence

import pytest

from tests.archive.crawl_state.test_entry_ledger import BEGAN, LATER
from unioncrawl.archive.crawl_state.entry_ledger import EntryLedger, Fate, close_ledger
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle
from unioncrawl.archive.crawl_state.run_notes import NOTES_IN_MEMORY, NotesFile, RunNotes

_MANY, _FEW = 3_000, 1_000
# Of 2,000 addresses; as sets and dicts of Python they took 0.5 MB.
_MOST_BYTES = 60_000


def address(number: int) -> str:
    """An address of 临溪市's union."""
    return f"http://gh.linxi.example/art/2024/3/5/art_1229_{number}.html"


def note_all(ledger: EntryLedger, numbers: range) -> None:
    """Enter addresses that are asked for, and as many that are known."""
    for number in numbers:
        ledger.enter(address(number), address(number), Fate.KNOWN if number % 2 else None)


def close(ledger: EntryLedger, _: range) -> None:
    """Close the ledger, by an archive that has every address."""

    def find(urls: Sequence[str]) -> dict[str, KnownArticle]:
        return {url: KnownArticle(hash(url), url, LATER, LATER, None, LATER) for url in urls}

    account = close_ledger(ledger, find, lambda _: None, began_at=BEGAN, is_finished=True)
    assert account.fates[Fate.STORED] == account.fates[Fate.KNOWN] == len(ledger) // 2


def bytes_of(ledger: EntryLedger, step: Callable[[EntryLedger, range], None], numbers: range) -> int:
    """How many bytes Python's objects took at most while a step was made, beyond those before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        step(ledger, numbers)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_thousands_of_addresses_take_no_more_memory_than_some() -> None:
    """Neither the addresses that a run enters nor the end of its ledger grow with their number."""
    ledger = EntryLedger()
    note_all(ledger, range(_FEW))
    assert bytes_of(ledger, note_all, range(_FEW, _MANY)) < _MOST_BYTES
    few = EntryLedger()
    note_all(few, range(2 * _FEW))
    close(few, range(0))
    at_end = [bytes_of(one, close, range(0)) for one in (few, ledger)]
    assert at_end[1] - at_end[0] < _MOST_BYTES


@pytest.mark.parametrize("in_memory", [0, 3, NOTES_IN_MEMORY])
def test_notes_are_the_same_wherever_they_are(in_memory: int) -> None:
    """Notes in memory, in the file and on both sides of the border are found, kept in order and forgotten."""
    notes = RunNotes(in_memory=in_memory)
    names = [*(address(number) for number in range(6)), "", "工会\0职工", "\ud800"]
    assert [notes.note(name, f"要闻{name}") for name in names] == [True] * 9
    assert not notes.note(names[5], "公告")
    notes.forget(names[1])
    notes.forget("http://gh.linxi.example/")
    assert list(notes.items()) == [(name, f"要闻{name}") for name in names if name != names[1]]
    assert (notes.said(names[1]), notes.said(names[8]), len(notes)) == (None, "要闻\ud800", 8)
    notes.note(names[1])
    assert list(notes.names())[-1] == names[1]


def test_notes_of_one_run_share_a_file_and_no_name() -> None:
    """What one kind of notes says of an address says nothing in another kind."""
    file = NotesFile()
    asked, settled = RunNotes(file, in_memory=0), RunNotes(file, in_memory=0)
    asked.note(address(1))
    assert address(1) in asked
    assert address(1) not in settled


def test_a_disk_that_takes_nothing_loses_no_note(caplog: pytest.LogCaptureFixture) -> None:
    """What the temporary file does not take any more stays in memory, is found, and the log says so once."""
    file = NotesFile()
    notes, other = RunNotes(file, in_memory=10), RunNotes(file, in_memory=0)
    other.note("opens the file")
    assert file.connection is not None
    file.connection.execute("PRAGMA max_page_count=12")
    names = [address(number) for number in range(1_000)]
    assert all(notes.note(name, "要闻") for name in names)
    assert list(notes.names()) == names
    assert not any(notes.note(name) for name in names)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "stay in memory" in caplog.text
