"""CSS selectors on a parsed page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml.cssselect import CSSSelector

from unioncrawl.page.document import Document


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def select(document: Document, selector: str) -> list[Any]:
    """The elements that a CSS selector matches, in page order; an empty selector matches nothing."""
    return list(_compiled(selector)(document.root)) if selector and document.root is not None else []
