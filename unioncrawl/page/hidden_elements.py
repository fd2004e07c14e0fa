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
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{4}",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible", re.IGNORECASE)
_NO_SIZE = re.compile(
    r"(?:font-size|opacity)\s*:\s*0(?:\.0\d*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)", re.IGNORECASE
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*(?P<value>[^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*(?P<value>[^;!]+)", re.IGNORECASE)
_WHITE = frozenset(("#fff", "#ffffff", "white", "rgb(255,255,255)", "rgba(255,255,255,1)"))
# By their attributes, which is several times as fast as asking each element.
_MAY_BE_HIDDEN = (("style=", etree.XPath("//@style/..")), ("hidden", etree.XPath("//@hidden/..")))
_STYLES = etree.XPath("//style[not(@media) or @media='all' or @media='screen']/text()", smart_strings=False)
_VALUES = etree.XPath("//@class|//@id", smart_strings=False)
_NAMED = etree.XPath("//@class/..|//@id/..")
_COLOURED = etree.XPath("//@color/..|//@style[contains(., 'color') or contains(., 'COLOR')]/..")
# Discuz! wraps what it strews into posts in this class (source/function/function_discuzcode.php, jammer()).
_JAMMERS = etree.XPath("//*[@class='jammer']")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Rules for print or for a width hold their own braces; @charset and @import end with a semicolon.
_CONDITIONAL = re.compile(r"@[^@{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
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
_NO_GROUND = ("#fff", "none", "transparent", "inherit", "unset", "initial")
# Longer ones hold a picture.
_LONGEST_STYLE = 300


class _Simple(NamedTuple):
    """One step of a selector: a tag, or none, and the names that an element must have."""

    tag: str
    names: frozenset[str]

    def matches(self, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
        """Whether an element has the tag and the names."""
        return self.tag in ("", "*", element.tag) and self.names <= _names_of(element)


class _Rule(NamedTuple):
    """What a rule's elements are, what lies around them, whether it hides them, its weight."""

    own: _Simple
    around: tuple[_Simple, ...]
    hides: bool
    closes_gaps: bool
    weight: int

    def matches(self, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
        """Whether the rule is about an element."""
        steps = list(self.around)
        if not self.own.matches(element):
            return False
        for outer in element.iterancestors() if steps else ():
            if steps and steps[-1].matches(outer):
                steps.pop()
        return not steps


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
    if _HIDDEN.search(style) or (not len(element) and _NO_SIZE.search(style)):
        return Hiding.ATTRIBUTE
    if element.get("hidden") is not None and not _SHOWN.search(style):
        return Hiding.ATTRIBUTE
    return Hiding.COLOUR if _same_colours(style) else None


def _hidden_by_rules(root: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    rules = [rule for sheet in _STYLES(root) if len(sheet) <= _LONGEST_SHEET for rule in _rules(sheet)]
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
    paints = [_paints(sheet) for sheet in _STYLES(root) if len(sheet) <= _LONGEST_SHEET]
    rules = [rule for colours, _ in paints for rule in colours]
    grounds = tuple(ground for _, found in paints for ground in found)
    white = frozenset(name for rule in rules if rule.hides for name in rule.own.names)
    for element in _with_a_name(root, white) if white else ():
        # Another class may have its ground in a file that nobody fetched.
        is_known = all(f".{name}" in white for name in (element.get("class") or "").split())
        if element.tag not in _MAY_BE_STREWN or not is_known or _COLOUR.search(element.get("style") or ""):
            continue
        matched = [rule for rule in rules if rule.matches(element)]
        if not matched or not max(reversed(matched), key=lambda rule: rule.weight).hides:
            continue
        if _is_noise(element) and _stands_in_text(element, grounds):
            yield element


@lru_cache(maxsize=64)
def _paints(sheet: str) -> tuple[tuple[_Rule, ...], tuple[_Simple, ...]]:
    """The rules that give a class or an id its colour (white ones hide), and what has a ground.

    >>> colours, grounds = _paints(".k{color:#fff} .m{color:#fff;background:#c00}")
    >>> [rule.hides for rule in colours], [ground.names for ground in grounds]
    ([True, True], [frozenset({'.m'})])
    """
    colours: list[_Rule] = []
    grounds: list[_Simple] = []
    for selectors, style in _unconditional(sheet):
        colour, ground = _COLOUR.search(style), _GROUND.search(style)
        for selector in selectors.split(",") if colour or ground else ():
            steps = _steps(selector)
            if steps and ground and _plain(ground["value"]) not in _NO_GROUND:
                grounds.append(steps[-1])
            if steps and steps[-1].names and colour:
                is_white = _plain(colour["value"]) == "#fff"
                colours.append(_Rule(steps[-1], tuple(steps[:-1]), is_white, False, _weight(steps)))
    return tuple(colours), tuple(grounds)


def _unconditional(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the style of each rule that holds for every screen.

    >>> list(_unconditional("h1{} @media print{.b{top:0}} .a, b {display:none} p{"))
    [('h1', ''), ('  .a, b ', 'display:none')]
    """
    plain = _CONDITIONAL.sub("", _COMMENT.sub("", sheet.replace("<!--", "").replace("-->", "")))
    for rule in plain.split("}")[:-1]:
        *before, style = rule.split("{")
        if before and before[-1]:
            yield before[-1], style


def _weight(steps: list[_Simple]) -> int:
    return sum(10 if name[0] == "#" else 1 for step in steps for name in step.names)


def _with_a_name(root: Any, names: frozenset[str]) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield the elements that have one of the names; most names of a sheet are on none."""
    used = {name for value in _VALUES(root) for name in value.split()}
    if used.isdisjoint(name[1:] for name in names):
        return
    for element in _NAMED(root):
        if not names.isdisjoint(_names_of(element)):
            yield element


def _names_of(element: Any) -> set[str]:  # noqa: ANN401 - the same
    classes = (element.get("class") or "").split()
    return {f".{name}" for name in classes} | {f"#{element.get('id')}"}


@lru_cache(maxsize=64)
def _rules(sheet: str) -> tuple[_Rule, ...]:
    """The rules that hide or show elements of a class or an id.

    >>> [(rule.own.names, rule.hides) for rule in _rules(".a7 {display:none} @media print{.b{display:none}}")]
    [(frozenset({'.a7'}), True)]
    """
    rules = []
    for selectors, style in _unconditional(sheet):
        hides = _HIDDEN.search(style) is not None or _same_colours(style)
        closes_gaps = not hides and _NO_SIZE.search(style) is not None
        if not hides and not closes_gaps and not _SHOWN.search(style):
            continue
        for selector in selectors.split(","):
            steps = _steps(selector)
            if steps and steps[-1].names:
                around = tuple(steps[:-1])
                rules.append(_Rule(steps[-1], around, hides or closes_gaps, closes_gaps, _weight(steps)))
    return tuple(rules)


def _steps(selector: str) -> list[_Simple]:
    """The steps of a selector; empty for one with a state (:hover) or an attribute, which may not hold."""
    steps = [_SIMPLE.fullmatch(step) for step in selector.replace(">", " ").split()]
    found = [_Simple(step["tag"] or "", frozenset(_NAME.findall(step["names"]))) for step in steps if step]
    return found if len(found) == len(steps) else []


def _is_noise(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    if len(element.findall(".//a")) > _MOST_LINKS:
        return False
    return len("".join(element.itertext()).strip()) <= _LONGEST_NOISE


def _same_colours(style: str) -> bool:
    """Whether a style writes in the colour of its ground.

    >>> _same_colours("color:#FFF;background:#ffffff"), _same_colours("color:#fff;background:red")
    (True, False)
    """
    if len(style) > _LONGEST_STYLE or "background" not in style:
        return False
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    return bool(colour and ground) and _plain(colour["value"]) == _plain(ground["value"])  # type: ignore[index]


def _plain(colour: str) -> str:
    """A colour in one spelling."""
    colour = "".join(colour.lower().split())
    return "#fff" if colour in _WHITE else colour


def _is_white_on_white(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether an element's text is white on white.

    It is where no ground is set up to its block and running text of another colour stands beside
    it. A heading on a red bar has its ground in a style sheet, and stands alone.
    """
    style = element.get("style") or ""
    colour = _COLOUR.search(style)
    if _plain(colour["value"] if colour else element.get("color") or "") != "#fff" or element.get("class"):
        return False
    return _stands_in_text(element)


def _stands_in_text(element: Any, grounds: tuple[_Simple, ...] = ()) -> bool:  # noqa: ANN401 - the same
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


def _has_ground(element: Any, grounds: tuple[_Simple, ...] = ()) -> bool:  # noqa: ANN401 - the same
    if element.get("bgcolor") or element.get("background"):
        return True
    if any(ground.matches(element) for ground in grounds):
        return True
    return _GROUND.search(element.get("style") or "") is not None


def _other_text(around: Any, own: str) -> int:  # noqa: ANN401 - the same
    """How much text an element holds beside ``own`` that is not white too."""
    whole = len("".join("".join(around.itertext()).split()))
    white = sum(
        len("".join("".join(one.itertext()).split()))
        for one in around.iter("font", "span")
        if _plain(one.get("color") or "") == "#fff" or "#fff" in (one.get("style") or "").lower()
    )
    return whole - max(white, len("".join(own.split())))
