"""What a takedown leaves in a server's files, and what takes it from there."""

from __future__ import annotations

from pathlib import Path

from tests.archive.server.documented import section
from tests.databases import ask
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.care.vacuum import vacuum
from unioncrawl.archive.store import Archive
from unioncrawl.commands.takedown import ON_A_SERVER
from unioncrawl.model import Article

_STATEMENT = "VACUUM (FULL)"
_WORDS = "靐齉厂困难职工"


def _fill(archive: Archive) -> None:
    run = archive.begin_run("x", {})
    for number in range(1, 31):
        body = _WORDS * 40 if number == 30 else f"第{number}篇：市总工会慰问一线职工。"
        archive.store(Article(url=f"http://x/{number}", site="x", title="题", body_text=body), run)
    archive.finish_run(run, {}, "finished")


def _is_held(address: str) -> bool:
    """Whether a file of the database's tables and indexes holds the words."""
    ask(address, "CHECKPOINT")
    ((folder, oid),) = ask(
        address,
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()",
    )
    files = [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.is_file()]
    return any(_WORDS.encode() in path.read_bytes() for path in files)


def test_the_statement_that_is_named_takes_withdrawn_words_from_the_tables(
    postgres_url: str, tmp_path: Path
) -> None:
    """A takedown leaves them in the files, and so may a vacuum; what message and docs name does not."""
    with Archive.open(postgres_url) as archive:
        _fill(archive)
        take_down(archive.engine, tmp_path, "30", "当事人要求")
        assert _is_held(postgres_url)
        vacuum(archive.engine)
    ask(postgres_url, _STATEMENT)
    assert not _is_held(postgres_url)
    assert f"`{_STATEMENT}`" in section()
    assert _STATEMENT in ON_A_SERVER
