"""A command that is killed at any of its steps leaves a sound archive, and is completed by another run."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.archive.older_schemas import bring_back_to
from tests.guard.hostile import Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveNotFound

SITE = "kills"
ARTICLES = range(1, 13)
# How many steps of each command are tried: `make faults` tries more.
STEPS_TRIED = int(os.environ.get("FAULTS_STEPS", "2"))
# What a reader has of an archive, without the numbers and times of runs.
HELD = (
    """SELECT article.url, title, body_text, revision.content_hash, kind, number, withdrawn_reason, hits
       FROM article JOIN revision ON revision.article_id = article.id""",
    "SELECT url, digest, file != '' FROM capture",
    "SELECT url, observation.hits FROM observation JOIN article ON article.id = article_id",
    "SELECT url, stage, reason FROM rejection",
    "SELECT count(*), count(DISTINCT group_id) FROM reprint_member",
)


def _nothing(place: Place) -> None:
    """An archive that needs no more than to be there."""


@dataclass(frozen=True)
class Operation:
    """A command that changes an archive, and what is done before it."""

    command: tuple[str, ...]
    prepare: Callable[[Place], None] = _nothing
    # What `verify` may ask for after a kill: to run the command again.
    asked_for: str = ""


def _bring_back(place: Place) -> None:
    with Archive.open(str(place.folder / "data" / "archive.db")) as archive, archive.engine.begin() as one:
        bring_back_to(one, "0004")


def _back_up(place: Place) -> None:
    assert place.unioncrawl("backup", "copy").code == 0
    shutil.rmtree(place.folder / "data")


def _old_table(place: Place) -> None:
    rows = "".join(f"http://old/{n},旧闻{n},市总工会第{n}篇旧闻说到职工之家的事\n" for n in range(40))
    (place.folder / "old.csv").write_text("url,title,body\n" + rows, encoding="utf-8")
    mapping = 'site = "old"\n[fields]\nurl = "url"\ntitle = "title"\nbody_text = "body"\n'
    (place.folder / "old.toml").write_text(mapping, encoding="utf-8")


def _foreign_captures(place: Place) -> None:
    (captured,) = (place.folder / "data" / "captures").glob("*.warc.gz")
    captured.rename(place.folder / "foreign.warc.gz")
    (place.folder / "data" / "archive.db").unlink()


OPERATIONS = {
    "import of a table": Operation(("import", "old.csv", "--mapping", "old.toml"), _old_table),
    "import of captures": Operation(("import", "foreign.warc.gz", "--site", SITE), _foreign_captures),
    "reprocess": Operation(("reprocess", "--apply", "--workers", "1")),
    "vacuum": Operation(("vacuum", "--reindex", "--regroup", "--recount")),
    "takedown": Operation(
        ("takedown", "3", "--reason", "撤稿", "--yes"), asked_for="Run unioncrawl takedown again"
    ),
    "restore": Operation(("restore", "copy"), _back_up),
    "migration": Operation(("stats",), _bring_back),
    "backup": Operation(("backup", "copy")),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place whose one site was crawled."""
    place = Place(tmp_path_factory.mktemp("crawled"))
    with Hostile() as server:
        server.pages["/list.html"] = page(listing([f"/20250301/{n}.html" for n in ARTICLES]))
        server.pages.update({f"/20250301/{n}.html": page(article(n, "断")) for n in ARTICLES})
        place.site(SITE, server.host, [f"{server.url}/list.html"])
        assert place.unioncrawl("crawl", SITE).code == 0
    return place


def held(database: Path) -> list[list[tuple[Any, ...]]]:
    """What a reader has of an archive; nothing where there is none yet."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as connection:
        return [sorted(connection.execute(query).fetchall(), key=repr) for query in HELD]


def harm(place: Place) -> list[str]:
    """What `verify` finds wrong."""
    database = place.folder / "data" / "archive.db"
    try:
        with Archive.open(str(database), create=False) as archive:
            found = list(verify(archive.engine, place.folder / "data" / "captures"))
    except ArchiveNotFound:
        # Killed before it was made.
        return []
    return [f"{one.check}: {one.detail}. {one.next_step}" for one in found if one.is_harm]


def _copied(place: Place, folder: Path) -> Place:
    return Place(Path(shutil.copytree(place.folder, folder)), dict(place.variables))


def _run(place: Place, operation: Operation, step: int) -> Ended:
    return place.run("tests.faults.at_a_point", str(step), "steps", "unioncrawl", *operation.command)


def points(steps: int, most: int = STEPS_TRIED) -> Iterator[int]:
    """Yield some of the steps, each in the middle of a part of the same length."""
    tried = min(most, steps)
    return (1 + int((n + 0.5) * steps / tried) for n in range(tried))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_killed_command_is_completed_by_the_next(crawled: Place, tmp_path: Path, name: str) -> None:
    """Nothing stored is lost, the archive verifies, and the next run makes it what no kill had made it."""
    operation = OPERATIONS[name]
    before = _copied(crawled, tmp_path / "before")
    operation.prepare(before)
    whole = _copied(before, tmp_path / "whole")
    ended = _run(whole, operation, 0)
    assert ended.code == 0, ended.said
    expected = held(whole.folder / "data" / "archive.db")
    short = []
    for step in points(int((whole.folder / "steps").read_text(encoding="utf-8"))):
        place = _copied(before, tmp_path / str(step))
        assert _run(place, operation, step).code == -signal.SIGKILL
        short += [f"killed at step {step}: {fault}" for fault in _faults(place, operation, expected)]
        shutil.rmtree(place.folder)
    assert short == []


def _faults(place: Place, operation: Operation, expected: list[list[tuple[Any, ...]]]) -> list[str]:
    """What is wrong after a kill, and after the next run."""
    database = place.folder / "data" / "archive.db"
    named = [one for one in harm(place) if not operation.asked_for or operation.asked_for not in one]
    found = [f"after the kill, {one}" for one in named]
    again = place.unioncrawl(*operation.command)
    found += [f"the next run: {again.said}"] if again.code or again.has_traceback else []
    found += [f"after the next run, {one}" for one in harm(place)]
    return found + [
        f"{query}: {sorted(set(wanted) ^ set(got))[:4]}"
        for query, wanted, got in zip(HELD, expected, held(database), strict=True)
        if wanted != got
    ]
