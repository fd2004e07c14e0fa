from __future__ import annotations

import pytest

from unioncrawl.commands._console import busy


def test_long_commands_show_themselves_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal stderr shows the task and its progress; in a pipe it stays empty."""
    with busy("deriving again", lambda: "7 articles"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with busy("deriving again", lambda: "7 articles"):
        pass
    shown = capsys.readouterr()
    assert "deriving again … 7 articles" in shown.err
    assert shown.out == ""
