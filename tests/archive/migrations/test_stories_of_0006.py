"""The table of stories in longer texts comes into an archive of schema 0005, where roundups joined groups."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, inspect, select, text

from tests.archive.older_schemas import bring_back_to
from unioncrawl.archive.care.vacuum import regroup
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.schema import reprint_member, story_part
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article

_TIME = datetime(2026, 7, 1, 8, tzinfo=UTC)
# Dies by kill -9 within the transaction, when the table and its index are made.
_KILLED = """
import os, signal, sys
from unioncrawl.archive.migrations import migrate
from unioncrawl.archive.store import Archive
def die(connection, version):
    connection.exec_driver_sql("SELECT count(*) FROM story_part")
    os.kill(os.getpid(), signal.SIGKILL)
migrate._fill_what_is_new = die
Archive.open(sys.argv[1])
"""


def _story(seed: int) -> str:
    signs = [chr(code) for code in range(0x4E00, 0x5200)]
    return "".join(random.Random(seed).choices(signs, k=200)) + "。"  # noqa: S311 - invented text


def _write_archive_of_0005(address: str) -> None:
    """Two stories, a copy of each, and a roundup that made one group of all."""
    bodies = [_story(1), _story(2), "本报讯 " + _story(1), "本报讯 " + _story(2)]
    bodies.append(f"{_story(1)}\n{_story(2)}")
    with Archive.open(address) as archive:
        run = archive.begin_run("x", {})
        for place, body in enumerate(bodies):
            url = f"http://site{place}.example.cn/1"
            archive.store(
                Article(url=url, site=f"s{place}", title=f"题{place}", body_text=body, fetched_at=_TIME), run
            )
        archive.finish_run(run, {}, "finished")
        with archive.engine.begin() as connection:
            groups = connection.execute(select(reprint_member.c.group_id)).scalars().all()
            connection.execute(reprint_member.update().values(group_id=min(groups)))
            connection.execute(text("DELETE FROM reprint_group WHERE id > :kept"), {"kept": min(groups)})
            row = {
                "article_id": 5,
                "group_id": min(groups),
                "jaccard": 0.5,
                "containment": 1,
                "kind": "excerpt",
            }
            connection.execute(reprint_member.insert(), row)
            bring_back_to(connection, "0005")


def test_groups_that_roundups_joined_come_apart(any_archive: str, tmp_path: Path) -> None:
    """After an upgrade, one killed in the middle too, the old group stands until --regroup parts it."""
    _write_archive_of_0005(any_archive)
    died = subprocess.run([sys.executable, "-c", _KILLED, any_archive], check=False)
    assert died.returncode == -signal.SIGKILL
    engine = create_engine(archive_url(any_archive))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0005"
        assert "story_part" not in inspect(connection).get_table_names()
    engine.dispose()
    with Archive.open(any_archive, create=False) as archive:
        assert list(_groups(archive)) == [{1, 2, 3, 4, 5}]
        assert regroup(archive.engine) == 4
        assert _groups(archive) == [{1, 3}, {2, 4}]
        with archive.engine.connect() as connection:
            held = connection.execute(select(story_part.c.article_id, story_part.c.part_article_id)).all()
        assert sorted(map(tuple, held)) == [(5, number) for number in (1, 2, 3, 4)]
        assert list(verify(archive.engine, tmp_path / "captures")) == []


def _groups(archive: Archive) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    with archive.engine.connect() as connection:
        for row in connection.execute(select(reprint_member)):
            groups.setdefault(row.group_id, set()).add(row.article_id)
    return sorted(groups.values(), key=sorted)
