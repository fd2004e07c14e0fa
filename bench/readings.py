"""What is read of pages and repaired of damaged text, one line each: two builds that print the same agree.

Usage: python -m bench.readings

The pages are those recorded in tests/sites and some of the measuring sites, the damaged text is their
paragraphs as each kind of damage leaves them. `tools/native_gate.sh` compares native and pure code by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench.material.damage_kinds import TRANSPORT, annotated_sets, encodable, mirrored
from bench.material.news_sites import news_pages
from bench.material.paragraphs import own_paragraphs
from unioncrawl.line import explain_page
from unioncrawl.model import RawPage
from unioncrawl.repair import repair_fields
from unioncrawl.repair.mirror_model.forward import Decoder

SITES = Path(__file__).resolve().parent.parent / "tests" / "sites"
_NEWS_PAGES, _DAMAGED = 28, 0.3
_PARAGRAPHS, _SEED = 40, 20


def recorded_pages() -> Iterator[RawPage]:
    """Every recorded page, articles and lists."""
    for page in sorted(SITES.glob("*/*/page.html")):
        response = json.loads((page.parent / "response.json").read_text(encoding="utf-8"))
        headers = tuple((name, value) for name, value in response["headers"])
        yield RawPage(url=response["url"], body=page.read_bytes(), headers=headers)


def damaged_texts() -> Iterator[str]:
    """Paragraphs as they are, and as each decoder of the mirrors and each way of transport leaves them."""
    rng = Random(_SEED)
    for text in encodable(own_paragraphs(_PARAGRAPHS, seed=_SEED)):
        yield text
        for decoder in Decoder:
            yield mirrored(decoder, narrow=rng.random() < 0.5, annotated=annotated_sets(text, rng))(text, rng)
        yield from (damage(text, rng) for damage in TRANSPORT.values())


def readings() -> Iterator[str]:
    """One line for each page and text: fields, evidence and ledger; restored text, steps and what is left."""
    headers = (("content-type", "text/html"),)
    news = (RawPage(url=url, body=body, headers=headers) for url, body in news_pages(_NEWS_PAGES, _DAMAGED))
    for raw in (*recorded_pages(), *news):
        yield f"{raw.url} {explain_page(raw)!r}"
    for text in damaged_texts():
        yield f"{text!r} {repair_fields({'text': text})!r}"


def main() -> None:
    """Print all readings."""
    for line in readings():
        print(line)


if __name__ == "__main__":
    main()
