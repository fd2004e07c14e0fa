"""What starting the command line costs: the modules that a command loads, counted by name and not by time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.processes import ROOT
from unioncrawl.archive.store import Archive
from unioncrawl.cli import COMMANDS, app
from unioncrawl.model import Article

_SAY = "\nimport sys\nprint(*sys.modules, file=sys.stderr)\n"
_HELP = "from unioncrawl.cli import app\napp(['--help'], standalone_mode=False)" + _SAY
_COMPLETE = """
from contextlib import suppress
from unioncrawl.cli import app
with suppress(SystemExit):
    app(prog_name="unioncrawl")
"""
_COMMANDS = """
import sys
from unioncrawl.cli import app
for line in sys.argv[2:]:
    app([*line.split(), "--archive", sys.argv[1]], standalone_mode=False)
"""
# At the first request (which is not sent) the process prints what it has loaded, and ends.
_CRAWL = """
import os, sys
from scrapy.core.downloader import Downloader
from scrapy.cmdline import execute

def reached(self, request):
    print(request.url, flush=True)
    print(*sys.modules, file=sys.stderr, flush=True)
    os._exit(0)

Downloader.fetch = reached
"""
_SCRAPY_CRAWL = """
execute(["scrapy", "crawl", "hgzgh", "-s", f"UNIONCRAWL_ARCHIVE={sys.argv[1]}", "-s", "FEEDS={}"])
"""
_OWN_CRAWL = """
from unioncrawl.cli import app
app(["crawl", "hgzgh", "--archive", sys.argv[1]])
"""
_NOT_TO_CRAWL = {
    *("aiohttp", "twisted.conch", "alembic", "pygments", "rich", "typer", "IPython", "numpy", "pandas"),
    *("pyarrow", "psycopg", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "xlsxwriter"),
    *("unioncrawl.repair", "unioncrawl.archive.rederive", "unioncrawl.extract.assemble", "pkg_resources"),
    *("unioncrawl.normalize", "unioncrawl.fields.people", "unioncrawl.line", "unioncrawl.cli"),
}
# The command itself, and no more: what is drawn, judged and reported comes at a crawl's end.
_NOT_TO_CRAWL_BY_COMMAND = _NOT_TO_CRAWL - {"typer", "unioncrawl.cli"} | {
    *("unioncrawl.service.watches", "unioncrawl.service.channels", "unioncrawl.service.health.rules"),
}
# What reads an archive prints what is there: nothing is crawled, read from a page, repaired or migrated.
_READING = (
    *("search 工会 --facets", "search 工会 --limit 3 --order newest --json", "show 1 --json", "stats --json"),
    *("export", "export --format csv", "feed", "reprints --json", "health --language zh"),
)
_DRAWING = ("show 1", "stats", "hits", "reprints")
# A value needs no validator, and a line no library that draws tables.
_NOT_TO_PRINT = {"pydantic", "pydantic_core", "typer._adapters", "rich"}
_NOT_TO_READ = {
    *("scrapy", "twisted", "aiohttp", "lxml", "tldextract", "requests", "fastwarc", "numpy", "pandas"),
    *("alembic", "mako", "pygments", "markdown_it", "typer.rich_utils", "pyarrow", "psycopg"),
    *("sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "pypinyin", "xlsxwriter"),
    *("unioncrawl.archive.store", "unioncrawl.archive.write.writer", "unioncrawl.archive.rederive"),
    *("unioncrawl.repair", "unioncrawl.extract", "unioncrawl.page", "unioncrawl.fields.people"),
    *("unioncrawl.decode", "unioncrawl.normalize", "unioncrawl.archive.verify.check_archive"),
    "unioncrawl.language.ngram_table",
}


def _loaded(script: str, *arguments: str, **environment: str) -> tuple[str, set[str]]:
    """What a fresh Python prints, and the modules that it has loaded at the end."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
        cwd=ROOT,
    )
    return done.stdout, set(done.stderr.splitlines()[-1].split())


