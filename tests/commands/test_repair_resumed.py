"""The ``repair`` command is interrupted or killed, and goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_repair import DAMAGED, REPAIRED, record, run_alone, unpacked
from tests.processes import HANG_SECONDS, start, wait_until
from unioncrawl.repair.bulk.unfinished import part_of


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_pile_is_gone_on_with(tmp_path: Path, number: int, code: int) -> None:
    """Interrupted in the middle of a pile, nothing has the final name; --resume writes the rest once."""
    pile = b"".join(record(f"{DAMAGED}{line}" + "工会" * 2000) for line in range(400)) + b"no JSON\n"
    out, part = tmp_path / "out.jsonl", tmp_path / "out.part.jsonl"
    command = [sys.executable, "-m", "unioncrawl", "repair", "--jsonl", "-o", str(out)]
    with start(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(pile[: len(pile) * 3 // 4].decode())
        process.stdin.flush()
        wait_until(lambda: part.exists() and part.stat().st_size > 0, process)
        os.kill(process.pid, number)
        process.wait(timeout=HANG_SECONDS)
        said = process.stderr.read()
        process.stdin.close()
    assert process.returncode == code
    assert "interrupted after" in said
    assert "--resume" in said
    assert "Traceback" not in said
    assert not out.exists()
    file = tmp_path / "pile.jsonl"
    file.write_bytes(pile)
    resumed = run_alone("repair", "--jsonl", str(file), "-o", str(out), "--resume")
    assert resumed.returncode == 1, resumed.stderr
    assert "line 401: " in resumed.stderr
    lines = out.read_bytes().splitlines()
    assert [json.loads(line)["text"] for line in lines[:-1]] == [
        f"{REPAIRED}{line}" + "工会" * 2000 for line in range(400)
    ]
    assert lines[-1] == b"no JSON"
    assert list(tmp_path.glob("out*")) == [out]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_killed_pile_is_gone_on_with(tmp_path: Path, suffix: str) -> None:
    """A part whose last line, or packing, is torn gives its whole lines; bad ones among them count."""
    pile = b"".join(record(f"{DAMAGED}{line}") for line in range(6))
    file, out = tmp_path / "pile.jsonl", tmp_path / f"out.jsonl{suffix}"
    part = part_of(out)
    file.write_bytes(record(DAMAGED) + b"no JSON\n" + pile)
    whole = run_alone("repair", "--jsonl", str(file), "-o", str(out))
    assert whole.returncode == 1
    packed, expected = out.read_bytes(), unpacked(out)
    for cut in (len(packed) // 2, len(packed) - 1, 5, 0):
        out.unlink(missing_ok=True)
        part.write_bytes(packed[:cut])
        resumed = run_alone("repair", "--jsonl", str(file), "-o", str(out), "--resume")
        assert unpacked(out) == expected
        assert (resumed.returncode, resumed.stderr.splitlines()[-1]) == (1, "unioncrawl: 1 bad lines")
        assert not part.exists()


def test_resuming_needs_a_part(tmp_path: Path) -> None:
    """Without an interrupted output there is nothing to go on with, and the message says so."""
    file = tmp_path / "pile.jsonl"
    file.write_bytes(record("一"))
    result = run_alone("repair", "--jsonl", str(file), "-o", str(tmp_path / "out.jsonl"), "--resume")
    assert result.returncode == 1
    assert "there is no out.part.jsonl to go on with" in result.stderr
    assert run_alone("repair", str(file), "--resume").returncode == 2


def test_ctrl_c_leaves_no_half_line(tmp_path: Path) -> None:
    """Interrupted in the middle of a pile, the part ends with a whole line, and the exit code is 130."""
    out = tmp_path / "out.part.jsonl"
    command = [sys.executable, "-m", "unioncrawl", "repair", "--jsonl", "-o", str(tmp_path / "out.jsonl")]
    with start(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdin is not None
        process.stdin.write((record(DAMAGED + "工会" * 500) * 400).decode())
        process.stdin.flush()
        wait_until(lambda: out.exists() and out.stat().st_size > 0, process)
        os.kill(process.pid, signal.SIGINT)
        process.wait(timeout=HANG_SECONDS)
        process.stdin.close()
    assert process.returncode == 130
    lines = out.read_bytes().split(b"\n")
    assert lines[-1] == b""
    assert all(json.loads(line)["changed"] for line in lines[:-1])
