"""The table of ways in: what a page says so that the machine opens what is not the site's.

Each way names the address that must stay untouched by a mark of its own, ``/NAME/``,
so that the canary and the archive can say which one got through.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.guard.attacks import Ground, Way
from tests.guard.hostile import Hostile
from tests.guard.ways_by_articles import article_ways
from tests.guard.ways_by_families import form_ways, jcms_ways, paper_ways
from tests.guard.ways_by_lists import list_ways

# Family of the site -> the ways that are tried on it.
TABLE: dict[str, Callable[[Ground], list[Way]]] = {
    "lists": list_ways,
    "articles": article_ways,
    "jcms": jcms_ways,
    "webforms": form_ways,
    "founder": paper_ways,
}
FAMILIES = {"lists": "generic", "articles": "empirecms"}


def serve(hostile: Hostile, ways: list[Way]) -> None:
    """Put the pages of these ways on the server."""
    for way in ways:
        hostile.pages.update(way.pages)
