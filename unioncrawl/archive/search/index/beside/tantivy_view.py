"""What one commit of tantivy's index answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyroaring import BitMap64
from tantivy import Query, Searcher

from unioncrawl.archive.search.index.asks import Ask, Words
from unioncrawl.archive.search.index.beside import tantivy_fields as fields
from unioncrawl.archive.search.index.beside.index_protocol import Kept, State
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.index_words import EVERY_ARTICLE
from unioncrawl.errors import ArchiveError

_EVERY = Words((EVERY_ARTICLE,))
_BEYOND_ALL = ZONES[-1].end
# Numbers are fetched so many at first, then twice as many again and again: 0.3 µs each, and 4 ms a time
# for a word of 200,000 articles.
_FIRST_FETCHED, _MOST_FETCHED = 256, 1 << 20
_PANIC = "PanicException"


class TantivyView:
    """One commit of an index."""

    def __init__(self, searcher: Searcher, state: State, folder: Path) -> None:
        self._searcher = searcher
        self._state = state
        self._folder = folder

    @property
    def state(self) -> State:
        """The state of the archive that it holds."""
        return self._state

    @property
    def articles(self) -> int:
        """How many articles it holds."""
        return self.count(_EVERY, 0, _BEYOND_ALL)

    def count(self, ask: Ask, first: int, beyond: int) -> int:
        """Count the documents that match."""
        with readable(self._folder):
            found = self._searcher.search(_within(ask, first, beyond), limit=1, count=True)
        return int(found.count or 0)  # type: ignore[attr-defined] # not in its stubs

    def newest(self, ask: Ask, spans: Sequence[tuple[int, int]]) -> list[Iterator[int]]:
        """Return for each span of numbers those that match, the largest first."""
        return [self._newest(ask, *span) for span in spans]

    def _newest(self, ask: Ask, first: int, beyond: int) -> Iterator[int]:
        wanted = _FIRST_FETCHED
        while True:
            fetched = self._numbers(_within(ask, first, beyond), wanted)
            yield from fetched
            if len(fetched) < wanted:
                return
            beyond, wanted = fetched[-1], min(2 * wanted, _MOST_FETCHED)

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""
        return BitMap64(self._numbers(_within(ask, first, beyond), self._searcher.num_docs))

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
        wanted = list(numbers)
        if not wanted:
            return set()
        return set(self._numbers(fields.among(fields.of_words(ask), wanted), len(wanted)))

    def _numbers(self, query: Query, most: int) -> list[int]:
        """Return the numbers of the documents that match, at most so many, the largest first."""
        with readable(self._folder):
            found = self._searcher.search(query, limit=max(1, most), count=False, order_by_field="number")
        return [number for number, _ in found.hits]

    def kept(self) -> Iterator[Kept]:
        """Yield what it says of each document."""
        every, most = fields.of_words(_EVERY), max(1, self._searcher.num_docs)
        with readable(self._folder):
            found = self._searcher.search(every, limit=most, count=False, order_by_field="article").hits
            places = [place for _, place in found]
            others = [self._searcher.fast_field_values(name, places) for name in ("number", "digest")]
        for (article_id, _), number, digest in zip(found, *others, strict=True):
            yield Kept(int(article_id), int(number or 0), int(digest or 0))


def _within(ask: Ask, first: int, beyond: int) -> Query:
    query = fields.of_words(ask)
    return query if first <= 0 and beyond >= _BEYOND_ALL else fields.within(query, first, beyond)


def view_of(searcher: Searcher, folder: Path) -> TantivyView | None:
    """The view of a commit; ``None`` where it does not say of which state it is."""
    try:
        with readable(folder):
            found = searcher.search(fields.of_state(), limit=1).hits
            written = [searcher.doc(place)["state"][0] for _, place in found]
            return TantivyView(searcher, fields.read_state(written[0]), folder) if written else None
    except ArchiveError:
        return None


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Raise `ArchiveError` for files that can't be read: tantivy's Rust panics over some torn ones."""
    try:
        yield
    except (ValueError, TypeError, OSError) as error:
        raise _torn(folder, error) from error
    except BaseException as error:
        # The class has no name that can be imported.
        if type(error).__name__ != _PANIC:
            raise
        raise _torn(folder, error) from error


def _torn(folder: Path, error: BaseException) -> ArchiveError:
    return ArchiveError(
        f"the search index in {folder} can't be read: {error}.",
        next_step="Build it again with unioncrawl vacuum --reindex, or unset UNIONCRAWL_SEARCH_INDEX.",
        stage="archive",
    )
