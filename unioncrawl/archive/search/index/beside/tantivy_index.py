"""An index of the tantivy library in a folder: <https://github.com/quickwit-oss/tantivy>."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from tantivy import IndexWriter

from unioncrawl.archive.search.index.beside import tantivy_fields as fields
from unioncrawl.archive.search.index.beside.index_protocol import State, View, Writing
from unioncrawl.archive.search.index.beside.tantivy_files import is_whole
from unioncrawl.archive.search.index.beside.tantivy_view import TantivyView, view_of
from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.errors import ArchiveLocked, ArchiveUnwritable

# Memory for documents that wait for a commit, or for a file of their own.
_HEAP_BYTES = 64_000_000
_META = "meta.json"
# The files of a segment: places of words, their dictionary, their documents, values of documents.
_ENDINGS = {".pos", ".term", ".idx", ".fast", ".fieldnorm", ".store"}


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
        self._state = None

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
        return view_of(opened.searcher(), self._folder) if opened is not None else None

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
                yield TantivyWriting(writer, view_of(opened.searcher(), self._folder))
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
            segments = self._meta()["segments"]
        except FileNotFoundError:
            return 0
        deletes = (segment.get("deletes") or {} for segment in segments)
        return sum(one.get("num_deleted_docs", 0) for one in deletes)

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with its files: each has a checksum at its end."""
        if not (self._folder / _META).is_file():
            return
        try:
            segments = [one["segment_id"].replace("-", "") for one in self._meta()["segments"]]
        except (ValueError, KeyError):
            yield f"{self._folder / _META} can't be read"
            return
        for segment in segments:
            # What a killed process left without a commit belongs to no segment.
            files = sorted(self._folder.glob(f"{segment}.*"))
            missing = _ENDINGS - {file.suffix for file in files}
            yield from (f"{self._folder / (segment + ending)} is missing" for ending in sorted(missing))
            yield from (f"{file} is not what was written" for file in files if not is_whole(file))

    def _meta(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads((self._folder / _META).read_text(encoding="utf-8"))
