"""Write ``unioncrawl/repair/mirror_model/script_signs.py``: what mirrors write and no writer does.

A mirror converts character by character, so it writes 案發后 and 復雜 where a writer
of traditional Chinese has 案發後 and 複雜. OpenCC converts by words, in the ways of
Taiwan, Hong Kong and its own; a pair of characters shows a mirror where all three
differ from the table, in (nearly) all of the mainland texts that the lexicon counts.
Pairs that the Constitutional Court of Taiwan itself writes now and then are left out.
Run again only when the table changes: ``python tools/build_script_signs.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import opencc
import zstandard

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lexicon import readers  # noqa: E402 - the line above makes the checkout importable
from tools.lexicon.inputs import read_input  # noqa: E402 - the same
from unioncrawl.language.lexicon import load_lexicon  # noqa: E402 - the same
from unioncrawl.repair.mirror_model.forward import convert  # noqa: E402 - the same
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified  # noqa: E402 - the same

TARGET = ROOT / "unioncrawl" / "repair" / "mirror_model" / "script_signs.py"
WAYS = ("s2t", "s2tw", "s2hk")
# Characters that writers use either way, by taste and not by rule.
TASTE = frozenset("布雇占岳嘩杆個須夫臺了鐘扎折家具俱娘姦奸溪跖巨搜餈糍昵表弦舍")
LEAST_SEEN, LEAST_SHARE, LEAST_ALONE = 3, 0.85, 0.99
# Surnames that writers keep, with the characters that follow when it is not a surname.
SURNAMES = {
    "于": "",
    "后": "勤續果來備代者方的，",
    "余": "額人名家萬個年次項件力地熱下元戶種篇份",
    "范": "圍疇例本式文",
}
MOST_OF_COURT = 0.03
# A character that shows a mirror nearly everywhere does so in any pair, others only in words.
SAFE_SHARE, SAFE_IN_COURT, SAFE_SEEN = 0.92, 0.012, 100

Counted = dict[str, tuple[int, int]]
"""How often a pair (or a character alone) shows a mirror, and how often it occurs at all."""


def signs_in(text: str, ways: Iterable[opencc.OpenCC]) -> list[bool]:
    """Return, for each character, whether the table writes another one than all three ways."""
    table = convert(text)
    written = [way.convert(text) for way in ways]
    if any(len(other) != len(table) for other in written):
        return []
    return [
        char not in TASTE and all(other[at] != char for other in written) for at, char in enumerate(table)
    ]


def around(text: str, place: int) -> Iterator[str]:
    """Yield a character alone, and the two pairs that it stands in."""
    yield text[place]
    for pair in (text[place - 1 : place + 1] if place else "", text[place : place + 2]):
        if len(pair) > 1 and all("一" <= char <= "鿿" for char in pair):
            yield pair


@dataclass(frozen=True)
class Signs:
    """How often each part shows a mirror and occurs at all, and the characters that ever show one."""

    mirrored: Counter[str]
    seen: Counter[str]
    suspects: frozenset[str]

    def counted(self) -> Counted:
        """Return both counts of each part that ever shows a mirror."""
        return {part: (count, self.seen[part]) for part, count in self.mirrored.items()}

    def __add__(self, other: Signs) -> Signs:
        """Add the counts of other texts, counted with the same suspects."""
        return Signs(self.mirrored + other.mirrored, self.seen + other.seen, self.suspects | other.suspects)


def count_signs(lines: Iterable[str], suspects: frozenset[str] = frozenset()) -> Signs:
    """Count how often parts of mainland text show a mirror, with the ``suspects`` of other texts too."""
    ways = [opencc.OpenCC(way) for way in WAYS]
    read = [(convert(line), signs_in(line, ways)) for line in lines]
    suspects |= {table[at] for table, signs in read for at, is_sign in enumerate(signs) if is_sign}
    seen: Counter[str] = Counter()
    mirrored: Counter[str] = Counter()
    for table, signs in read:
        for at, is_sign in enumerate(signs):
            if table[at] in suspects:
                parts = list(around(table, at))
                seen.update(parts)
                mirrored.update(parts if is_sign else ())
    return Signs(mirrored, seen, suspects)


def write_signs(corpora: Signs, everywhere: Signs) -> bytes:
    """Return the file of the corpora's counts, for the parts that show a mirror in any text."""
    content = {
        "parts": {part: (corpora.mirrored[part], corpora.seen[part]) for part in sorted(everywhere.mirrored)},
        "suspects": "".join(sorted(everywhere.suspects)),
    }
    return zstandard.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 19)


