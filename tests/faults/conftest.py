"""Archives that somebody else owns, and commands that are run by who owns nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.conftest import postgres_database, postgres_server, postgres_url
from tests.archive.small_archive import fill
from tests.guard.conftest import hostile
from tests.processes import ROOT
from tests.spiders.conftest import workplace
from tests.warm import start_module
from unioncrawl.archive.store import Archive

__all__ = ["hostile", "postgres_database", "postgres_server", "postgres_url", "workplace"]
USER = "nobody"
# Opens an archive, adds a site, which stays in the journal, and is killed.
_KILLED_WRITER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute(
    "INSERT INTO site (key, name, level, region, family, hosts, scheme) "
    "VALUES ('late', '最后写的工会', '', '', '', '[]', 'http')"
)
connection.commit()
os._exit(9)
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and all that it said."""

    command: tuple[str, ...]
    code: int
    said: str


@dataclass(frozen=True)
class Foreign:
    """An archive with captures in a folder that this user owns, and another user is to read."""

    folder: Path

    @property
    def database(self) -> Path:
        """The file of the archive."""
        return self.folder / "archive.db"

    def beside(self) -> list[str]:
        """The names of the files in its folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def kill_a_writer(self, *, leaves_index: bool) -> None:
        """Let a writer's last transaction stay in the journal alone."""
        subprocess.run([sys.executable, "-c", _KILLED_WRITER, self.database], check=False)
        if not leaves_index:
            self.database.with_name("archive.db-shm").unlink()

    def seal(self, file: int = 0o444, folder: int = 0o555) -> None:
        """Take the right to write away from all but root."""
        self.database.chmod(file)
        self.folder.chmod(folder)


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    """Five articles with captures, where any user may look."""
    place = Path(tempfile.mkdtemp(prefix="unioncrawl-faults-"))
    place.chmod(0o755)
    folder = place / "news"
    folder.mkdir()
    with Archive.open(str(folder / "archive.db")) as archive:
        fill(archive, folder / "captures")
        archive.finish_run(1, {}, "finished")
        archive.finish_run(2, {}, "finished")
    yield Foreign(folder)
    for path in (folder, folder / "captures"):
        path.chmod(0o755)
    shutil.rmtree(place)


def as_stranger(place: Path, commands: Sequence[Sequence[str]], *, keeps_reading: bool = True) -> list[Ended]:
    """Run commands of ours in a folder as a user who owns nothing there."""
    asked = place / "commands.json"
    asked.write_text(json.dumps([list(command) for command in commands]), encoding="utf-8")
    module = ["tests.faults.in_turn", USER, str(int(keeps_reading)), str(asked)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = start_module(module, environment, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    assert process.returncode == 0, err.decode()
    return [Ended(tuple(one["command"]), one["code"], one["said"]) for one in json.loads(out)]
