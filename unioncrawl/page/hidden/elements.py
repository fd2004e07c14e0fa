"""Which elements of a page are never shown: by their own attributes, by the page's style rules.

CMSs print noise between the paragraphs that browsers do not show, and other noise at each
visit. Style sheets of other files are not fetched, so only the page's own ``<style>`` counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from lxml import etree

from unioncrawl.page.hidden.style_rules import (
    COLOUR,
    GROUND,
    HIDDEN,
    NO_SIZE,
    SHOWN,
    Simple,
    names_of,
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
# By their attributes, which is several times as fast as asking each element.
_MAY_BE_HIDDEN = (("style=", etree.XPath("//@style/..")), ("hidden", etree.XPath("//@hidden/..")))
_STYLES = etree.XPath("//style[not(@media) or @media='all' or @media='screen']/text()", smart_strings=False)
_VALUES = etree.XPath("//@class|//@id", smart_strings=False)
_NAMED = etree.XPath("//@class/..|//@id/..")
_COLOURED = etree.XPath("//@color/..|//@style[contains(., 'color') or contains(., 'COLOR')]/..")
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


def find_hidden(root: Any, lowered: str) -> dict[Any, Hiding]:  # noqa: ANN401 - lxml is untyped
    """The elements that browsers do not show, each with what hides it; ``lowered`` is the page's source.

    ``aria-hidden`` hides from screen readers only, so such an element is shown. A style rule hides
    noise only: what holds several links or more than a sentence or two may be shown by a script.
    """
    hidden: dict[Any, Hiding] = {}
    if any(cue in lowered for cue in _MAY_HIDE):
        found = (element for cue, path in _MAY_BE_HIDDEN if cue in lowered for element in path(root))
        hidden.update((element, hiding) for element in found if (hiding := _own_hiding(element)))
        if "<style" in lowered:
            hidden.update(dict.fromkeys(_hidden_by_rules(root), Hiding.STYLE_RULE))
    if any(cue in lowered for cue in _MAY_BE_WHITE):
        hidden.update((one, Hiding.COLOUR) for one in _COLOURED(root) if _is_white_on_white(one))
        if "<style" in lowered:
            hidden = {**dict.fromkeys(_white_by_rules(root), Hiding.COLOUR), **hidden}
    if "jammer" in lowered:
        hidden.update(dict.fromkeys(_JAMMERS(root), Hiding.JAMMER))
    return hidden


def _own_hiding(element: Any) -> Hiding | None:  # noqa: ANN401 - lxml is untyped
    """What of an element's own attributes hides it; None where it is shown."""
    style = element.get("style")
    if style is None:
        return Hiding.ATTRIBUTE if element.get("hidden") is not None else None
    # Containers set their size to 0 to close gaps, and their children set it back.
    if HIDDEN.search(style) or (not len(element) and NO_SIZE.search(style)):
        return Hiding.ATTRIBUTE
    if element.get("hidden") is not None and not SHOWN.search(style):
        return Hiding.ATTRIBUTE
    return Hiding.COLOUR if same_colours(style) else None


def _hidden_by_rules(root: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    rules = [rule for sheet in _STYLES(root) if len(sheet) <= _LONGEST_SHEET for rule in rules_of(sheet)]
    hiding = frozenset(name for rule in rules if rule.hides for name in rule.own.names)
    for element in _with_a_name(root, hiding) if hiding else ():
        matched = [rule for rule in rules if rule.matches(element)]
        if not matched:
            continue
        # The last of the weightiest rules counts.
        last = max(reversed(matched), key=lambda rule: rule.weight)
        if last.hides and not (last.closes_gaps and len(element)) and _is_noise(element):
            yield element


def _white_by_rules(root: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield the noise that a class of the page's sheets paints white, with no ground, beside other text."""
    painted = [paints(sheet) for sheet in _STYLES(root) if len(sheet) <= _LONGEST_SHEET]
    rules = [rule for colours, _ in painted for rule in colours]
    grounds = tuple(ground for _, found in painted for ground in found)
    white = frozenset(name for rule in rules if rule.hides for name in rule.own.names)
    for element in _with_a_name(root, white) if white else ():
        # Another class may have its ground in a file that nobody fetched.
        is_known = all(f".{name}" in white for name in (element.get("class") or "").split())
        if element.tag not in _MAY_BE_STREWN or not is_known or COLOUR.search(element.get("style") or ""):
            continue
        matched = [rule for rule in rules if rule.matches(element)]
        if not matched or not max(reversed(matched), key=lambda rule: rule.weight).hides:
            continue
        if _is_noise(element) and _stands_in_text(element, grounds):
            yield element


def _with_a_name(root: Any, names: frozenset[str]) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield the elements that have one of the names; most names of a sheet are on none."""
    used = {name for value in _VALUES(root) for name in value.split()}
    if used.isdisjoint(name[1:] for name in names):
        return
    for element in _NAMED(root):
        if not names.isdisjoint(names_of(element)):
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
    white = sum(
        len("".join("".join(one.itertext()).split()))
        for one in around.iter("font", "span")
        if plain_colour(one.get("color") or "") == "#fff" or "#fff" in (one.get("style") or "").lower()
    )
    return whole - max(white, len("".join(own.split())))