def test_the_overview_imports_no_command() -> None:
    """`unioncrawl --help` loads neither a command's module nor anything that only commands use."""
    said, loaded = _loaded(_HELP)
    assert said.startswith("Usage: ")
    assert "unioncrawl.cli" in loaded
    assert loaded.isdisjoint({"scrapy", "sqlalchemy", "lxml", "pydantic", "rich", "unioncrawl.repair"})
    assert [module for module, _ in COMMANDS.values() if f"unioncrawl.commands.{module}" in loaded] == []


def test_completing_a_name_imports_no_command() -> None:
    """Completion of a command's name answers from the table; that of an option loads the command alone."""
    asked = {"_UNIONCRAWL_COMPLETE": "complete_bash", "COMP_CWORD": "1", "COMP_WORDS": "unioncrawl re"}
    said, loaded = _loaded(_COMPLETE + _SAY, **asked)
    assert said.split() == [name for name in COMMANDS if name.startswith("re")]
    assert loaded.isdisjoint({"scrapy", "sqlalchemy", "lxml", "pydantic", "rich", "unioncrawl.repair"})
    asked |= {"COMP_CWORD": "2", "COMP_WORDS": "unioncrawl init --he"}
    said, loaded = _loaded(_COMPLETE + _SAY, **asked)
    assert said.split() == ["--help"]
    assert {name for name in loaded if name.startswith("unioncrawl.commands.")} == {
        "unioncrawl.commands._plain_values",
        "unioncrawl.commands._terminal",
        "unioncrawl.commands.init",
    }


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An archive of one article."""
    address = str(tmp_path / "archive.db")
    with Archive.open(address) as archive:
        story = Article(
            url="http://a.example.cn/1", site="a", title="总工会送清凉", body_text="慰问一线职工。"
        )
        archive.store(story, archive.begin_run("a", {}))
    return address


def test_what_reads_an_archive_loads_no_crawler_and_no_repair(address: str) -> None:
    """`search`, `export` and their like load only what prints rows: no validator, no drawing."""
    said, loaded = _loaded(_COMMANDS + _SAY, address, *_READING)
    assert said.count("总工会送清凉") >= len(("search", "search", "show", "export", "export", "feed"))
    assert loaded & (_NOT_TO_READ | _NOT_TO_PRINT) == set()


def test_what_draws_a_table_loads_what_draws_it_alone(address: str) -> None:
    """`show`, `stats` and their like load Rich for their tables, and still no validator."""
    said, loaded = _loaded(_COMMANDS + _SAY, address, *_DRAWING)
    assert "总工会送清凉" in said
    assert "rich.table" in loaded
    assert loaded & (_NOT_TO_READ | _NOT_TO_PRINT) == {"rich"}


def test_a_crawl_loads_the_reader_with_its_first_page(tmp_path: Path) -> None:
    """Before the first request a crawl loads Scrapy, the archive and what reads lists, and no more."""
    address = str(tmp_path / "archive.db")
    Archive.open(address).close()
    state = {"UNIONCRAWL_STATE": str(tmp_path)}
    for script, not_yet in ((_SCRAPY_CRAWL, _NOT_TO_CRAWL), (_OWN_CRAWL, _NOT_TO_CRAWL_BY_COMMAND)):
        said, loaded = _loaded(_CRAWL + script, address, **state)
        assert said.startswith("http://hgzgh.org/")
        assert "unioncrawl.archive.store" in loaded
        assert loaded & not_yet == set()


def test_the_overview_names_every_command() -> None:
    """`unioncrawl --help` prints each command with its sentence, and the options of the whole."""
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).stdout
    assert [
        name for name, (_, sentence) in COMMANDS.items() if sentence not in said or name not in said
    ] == []
    assert "--version" in said
    assert "Crawl, repair and archive" in said
