"""An archive that somebody else owns is read like one's own; where rights are missing, they are named."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.archive.small_archive import fill
from tests.commands.run_command import run
from tests.faults.conftest import Ended, Foreign, as_stranger
from tests.guard.faults import read_only
from unioncrawl.archive import read_file
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard import disk

_COUNT = ("stats", "--json")
_READING = (
    *(("search", "清凉"), ("show", "1"), _COUNT, ("hits",), ("cite", "1"), ("feed",)),
    *(("export", "-o", "OUT/all.csv"), ("export", "-o", "OUT/all.wacz"), ("describe",), ("verify",)),
    *(("reprints",), ("report", "fields"), ("reprocess", "--stage", "normalize", "--workers", "1")),
)
_WRITING = (
    *(("vacuum",), ("vacuum", "--drop-captures-before", "2030-01-01")),
    ("takedown", "http://x/1", "--reason", "撤稿", "--yes"),
    ("import", "OUT/old.csv", "--mapping", "OUT/old.toml"),
    *(("reprocess", "--stage", "normalize", "--apply", "--workers", "1"), ("crawl", "practice-phpcms")),
)


def _sites(ends: list[Ended]) -> int:
    """How many sites ``stats`` counted."""
    (counted,) = (json.loads(ended.said)["sites"] for ended in ends if ended.command[0] == "stats")
    return int(counted)


def _leave(foreign: Foreign, left: str) -> None:
    """Bring the files into a state in which a stranger may find them."""
    if left != "closed":
        foreign.kill_a_writer(leaves_index=left == "journal")


def _asked(foreign: Foreign, out: Path, commands: tuple[tuple[str, ...], ...]) -> list[Ended]:
    archive = ("--archive", str(foreign.database))
    whole = [[word.replace("OUT", str(out)) for word in (*command, *archive)] for command in commands]
    return as_stranger(out, whole)


@pytest.fixture
def out(foreign: Foreign) -> Path:
    """A folder in which anybody may write, with a table to import."""
    folder = foreign.folder.parent / "out"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "old.csv").write_text("url,title,body\nhttp://x/9,旧闻,市总工会的旧闻\n", encoding="utf-8")
    (folder / "old.toml").write_text(
        'site = "x"\n[fields]\nurl = "url"\ntitle = "title"\nbody_text = "body"\n', encoding="utf-8"
    )
    return folder


# The archive closed, or as a writer that was killed left it, in a folder where a stranger may write or not.
STATES = pytest.mark.parametrize(
    ("left", "folder"), [("closed", 0o777), ("journal", 0o555), ("journal without index", 0o777)]
)


@STATES
def test_a_stranger_reads_all_and_leaves_nothing(foreign: Foreign, out: Path, left: str, folder: int) -> None:
    """Each command that reads works, shows what lies in the journal alone, and the owner writes on."""
    _leave(foreign, left)
    foreign.seal(folder=folder)
    before = foreign.beside()
    ends = _asked(foreign, out, _READING if left == "journal" else (_COUNT, ("verify",)))
    assert [ended for ended in ends if ended.code] == []
    assert _sites(ends) == (1 if left == "closed" else 2)
    assert foreign.beside() == before
    foreign.seal(0o644, 0o755)
    with Archive.open(str(foreign.database)) as archive:
        archive.begin_run("x", {})


@STATES
def test_who_may_not_write_is_told_so(foreign: Foreign, out: Path, left: str, folder: int) -> None:
    """What writes is refused with the right that is missing and its owner; nothing is changed or left."""
    _leave(foreign, left)
    foreign.seal(folder=folder)
    before = {path: path.read_bytes() for path in foreign.folder.rglob("*") if path.is_file()}
    for ended in _asked(foreign, out, _WRITING):
        assert ended.code in (1, 3), ended
        assert "no right to write here: " in ended.said, ended
        assert "owns it (this is " in ended.said, ended
        assert "Traceback" not in ended.said, ended
    assert {path: path.read_bytes() for path in foreign.folder.rglob("*") if path.is_file()} == before


def test_captures_that_may_not_be_changed_keep_the_rows(foreign: Foreign, out: Path) -> None:
    """A takedown and a vacuum that may not change the captures change no row either."""
    captures = foreign.folder / "captures"
    foreign.seal(0o666, 0o777)
    for path in (*captures.iterdir(), captures):
        path.chmod(path.stat().st_mode & 0o555)
    asked = (
        ("takedown", "http://x/1", "--reason", "撤稿", "--yes"),
        ("vacuum", "--drop-captures-before", "2030-01-01"),
    )
    for ended in _asked(foreign, out, asked):
        assert ended.code == 1, ended
        assert "no right to write here: " in ended.said, ended
    (verified,) = _asked(foreign, out, (("verify",),))
    assert verified.code == 0, verified


@pytest.mark.parametrize(
    ("unread", "command", "code"),
    [
        ("archive.db", "stats", 1),
        ("archive.db", "vacuum", 1),
        (".", "stats", 1),
        (".", "verify", 1),
        ("captures", "verify", 1),
        ("captures/a-00000.warc.gz", "verify", 1),
        ("captures/a-00000.warc.gz", "export", 1),
    ],
)
def test_what_may_not_be_read_is_named_with_its_owner(
    foreign: Foreign, out: Path, unread: str, command: str, code: int
) -> None:
    """Rights are the message where rights are the cause: not the disk, not a backup."""
    path = foreign.folder / unread
    path.chmod(0)
    extra = ("-o", str(out / "all.wacz")) if command == "export" else ()
    (ended,) = as_stranger(out, [(command, *extra, "--archive", str(foreign.database))], keeps_reading=False)
    path.chmod(0o755)
    assert ended.code == code, ended
    assert re.search(rf"no right to (read|enter) {re.escape(str(path.resolve()))}, which ", ended.said), ended
    assert not re.search("disk|backup|space", ended.said), ended


def test_a_read_only_mount_is_named(foreign: Foreign, out: Path) -> None:
    """On a file system that is mounted read-only the mount is the reason."""
    with read_only(foreign.folder):
        (ended,) = _asked(foreign, out, (("vacuum",),))
    assert "no right to write here: " in ended.said, ended
    if os.geteuid() == 0:
        assert "mounted read-only" in ended.said, ended


def test_a_stranger_sees_what_a_writer_at_work_wrote(foreign: Foreign, out: Path) -> None:
    """What a writer that still runs has committed is read, also while it is in its next transaction."""
    foreign.seal()
    with closing(sqlite3.connect(foreign.database, isolation_level=None)) as writer:
        for key in "ab":
            writer.execute("INSERT INTO site VALUES (?, ?, '', '', '', '', '[]', '')", (ord(key), key))
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM site WHERE key IN ('a', 'b')")
        assert _sites(_asked(foreign, out, (_COUNT,))) == 3
        writer.execute("ROLLBACK")


def test_what_was_written_while_it_was_read_is_reported(foreign: Foreign) -> None:
    """Who reads without a lock is never given a state that a writer tore."""
    path = foreign.database.resolve()
    with closing(read_file._open(path, {"may_write": False, "is_remote": False}, {"uri": True})) as reader:
        assert reader.execute("SELECT count(*) FROM article").fetchone() == (5,)
        reader.refuse_change()
        with closing(sqlite3.connect(path)) as writer, writer:
            writer.execute("UPDATE site SET name = '改过名的工会'")
        with pytest.raises(ArchiveUnwritable, match=r"was written while it was read.*again"):
            reader.refuse_change()


def test_a_role_that_only_reads_is_told_so(postgres_url: str, tmp_path: Path) -> None:
    """On PostgreSQL a role without the right to write reads, and is told which right it lacks."""
    with Archive.open(postgres_url) as archive, archive.engine.begin() as connection:
        fill(archive, tmp_path / "captures")
        name = f"reader_{uuid4().hex}"
        for statement in (
            f"CREATE ROLE {name} LOGIN",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
        ):
            connection.exec_driver_sql(statement)
    address = postgres_url.replace("tester@", f"{name}@")
    assert json.loads(run(address, "stats", "--json").stdout)["articles"] == 5
    refusal = pytest.raises(ArchiveUnwritable, match=rf"no right to do this in .*Grant {name} that right")
    with Archive.open(address) as archive, refusal:
        take_down(archive.engine, tmp_path / "captures", "http://x/1", "撤稿")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "ext4"])
def test_the_last_mount_at_a_place_decides(tmp_path: Path, kind: str) -> None:
    """A share is known by the kernel's list of mounts."""
    place = next(one for one in (tmp_path, *tmp_path.parents) if one.is_mount())
    mounts = tmp_path / "mountinfo"
    line = "36 35 98:0 / {} rw,noatime master:1 - {} /dev/root rw\n"
    mounts.write_text(line.format(place, "ext4") + line.format(place, kind), encoding="utf-8")
    assert disk.is_remote(tmp_path, mounts) == (kind != "ext4")
