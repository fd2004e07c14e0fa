"""An index of the tantivy library in a folder: <https://github.com/quickwit-oss/tantivy>."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy
from pyroaring import BitMap64
from tantivy import IndexWriter, Query, Searcher

from unioncrawl.archive.search.index.asks import Ask, Words
from unioncrawl.archive.search.index.beside import tantivy_fields as fields
from unioncrawl.archive.search.index.beside.index_protocol import Kept, State, View, Writing
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.fulltext_index import EVERY_ARTICLE, IndexEntry
from unioncrawl.errors import ArchiveLocked, ArchiveUnwritable

_EVERY = Words((EVERY_ARTICLE,))
_BEYOND_ALL = ZONES[-1].end
# Memory for documents that wait for a commit, or for a file of their own.
_HEAP_BYTES = 64_000_000
# Numbers are fetched so many at first, then twice as many again and again: 0.3 µs each, and 4 ms a time
# for a word of 200,000 articles.
_FIRST_FETCHED, _MOST_FETCHED = 256, 1 << 20
_META = "meta.json"
# The end of each file: a footer in JSON, its length and a number of four bytes each
# (as files of tantivy 0.27 show). The footer has the CRC-32 of what stands before it.
_MAGIC = 1337
_TAIL_BYTES = 8
_BLOCK_BYTES = 1 << 20
_UNSEALED = (".json", ".lock")


class TantivyView:
    """One commit of an index."""

    def __init__(self, searcher: Searcher, state: State) -> None:
        self._searcher = searcher
        self._state = state

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
        found = self._searcher.search(_within(ask, first, beyond), limit=1, count=True)
        return int(found.count or 0)  # type: ignore[attr-defined] # not in its stubs

    def newest(self, ask: Ask, first: int, beyond: int) -> Iterator[int]:
        """Yield the numbers that match, the largest first."""
        wanted = _FIRST_FETCHED
        while True:
            fetched = _numbers(self._searcher, _within(ask, first, beyond), wanted)
            yield from fetched
            if len(fetched) < wanted:
                return
            beyond, wanted = fetched[-1], min(2 * wanted, _MOST_FETCHED)

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""
        most = self._searcher.num_docs
        return BitMap64(_numbers(self._searcher, _within(ask, first, beyond), most))

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
        wanted = list(numbers)
        if not wanted:
            return set()
        return set(_numbers(self._searcher, fields.among(fields.of_words(ask), wanted), len(wanted)))

    def kept(self) -> Iterator[Kept]:
        """Yield what it says of each document."""
        every = fields.of_words(_EVERY)
        found = self._searcher.search(
            every, limit=self._searcher.num_docs, count=False, order_by_field="article"
        ).hits
        places = [place for _, place in found]
        others = (self._searcher.fast_field_values(name, places) for name in ("number", "digest"))
        for (article_id, _), number, digest in zip(found, *others, strict=True):
            yield Kept(int(article_id), int(number or 0), int(digest or 0))


def _within(ask: Ask, first: int, beyond: int) -> Query:
    query = fields.of_words(ask)
    return query if first <= 0 and beyond >= _BEYOND_ALL else fields.within(query, first, beyond)


def _numbers(searcher: Searcher, query: Query, most: int) -> list[int]:
    """Return the numbers of the documents that match, at most so many, the largest first."""
    found = searcher.search(query, limit=max(1, most), count=False, order_by_field="number")
    return [number for number, _ in found.hits]


class TantivyWriting:
    """Changes of an index; its writer holds the lock of the folder."""

    def __init__(self, writer: IndexWriter, view: TantivyView | None) -> None:
        self._writer = writer
        self._state = view.state if view else None

    @property
    def state(self) -> State | None:
        """The state of the archive that the index holds."""
        return self._state

    def clear(self) -> None:
        """Take all documents out."""
        self._writer.delete_all_documents()

    def remove(self, article_id: int) -> None:
        """Take an article out."""
        # Not `delete_documents_by_term`: in 0.27 it takes a number for a signed one and deletes nothing.
        self._writer.delete_documents_by_query(fields.of_article(article_id))

    def add(self, number: int, entry: IndexEntry) -> None:
        """Put an article in."""
        self._writer.add_document(fields.article_document(number, entry))

    def commit(self, state: State) -> None:
        """Let all changes be seen at once, with the state that they lead to."""
        self._writer.delete_documents_by_query(fields.of_state())
        self._writer.add_document(fields.state_document(state))
        self._writer.commit()
        # Files whose documents were all taken out go from the disk at once.
        self._writer.garbage_collect_files()
        self._state = state


class TantivyIndex:
    """An index in a folder, which is made when something is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: tantivy.Index | None = None

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self._folder

    def view(self) -> View | None:
        """The last commit; ``None`` where there is none that can be read."""
        opened = self._open()
        return _view(opened.searcher()) if opened is not None else None

    def _open(self) -> tantivy.Index | None:
        """Open it, or look for its last commit when it is open."""
        try:
            if self._opened is None:
                if not (self._folder / _META).is_file():
                    return None
                self._opened = tantivy.Index(fields.schema(), str(self._folder))
            self._opened.reload()
        except (ValueError, OSError):
            # Another form of the index, a torn file, no right to read it: `damage` says what, and the
            # database's own index answers.
            self._opened = None
        return self._opened

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Change it, one process at a time; what was not committed is forgotten."""
        with self._file_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            opened = self._open() or self._fresh()
            # One thread, so that documents lie in the order of the archive.
            writer = opened.writer(_HEAP_BYTES, 1)
            opened.reload()
        with self._file_errors():
            try:
                yield TantivyWriting(writer, _view(opened.searcher()))
            except BaseException:
                writer.rollback()
                raise
            finally:
                # Merges that have begun end, and let go of the lock.
                writer.wait_merging_threads()
            opened.reload()

    def _fresh(self) -> tantivy.Index:
        """Make an empty index, in place of one that can't be read."""
        for file in [*self._folder.glob("*"), *self._folder.glob(".*.json")]:
            if file.is_file() and not file.name.endswith(".lock"):
                file.unlink()
        self._opened = tantivy.Index(fields.schema(), str(self._folder))
        return self._opened

    @contextmanager
    def _file_errors(self) -> Iterator[None]:
        """Raise the project's errors in place of tantivy's, which are all a ValueError with a text."""
        try:
            yield
        except (ValueError, OSError) as error:
            if "LockBusy" in str(error) or "Lockfile" in str(error):
                raise ArchiveLocked(
                    f"another process changes the search index in {self._folder}.",
                    next_step="Wait until it has done so.",
                    stage="archive",
                ) from error
            raise ArchiveUnwritable(
                f"the search index in {self._folder} can't be written: {error}.",
                next_step="Grant write access and free space there.",
                stage="archive",
            ) from error

    def removed(self) -> int:
        """Return how many articles were taken out whose words its files still hold."""
        try:
            meta = json.loads((self._folder / _META).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return 0
        deletes = (segment.get("deletes") or {} for segment in meta["segments"])
        return sum(one.get("num_deleted_docs", 0) for one in deletes)

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with its files: each has a checksum at its end."""
        for file in sorted(self._folder.glob("*")):
            if file.suffix not in _UNSEALED and file.is_file() and not _is_whole(file):
                yield f"{file} is not what was written"
        if (self._folder / _META).is_file() and self._open() is None:
            yield f"{self._folder} can't be opened"


def _view(searcher: Searcher) -> TantivyView | None:
    if not searcher.num_docs:
        return None
    found = searcher.search(fields.of_state(), limit=1).hits
    if not found:
        return None
    return TantivyView(searcher, fields.read_state(searcher.doc(found[0][1])["state"][0]))


def _is_whole(file: Path) -> bool:
    """Whether the bytes of a file have the checksum of its footer."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _TAIL_BYTES))
        tail = opened.read()
        length, magic = (int.from_bytes(tail[at : at + 4], "little") for at in (0, 4))
        end = size - _TAIL_BYTES - length
        if magic != _MAGIC or end < 0:
            return False
        opened.seek(end)
        footer = json.loads(opened.read(length))
        opened.seek(0)
        checksum, left = 0, end
        while left > 0:
            block = opened.read(min(_BLOCK_BYTES, left))
            checksum, left = zlib.crc32(block, checksum), left - len(block)
    return bool(footer["crc"] == checksum)
