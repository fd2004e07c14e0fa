from __future__ import annotations

import pytest

from tests.commands.run_command import run, run_json


@pytest.mark.parametrize("reference", ["1", "http://example.cn/1.html"])
def test_show_shows_the_history(address: str, reference: str) -> None:
    """By number or URL: fields, revisions, steps, observations, capture."""
    record = run_json(address, "show", reference)
    assert record["title"] == "总工会送清凉"
    assert record["steps"][0]["kind"] == "pinyin-note"
    assert [row["number"] for row in record["revisions"]] == [1]
    assert record["observations"][0]["hits"] == 3
    assert record["capture"] is None
    assert "history" in run(address, "show", reference).stdout


def test_show_diff_shows_the_change(reprinted: str) -> None:
    """The change between two revisions, marked."""
    assert "{+(更新)+}" in run(reprinted, "show", "1", "--diff", "1..2").stdout
    assert list(run_json(reprinted, "show", "1", "--diff", "last")) == ["title"]
