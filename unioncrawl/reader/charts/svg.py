"""Write SVG elements as text: escaped, with short numbers, in a fixed order."""

from __future__ import annotations

import re
from html import escape

Attribute = str | float | None

# What XML 1.0 may not hold (https://www.w3.org/TR/xml/#charsets).
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(name: str, *children: str, **attributes: Attribute) -> str:
    """Return an element; ``children`` are markup already, attributes with ``None`` are left out.

    An underscore stands for a hyphen, one at the end is dropped.

    >>> element("rect", x=1.50, y=2, class_="bar", stroke_width=None)
    '<rect x="1.5" y="2" class="bar"/>'
    >>> element("g", escaped("工会 <职工>"), text_anchor="end")
    '<g text-anchor="end">工会 &lt;职工&gt;</g>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def escaped(text: str) -> str:
    """Return a text as markup; what XML cannot hold becomes U+FFFD.

    >>> escaped("a&b" + chr(0)), escaped("工会")
    ('a&amp;b�', '工会')
    """
    return escape(_NO_XML.sub("\ufffd", text), quote=True)


def shown(value: float) -> str:
    """Return a number with at most one decimal: a picture is finer than a screen then.

    >>> shown(3.0), shown(2.349), shown(-0.001)
    ('3', '2.3', '0')
    """
    shortened = f"{value:.1f}".removesuffix(".0")
    return "0" if shortened == "-0" else shortened


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else shown(value)
