from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from bench import kills
from unioncrawl.archive.schema import article, observation
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify import verify

# Writes articles NAME-0 … NAME-(COUNT-1) that are not known yet, saying each batch that is in.
_WRITER = """
import random, sys
from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, RawPage
path, captures, name, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
with Archive.open(path, batch_size=10**9) as archive, CaptureWriter(captures, name) as writer:
    run = archive.begin_run(name, {})
    known = archive.known(name, [f"http://{name}/{n}" for n in range(count)])
    for n in range(count):
        url = f"http://{name}/{n}"
        if url in known:
            continue
        chance = random.Random(url)
        body = "总工会" + "".join(chr(chance.randrange(0x4E00, 0x5000)) for _ in range(120))
        reference = writer.write(RawPage(url=url, body=body.encode()))
        article = Article(url=url, site=name, title=f"第{n}篇", body_text=body, captures=(reference,))
        archive.store(article, run)
        if n % 5 == 4:
            archive.flush()
            print(n, flush=True)
    archive.finish_run(run, {}, "finished")
"""


def _start(address: str, captures: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, address, str(captures), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_writers_share_an_archive(any_archive: str, tmp_path: Path) -> None:
    """Two processes write at once, a reader reads all the while, and everything is there once."""
    Archive.open(any_archive).close()
    writers = [_start(any_archive, tmp_path / "w", name, 60) for name in "ab"]
    slowest = 0.0
    with Archive.open(any_archive) as reader:
        while any(writer.poll() is None for writer in writers):
            start = time.monotonic()
            with reader.engine.connect() as connection:
                connection.execute(select(func.count()).select_from(article)).scalar_one()
            slowest = max(slowest, time.monotonic() - start)
        for writer in writers:
            assert writer.communicate()[0].split()[-1] == "59"
            assert writer.returncode == 0
        with reader.engine.connect() as connection:
            assert connection.execute(select(func.count()).select_from(article)).scalar_one() == 120
            assert connection.execute(select(func.count()).select_from(observation)).scalar_one() == 120
        assert list(verify(reader.engine, tmp_path / "w")) == []
    assert slowest < 5


def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    """Crawls that are killed leave a sound archive that keeps what it had, and the next one completes it."""
    rounds = list(kills.run(3, 20, 7, tmp_path))
    assert [one.faults for one in rounds] == [(), (), ()]
    assert all(one.stored_after >= one.stored_before for one in rounds)
