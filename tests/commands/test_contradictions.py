from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.run_command import run
from unioncrawl.errors import SiteUnknown


@pytest.mark.parametrize(
    "arguments",
    [
        ("hits", "1", "--site", "a"),
        ("hits", "1", "--since", "2024"),
        ("hits", "1", "--limit", "3"),
        ("reprints", "1", "--limit", "3"),
        ("search", "清凉", "--since", "2025", "--until", "2024"),
        ("hits", "--since", "2024-05", "--until", "2024-04"),
        ("crawl", "practice-asp", "--all"),
        ("export", "--seed", "3"),
        ("report", "coverage", "--json", "-o", "x.csv"),
        ("vacuum", "--captures", "x"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(
    reprinted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """What one argument makes void, or a span that ends before it begins, is a wrong call."""
    monkeypatch.chdir(tmp_path)
    run(reprinted, *arguments, expected=2)
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "清凉", "--site", "nosuch"),
        ("search", "site:nosuch"),
        ("search", "site:a OR site:nosuch"),
        ("feed", "--query", "site:nosuch"),
        ("export", "site:nosuch"),
        ("hits", "--site", "nosuch"),
        ("reprocess", "--site", "nosuch", "--stage", "repair"),
    ],
)
def test_an_unknown_site_is_refused_everywhere(reprinted: str, arguments: tuple[str, ...]) -> None:
    """Each command that takes a site names the ones that the archive has."""
    found = run(reprinted, *arguments, expected=1)
    assert isinstance(found.exception, SiteUnknown)
    assert "It has a, b." in str(found.exception)


@pytest.mark.parametrize("query", ["site:A", "清凉 -site:nosuch", "site:a"])
def test_known_sites_and_those_left_out_pass(reprinted: str, query: str) -> None:
    """Capital letters are the same site, and what is left out need not be there."""
    run(reprinted, "search", query)


def test_one_day_is_a_span(reprinted: str) -> None:
    """The same day twice is that day."""
    run(reprinted, "search", "清凉", "--since", "2024-04-08", "--until", "2024-04-08")
