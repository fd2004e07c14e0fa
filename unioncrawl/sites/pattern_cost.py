"""Whether a regular expression of a site file ends soon on every address.

Python's `re` tries every division of a text among the repeats that may hold it, so that
``(a+)+$`` takes an address of forty characters hours, and nothing can stop it. A site file's
pattern reads addresses that a page chose. So it is taken apart before it is used.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

# The parser of `re` itself (Lib/re/_parser.py), the same from Python 3.11 on; it has no public name.
_parser: Any = importlib.import_module("re._parser")
_CHARACTERS = frozenset([*map(chr, range(0x20, 0x7F)), "工", "\n"])
# Repeats that may hold the same characters, one after the other: an address of 2,000 characters
# has two million divisions among two, and a thousand million among three.
_MOST_IN_A_ROW = 2
# (?:…){2,9} of something that is sure has few divisions; beyond this it counts as without an end.
_FEW_TIMES = 9
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_INSIDE = ("ASSERT", "ASSERT_NOT", "ATOMIC_GROUP", "POSSESSIVE_REPEAT")


class _Part(NamedTuple):
    """A part of a sequence: the characters that it may hold, whether their number varies, and how far.

    ``turn``: the characters of each sign that one turn of a repeat needs.
    """

    characters: frozenset[str]
    varies: bool = False
    is_endless: bool = False
    turn: tuple[frozenset[str], ...] = ()


_NOTHING = _Part(frozenset())


def costly_part(pattern: str) -> str:
    r"""Why a pattern may take an address beyond all bounds; empty for one that ends soon.

    >>> costly_part(r"/news/\d+/[\w-]+\.html"), costly_part(r"(?:/\w+)+\.html")
    ('', '')
    >>> costly_part(r"/(?:[a-z]+)+\.html")
    'a repeat repeats what already repeats'
    >>> costly_part(r"/.*news.*\d.*\.html")
    'three repeats in a row may hold the same characters'
    """
    tree = _parser.parse(pattern)
    return next((why for sequence in _sequences(tree) for why in _why_costly(sequence)), "")


def _sequences(tree: Iterable[Any]) -> Iterator[list[Any]]:
    """Every sequence that a pattern holds, the whole one first, with its plain groups opened."""
    sequence = list(_opened(tree))
    yield sequence
    for operator, argument in sequence:
        match str(operator):
            case "BRANCH":
                for one in argument[1]:
                    yield from _sequences(one)
            case name if name in _REPEATS or name in _INSIDE:
                yield from _sequences(argument if name == "ATOMIC_GROUP" else argument[-1])


def _opened(tree: Iterable[Any]) -> Iterator[Any]:
    for operator, argument in tree:
        if str(operator) == "SUBPATTERN":
            yield from _opened(argument[-1])
        else:
            yield operator, argument


def _why_costly(sequence: list[Any]) -> Iterator[str]:
    for operator, argument in sequence:
        if str(operator) in _REPEATS and argument[1] > _FEW_TIMES and _is_doubtful(_parts(argument[2])):
            yield "a repeat repeats what already repeats"
    if _longest_row(_parts(sequence)) > _MOST_IN_A_ROW:
        yield "three repeats in a row may hold the same characters"


def _is_doubtful(parts: list[_Part]) -> bool:
    """Whether two of its varying parts, also of two turns, have no sign between them that one can't hold."""
    first = next((place for place, part in enumerate(parts) if part.varies), None)
    if first is None:
        return False
    left, is_parted = parts[first], False
    for part in (*parts[first + 1 :], *parts[: first + 1]):
        if part.varies:
            if not is_parted:
                return True
            left, is_parted = part, False
        elif part.characters:
            is_parted |= not (part.characters & left.characters)
    return False


def _longest_row(parts: Iterable[_Part]) -> int:
    """How many endless repeats follow each other, each of which may hold what the next one does."""
    longest, row, last = 0, 0, _NOTHING
    between: list[frozenset[str]] = []
    for part in parts:
        if part.is_endless:
            row = row + 1 if _share(last, part, between) else 1
            last, between = part, []
        elif part.characters and not part.varies:
            between.append(part.characters)
        longest = max(longest, row)
    return longest


def _share(one: _Part, other: _Part, between: list[frozenset[str]]) -> bool:
    """Whether a place between two repeats can move: each holds the other's turn, and what lies between."""
    to_one, to_other = (*other.turn, *between), (*one.turn, *between)
    return all(sign & one.characters for sign in to_one) and all(sign & other.characters for sign in to_other)


def _part(operator: object, argument: Any) -> _Part:  # noqa: ANN401 - what re's parser has
    match str(operator):
        case name if name in _REPEATS:
            return _repeat(argument[0], argument[1], _parts(argument[2]))
        case "POSSESSIVE_REPEAT" | "ATOMIC_GROUP":
            return _Part(_held(_parts(argument if str(operator) == "ATOMIC_GROUP" else argument[-1])))
        case "BRANCH":
            return _branch([_parts(branch) for branch in argument[1]])
        case "ASSERT" | "ASSERT_NOT" | "AT" | "FAILURE":
            return _NOTHING
    return _Part(_held_by(str(operator), argument))


def _parts(tree: Iterable[Any]) -> list[_Part]:
    return [_part(*one) for one in _opened(tree)]


def _held(parts: Iterable[_Part]) -> frozenset[str]:
    return frozenset().union(*(part.characters for part in parts))


def _repeat(least: int, most: int, body: list[_Part]) -> _Part:
    varies = least != most or any(part.varies for part in body)
    turn = tuple(part.characters for part in body if part.characters)
    return _Part(_held(body), varies, varies and most > _FEW_TIMES, turn)


def _branch(branches: list[list[_Part]]) -> _Part:
    """A choice varies unless its first characters alone decide it and no branch varies."""
    firsts = [parts[0].characters if parts else frozenset() for parts in branches]
    decided = all(firsts) and sum(map(len, firsts)) == len(frozenset().union(*firsts))
    varies = not decided or any(part.varies for parts in branches for part in parts)
    return _Part(_held(part for parts in branches for part in parts), varies)


def _held_by(name: str, argument: Any) -> frozenset[str]:  # noqa: ANN401 - what re's parser has
    """The characters that a single sign or class matches, large and small letters alike."""
    match name:
        case "LITERAL":
            found = frozenset(chr(argument))
        case "NOT_LITERAL":
            found = _CHARACTERS - {chr(argument)}
        case "RANGE":
            found = frozenset(one for one in _CHARACTERS if argument[0] <= ord(one) <= argument[1])
        case "CATEGORY":
            found = _of_category(str(argument))
        case "IN":
            inner = [one for one in argument if str(one[0]) != "NEGATE"]
            found = frozenset().union(*(_held_by(str(kind), value) for kind, value in inner))
            found = _CHARACTERS - found if len(inner) < len(argument) else found
        case _:
            found = _CHARACTERS
    return frozenset(case for one in found for case in (one, one.lower(), one.upper()))


@cache
def _of_category(name: str) -> frozenset[str]:
    r"""Return the characters of a class: CATEGORY_NOT_WORD is ``\W``, CATEGORY_DIGIT ``\d``."""
    kind = name.removeprefix("CATEGORY_")
    letter = kind.removeprefix("NOT_")[:1]
    sign = re.compile(rf"\{letter if kind.startswith('NOT_') else letter.lower()}")
    return frozenset(filter(sign.match, _CHARACTERS))
