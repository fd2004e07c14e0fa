"""Repair side by side with the other tools, in one run: python -m bench.repair [--paragraphs N].

On the shared corpus when it lies beside the project, on the project's own text
otherwise. The lexicon has counted the shared corpus, so that repair does better on
it than on text it has not seen: ``--own`` is the fairer figure. Pages have five
paragraphs; class A sets are those seen on real mirrors, or drawn for each page.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import ftfy
import opencc
import zhconv_rs

from bench.material.damage_kinds import TRANSPORT, Damage, annotated_sets, encodable, mirror_sets, mirrored
from bench.material.paragraphs import corpus_paragraphs, own_paragraphs
from bench.material.scoring import Score
from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.pinyin import NOTE
from unioncrawl.repair import repair_fields
from unioncrawl.repair.mirror_model.forward import Decoder

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
PAGE = 5
SEED = 20261122

_TO_SIMPLIFIED = opencc.OpenCC("t2s").convert
_SAFE = ftfy.TextFixerConfig(
    unescape_html=True,
    uncurl_quotes=False,
    fix_character_width=False,
    fix_latin_ligatures=False,
    normalization=None,
)

# A tool takes a page's paragraphs and returns them.
Tool = Callable[[list[str]], list[str]]


def one_by_one(fix: Callable[[str], str]) -> Tool:
    """A tool that looks at each paragraph alone."""
    return lambda paragraphs: [fix(text) for text in paragraphs]


def unioncrawl(paragraphs: list[str]) -> list[str]:
    """Repair as this project does: the page is the unit of evidence."""
    repaired = repair_fields({str(at): text for at, text in enumerate(paragraphs)})
    return [repaired[str(at)].text for at in range(len(paragraphs))]


TOOLS: dict[str, Tool] = {
    "nothing": one_by_one(str),
    "ftfy, safe flags": one_by_one(lambda text: ftfy.fix_text(text, _SAFE)),
    "ftfy, default flags": one_by_one(ftfy.fix_text),
    "OpenCC t2s": one_by_one(_TO_SIMPLIFIED),
    "zhconv-rs zh-hans": one_by_one(lambda text: zhconv_rs.zhconv(text, "zh-hans")),
    "strip notes, OpenCC": one_by_one(lambda text: _TO_SIMPLIFIED(NOTE.sub("", text))),
    "unioncrawl": unioncrawl,
}


def kinds(rng: Random) -> Iterator[tuple[str, Callable[[str], Damage]]]:
    """Yield each kind of damage and, for a page's text, the function that damages its paragraphs."""
    sets = mirror_sets(SHARED)

    def drawn(text: str) -> frozenset[str]:
        return rng.choice(sets) if sets else annotated_sets(text, rng)

    for decoder in Decoder:
        for narrow in (False, True):
            name = f"A {decoder}, {'ASCII' if narrow else 'full-width'} marks"
            yield name, lambda text, d=decoder, n=narrow: mirrored(d, narrow=n, annotated=drawn(text))  # type: ignore[misc]
    name = "A without cuts, full-width marks"
    yield name, lambda text: mirrored(Decoder.SWALLOWING, narrow=False, annotated=drawn(text), cuts=False)
    for name, damage in TRANSPORT.items():
        yield name, lambda _, chosen=damage: chosen  # type: ignore[misc]


def measure(tool: Tool, pages: list[tuple[list[str], list[str]]]) -> Score:
    """Run a tool over pages of damaged and original paragraphs."""
    score = Score()
    for damaged, original in pages:
        start = time.process_time()
        repaired = tool(damaged)
        score.seconds += time.process_time() - start
        score.megabytes += sum(len(text.encode("utf-8", "replace")) for text in damaged) / 1e6
        for one, other in zip(repaired, original, strict=True):
            score.add(one, other)
    return score


def main() -> None:
    """Print one table a kind of damage, and one of clean text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=200)
    parser.add_argument("--own", action="store_true", help="the project's own text in any case")
    parser.add_argument("--only", default="", help="kinds that begin so")
    options = parser.parse_args()
    clean = [] if options.own else corpus_paragraphs(SHARED / "corpus", options.paragraphs, SEED)
    print(f"{'the shared corpus' if clean else 'the project own text'}, {options.paragraphs} paragraphs")
    clean = encodable(clean or own_paragraphs(options.paragraphs, SEED))
    pages = [clean[at : at + PAGE] for at in range(0, len(clean), PAGE)]
    rng = Random(SEED)
    load_lexicon()
    tables = [("clean text", [(page, page) for page in pages])]
    for name, kind in kinds(rng):
        damaged = []
        for page in pages:
            damage = kind("\n".join(page))
            damaged.append(([damage(text, rng) for text in page], page))
        tables.append((name, damaged))
    for name, measured in tables:
        if name.startswith(options.only):
            print(f"\n{name:28s} |   exact |     CER |     MB/s")
            for tool, fix in TOOLS.items():
                print(f"{tool:28s} | {measure(fix, measured).row}")


if __name__ == "__main__":
    main()
