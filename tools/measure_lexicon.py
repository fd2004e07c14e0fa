"""Measure the statistics on text that they have not counted.

First ``python tools/build_lexicon.py --corpus FOLDER --hold-out build/held``, then
``python tools/measure_lexicon.py build/held FOLDER``. Prints the perplexity, and how
often a character with one lost byte is distinguished from all others that share its other byte.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lexicon import readers  # noqa: E402 - the line above makes the checkout importable
from tools.lexicon.heldout import HeldOut  # noqa: E402 - the same
from unioncrawl.language.lexicon import Lexicon  # noqa: E402 - the same
from unioncrawl.repair.mirror_model.forward import convert, decode_pair  # noqa: E402 - the same
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR  # noqa: E402 - the same

LEADS = range(0x81, 0xFF)
SECONDS = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
NEAR = 4
# The weight that the repair of broken runs gives to words beside characters.
WORD_SHARE = 0.3
LOSSES = 1500
LAWS_MEASURED = 400


def perplexity(lexicon: Lexicon, lines: Iterable[str]) -> float:
    """Return the perplexity: the number of equally likely characters that the statistics choose from."""
    nats, characters = 0.0, 0
    for line in lines:
        nats += lexicon.score(line + "\n", "\n")
        characters += len(line) + 1
    return math.exp(-nats / characters)


def lose_bytes(lines: list[str], *, lead: bool) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield before, character, after and candidates for characters that lost a byte."""
    chance = random.Random(5)
    for _ in range(LOSSES):
        line = chance.choice(lines)
        at = chance.randrange(len(line))
        pair = convert(line[at]).encode("gbk", "replace")
        if len(pair) == 2 and "\u4e00" <= line[at] <= "\u9fa5":
            yield line[:at], line[at], line[at + 1 : at + 1 + NEAR], _sharing(pair, lead=lead)


def _sharing(pair: bytes, *, lead: bool) -> list[str]:
    """Return the simplified characters that share the second byte (the lead is lost) or the lead."""
    pairs = [bytes((other, pair[1])) for other in LEADS] if lead else [bytes((pair[0], o)) for o in SECONDS]
    found = filter(None, map(decode_pair, pairs))
    return [SIMPLIFIED_FOR.get(char, char) for char in found]


def share_right(lexicon: Lexicon, losses: Iterable[tuple[str, str, str, list[str]]], *, words: bool) -> float:
    """Return how often the true character scores best, by characters alone or with words."""
    right, tried = 0, 0
    for before, char, after, candidates in losses:
        scores = {other: lexicon.score(other + after, before[-NEAR:]) for other in candidates}
        if words:
            best = sorted(scores, key=lambda other: -scores[other])[:12]
            scores = {
                other: scores[other] + WORD_SHARE * lexicon.segment_score(before[-NEAR:] + other + after)
                for other in best
            }
        right += max(scores, key=lambda other: scores[other]) == char
        tried += 1
    return right / tried


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="what build_lexicon.py --hold-out wrote")
    parser.add_argument("corpus", type=Path, help="the folder of news.txt and laws.txt")
    options = parser.parse_args()
    lexicon = Lexicon(options.folder)
    for name in ("news", "laws"):
        lines = HeldOut(readers.read_plain((options.corpus / f"{name}.txt").read_bytes())).lines[
            :LAWS_MEASURED
        ]
        print(f"{name}: perplexity {perplexity(lexicon, lines):.1f}")
        for lead in (True, False):
            for words in (False, True):
                share = share_right(lexicon, lose_bytes(lines, lead=lead), words=words)
                lost, by = (
                    "lead" if lead else "second byte",
                    "characters and words" if words else "characters",
                )
                print(f"{name}: {lost} lost, by {by}: {share:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
