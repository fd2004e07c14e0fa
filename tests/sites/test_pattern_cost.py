"""Tests for `unioncrawl.sites.pattern_cost`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.pattern_cost import costly_part

SITES = sorted((Path(__file__).resolve().parents[2] / "spiders" / "sites").glob("*.toml"))
_NESTED, _ROW = "a repeat repeats what already repeats", "three repeats in a row may hold the same characters"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a+)+$", _NESTED),
        (r"/(?:\w+\s?)+$", _NESTED),
        (r"/(?:.*,)*x", _NESTED),
        (r"(?i)/(?:A+a+)+", _NESTED),
        (r"/(?:(?:ab)+)+c", _NESTED),
        (r"/(?:\w+/\w*)+$", _NESTED),
        (r"/(?:\d+-|[a-z]+/)+", _NESTED),
        (r"/a(?=(?:b+)+$)", _NESTED),
        (r"/(?:a{1,30}){1,30}$", _NESTED),
        (r"/(?:news|(?:[a-z]+)*)/\d", _NESTED),
        (r"/.*.*.*x", _ROW),
        (r"/[^?]*\d{3,}[^/]*\.html", _ROW),
        (r"/.*/.*/.*\.html", _ROW),
        # The same with a sign between that one of the two can't hold.
        (r"(?:/\w+)+\.html", ""),
        (r"/(?:\w+=\w*&)*id=\d+", ""),
        (r"/(?:[^/]+/)+\d+", ""),
        (r"/\d+/\d+/\d+/\d+\.html", ""),
        (r"/(?:\w+/)*\w*show\w*\.aspx?", ""),
        (r"/(?:\d{4}-\d\d/)?t\d+_\d+\.s?html?", ""),
        (r"/.*/.*\.html", ""),
        (r"/(?:[a-z]++)+\d", ""),
        (r"(?P<year>\d{4})/(?P=year)\d+", ""),
        ("", ""),
    ],
)
def test_a_pattern_that_may_never_end_is_named(pattern: str, why: str) -> None:
    """A pattern whose repeats can share a text in endlessly many ways is named, and no other."""
    assert costly_part(pattern) == why


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_patterns_of_families_end_soon(name: str) -> None:
    """No address can stop a crawl by the patterns of a family."""
    family = FAMILIES[name]
    assert [costly_part(pattern) for pattern in (family.article_url, family.list_url or "")] == ["", ""]


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_the_patterns_of_sites_end_soon(path: Path) -> None:
    """Each site file that comes with unioncrawl has a pattern that ends soon."""
    assert not costly_part(tomllib.loads(path.read_text("utf-8")).get("article_url", ""))
