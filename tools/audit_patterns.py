"""Try every pattern of the library on long runs of one sign or pair, and list the slow ones.

Usage: python tools/audit_patterns.py [--length 8000] [--limit 0.05] [PART_OF_A_MODULE'S_NAME …]

A pattern takes time in proportion to the text, or it can stop a crawl: a page decides
what stands in it. Each pattern that a module of ``unioncrawl`` holds, in tables too, is
searched in texts made of what the patterns look for. The exit code is 1 when one is slow.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from inspect import isfunction
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import unioncrawl  # noqa: E402 - the checkout's own, whatever is installed
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
    """.split(),  # noqa: SIM905 - quotes need no quoting here
    "\n ", "\r\n", "一\n",
]  # fmt: skip
PAIRS = [pair.replace("_", " ") for pair in PAIRS]
LONGER = [
    "<p>",
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
# How deep tables are looked through, and how many of their entries.
DEEPEST, MOST_PARTS = 2, 200
# What stands before and behind a run, so that a pattern begins, and does not end.
ENDS = [
    ("", ""),
    ("会", "x"),
    ("点击：", "会"),
    ("2024年1月1日", "!"),
    ('<a href="', "\n"),
    ("（", "一"),
    ("一", "。"),
    ("(", "）"),
    ("1", "；"),
]
# Patterns that take the square of the time, where no page can make them do so, and why.
BOUNDED = {
    "unioncrawl.page.labels._A_DATE": "matched at one place",
    "unioncrawl.page.labels._NAME_AHEAD": "matched at one place",
    "unioncrawl.page.labels._DATE_AHEAD": "matched at one place",
    "unioncrawl.fields.people.in_text._OTHERS": "the bracket of a lead has 60 characters",
    "unioncrawl.fields.people.in_text._MADE": "a signature has 100 characters",
    "unioncrawl.fields.dates.forms._WITH_TIME": "400 characters behind each of a dozen labels",
    "unioncrawl.fields.dates.forms.YEARLESS": "400 characters behind each of a dozen labels",
    "unioncrawl.fields.dates.forms.DAY_WORD": "400 characters behind each of a dozen labels",
    "unioncrawl.fields.hits.clean._FORM": "120 characters",
    "unioncrawl.fields.people.origin._AS_LINE": "60 characters",
    "unioncrawl.fields.people.origin._SOURCE_AND_ORIGIN": "120 characters",
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
    """A search was broken off."""


def patterns(parts: list[str]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns of all modules whose name holds one of the parts."""
    seen: set[int] = set()
    for found in pkgutil.walk_packages(unioncrawl.__path__, "unioncrawl."):
        if found.name.endswith("__main__") or ".migrations" in found.name:
            continue
        if parts and not any(part in found.name for part in parts):
            continue
        try:
            module = importlib.import_module(found.name)
        except (ImportError, UnioncrawlError):
            continue
        for name, value in vars(module).items():
            for pattern in _patterns_in(value, 0):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    yield f"{found.name}.{name}", pattern


def _patterns_in(value: Any, depth: int) -> Iterator[re.Pattern[str]]:  # noqa: ANN401 - whatever a module holds
    """Yield what a name of a module holds: a pattern, or tables and functions that hold or make some."""
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
    elif isfunction(wrapped := getattr(value, "__wrapped__", None)) and not wrapped.__code__.co_argcount:
        yield from [value()] if wrapped.__annotations__.get("return") == "re.Pattern[str]" else []


def texts(length: int) -> Iterator[str]:
    """Yield the long texts."""
    for unit in (*SIGNS, *PAIRS, *LONGER):
        for before, behind in ENDS:
            yield before + unit * (length // len(unit)) + behind


def slowest(pattern: re.Pattern[str], samples: list[str], limit_seconds: float) -> tuple[str, float] | None:
    """Answer the first text on which finding all takes longer than a limit, and how long it took."""
    for text in samples:
        start = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, 20 * limit_seconds)
        try:
            for _ in pattern.finditer(text):
                pass
            pattern.fullmatch(text)
        except TooSlow:
            pass
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        seconds = time.process_time() - start
        if seconds > limit_seconds:
            return text, seconds
    return None


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def main() -> int:
    """Print the slow patterns; 1 when there is one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--length", type=int, default=8000, help="characters of each text")
    parser.add_argument("--limit", type=float, default=0.05, help="CPU seconds that are slow")
    options = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _break_off)
    samples = list(texts(options.length))
    slow = count = 0
    for name, pattern in patterns(options.parts):
        if name in BOUNDED:
            continue
        count += 1
        found = slowest(pattern, samples, options.limit)
        if found:
            slow += 1
            print(
                f"{name}: {found[1]:.2f} s on {found[0][:16]!r}…{found[0][-3:]!r}: {pattern.pattern[:70]}",
                flush=True,
            )
    print(f"{count} patterns, {slow} slow")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
