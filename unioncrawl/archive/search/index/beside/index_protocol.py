"""What an index beside the database must be able to do.

The database's own index changes within the transaction that writes an article, so that it never says
anything else than the archive. An index beside it is written after that, by a transaction of its own.
So each of its commits says which state of the archive it holds (`State`), and it answers a search only
where that is the state that the search reads; for all others the database's own index answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from unioncrawl.archive.search.index.answers import Answers
from unioncrawl.archive.search.index.index_words import IndexEntry


@dataclass(frozen=True, slots=True)
class State:
    """A state of an archive: its last revision, what that one is, and its last run.

    ``form``: the form of the words and of the index; ``mark``: what no other archive has under the
    number of that revision.
    """

    form: str
    revision: int
    mark: str
    run: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What an index says of one of its documents; ``digest``: of the words that were put in."""

    article_id: int
    number: int
    digest: int


class View(Answers, Protocol):
    """One commit of an index, which later ones do not change."""

    @property
    def state(self) -> State:
        """The state of the archive that it holds."""

    @property
    def articles(self) -> int:
        """How many articles it holds."""

    def kept(self) -> Iterator[Kept]:
        """Yield what it says of each document."""


class Writing(Protocol):
    """Changes of an index, of which others see nothing before `commit`."""

    @property
    def state(self) -> State | None:
        """The state of the archive that the index holds; ``None`` when it holds none that is known."""

    def clear(self) -> None:
        """Take all documents out."""

    def remove(self, article_id: int) -> None:
        """Take an article out; one that is not there is no error."""

    def add(self, number: int, entry: IndexEntry) -> None:
        """Put an article in; its older entry must be taken out before."""

    def commit(self, state: State) -> None:
        """Let all changes be seen at once, with the state that they lead to."""


class Index(Protocol):
    """An index beside the database."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""

    def view(self) -> View | None:
        """The last commit; ``None`` where there is none that can be read."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Change it, one process at a time.

        Raises `ArchiveLocked` while another process does, `ArchiveUnwritable` when files can't be written.
        """

    def removed(self) -> int:
        """Return how many articles were taken out whose words its files still hold."""

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with its files."""
