"""The calibration curve: how sure a step says it is against how often it is right.

python -m bench.calibration [--paragraphs N]. A spot that repair changed is right
when the original has just that text there.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from difflib import SequenceMatcher
from random import Random

from bench.material.damage_kinds import TRANSPORT, annotated_sets, encodable, mirror_sets, mirrored
from bench.material.paragraphs import corpus_paragraphs, own_paragraphs
from bench.repair import PAGE, SEED, SHARED
from unioncrawl.model import Repaired
from unioncrawl.repair import repair_fields
from unioncrawl.repair.explain import explain
from unioncrawl.repair.mirror_model.forward import Decoder

_EDGES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
_KINDS = ("C windows", "C marking", "C swallowing", "C dropping", "B2", "B, soft hyphens dropped", "G")
_WIDTHS = str.maketrans(",:;()!?", "，：；（）！？")

Counts = dict[int, list[int]]


def count(counts: Counts, damaged: str, repaired: Repaired, original: str) -> None:
    """Add a paragraph's changed spots to the counts, by bucket of confidence."""
    output, wanted = repaired.text.translate(_WIDTHS), original.translate(_WIDTHS)
    right = [False] * (len(output) + 1)
    for block in SequenceMatcher(None, output, wanted, autojunk=False).get_matching_blocks():
        right[block.a : block.a + block.size] = [True] * block.size
    position = 0
    last_number = 1
    lines = output.split("\n")
    for line in explain(damaged, repaired):
        position += sum(len(text) + 1 for text in lines[last_number - 1 : line.number - 1])
        last_number = line.number
        at = position
        for spot in line.spots:
            if spot.steps:
                bucket = sum(spot.confidence >= edge for edge in _EDGES)
                counts[bucket][0] += 1
                start = at if spot.after else max(at - 1, 0)
                counts[bucket][1] += all(right[start : at + len(spot.after)])
            at += len(spot.after)


def main() -> None:
    """Print the curve for class A's two decoders and for the transport classes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=200)
    options = parser.parse_args()
    clean = corpus_paragraphs(SHARED / "corpus", options.paragraphs, SEED)
    clean = encodable(clean or own_paragraphs(options.paragraphs, SEED))
    pages = [clean[at : at + PAGE] for at in range(0, len(clean), PAGE)]
    sets = mirror_sets(SHARED)
    rng = Random(SEED)
    for name in (*Decoder, *_KINDS):
        counts: Counts = defaultdict(lambda: [0, 0])
        for page in pages:
            annotated = rng.choice(sets) if sets else annotated_sets("\n".join(page), rng)
            damage = (
                mirrored(name, narrow=False, annotated=annotated)
                if isinstance(name, Decoder)
                else TRANSPORT[name]
            )
            fields = {str(at): damage(text, rng) for at, text in enumerate(page)}
            repaired = repair_fields(fields)
            for at, text in enumerate(page):
                count(counts, fields[str(at)], repaired[str(at)], text)
        print(f"\n{name}: confidence, spots, share right")
        for bucket, (spots, good) in sorted(counts.items()):
            low = _EDGES[bucket - 1] if bucket else 0.0
            print(f"  {low:5.3f} and more: {spots:6d}  {good / spots:7.1%}")


if __name__ == "__main__":
    main()
