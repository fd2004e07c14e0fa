"""Write the model and the words as the files that ``unioncrawl.language.lexicon`` reads."""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter

from tools.lexicon.mixture import Model
from unioncrawl.language.ngram_table import BACKOFF_TOP_NATS, BLOCK, MAGIC, STEPS_PER_NAT


def pack_model(model: Model) -> bytes:
    """Return the bytes of the n-gram file, before compression."""
    alphabet = "".join(sorted(model.logs[1], key=lambda char: (-model.logs[1][char], char)))
    number = {char: at for at, char in enumerate(alphabet)}
    sections: dict[str, array[int]] = {}
    for size in range(1, model.order + 1):
        ranked = sorted(model.logs[size], key=lambda ngram: [number[char] for char in ngram])
        sections[f"chars{size}"] = array("H", (number[ngram[-1]] for ngram in ranked))
        sections[f"costs{size}"] = array("B", (_step(model.logs[size][ngram]) for ngram in ranked))
        if size < model.order:
            _pack_children(model, size, ranked, sections)
    header = {
        "order": model.order,
        "alphabet": alphabet,
        "unseen": round(model.unseen, 3),
        "sections": [[name, values.typecode, len(values)] for name, values in sections.items()],
    }
    body = b"".join(_little_endian(values) for values in sections.values())
    return MAGIC + json.dumps(header, ensure_ascii=False).encode() + b"\n" + body


def _pack_children(model: Model, size: int, ranked: list[str], sections: dict[str, array[int]]) -> None:
    children = Counter(ngram[:-1] for ngram in model.logs[size + 1])
    counts = array("H", (children[ngram] for ngram in ranked))
    blocks, total = array("I"), 0
    for at in range(0, len(counts), BLOCK):
        blocks.append(total)
        total += sum(counts[at : at + BLOCK])
    weights = model.backoffs[size]
    shifted = (weights.get(ngram, 0.0) - BACKOFF_TOP_NATS if children[ngram] else 0.0 for ngram in ranked)
    sections[f"backoffs{size}"] = array("B", map(_step, shifted))
    sections[f"children{size}"] = counts
    sections[f"blocks{size}"] = blocks


def _step(log: float) -> int:
    return max(0, min(255, round(-log * STEPS_PER_NAT)))


def _little_endian(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()
