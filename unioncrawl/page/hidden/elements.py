"""Which elements of a page are never shown: by their own attributes, by the page's style rules.

CMSs print noise between the paragraphs that browsers do not show, and other noise at each
visit. Style sheets of other files are not fetched, so only the page's own ``<style>`` counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from unioncrawl.page.hidden.style_rules import (
    COLOUR,
    GROUND,
    HIDDEN,
    NO_SIZE,
    SHOWN,
    Rule,
    Simple,
    names_in,
    paints,
    plain_colour,
    rules_of,
    same_colours,
)


class Hiding(StrEnum):
    """What keeps an element from being shown."""

    ATTRIBUTE = "hidden-by-attribute"
    STYLE_RULE = "hidden-by-style-rule"
    COLOUR = "hidden-by-colour"
    JAMMER = "hidden-jammer"


# Styles are read only where the source in lower case holds one of these.
_MAY_HIDE = (
    *("none", "hidden", "font-size:0", "font-size: 0", "opacity", "text-indent:-", "left:-", "top:-"),
    "background",
)
_MAY_BE_WHITE = ("#fff", "white", "rgb(255")
# By their attributes: of a real page's 980 elements 62 in 180 µs, where asking each takes 450 and a
# predicate ([@style]) 650.
_STYLED = etree.XPath("//@style/..")
_HIDDEN = etree.XPath("//@hidden/..")
_OF_CLASS, _OF_ID = etree.XPath("//@class/.."), etree.XPath("//@id/..")
_OF_COLOUR = etree.XPath("//@color/..")
_OF_SCREENS = (None, "all", "screen")
# Discuz! wraps what it strews into posts in this class (source/function/function_discuzcode.php, jammer()).
_JAMMERS = etree.XPath("//*[@class='jammer']")
# What a rule hides and a script may show (a tab, a menu, 展开全文) has links or is long; noise of
# PHPCMS and DedeCMS has at most a sentence.
_LONGEST_NOISE = 200
_MOST_LINKS = 1
# A theme's whole sheet within the page (20 to 90 kB in saved pages of portals) hides what scripts show.
_LONGEST_SHEET = 15_000
_LONG_ENOUGH = 20
_GROUND_REACH = 2
# What noise stands in; cells and headings have their ground from around or within.
_MAY_BE_STREWN = frozenset("span font b i em strong u p div".split())
# What <noscript> holds for browsers without scripts: a text, a lazy picture, or a word about scripts.
_ABOUT_SCRIPTS = re.compile(r"script|脚本|浏览器|\bJS\b", re.IGNORECASE)
_LONGEST_WARNING = 120


def styled_elements(root: Any, lowered: str) -> list[tuple[Any, str]]:  # noqa: ANN401 - lxml is untyped
    """The elements of a page that have a style of their own, and that; ``lowered`` is the page's source."""
    return [(one, one.get("style")) for one in _STYLED(root)] if "style" in lowered else []


def find_hidden(root: Any, lowered: str, styled: list[tuple[Any, str]]) -> dict[Any, Hiding]:  # noqa: ANN401 - the same
    """The elements that browsers do not show, each with what hides it; ``lowered`` is the page's source.

    ``aria-hidden`` hides from screen readers only, so such an element is shown. A style rule hides
    noise only: what holds several links or more than a sentence or two may be shown by a script.
    """
    hidden: dict[Any, Hiding] = {}
    sheets = _sheets(root) if "<style" in lowered else []
    named = _Named(root)
    if any(cue in lowered for cue in _MAY_HIDE):
        hidden.update((one, hiding) for one, style in styled if (hiding := _own_hiding(one, style)))
        unstyled = (one for one in (_HIDDEN(root) if "hidden" in lowered else ()) if one.get("style") is None)
        hidden.update(dict.fromkeys(unstyled, Hiding.ATTRIBUTE))
        hidden.update(dict.fromkeys(_hidden_by_rules(sheets, named), Hiding.STYLE_RULE))
    if any(cue in lowered for cue in _MAY_BE_WHITE):
        coloured = {one for one, style in styled if "color" in style or "COLOR" in style}
        coloured.update(_OF_COLOUR(root))
        hidden.update((one, Hiding.COLOUR) for one in coloured if _is_white_on_white(one))
        hidden = {**dict.fromkeys(_white_by_rules(sheets, named), Hiding.COLOUR), **hidden}
    if "jammer" in lowered:
        hidden.update(dict.fromkeys(_JAMMERS(root), Hiding.JAMMER))
    return hidden


def _own_hiding(element: Any, style: str) -> Hiding | None:  # noqa: ANN401 - lxml is untyped
    """What of an element's own attributes hides it; None where it is shown."""
    says = _said_by(style)
    # Containers set their size to 0 to close gaps, and their children set it back.
    if says.hides or (says.has_no_size and not len(element)):
        return Hiding.ATTRIBUTE
    if element.get("hidden") is not None and not SHOWN.search(style):
        return Hiding.ATTRIBUTE
    return Hiding.COLOUR if says.same_colours else None


class _Said(NamedTuple):
    """What an element's own style says of whether it is shown."""

    hides: bool
    has_no_size: bool
    same_colours: bool


# A site writes few different ones, on a page and from page to page.
@lru_cache(maxsize=1024)
def _said_by(style: str) -> _Said:
    return _Said(HIDDEN.search(style) is not None, NO_SIZE.search(style) is not None, same_colours(style))


