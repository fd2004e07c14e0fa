"""docs/practice-sites.md says what the sites really do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.practice.server import LIST_PATHS, SITE_TYPES, PracticeServer
from unioncrawl.practice.stories import load_stories

PAGE = (Path(__file__).parents[2] / "docs" / "practice-sites.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| http://127\.0\.0\.1:880(\d)(/\S*) \| (\d{3}) \|", PAGE, re.MULTILINE)


def test_the_table_was_found() -> None:
    """The special pages are listed, some of every site."""
    assert {int(place) for place, _, _ in ROWS} == {1, 2, 3, 4, 5}
    assert len(ROWS) >= 25


@pytest.mark.parametrize(("place", "target", "status"), ROWS)
def test_special_page_answers_with_the_listed_status(
    server: PracticeServer, place: str, target: str, status: str
) -> None:
    """Each listed address answers, with the status in its row."""
    site_id = SITE_TYPES[int(place) - 1].site_id
    assert Visitor(server.base_urls[site_id]).get(target).status == int(status)


@pytest.mark.parametrize("kind", SITE_TYPES, ids=lambda kind: kind.site_id)
def test_site_row_shows_articles_and_lists(server: PracticeServer, kind: type) -> None:
    """Each site's row has its number of articles and its first list; every list answers."""
    site_id = kind.site_id  # type: ignore[attr-defined]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {site_id} | http"))
    articles = [story for story in load_stories(site_id) if story.page == "article"]
    assert f"| {len(articles)} |" in row
    assert f"`{LIST_PATHS[site_id][0][1]}`" in row
    for _, path in LIST_PATHS[site_id]:
        assert Visitor(server.base_urls[site_id]).get(f"/{path}").status == 200
