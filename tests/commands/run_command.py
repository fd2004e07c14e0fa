"""Run a command on an archive, and read what it prints."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from unioncrawl.cli import app


def run(address: str, *arguments: str, expected: int = 0) -> Result:
    """The result of a command; its exit code is the expected one."""
    result = CliRunner().invoke(app, [*arguments, "--archive", address])
    assert result.exit_code == expected, (result.output, result.exception)
    return result


def run_json(address: str, *arguments: str) -> Any:
    """What a command answers with ``--json``."""
    return json.loads(run(address, *arguments, "--json").stdout)
