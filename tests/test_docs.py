"""The documents say what is: links lead somewhere, commands exist, examples run."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from unioncrawl.cli import COMMANDS, app
from unioncrawl.commands.demo import crawl_site, practice_sites

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"])
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
_CALL = re.compile(r"unioncrawl ([a-z][a-z-]+)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
READMES = ("README.md", "README.zh-CN.md")
_SHOWN = ("", "sh", "console", "pycon")


def examples(name: str) -> str:
    """What a README shows to be typed."""
    blocks = _FENCE.findall((ROOT / name).read_text(encoding="utf-8"))
    return "\n".join(block for language, block in blocks if language in _SHOWN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    """A relative link in a document names a file of the project."""
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_command_in_the_readmes_exists(name: str) -> None:
    """What a README's examples call is a command of unioncrawl."""
    group: Any = typer.main.get_command(app)
    assert {call for call in _CALL.findall(examples(name)) if call not in group.list_commands(None)} == set()


def test_both_readmes_call_the_same_commands() -> None:
    """The Chinese README shows the commands that the English one shows."""
    english, chinese = (sorted(set(_CALL.findall(examples(name)))) for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_the_first_example_works_when_pasted_alone(name: str) -> None:
    """The first block of a README is a shell's, without a prompt, and calls a target of the Makefile."""
    language, block = _FENCE.findall((ROOT / name).read_text(encoding="utf-8"))[0]
    assert language == "sh"
    assert "$" not in block
    done = subprocess.run(["sh", "-nc", block], check=False)
    assert done.returncode == 0
    (command,) = [line for line in block.splitlines() if not line.startswith("#")]
    assert subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=False).returncode == 0


def test_every_command_has_a_sentence_and_an_example() -> None:
    """Help is one sentence and one example, for each command and each of its parts."""
    group: Any = typer.main.get_command(app)
    commands = [group.get_command(None, name) for name in group.list_commands(None)]
    parts = [one for command in commands for one in getattr(command, "commands", {"": command}).values()]
    assert [one.name for one in parts if "Example" not in (one.help or "")] == []


def test_every_command_of_the_table_is_there() -> None:
    """The table of commands names no module that is missing."""
    group: Any = typer.main.get_command(app)
    assert group.list_commands(None) == list(COMMANDS)


def test_the_list_of_commands_is_in_step() -> None:
    """docs/commands.md says what the commands say of themselves."""
    before = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    script = "import build_command_docs as made; import sys; sys.stdout.write(made.render())"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "tools", capture_output=True, text=True, check=True
    )
    assert done.stdout == before, "run tools/build_command_docs.py"


def test_the_examples_of_the_library_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python sessions in docs/library.md give what they show, on a crawled practice site."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    with practice_sites() as folders:
        crawl_site("practice-xunrui", str(tmp_path / "data" / "archive.db"), folders)
    page = ROOT / "docs" / "library.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize("name", READMES)
def test_the_examples_of_the_readmes_run(name: str) -> None:
    """The Python session in a README gives what it shows."""
    failed, tried = doctest.testfile(str(ROOT / name), module_relative=False, encoding="utf-8")
    assert (failed, tried > 0) == (0, True)
