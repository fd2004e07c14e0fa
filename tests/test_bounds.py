"""The bounds: one table in code and documents, numbers that can be read, settings that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from unioncrawl import settings
from unioncrawl.errors import ArgumentInvalid
from unioncrawl.guard.bounds import BODY_BYTES, BOUNDS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "bounds.md"


def test_the_document_has_every_bound_as_it_is() -> None:
    """docs/bounds.md has a row for each bound, with its default, what happens there and what to do."""
    listed = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rows = [f"| `{b.name}` | {b.default:,} | {b.what} | {b.reached} | {b.remedy} |" for b in BOUNDS]
    assert listed == rows


def test_names_differ() -> None:
    """Each bound has a name of its own; those that begin with UNIONCRAWL_ are settings, and no others."""
    names = [bound.name for bound in BOUNDS]
    assert len(set(names)) == len(names)
    for bound in BOUNDS:
        assert bound.name.startswith("UNIONCRAWL_") == bound.is_setting
        assert not bound.is_setting or hasattr(settings, bound.name)


@pytest.mark.parametrize("given", ["0", "-1", "many", "1e9", "９", "1" * 16, "", " "])
def test_a_bound_that_is_no_number_is_said(given: str) -> None:
    """A wrong value raises an error that names the bound and its default."""
    with pytest.raises(ArgumentInvalid, match=rf"{BODY_BYTES.name}.*{BODY_BYTES.default}"):
        BODY_BYTES.read(given)


def test_a_bound_reads_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole number, grouped or not, is taken; the environment counts for settings alone."""
    assert (BODY_BYTES.read("1_000"), BODY_BYTES.read(7)) == (1000, 7)
    monkeypatch.setenv(BODY_BYTES.name, "12")
    assert BODY_BYTES.now() == 12
    constant = next(bound for bound in BOUNDS if not bound.is_setting)
    monkeypatch.setenv(constant.name, "12")
    assert constant.now() == constant.default
