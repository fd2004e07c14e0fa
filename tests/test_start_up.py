"""What starting the command line costs."""

from __future__ import annotations

import subprocess
import sys

from typer.testing import CliRunner

from unioncrawl.cli import COMMANDS, app

SCRIPT = (
    "import sys\nfrom unioncrawl.cli import app\napp(['--help'], standalone_mode=False)\n"
    "print(*sys.modules, file=sys.stderr)\n"
)


def test_the_overview_imports_no_command() -> None:
    """`unioncrawl --help` loads neither Scrapy nor the archive's libraries nor any command's module."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "unioncrawl.cli" in loaded
    assert loaded.isdisjoint({"scrapy", "sqlalchemy", "lxml", "unioncrawl.repair"})
    assert [module for module, _ in COMMANDS.values() if f"unioncrawl.commands.{module}" in loaded] == []


def test_the_overview_names_every_command() -> None:
    """`unioncrawl --help` prints each command with its sentence, and the options of the whole."""
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).stdout
    assert [
        name for name, (_, sentence) in COMMANDS.items() if sentence not in said or name not in said
    ] == []
    assert "--version" in said
    assert "Crawl, repair and archive" in said
