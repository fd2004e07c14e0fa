"""A power cut leaves files of different moments: what is lost is named, and the next run completes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_disturbed_crawls import HALF_WAY, _place, _serve, _texts
from tests.faults.test_kills import harm
from tests.guard.hostile import Hostile
from tests.guard.place import Place
from tests.processes import HANG_SECONDS, wait_until
from tests.spiders.conftest import Workplace

# A piece of a page in a frame of the journal.
_TORN_BYTES = 1_000
# So many articles are stored when it comes.
_STORED = 4


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A crawl that ended in its middle, with its journal and its captures as they were."""
    with Hostile() as server:
        place = _place(tmp_path_factory.mktemp("cut"), server)
        place.variables |= {"UNIONCRAWL_FLUSH_ARTICLES": "2", "UNIONCRAWL_FLUSH_SECONDS": "0.05"}
        stored = place.folder / "data" / "archive.db-wal"

        def kill() -> None:
            wait_until(lambda: len(place.stored("disturbed")) > _STORED)
            if place.process is not None:
                place.process.send_signal(signal.SIGKILL)

        server.before[HALF_WAY] = kill
        assert place.unioncrawl("crawl", "disturbed").code == -signal.SIGKILL
        assert stored.stat().st_size > _TORN_BYTES
    return place


def _shorten(path: Path, lost_bytes: int) -> None:
    with path.open("r+b") as file:
        file.truncate(max(path.stat().st_size - lost_bytes, 0))


def _journal(place: Place) -> None:
    _shorten(place.folder / "data" / "archive.db-wal", _TORN_BYTES)
    (place.folder / "data" / "archive.db-shm").unlink()


def _kept(place: Place) -> list[Path]:
    """The captures, and the diary of what was asked."""
    return [path for path in (place.folder / "data" / "captures").rglob("*") if path.is_file()]


def _captures(place: Place) -> None:
    for path in _kept(place):
        _shorten(path, path.stat().st_size // 2)


def _zeros(place: Place) -> None:
    """Some file systems have the length of a file on the disk before its bytes."""
    for path in _kept(place):
        size = path.stat().st_size
        _shorten(path, size // 2)
        with path.open("ab") as file:
            file.truncate(size)


CUTS = {"the journal": _journal, "the captures": _captures, "the captures' bytes": _zeros}


@pytest.mark.parametrize("name", CUTS)
def test_a_power_cut_is_survived(cut: Place, tmp_path: Path, hostile: Hostile, name: str) -> None:
    """Texts that were stored stay; captures that the disk lost are named; the next run brings the rest."""
    tear: Callable[[Place], None] = CUTS[name]
    place = Place(Path(shutil.copytree(cut.folder, tmp_path / "cut")))
    tear(place)
    found = harm(place)
    assert all(one.startswith("captures: ") for one in found), found
    assert found or tear is _journal
    before = _texts(place)[0]
    _serve(hostile)
    place.site("disturbed", hostile.host, [f"{hostile.url}/list.html"])
    again = place.unioncrawl("crawl", "disturbed")
    assert again.code == 0, again.said
    assert before <= _texts(place)[0]
    assert len(_texts(place)[0]) == 12
    assert set(harm(place)) <= set(found)


# Scrapy with a look at the archive before each file is brought to the disk: what its rows name, and
# how long the files of captures were when they were brought there last.
_WATCHED = """
import json, os, runpy, sqlite3, sys
synced, seen, real = {}, open("seen.jsonl", "w"), os.fsync

def named():
    connection = sqlite3.connect("file:data/archive.db?mode=ro", uri=True)
    query = "select file, max(offset + length) from capture where file <> '' group by file"
    try:
        return dict(connection.execute(query))
    finally:
        connection.close()

def watched(descriptor):
    path = os.readlink(f"/proc/self/fd/{descriptor}")
    if path.endswith(".warc.gz"):
        print(json.dumps([named(), synced]), file=seen, flush=True)
        real(descriptor)
        synced[os.path.basename(path)] = os.fstat(descriptor).st_size
    else:
        real(descriptor)

os.fsync = watched
sys.argv = ["scrapy", "crawl", "practice-xunrui"]
runpy.run_module("scrapy", run_name="__main__")
"""


def test_captures_are_on_the_disk_before_rows_name_them(workplace: Workplace) -> None:
    """Whenever a crawl looks up from its work, what its archive's rows name has been brought to the disk."""
    environment = {**workplace.environment, "UNIONCRAWL_FLUSH_ARTICLES": "2"}
    subprocess.run(
        [sys.executable, "-c", _WATCHED],
        cwd=workplace.folder,
        env=environment,
        check=True,
        timeout=HANG_SECONDS,
    )
    looks = [json.loads(line) for line in (workplace.folder / "seen.jsonl").read_text().splitlines()]
    assert len([named for named, _ in looks if named]) > 2
    for named, synced in looks:
        assert {file: size for file, size in named.items() if synced.get(file, 0) < size} == {}
