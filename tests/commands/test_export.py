from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.run_command import run


def test_export_writes_file_and_package(reprinted: str, tmp_path: Path) -> None:
    """The ending decides the format; the next cursor is printed; without -o rows are printed."""
    result = run(reprinted, "export", "--query", "site:a", "-o", str(tmp_path / "out" / "a.csv"))
    assert "--since-cursor r3" in result.stderr
    assert (tmp_path / "out" / "datapackage.json").exists()
    assert len(run(reprinted, "export").stdout.splitlines()) == 2
    assert len(run(reprinted, "export", "site:a").stdout.splitlines()) == 1


@pytest.mark.parametrize("options", [["-o", "x.txt"], ["--by", "site"], ["--format", "parquet"]])
def test_export_refuses_what_it_cannot_do(reprinted: str, options: list[str]) -> None:
    """An ending of no format, strata without a sample and a table on the terminal are wrong calls."""
    run(reprinted, "export", *options, expected=2)


def test_export_takes_columns(reprinted: str, tmp_path: Path) -> None:
    """The columns named, in this order, printed or in a file; an unknown one is answered with all names."""
    printed = run(reprinted, "export", "--format", "csv", "--columns", "title, id").stdout
    assert printed.lstrip("\ufeff").startswith("title,id")
    refused = run(reprinted, "export", "--columns", "titel", "-o", str(tmp_path / "a.csv"), expected=1)
    assert "canonical_url" in str(refused.exception)
    assert not (tmp_path / "a.csv").exists()


def test_export_says_what_a_file_for_replay_lacks(reprinted: str, tmp_path: Path) -> None:
    """Articles without captures are counted on stderr, and that nothing is masked."""
    result = run(reprinted, "export", "-o", str(tmp_path / "a.wacz"))
    assert "2 articles have no captured page" in result.stderr
    assert "not masked" in result.stderr
    run(reprinted, "export", "-o", str(tmp_path / "b.wacz"), "--columns", "id", expected=2)


def test_an_interrupted_export_leaves_what_was_there(reprinted: str, tmp_path: Path) -> None:
    """Ctrl-C ends an export with a sentence and 130; the file of before stays, and nothing half-made."""
    (tmp_path / "out").mkdir()
    path = tmp_path / "out" / "a.csv"
    path.write_text("before")
    script = (
        "import os, signal, unioncrawl.archive.exports.export as one\n"
        # A shell starts what runs beside it with Ctrl-C ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "load = one._load_unchanged\n"
        "def interrupted(*given):\n"
        "    yield from load(*given)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "one._load_unchanged = interrupted\n"
        "from unioncrawl.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, "export", "-o", str(path), "--archive", reprinted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
    assert "nothing of it was written" in done.stderr
    assert [one.name for one in path.parent.iterdir()] == ["a.csv"]
    assert path.read_text() == "before"


def test_describe_writes_what_datasette_reads(reprinted: str, tmp_path: Path) -> None:
    """Views, their columns and the ten queries stand under the name of the file."""
    result = run(reprinted, "describe", "-o", str(tmp_path / "metadata.json"))
    assert "datasette" in result.stderr
    database = json.loads((tmp_path / "metadata.json").read_text(encoding="utf-8"))["databases"]["archive"]
    assert "点击量" in database["tables"]["hit_series"]["columns"]["hits"]
    assert len(database["queries"]) == 10
    assert json.loads(run(reprinted, "describe").stdout)["databases"]["archive"] == database
