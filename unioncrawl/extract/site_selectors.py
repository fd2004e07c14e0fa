"""The selectors of a site file: where they match, they win over the general rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from unioncrawl.fields.people.clean import clean_people, clean_source
from unioncrawl.model.article_fields import PEOPLE_FIELDS, SOURCE_FIELDS
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, clean_text, select
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.hidden.tag_kinds import INLINE
from unioncrawl.sites.profile import Selectors, SiteProfile
from unioncrawl.urls import absolute_url

# The selectors that lead to a place, a link or a list; the others take the string of a field.
_PLACES = frozenset(("title", "metadata", "body", "next_part", "list_entries", "list_next"))
_TEXT_FIELDS = tuple(name for name in Selectors.model_fields if name not in _PLACES)
# What a CMS prints where nobody is named (系统管理) leaves the field to the general rules.
_NAMES_ANYBODY: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(PEOPLE_FIELDS, clean_people),
    **dict.fromkeys(SOURCE_FIELDS, clean_source),
}


class Selected(NamedTuple):
    """What the selectors of a site found: headline and body as places, other fields as strings."""

    headline: Headline | None
    body: Range | None
    values: dict[str, str]


def select_fields(document: Document, profile: SiteProfile | None) -> Selected:
    """What the site file's selectors take from the page."""
    if profile is None:
        return Selected(None, None, {})
    selectors = profile.selectors
    values: dict[str, str] = {}
    for field in _TEXT_FIELDS:
        for element in select(document, getattr(selectors, field))[:1]:
            text = clean_text("".join(element.itertext()))
            value = text.rpartition("：")[2] if field in _NAMES_ANYBODY else text
            if _NAMES_ANYBODY.get(field, bool)(value):
                values[field] = value
    for element in select(document, selectors.next_part)[:1]:
        href = (element.get("href") or "").strip()
        if href and not href.startswith(("#", "javascript:")):
            values["next_part"] = absolute_url(document.base_url, href)
    return Selected(_headline(document, selectors.title), _body(document, selectors.body), values)


def _headline(document: Document, selector: str) -> Headline | None:
    for element in select(document, selector)[:1]:
        text = clean_text("".join(element.itertext()))
        start, stop = _lines_of(document, element)
        return Headline(text, start, stop, "selector") if text else None
    return None


def _body(document: Document, selector: str) -> Range | None:
    for element in select(document, selector)[:1]:
        start, stop = _lines_of(document, element)
        if stop > start or element.find(".//img") is not None:
            return Range(start, stop, float("inf"), element)
    return None


def _lines_of(document: Document, element: Any) -> tuple[int, int]:  # noqa: ANN401 - lxml is untyped
    for span in document.spans:
        if span.element is element:
            return span.start, span.stop
    for ancestor in element.iterancestors() if element.tag in INLINE else ():
        for span in document.spans:
            if span.element is ancestor:
                return span.start, min(span.stop, span.start + 1)
    return 0, 0
