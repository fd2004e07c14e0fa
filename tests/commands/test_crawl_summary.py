"""The summary of a crawl is the same in both languages, but for its words."""

from __future__ import annotations

import re

import pytest

from unioncrawl.commands._crawl_summary import print_outcomes
from unioncrawl.commands._site_outcome import SiteOutcome

CHINESE = re.compile(r"[一-鿿]")
STATS: dict[str, object] = {
    **{f"unioncrawl/{name}": 1 for name in ("crawl/blocked", "walk/failed", "reading/retired")},
    **{f"unioncrawl/{name}": 2 for name in ("walk/limited", "archive/new", "rejected/fetch/404")},
    "unioncrawl/entries/missing_addresses": ["http://www.linxi-gh.example/xw/7.html"],
    "unioncrawl/entries/total": 3,
    "unioncrawl/entries/stored": 2,
    "unioncrawl/entries/missing": 1,
}
CAUSES = ("rejected/fetch/tls-too-old", "robots/pages_not_asked", "fetch/network_failures", "crawl/empty")


@pytest.mark.parametrize("cause", CAUSES)
def test_a_summary_is_said_in_the_language_asked_for(cause: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line has Chinese in the one language and none in the other, and no line is left out."""
    outcome = SiteOutcome(site="linxi", reason="shutdown", stats={**STATS, f"unioncrawl/{cause}": 1})
    lines = {}
    for language in ("zh", "en"):
        print_outcomes([outcome], language)
        said = capsys.readouterr()
        lines[language] = [*said.out.splitlines(), *said.err.splitlines()]
    assert not any(CHINESE.search(line) for line in lines["en"])
    assert all(CHINESE.search(line) for line in lines["zh"])
    assert len(lines["zh"]) == len(lines["en"]) == 3 + 7
    assert "共 3 条：保存 2，已有 0，不在日期范围内 0，拒收 0，待补 0，下落不明 1" in lines["zh"][2]
