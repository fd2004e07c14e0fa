from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select, text

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
    """Killed again and again, the archive verifies each time, keeps all it said it had, and is completed."""
    path, captures, count = tmp_path / "archive.db", tmp_path / "captures", 150
    chance = random.Random(5)  # noqa: S311 - moments
    said = -1
    for attempt in range(int(os.environ.get("UNIONCRAWL_KILLS", "5"))):
        process = _start(str(path), captures, "k", count)
        time.sleep(chance.uniform(0.8, 1.6))
        os.kill(process.pid, signal.SIGKILL)
        told = process.communicate()[0].split("\n")
        said = max([said, *(int(line) for line in told[:-1])])
        if not path.exists():
            continue
        with Archive.open(str(path)) as archive:
            # A file of which nothing was flushed is told as an orphan, which it is.
            findings = [
                found for found in verify(archive.engine, captures) if "knows the file" not in found.detail
            ]
            assert findings == [], attempt
            known = archive.known("k", [f"http://k/{number}" for number in range(said + 1)])
            assert len(known) == said + 1
    process = _start(str(path), captures, "k", count)
    process.communicate()
    assert process.returncode == 0
    with Archive.open(str(path)) as archive, archive.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(article)).scalar_one() == count
        duplicates = text("SELECT count(*) - count(DISTINCT canonical_url) FROM article")
        assert connection.execute(duplicates).scalar_one() == 0
