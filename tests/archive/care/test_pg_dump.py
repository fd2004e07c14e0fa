"""The commands in docs/archive.md that back up an archive on a server, run as they stand there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.archive.server.documented import blocks
from tests.archive.small_archive import Kept, fill
from tests.postgres import drop_database, programs
from unioncrawl.archive.care.backup import back_up, restore
from unioncrawl.archive.store import Archive


def _run(script: str, server: str, folder: Path) -> str:
    parts = urlsplit(server)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs()), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PGHOST": str(parts.hostname),
        "PGPORT": str(parts.port),
        "PGUSER": str(parts.username),
    }
    done = subprocess.run(
        ["sh", "-euc", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dump_and_the_captures_come_back_whole(postgres_server: str, tmp_path: Path) -> None:
    """pg_dump and tar while a writer is at work, and pg_restore: verify finds nothing, and all is there."""
    make, dump, restore_it = blocks("sh")
    (tmp_path / "data").mkdir()
    try:
        _run(make, postgres_server, tmp_path)
        with Archive.open(postgres_server + "news", batch_size=10**9) as archive:
            fill(archive, tmp_path / "data" / "captures")
            for number in (1, 2):
                archive.finish_run(number, {}, "finished")
            archive.begin_run("goes on", {})
            with psycopg.connect(postgres_server + "news") as writer:
                writer.execute("UPDATE article SET url = 'half'")
                _run(dump, postgres_server, tmp_path)
                writer.rollback()
        assert "sound" in _run(restore_it, postgres_server, tmp_path)
        with Archive.open(postgres_server + "news_again", create=False) as again:
            kept = Kept(again, tmp_path / "restored" / "captures")
            assert kept.findings() == []
            assert kept.found("防暑药品") == [5, 4, 3, 2, 1]
            again.begin_run("after", {})
    finally:
        for name in ("news", "news_again"):
            drop_database(postgres_server + name)


def test_our_own_backup_comes_back_into_a_server(
    postgres_url: str, other_postgres_url: str, tmp_path: Path
) -> None:
    """From one server to another, through files: the restored archive verifies and is written further."""
    with Archive.open(postgres_url) as archive:
        fill(archive, tmp_path / "captures")
        back_up(archive.engine, tmp_path / "captures", tmp_path / "backup")
    restore(tmp_path / "backup", other_postgres_url, tmp_path / "again")
    with Archive.open(other_postgres_url, create=False) as again:
        kept = Kept(again, tmp_path / "again")
        assert kept.findings() == []
        fill(again, tmp_path / "again")
        assert again.counts == {"unchanged": 5, "observation": 5}
        assert kept.findings() == []
