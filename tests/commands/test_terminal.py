"""Nothing that a page says steers the terminal that shows it."""

from __future__ import annotations

import os
import pty
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.databases import archive_at
from tests.processes import start
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Image

# Clears the screen, in both spellings; rich itself writes neither.
SEVEN_BITS, EIGHT_BITS = "\x1b[2J", "\x9b2J"
TITLE = f"市总工会{SEVEN_BITS}召开{EIGHT_BITS}会议"
BODY = f"今天，市总工会{SEVEN_BITS}召开会议，全市各级工会代表{EIGHT_BITS}参加了会议。"
PAGE = f"""<html><head><title>{TITLE}</title></head><body><h1>市总工会&#27;[2J召开会议</h1>
<p>发布日期：2024-04-08 来源：市总{EIGHT_BITS}工会</p><div class="content"><p>{BODY}</p>
<p>会议还部署了下一步工作，要求各级工会认真落实。</p></div></body></html>"""


def on_terminal(folder: Path, *arguments: str) -> str:
    """What a command prints on a terminal, stdout and stderr."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    environment["UNIONCRAWL_ARCHIVE"] = archive_at(folder / "archive.db")
    process = start(
        [sys.executable, "-m", "unioncrawl", *arguments],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's answer when the last process has closed the terminal
            break
        if not piece:
            break
        printed += piece
    os.close(ours)
    process.wait()
    return printed.decode("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page and an archive whose texts hold control characters."""
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        run = archive.begin_run("union", {})
        archive.store(
            Article(
                url="http://gh.linxi.example/1.html",
                site="union",
                title=TITLE,
                source=f"市总{EIGHT_BITS}工会",
                body_text=BODY,
                images=(Image("http://gh.linxi.example/1.jpg", TITLE),),
                fetched_at=datetime(2024, 4, 9, tzinfo=UTC),
            ),
            run,
        )
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("extract", "page.html", "--url", "http://gh.linxi.example/1.html"),
        ("extract", "page.html", "--url", "http://gh.linxi.example/1.html", "--json"),
        ("search", "会议"),
        ("search", "会议", "--json"),
        ("show", "1"),
        ("show", "1", "--json"),
    ],
    ids=" ".join,
)
def test_a_terminal_shows_pictures_of_control_characters(folder: Path, arguments: tuple[str, ...]) -> None:
    """A title that clears the screen, in 7 or 8 bits, is shown as text and clears nothing."""
    printed = on_terminal(folder, *arguments)
    assert "市总工会" in printed
    assert SEVEN_BITS not in printed
    assert "\x9b" not in printed