def read_signs(data: bytes) -> Signs:
    """Read the file of the corpora's counts."""
    content = json.loads(zstandard.decompress(data))
    mirrored = Counter({part: mirrored for part, (mirrored, _) in content["parts"].items()})
    seen = Counter({part: seen for part, (_, seen) in content["parts"].items()})
    return Signs(mirrored, seen, frozenset(content["suspects"]))


def count_in_court(cache: Path) -> Counted:
    """Return how often the court writes as the table where the three ways differ, and how often it could."""
    simplify = opencc.OpenCC("t2s")
    ways = [opencc.OpenCC(way) for way in WAYS]
    alike: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for text in _court_texts(cache):
        plain = simplify.convert(text)
        table = convert(plain)
        for at, is_sign in enumerate(signs_in(plain, ways) if len(plain) == len(text) else ()):
            if is_sign:
                parts = list(around(table, at))
                seen.update(parts)
                alike.update(parts if text[at] == table[at] else ())
    return {part: (alike[part], count) for part, count in seen.items()}


def _court_texts(cache: Path) -> Iterator[str]:
    for case in json.loads(read_input("taiwan_court", cache)).values():
        for text in case.values():
            yield from text.split("\n") if isinstance(text, str) else ()


def kept(mainland: Counted, court: Counted) -> list[str]:
    """Return the parts that nearly always show a mirror on the mainland and that the court hardly writes."""
    is_word = load_lexicon().word_log_prob
    safe = {part for part in mainland if len(part) == 1 and _is_safe(mainland[part], court.get(part, (0, 0)))}
    found = []
    for part, (mirrored, seen) in mainland.items():
        if part in SURNAMES or part[1:] not in SURNAMES.get(part[0], part[1:]):
            continue
        alike, in_court = court.get(part, (0, 1))
        share = LEAST_ALONE if len(part) == 1 else LEAST_SHARE
        if mirrored < LEAST_SEEN or mirrored < share * seen or alike > MOST_OF_COURT * in_court:
            continue
        if len(part) == 1 or safe & set(part) or is_word(turn_to_simplified(part)) is not None:
            found.append(part)
    return sorted(found)


def _is_safe(mainland: tuple[int, int], court: tuple[int, int]) -> bool:
    (mirrored, seen), (alike, in_court) = mainland, court
    return mirrored >= SAFE_SHARE * seen and in_court >= SAFE_SEEN and alike <= SAFE_IN_COURT * in_court


def mainland_signs(cache: Path) -> Counted:
    """Count in all texts that the lexicon counts."""
    corpora = read_signs(read_input("mirror_sign_counts", cache))
    lines = [
        *readers.read_statutes(read_input("statutes", cache)),
        *readers.read_people_daily(read_input("people_daily", cache)),
    ]
    return (corpora + count_signs(lines, corpora.suspects)).counted()


def main() -> None:
    """Write the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "lexicon")
    options = parser.parse_args()
    found = kept(mainland_signs(options.cache), count_in_court(options.cache))
    alone = "".join(part for part in found if len(part) == 1)
    pairs = "".join(part for part in found if len(part) > 1 and not set(part) & set(alone))
    lines = "\n".join(f'    "{pairs[at : at + 90]}"' for at in range(0, len(pairs), 90))
    TARGET.write_text(
        '"""What the mirrors\' table writes and no writer of traditional Chinese does.\n\n'
        "Written by ``tools/build_script_signs.py``; change it there. ``ALONE`` are characters, ``PAIRS``\n"
        f'pairs of them, two by two without separator.\n"""\n\nALONE = "{alone}"\n\nPAIRS = (\n{lines}\n)\n',
        encoding="utf-8",
    )
    print(f"{len(alone)} characters, {len(pairs) // 2} pairs")


if __name__ == "__main__":
    main()
