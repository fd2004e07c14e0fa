"""Tests for `tools.audit_patterns`: it finds what is slow, and the library has no slow pattern."""

from __future__ import annotations

import re

import pytest

from tools import audit_patterns
from tools.audit_patterns import GROWTH, Held, Slow, audit, ordinary_seconds, patterns, slowest, texts

SAMPLES = list(texts(500))


def _slowest(pattern: str, *methods: str) -> Slow | None:
    return slowest(Held("planted", re.compile(pattern), methods), SAMPLES, ordinary_seconds(SAMPLES))


def test_no_pattern_of_the_library_is_slow() -> None:
    """Every pattern takes time in proportion to the text, or `BOUNDED` says what bounds its input."""
    slow = [(held.name, found) for held, found in audit() if found is not None]
    assert not slow, f"mend it, or name in BOUNDED what bounds its input: {slow}"


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*会员", "finditer"),
        (r"\W*\s*日期", "match"),
        (r"[，；].*。$", "finditer"),
        (r"(?:一+)+二", "match"),
    ],
)
def test_a_slow_pattern_is_found(pattern: str, method: str) -> None:
    """Blanks that two parts share, a search that begins again at each sign, and nested repeats are slow."""
    found = _slowest(pattern, method)
    assert found is not None
    assert found.times > GROWTH


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*+会员", "match"),
        (r"(?:(?<!\s)\s+)?会员", "finditer"),
        (r"(?:\A|\n)[^，\n]*+，.*。$", "finditer"),
    ],
)
def test_a_linear_pattern_passes(pattern: str, method: str) -> None:
    """The same patterns are left alone once they are written in a linear way."""
    assert _slowest(pattern, method) is None


def test_patterns_are_tried_as_the_code_uses_them() -> None:
    """A pattern that is only matched at one place is not searched for; one of a table is tried each way."""
    held = {
        one.name: one.methods for one in patterns(["unioncrawl.page.lists.next_page", "fields.dates.forms"])
    }
    assert held["unioncrawl.page.lists.next_page._NEXT"] == ("match",)
    assert held["unioncrawl.page.lists.next_page._INDEX_FILE"] == ("finditer",)
    tables = [methods for name, methods in held.items() if name.startswith("unioncrawl.fields.dates.forms.")]
    assert ("match", "fullmatch", "finditer") in tables


def test_each_exemption_names_a_pattern() -> None:
    """No exemption outlives its pattern."""
    assert set(audit_patterns.BOUNDED) <= {held.name for held in patterns()}
