from __future__ import annotations

import json
from pathlib import Path

from tests.commands.run_command import run


def test_feed_is_printed_or_written(address: str, tmp_path: Path) -> None:
    """To a file with -o, else on stdout; --query narrows."""
    feed = json.loads(run(address, "feed", "--query", "工会").stdout)
    assert [item["url"] for item in feed["items"]] == ["http://example.cn/1.html"]
    path = tmp_path / "feeds" / "all.atom"
    run(address, "feed", "--format", "atom", "-o", str(path))
    assert path.read_text().count("<entry>") == 2
