"""What the style sheets of a page say of its elements: which they hide, what they paint."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{4}",
    re.IGNORECASE,
)
SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible", re.IGNORECASE)
NO_SIZE = re.compile(
    r"(?:font-size|opacity)\s*:\s*0(?:\.0\d*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)", re.IGNORECASE
)
COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*(?P<value>[^;!]+)", re.IGNORECASE)
GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*(?P<value>[^;!]+)", re.IGNORECASE)
_WHITE = frozenset(("#fff", "#ffffff", "white", "rgb(255,255,255)", "rgba(255,255,255,1)"))
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Rules for print or for a width hold their own braces; @charset and @import end with a semicolon.
_CONDITIONAL = re.compile(r"@[^@{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_NO_GROUND = ("#fff", "none", "transparent", "inherit", "unset", "initial")
# A rule without one of these neither hides nor shows anything.
_MAY_HIDE_OR_SHOW = tuple("display visib indent left top size opacity background".split())
# Longer ones hold a picture.
_LONGEST_STYLE = 300


class Simple(NamedTuple):
    """One step of a selector: a tag, or none, and the names that an element must have."""

    tag: str
    names: frozenset[str]

    def matches(self, element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
        """Whether an element has the tag and the names."""
        return self.tag in ("", "*", element.tag) and self.names <= names_of(element)


class Rule(NamedTuple):
    """What a rule's elements are, what lies around them, whether it hides them, its weight."""

    own: Simple
    around: tuple[Simple, ...]
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


@lru_cache(maxsize=64)
def rules_of(sheet: str) -> tuple[Rule, ...]:
    """The rules that hide or show elements of a class or an id.

    >>> sheet = ".a7 {display:none} @media print{.b{display:none}}"
    >>> [(rule.own.names, rule.hides) for rule in rules_of(sheet)]
    [(frozenset({'.a7'}), True)]
    """
    rules = []
    for selectors, style in _unconditional(sheet):
        if not any(cue in style.lower() for cue in _MAY_HIDE_OR_SHOW):
            continue
        hides = HIDDEN.search(style) is not None or same_colours(style)
        closes_gaps = not hides and NO_SIZE.search(style) is not None
        if not hides and not closes_gaps and not SHOWN.search(style):
            continue
        for selector in selectors.split(","):
            steps = _steps(selector)
            if steps and steps[-1].names:
                around = tuple(steps[:-1])
                rules.append(Rule(steps[-1], around, hides or closes_gaps, closes_gaps, _weight(steps)))
    return tuple(rules)


def _steps(selector: str) -> list[Simple]:
    """The steps of a selector; empty for one with a state (:hover) or an attribute, which may not hold."""
    steps = [_SIMPLE.fullmatch(step) for step in selector.replace(">", " ").split()]
    found = [Simple(step["tag"] or "", frozenset(_NAME.findall(step["names"]))) for step in steps if step]
    return found if len(found) == len(steps) else []


@lru_cache(maxsize=64)
def paints(sheet: str) -> tuple[tuple[Rule, ...], tuple[Simple, ...]]:
    """The rules that give a class or an id its colour (white ones hide), and what has a ground.

    >>> colours, grounds = paints(".k{color:#fff} .m{color:#fff;background:#c00}")
    >>> [rule.hides for rule in colours], [ground.names for ground in grounds]
    ([True, True], [frozenset({'.m'})])
    """
    colours: list[Rule] = []
    grounds: list[Simple] = []
    for selectors, style in _unconditional(sheet):
        colour = COLOUR.search(style) if "color" in style.lower() else None
        ground = GROUND.search(style) if "background" in style.lower() else None
        for selector in selectors.split(",") if colour or ground else ():
            steps = _steps(selector)
            if steps and ground and plain_colour(ground["value"]) not in _NO_GROUND:
                grounds.append(steps[-1])
            if steps and steps[-1].names and colour:
                is_white = plain_colour(colour["value"]) == "#fff"
                colours.append(Rule(steps[-1], tuple(steps[:-1]), is_white, False, _weight(steps)))
    return tuple(colours), tuple(grounds)


@lru_cache(maxsize=64)
def _unconditional(sheet: str) -> tuple[tuple[str, str], ...]:
    """The selectors and the style of each rule that holds for every screen.

    >>> _unconditional("h1{} @media print{.b{top:0}} .a, b {display:none} p{")
    (('h1', ''), ('  .a, b ', 'display:none'))
    """
    plain = _CONDITIONAL.sub("", _COMMENT.sub("", sheet.replace("<!--", "").replace("-->", "")))
    rules = (rule.split("{") for rule in plain.split("}")[:-1])
    return tuple((before[-1], style) for *before, style in rules if before and before[-1])


def _weight(steps: list[Simple]) -> int:
    return sum((10 if name[0] == "#" else 1 for step in steps for name in step.names), 0)


def names_of(element: Any) -> frozenset[str]:  # noqa: ANN401 - the same
    """The classes and the id of an element, as selectors write them: .title, #main."""
    return names_in(element.get("class"), element.get("id"))


def names_in(classes: str | None, identity: str | None) -> frozenset[str]:
    """What selectors call an element of these attributes.

    >>> sorted(names_in("title big", "main")), sorted(names_in(None, "工会"))
    (['#main', '.big', '.title'], ['#工会'])
    """
    return frozenset((*(f".{name}" for name in (classes or "").split()), f"#{identity}"))


def same_colours(style: str) -> bool:
    """Whether a style writes in the colour of its ground.

    >>> same_colours("color:#FFF;background:#ffffff"), same_colours("color:#fff;background:red")
    (True, False)
    """
    if len(style) > _LONGEST_STYLE or "background" not in style:
        return False
    colour, ground = COLOUR.search(style), GROUND.search(style)
    return bool(colour and ground) and plain_colour(colour["value"]) == plain_colour(ground["value"])  # type: ignore[index]


def plain_colour(colour: str) -> str:
    """A colour in one spelling."""
    colour = "".join(colour.lower().split())
    return "#fff" if colour in _WHITE else colour
