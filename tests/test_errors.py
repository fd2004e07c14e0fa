"""Tests for `unioncrawl.errors`."""

from __future__ import annotations

from unioncrawl.errors import DecodeError


def test_message_names_stage_url_and_next_step() -> None:
    """An error names the stage, the URL and the next step."""
    error = DecodeError(
        "no encoding fits.", next_step="Inspect the capture.", url="http://a/", stage="decode"
    )
    assert str(error) == "decode http://a/: no encoding fits. Inspect the capture."