class _Named:
    """The elements of a page that have a class or an id; asked once, for most pages of no sheet's names."""

    def __init__(self, root: Any) -> None:  # noqa: ANN401 - the same
        self._root = root
        self._elements: list[tuple[Any, frozenset[str]]] | None = None

    def __call__(self, names: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
        """Yield the elements that have one of some names, each with all of its own."""
        if not names:
            return
        if self._elements is None:
            # A page has few different values: each is taken apart once.
            found = dict.fromkeys((*_OF_CLASS(self._root), *_OF_ID(self._root)))
            values = ((one, one.get("class"), one.get("id")) for one in found)
            known: dict[tuple[str | None, str | None], frozenset[str]] = {}
            self._elements = [
                (one, known.get(pair := (classes, identity)) or known.setdefault(pair, names_in(*pair)))
                for one, classes, identity in values
            ]
        for element, own in self._elements:
            if not names.isdisjoint(own):
                yield element, own


def _sheets(root: Any) -> list[str]:  # noqa: ANN401 - the same
    # A fifth of what the XPath expression takes.
    styles = (one.text or "" for one in root.iter("style") if one.get("media") in _OF_SCREENS)
    return [sheet for sheet in styles if len(sheet) <= _LONGEST_SHEET]


def _hidden_by_rules(sheets: list[str], named: _Named) -> Iterator[Any]:
    rules = [rule for sheet in sheets for rule in rules_of(sheet)]
    hiding = frozenset(name for rule in rules if rule.hides for name in rule.own.names)
    for element, names in named(hiding):
        last = _weightiest(rules, element, names)
        if last is None:
            continue
        if last.hides and not (last.closes_gaps and len(element)) and _is_noise(element):
            yield element


def _weightiest(rules: list[Rule], element: Any, names: frozenset[str]) -> Rule | None:  # noqa: ANN401 - the same
    """The last of the weightiest rules about an element, which counts; None where no rule is about it."""
    own = (rule for rule in reversed(rules) if rule.own.names <= names and rule.matches(element))
    return max(own, key=lambda rule: rule.weight, default=None)


def _white_by_rules(sheets: list[str], named: _Named) -> Iterator[Any]:
    """Yield the noise that a class of the page's sheets paints white, with no ground, beside other text."""
    painted = [paints(sheet) for sheet in sheets]
    rules = [rule for colours, _ in painted for rule in colours]
    grounds = tuple(ground for _, found in painted for ground in found)
    white = frozenset(name for rule in rules if rule.hides for name in rule.own.names)
    for element, names in named(white):
        # Another class may have its ground in a file that nobody fetched.
        is_known = all(name in white for name in names if name[0] == ".")
        if element.tag not in _MAY_BE_STREWN or not is_known or COLOUR.search(element.get("style") or ""):
            continue
        last = _weightiest(rules, element, names)
        if last is not None and last.hides and _is_noise(element) and _stands_in_text(element, grounds):
            yield element


def _is_noise(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    if len(element.findall(".//a")) > _MOST_LINKS:
        return False
    return len("".join(element.itertext()).strip()) <= _LONGEST_NOISE


def _is_white_on_white(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether an element's text is white on white.

    It is where no ground is set up to its block and running text of another colour stands beside
    it. A heading on a red bar has its ground in a style sheet, and stands alone.
    """
    style = element.get("style") or ""
    colour = COLOUR.search(style)
    if plain_colour(colour["value"] if colour else element.get("color") or "") != "#fff" or element.get(
        "class"
    ):
        return False
    return _stands_in_text(element)


def _stands_in_text(element: Any, grounds: tuple[Simple, ...] = ()) -> bool:  # noqa: ANN401 - the same
    """Whether running text of another colour stands beside an element, and no ground is set up to there."""
    around, own = element, "".join(element.itertext())
    for _ in range(_GROUND_REACH):
        if _has_ground(around, grounds):
            return False
        around = around.getparent()
        if around is None:
            return False
        if _other_text(around, own) >= _LONG_ENOUGH:
            return not _has_ground(around, grounds)
        if around.get("class"):
            return False
    return False


def _has_ground(element: Any, grounds: tuple[Simple, ...] = ()) -> bool:  # noqa: ANN401 - the same
    if element.get("bgcolor") or element.get("background"):
        return True
    if any(ground.matches(element) for ground in grounds):
        return True
    return GROUND.search(element.get("style") or "") is not None


def _other_text(around: Any, own: str) -> int:  # noqa: ANN401 - the same
    """How much text an element holds beside ``own`` that is not white too."""
    whole = len("".join("".join(around.itertext()).split()))
    white = [
        len("".join("".join(one.itertext()).split()))
        for one in around.iter("font", "span")
        if plain_colour(one.get("color") or "") == "#fff" or "#fff" in (one.get("style") or "").lower()
    ]
    return whole - max(sum(white, 0), len("".join(own.split())))


def holds_content(element: Any) -> bool:  # noqa: ANN401 - the same
    """Whether ``<noscript>`` holds a part of the page, and not a word about scripts alone."""
    text = "".join(element.itertext()).strip()
    if not text:
        return next(element.iter("img"), None) is not None
    return len(text) > _LONGEST_WARNING or _ABOUT_SCRIPTS.search(text) is None
