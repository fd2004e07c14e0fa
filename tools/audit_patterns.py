"""Try every pattern of the library on long runs of one sign or pair, and list the slow ones.

Usage: python tools/audit_patterns.py [--length 500] [PART_OF_A_MODULE'S_NAME …]

A pattern takes time in proportion to the text, or it can stop a crawl: a page decides
what stands in it. Each pattern that a module holds, in tables too, reads texts made of what
the patterns look for, by the methods by which the code uses it: at one place (``match``,
``fullmatch``) or at every place (``search``, ``sub``, ``split`` …). A text that takes longer
than the others is read again at four times its length, which takes a linear pattern four
times as long and a quadratic one sixteen times: no speed of the machine, and nothing else
that it does, changes that. The exit code is 1 when a pattern is slow.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import is_dataclass
from itertools import islice
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import spiders  # noqa: E402, TID251 - the checkout's own, whatever is installed
import unioncrawl  # noqa: E402 - the same
from unioncrawl.errors import UnioncrawlError  # noqa: E402

SIGNS = [
    *" \t\n\x1f　\xa0", *"0129", *"aZ_", *"一年月日时来源文图摄会省市", *"()（）[]【】〖〗<>《》“”\"'{}",
    *":：,，.。;；/|-—·?！&#=%+*~", "é", "Ö", "å", "🕤", "\ufffd", "\ud800",
]  # fmt: skip
# An underscore stands for a blank.
PAIRS = [
    *r"""
    a_ 1_ 1, ,1 1. 1- 1: 12/ 2024- 会( 一_ 一, 一， 一。 (_ _( <a <_ <a_ a= =" "_ '_ \' :// /a a. a- &a &# [_
    _] ]_ {1 {" :1 :_ 点击 点击: 来源: 来源_ 记者_ 文/图 日期: 发布_ 星期一 星期 T1 20240101 2024年1月 会(huì)
    (huì （转自 《一 a,b a; 市| 市_| ab_ Ö_ å? 烫 斤拷 amp; &amp; function( document.write(
    /*a @a {a ${ \\" [[ (( <!
    """.split(),  # noqa: SIM905 - quotes need no quoting here
    "\n ", "\r\n", "一\n",
]  # fmt: skip
PAIRS = [pair.replace("_", " ") for pair in PAIRS]
LONGER = [
    "<p>",
    "<meta ",
    "<![CDATA[",
    "<record><![CDATA[",
    "document.cookie=",
    "function a(",
    "<a href=",
    "<br/>",
    "<!--",
    "<script ",
    "var a=",
    "http://a/",
    "一二三四，",
    "记者李方",
    "（记者",
    "本报讯",
    "第1版",
]
# How deep tables are searched, and how many of their entries.
DEEPEST, MOST_PARTS = 2, 200
# The text before and after a run, so that a pattern begins to match, and does not end.
ENDS = [
    ("", ""),
    ("会", "x"),
    ("点击：", "会"),
    ("2024年1月1日", "!"),
    ('<a href="', "\n"),
    ("（", "一"),
    ("1", "；"),
]
# What counts as slow: a text that takes `SUSPECT` times as long as an ordinary search is read at
# `GROWTH` times its length; a linear pattern takes 4 times as long then, a quadratic one 16 times.
SUSPECT, GROWTH, MOST_GROWTH, TRIES = 4, 4, 9, 3
# For each pattern and method, this many of the slowest texts are read again.
MOST_LOOKED_AT = 12
LONGEST_SECONDS = 1.0
ORDINARY = re.compile(r"[^a]b|\dc|(?:工|会)d")
ANY = "any"
AT_EVERY_PLACE = frozenset(("search", "finditer", "findall", "sub", "subn", "split"))
# Patterns that take the square of the time, where no page can make them do so, and why.
BOUNDED = {
    "unioncrawl.archive.search.query._TOKEN": "a query has 2,000 characters",
    "unioncrawl.fields.headline.find._PART": "twice the longest headline, 180 characters",
    "unioncrawl.fields.hits.known_counters._BEFORE": "200 characters in front of an address",
    "unioncrawl.page.labels._A_DATE": "matched at one place",
    "unioncrawl.page.labels._NAME_AHEAD": "matched at one place",
    "unioncrawl.page.labels._DATE_AHEAD": "matched at one place",
    "unioncrawl.fields.people.in_text._OTHERS": "the bracket of a lead has 60 characters",
    "unioncrawl.fields.people.in_text._MADE": "a signature has 100 characters",
    "unioncrawl.fields.hits.clean._FORM": "120 characters",
    "unioncrawl.fields.people.origin._AS_LINE": "60 characters",
    "unioncrawl.fields.people.origin._SOURCE_AND_ORIGIN": "120 characters",
    "unioncrawl.fields.people.reporter_lines._WHOLE": "80 characters",
    "unioncrawl.fields.people.reporter_lines._OPENING": "80 characters",
    "unioncrawl.fields.people.clean._INNER_ROLE": "blanks are shortened, 1000 characters",
    "unioncrawl.fields.people.clean._MADE": "blanks are shortened, 1000 characters",
    "unioncrawl.fields.people.clean._WITH_UNIT": "matched at one place",
    "unioncrawl.fields.people.roles._MADE_BOTH": "80 characters",
    "unioncrawl.fields.people.roles._TOOK": "80 characters",
    "unioncrawl.fields.people.roles._EACH": "80 characters",
    "unioncrawl.fields.people.roles._BY": "80 characters",
    "unioncrawl.fields.people.roles._INSTEAD": "80 characters",
    "unioncrawl.repair.mirror.pinyin_notes._TORN_NOTE": "matched at one place, where a note begins",
    "unioncrawl.repair.mirror.added_tails._LAST_PLACE": "matched at one place",
}


class TooSlow(Exception):
    """A reading was broken off."""


class Held(NamedTuple):
    """A pattern, the name that holds it, and the methods by which the code uses it."""

    name: str
    pattern: re.Pattern[str]
    methods: tuple[str, ...]


class Slow(NamedTuple):
    """A text that a pattern reads too slowly, the method, and how its time grows."""

    method: str
    text: str
    times: float


def patterns(parts: Sequence[str] = ()) -> Iterator[Held]:
    """Yield the patterns of all modules whose name holds one of the parts."""
    seen: set[int] = set()
    modules = list(_modules())
    uses = _uses(modules)
    for module in modules:
        if parts and not any(part in module.__name__ for part in parts):
            continue
        for name, value in vars(module).items():
            for pattern in _patterns_in(value, 0):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    used = uses.get(id(pattern)) if pattern is value else None
                    yield Held(f"{module.__name__}.{name}", pattern, _methods(used or {ANY}))


def _modules() -> Iterator[ModuleType]:
    for package in (unioncrawl, spiders):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__") or ".migrations" in found.name:
                continue
            with suppress(ImportError, UnioncrawlError):  # an extra that is not installed
                yield importlib.import_module(found.name)


def _uses(modules: Iterable[ModuleType]) -> dict[int, set[str]]:
    """Return the methods that any module calls on a pattern, by its id; `ANY` where it is passed on."""
    uses: dict[int, set[str]] = {}
    for module in modules:
        called = _called(ast.parse(inspect.getsource(module)))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                uses.setdefault(id(value), set()).update(called.get(name, ()))
    return uses


def _called(tree: ast.AST) -> dict[str, set[str]]:
    """Return the methods that are called on each name."""
    methods = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            called.setdefault(node.id, set()).add(methods.get(id(node), ANY))
    return called


def _methods(used: AbstractSet[str]) -> tuple[str, ...]:
    """Return the methods to try: those that read at one place, and one for all that read at every place."""
    if ANY in used:
        return ("match", "fullmatch", "finditer")
    at_one_place = tuple(method for method in ("match", "fullmatch") if method in used)
    return at_one_place + (("finditer",) if used & AT_EVERY_PLACE else ())


def _patterns_in(value: Any, depth: int) -> Iterator[re.Pattern[str]]:  # noqa: ANN401 - whatever a module holds
    """Yield the patterns that a name of a module holds, in tables and functions too."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth <= DEEPEST:
        for one in _parts_of(value):
            yield from _patterns_in(one, depth + 1)


def _parts_of(value: Any) -> Iterator[Any]:  # noqa: ANN401 - see above
    if isinstance(value, Mapping):
        yield from islice(value.values(), MOST_PARTS)
    elif isinstance(value, (tuple, list)):
        yield from value[:MOST_PARTS]
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, name, None) for name in value.__dataclass_fields__)
    elif (
        inspect.isfunction(wrapped := getattr(value, "__wrapped__", None))
        and not wrapped.__code__.co_argcount
    ):
        yield from [value()] if wrapped.__annotations__.get("return") == "re.Pattern[str]" else []


def texts(length: int) -> Iterator[str]:
    """Yield the long texts."""
    for unit in (*SIGNS, *PAIRS, *LONGER):
        for before, after in ENDS:
            yield before + unit * (length // len(unit)) + after


def _growing(text: str, growth: int) -> str:
    """Return a text whose run is so many times as long."""
    return next(
        before + text[len(before) : len(text) - len(after)] * growth + after
        for before, after in ENDS[1:] + ENDS[:1]
        if text.startswith(before) and text.endswith(after) and len(text) > len(before + after)
    )


def slowest(held: Held, samples: Sequence[str], ordinary_seconds: float) -> Slow | None:
    """Return the text whose time grows faster than its length, and how much faster; else ``None``.

    Only the slowest texts are tried, those that take a few times ``ordinary_seconds``.
    """
    signal.signal(signal.SIGVTALRM, _break_off)
    for method in held.methods:
        read = getattr(held.pattern, method)
        timed = sorted(((_seconds(read, text), text) for text in samples), reverse=True)
        for seconds, text in timed[:MOST_LOOKED_AT]:
            if seconds < SUSPECT * ordinary_seconds:
                break
            # Broken off each time: nested repeats, which no growth could show. Once may be the collector's.
            if seconds >= LONGEST_SECONDS / 2 and _least_seconds(read, text) >= LONGEST_SECONDS / 2:
                return Slow(method, text, math.inf)
            longer = _growing(text, GROWTH)
            if _seconds(read, longer) > MOST_GROWTH * _seconds(read, text):
                times = _least_seconds(read, longer) / _least_seconds(read, text)
                if times > MOST_GROWTH:
                    return Slow(method, text, times)
    return None


def _least_seconds(read: Callable[[str], Any], text: str) -> float:
    return min(_seconds(read, text) for _ in range(TRIES))


def _seconds(read: Callable[[str], Any], text: str) -> float:
    """Return the CPU time of one reading, which is broken off at `LONGEST_SECONDS`."""
    start = time.thread_time()
    with suppress(TooSlow):
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_SECONDS)
        found = read(text)
        if found is not None and not isinstance(found, re.Match):
            for _ in found:
                pass
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - start


def ordinary_seconds(samples: Sequence[str]) -> float:
    """Return the CPU time of an ordinary linear search in a text of this length."""
    times = sorted(_seconds(ORDINARY.finditer, text) for text in samples)
    return times[len(times) // 2]


def audit(parts: Sequence[str] = (), length: int = 500) -> Iterator[tuple[Held, Slow | None]]:
    """Yield each pattern that is not in `BOUNDED`, with the text on which it is slow, if there is one."""
    samples = list(texts(length))
    ordinary = ordinary_seconds(samples)
    for held in patterns(parts):
        if held.name not in BOUNDED:
            yield held, slowest(held, samples, ordinary)


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def main() -> int:
    """Print the slow patterns; return 1 when there are any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--length", type=int, default=500, help="characters of each text")
    options = parser.parse_args()
    slow = count = 0
    for held, found in audit(options.parts, options.length):
        count += 1
        if found:
            slow += 1
            print(
                f"{held.name}: {found.method} takes {found.times:.0f} times as long for {GROWTH} times"
                f" {found.text[:16]!r}…{found.text[-3:]!r}: {held.pattern.pattern[:70]}",
                flush=True,
            )
    print(f"{count} patterns, {slow} slow, {time.thread_time():.1f} s of CPU")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
