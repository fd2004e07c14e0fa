"""The fuzzer finds what fails, reports it with its input, and goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.engine import HERE, run_blind, seeds
from tests.fuzz.planted import breaks
from tests.fuzz.run import main
from tests.fuzz.shrinking import shrunk
from tests.fuzz.worker import FOUND

PLANTED = "tests.fuzz.planted:"


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("breaks", "KeyError in planted.py:breaks"),
        ("dies", "died of SIGSEGV"),
        ("eats", "MemoryError in planted.py:eats"),
        ("loops", "hang"),
    ],
)
def test_failure_of_each_kind_is_kept_with_its_input(function: str, kind: str, tmp_path: Path) -> None:
    """An error, a fault, too much memory and time are reported, each with an input that fails again."""
    done = _run("--engine", "blind", "--runs", "3", "--hang-seconds", "0.5", tmp_path, PLANTED + function)
    assert kind in done.stdout
    assert done.returncode == 1
    found = tmp_path / (PLANTED + function).replace(":", "-") / FOUND
    (data,) = (path.read_bytes() for path in found.iterdir() if not path.suffix)
    assert len(data) > 40
    assert data[0] & 1


def test_input_that_fails_is_run_again_and_made_shorter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--replay shows the failure, --shrink writes the shortest input that fails alike."""
    path = tmp_path / "input"
    path.write_bytes(b"\x01" + b"x" * 300)
    command = ["run", "--replay", str(path), "--shrink", f"{PLANTED}breaks"]
    monkeypatch.setattr(sys, "argv", command)
    assert main() == 1
    assert "KeyError" in capsys.readouterr().out
    assert len(path.with_suffix(".min").read_bytes()) == 41
    path.write_bytes(b"\x00")
    assert main() == 0


def test_shrinking_keeps_the_kind() -> None:
    """An input that needs every byte stays."""
    needed = b"\x03" + b"\x00" * 40
    assert shrunk(breaks, needed, "KeyError in planted.py:breaks") == needed


def test_same_seed_makes_the_same_inputs() -> None:
    """What the gate runs is the same on every machine."""

    def made(seed: int) -> list[bytes]:
        inputs: list[bytes] = []
        run_blind(inputs.append, seeds("query"), 50, seed, 512)
        return inputs

    assert made(7) == made(7)
    assert made(7) != made(8)
    assert all(len(data) <= 512 for data in made(7)[len(seeds("query")) + 1 :])


def test_command_runs_a_harness(tmp_path: Path) -> None:
    """The command prints how many inputs ran, and ends with 0 where nothing was found."""
    done = _run("--runs", "20", tmp_path, "query")
    assert "query: " in done.stdout
    assert "0 kinds of failure" in done.stdout, done.stdout
    assert done.returncode == 0


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    *options, folder, name = map(str, arguments)
    command = [sys.executable, "-m", "tests.fuzz.run", *options, "--folder", folder, name]
    return subprocess.run(command, cwd=HERE.parent.parent, capture_output=True, text=True, check=False)
