"""How wide is a text in a picture, and what of it fits? Its characters say it, no font is asked."""

from __future__ import annotations

from unicodedata import east_asian_width

from unioncrawl.reader.charts.svg import Attribute, element, escaped

FONT_SIZE = 14
# Wide characters fill an em, and these nearly; of the others digits take the most (DejaVu Sans, a wide font).
_NARROW_EM = 0.64
_NEARLY_WIDE = "%MWmw@→≈"
_MORE = "…"


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Estimate the width of a text, in units of the picture; rather too wide than too narrow.

    >>> text_width("总工会", 10), text_width("2024", 10)
    (30.0, 25.6)
    """
    return size * sum(
        1.0 if sign in _NEARLY_WIDE or east_asian_width(sign) in "WFA" else _NARROW_EM for sign in text
    )


def cut_to_width(text: str, width: float, size: float = FONT_SIZE) -> str:
    """Return as much of a text as fits, with an ellipsis where something is left out.

    >>> cut_to_width("临溪市总工会", 40, 10), cut_to_width("临溪市", 40, 10)
    ('临溪市…', '临溪市')
    """
    if text_width(text, size) <= width:
        return text
    kept = ""
    for sign in text:
        if text_width(kept + sign + _MORE, size) > width:
            break
        kept += sign
    return kept + _MORE


def label(text: str, x: float, y: float, **attributes: Attribute) -> str:
    """Return a text at a place, in the colour of the page's text.

    >>> label("工会", 3, 4, text_anchor="end")
    '<text x="3" y="4" text-anchor="end">工会</text>'
    """
    return element("text", escaped(text), x=x, y=y, **attributes)


def fitted_label(text: str, x: float, y: float, width: float, **attributes: Attribute) -> str:
    """Return a text cut to a width; the whole of it as its title where something is left out.

    >>> fitted_label("临溪市总工会", 0, 9, 50)
    '<text x="0" y="9"><title>临溪市总工会</title>临溪…</text>'
    """
    cut = cut_to_width(text, width)
    whole = element("title", escaped(text)) if cut != text else ""
    return element("text", whole + escaped(cut), x=x, y=y, **attributes)
