"""Which index beside the database a process has, and whether it may answer what a connection asks."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine

from unioncrawl.archive.search.index.beside.archive_state import is_current, is_earlier, last_revision
from unioncrawl.archive.search.index.beside.follow import follow
from unioncrawl.archive.search.index.beside.index_protocol import Index, View
from unioncrawl.archive.write_failures import file_of
from unioncrawl.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable, SettingInvalid

INDEX_SETTING = "UNIONCRAWL_SEARCH_INDEX"
_TANTIVY = "tantivy"
_OPTION = "unioncrawl_index_beside"
# A search waits until so many revisions are taken in, half a second; for more, the database's own index
# answers.
_FEW_REVISIONS = 500
_BRING_UP = "Bring it up to date with unioncrawl vacuum; until then the database's own index answers."
logger = logging.getLogger(__name__)


def choose_index(engine: Engine, environment: Mapping[str, str] = os.environ) -> None:
    """Give an engine the index that ``UNIONCRAWL_SEARCH_INDEX`` names, for all its connections.

    ``tantivy`` is a folder beside an archive in a file, ``tantivy:FOLDER`` a folder for any archive.
    Raises `SettingInvalid` for another value, `ArchiveError` where tantivy is not installed.
    """
    named = environment.get(INDEX_SETTING, "")
    if not named:
        return
    kind, _, given = named.partition(":")
    folder = Path(given) if given else folder_beside(engine)
    if kind != _TANTIVY or folder is None:
        raise SettingInvalid(
            f"{INDEX_SETTING}={named}: not an index for this archive.",
            next_step="Give tantivy for an archive in a file, or tantivy:/a/folder for any archive.",
        )
    engine.update_execution_options(**{_OPTION: _tantivy(folder)})


def folder_beside(engine: Engine) -> Path | None:
    """The folder of the index beside an archive in a file; ``None`` for one on a server or in memory.

    >>> from sqlalchemy import create_engine
    >>> folder_beside(create_engine("sqlite:///data/archive.db"))
    PosixPath('data/archive.db.tantivy')
    """
    if engine.dialect.name != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        return None
    file = file_of(engine)
    return file.with_name(f"{file.name}.{_TANTIVY}")


def _tantivy(folder: Path) -> Index:
    if importlib.util.find_spec(_TANTIVY) is None:
        raise ArchiveError(
            f"the search index in {folder} needs tantivy, which is not installed.",
            next_step="pip install 'unioncrawl[tantivy]', or delete the folder and unset "
            + INDEX_SETTING
            + ".",
            stage="archive",
        )
    from unioncrawl.archive.search.index.beside.tantivy_index import TantivyIndex  # noqa: PLC0415

    return TantivyIndex(folder)


def chosen_index(engine: Engine) -> Index | None:
    """The index that an engine was given; ``None`` without one."""
    index: Index | None = engine.get_execution_options().get(_OPTION)
    return index


def index_of(engine: Engine) -> Index | None:
    """The index that an engine was given, else one that lies beside its file: another process has it.

    Raises `ArchiveError` where one lies there and tantivy is not installed.
    """
    chosen, folder = chosen_index(engine), folder_beside(engine)
    if chosen is None and folder is not None and folder.is_dir():
        return _tantivy(folder)
    return chosen


def view_for(connection: Connection) -> View | None:
    """The index's view of what a connection reads; ``None`` where the database's own index must answer.

    A few revisions that it lacks are taken in first.
    """
    index = chosen_index(connection.engine)
    if index is None:
        return None
    view = index.view()
    if view is not None and is_current(connection, view.state):
        return view
    if _lag(connection, view) > _FEW_REVISIONS:
        _say_once(index, f"The search index in {index.folder} is not up to date. {_BRING_UP}")
        return None
    if not keep_up(connection.engine):
        return None
    view = index.view()
    return view if view is not None and is_current(connection, view.state) else None


def _lag(connection: Connection, view: View | None) -> int:
    """How many revisions must be taken in: all of them where the index is not of an earlier state."""
    is_earlier_one = view is not None and is_earlier(connection, view.state)
    return last_revision(connection) - (view.state.revision if view and is_earlier_one else 0)


def keep_up(engine: Engine) -> bool:
    """Bring the chosen index to the state of the archive; return whether it is there.

    One that can't be written is said, and nothing else fails for it: the database has all its words.
    """
    index = chosen_index(engine)
    if index is None:
        return False
    try:
        follow(engine, index)
    except ArchiveLocked:
        # The other process does what this one would.
        return False
    except ArchiveUnwritable as error:
        _say_once(index, f"{error.message} {_BRING_UP}")
        return False
    return True


_SAID: set[tuple[Path, str]] = set()


def _say_once(index: Index, sentence: str) -> None:
    if (index.folder, sentence) not in _SAID:
        _SAID.add((index.folder, sentence))
        logger.warning("%s", sentence)
