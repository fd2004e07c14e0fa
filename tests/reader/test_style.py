from __future__ import annotations

import re

import pytest

from unioncrawl.reader.page_view import HERE

_STYLE = (HERE / "static" / "style.css").read_text(encoding="utf-8")
_COLOUR = re.compile(r"--([a-z-]+): #([0-9a-f]{6}|[0-9a-f]{3});")
# What stands on what. Text needs 4.5 (WCAG 2.2, 1.4.3), edges and the ring of the focus 3 (1.4.11).
TEXTS = [
    *(
        (ink, ground)
        for ink in ("ink", "faint", "link", "visited", "accent")
        for ground in ("ground", "panel")
    ),
    ("ground", "accent"),
    ("mark-ink", "mark"),
]
EDGES = [("accent", "ground"), ("notice", "ground"), ("notice", "panel"), ("faint", "ground")]


def _themes() -> dict[str, dict[str, str]]:
    """The colours by theme: in the order of the file light, dark, print."""
    blocks = re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)
    return dict(
        zip(("light", "dark", "print"), (dict(_COLOUR.findall(block)) for block in blocks), strict=True)
    )


def _luminance(colour: str) -> float:
    """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [colour[at : at + 2] for at in (0, 2, 4)] if len(colour) == 6 else [sign * 2 for sign in colour]
    shares = [int(part, 16) / 255 for part in parts]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white has 21, a colour on itself 1, and #777 on white misses AA."""
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("8f1d1d", "8f1d1d") == 1
    assert 4.4 < contrast("777", "fff") < 4.5


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_text_can_be_read(theme: str) -> None:
    """In light, dark and print each text has the contrast of WCAG AA, each edge that of 3 to 1."""
    colours = _themes()[theme]
    assert [pair for pair in TEXTS if contrast(*(colours[name] for name in pair)) < 4.5] == []
    assert [pair for pair in EDGES if contrast(*(colours[name] for name in pair)) < 3] == []


def test_the_style_loads_nothing() -> None:
    """No style sheet names an address, and none slants Chinese type."""
    for path in (HERE / "static").glob("*.css"):
        style = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "url(" not in style, path
        assert "@import" not in style, path
        assert "italic" not in style, path
