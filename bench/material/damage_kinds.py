"""The kinds of damage that are measured: each makes a damaged page from clean paragraphs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from bench.material.transport_damage import (
    GbkReader,
    escape_entities,
    insert_at_random,
    read_as_latin,
    read_pairs_as_utf8,
    read_utf8_as_gbk,
    read_utf8_as_latin,
)
from unioncrawl.repair.mirror_model.forward import CUT_MARKS, Decoder, Mirror, damage
from unioncrawl.repair.mirror_model.script_lookups import READING_OF, WRITTEN_FOR

# What a kind makes of a paragraph, given the generator of its page.
Damage = Callable[[str, Random], str]


def annotated_sets(text: str, rng: Random) -> frozenset[str]:
    """Return a set such as a mirror annotates: about thirty of a text's commonest changed characters."""
    counted: dict[str, int] = {}
    for character in text:
        written = WRITTEN_FOR.get(ord(character))
        if written and written in READING_OF and written.encode("gbk", "ignore"):
            counted[written] = counted.get(written, 0) + 1
    commonest = sorted(counted, key=lambda written: (-counted[written], written))[:80]
    return frozenset(rng.sample(commonest, min(30, len(commonest))))


def mirror_sets(shared: Path) -> list[frozenset[str]]:
    """Return the sets seen on real mirrors, when their file is there."""
    file = shared / "mirror-variants.json"
    if not file.is_file():
        return []
    return [frozenset(seen) for seen in json.loads(file.read_text(encoding="utf-8")).values()]


def mirrored(decoder: Decoder, *, narrow: bool, annotated: frozenset[str], cuts: bool = True) -> Damage:
    """Return class A with these notes; without cuts no run is broken at a mark."""
    mirror = Mirror(annotated, decoder, narrow, cut_marks=CUT_MARKS if cuts else "")
    return lambda text, _: damage(text, mirror)


def without_soft_hyphens(text: str, _: Random) -> str:
    """Return class B damage whose soft hyphens have been dropped."""
    return read_as_latin(text, "cp1252").replace("\xad", "")


def plain(function: Callable[[str], str]) -> Damage:
    """Return a kind of damage that uses no random numbers."""
    return lambda text, _: function(text)


TRANSPORT: dict[str, Damage] = {
    "B latin-1": plain(partial(read_as_latin, codec="latin-1")),
    "B cp1252": plain(partial(read_as_latin, codec="cp1252")),
    "B cp1250": plain(partial(read_as_latin, codec="cp1250")),
    "B, soft hyphens dropped": without_soft_hyphens,
    "B2": plain(read_pairs_as_utf8),
    "UTF-8 as Latin-1": plain(partial(read_utf8_as_latin, codec="latin-1")),
    "UTF-8 as cp1252, twice": plain(lambda text: read_utf8_as_latin(read_utf8_as_latin(text))),
    "B, then UTF-8 as cp1252": plain(lambda text: read_utf8_as_latin(read_as_latin(text))),
    "C windows": plain(partial(read_utf8_as_gbk, reader=GbkReader.WINDOWS)),
    "C marking": plain(partial(read_utf8_as_gbk, reader=GbkReader.MARKING)),
    "C questioning": plain(partial(read_utf8_as_gbk, reader=GbkReader.QUESTIONING)),
    "C swallowing": plain(partial(read_utf8_as_gbk, reader=GbkReader.SWALLOWING)),
    "C dropping": plain(partial(read_utf8_as_gbk, reader=GbkReader.DROPPING)),
    "E once": plain(partial(escape_entities, layers=1)),
    "E twice": plain(partial(escape_entities, layers=2)),
    "E numbers": plain(partial(escape_entities, layers=2, numbers=True)),
    "E without semicolons": plain(lambda text: escape_entities(text, 1, numbers=True).replace(";", "")),
    "G": insert_at_random,
}


def encodable(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs that GBK can hold: A, B and B2 start from GBK."""
    return [text for text in paragraphs if text == text.encode("gbk", "ignore").decode("gbk")]
