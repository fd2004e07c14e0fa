"""The ``decode`` command."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from unioncrawl.cli import app


def test_json_shows_encoding_evidence_and_text(tmp_path: Path) -> None:
    """A saved page's encoding, evidence and text come out as one JSON object."""
    file = tmp_path / "page.html"
    file.write_bytes("<p>县总工会要闻</p>".encode("gbk"))
    result = CliRunner().invoke(
        app, ["decode", str(file), "--content-type", "text/html; charset=utf-8", "--json"]
    )
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["encoding"] == "gb18030"
    assert record["text"] == "<p>县总工会要闻</p>"
    assert record["evidence"][0] == {"field": "encoding", "rule": "header", "raw": "utf-8"}


def test_plain_output_is_the_text(tmp_path: Path) -> None:
    """Without --json the text goes to stdout and the evidence to stderr."""
    file = tmp_path / "page.html"
    file.write_bytes("工会".encode())
    result = CliRunner().invoke(app, ["decode", str(file)])
    assert result.stdout == "工会"
    assert "encoding: utf-8" in result.stderr
