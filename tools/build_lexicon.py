"""Build the statistics that repair chooses by: ``python tools/build_lexicon.py``.

Reads pinned packages (fetched once into ``build/lexicon``) and the clean corpora, writes
``unioncrawl/repair/data``. With ``--check`` it writes nothing and tells whether the files
in the tree are what the inputs give. See docs/lexicon.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lexicon import counts, readers  # noqa: E402 - the line above makes the checkout importable
from tools.lexicon.inputs import read_input  # noqa: E402 - the same
from tools.lexicon.mixture import Source, mix  # noqa: E402 - the same
from tools.lexicon.pack import pack_model, pack_words  # noqa: E402 - the same
from tools.lexicon.prune import prune  # noqa: E402 - the same
from tools.lexicon.words import blend_words, log_words  # noqa: E402 - the same

DATA = ROOT / "unioncrawl" / "repair" / "data"
ORDER = 4
KEEP = [0, 0, 600_000, 1_100_000, 900_000]
WORDS_KEPT = 250_000


class Inputs:
    """The pinned files by name."""

    def __init__(self, cache: Path, corpus: Path) -> None:
        self._cache, self._corpus = cache, corpus

    def __call__(self, name: str) -> bytes:
        """Return the bytes of one input."""
        return read_input(name, self._cache, self._corpus)


def build_model(inputs: Inputs) -> bytes:
    """Return the n-gram file."""
    texts = [
        readers.read_plain(inputs("news")),
        readers.read_plain(inputs("laws")),
        readers.read_statutes(inputs("statutes")),
        readers.read_people_daily(inputs("people_daily")),
    ]
    sources = [Source(counts.count_text(text, ORDER), 1.0) for text in texts]
    general = counts.count_word_model(readers.read_arpa(inputs("input_method")), 1e8, ORDER)
    sources.append(Source(general, 0.01, is_text=False))
    model = mix(sources, ORDER)
    prune(model, KEEP)
    return pack_model(model)


def build_words(inputs: Inputs) -> bytes:
    """Return the word file."""
    domain = readers.read_domain_words(inputs("domain_words"))
    listed = [word for topic in ("法律", "地名", "历史人名", "财经") for word in domain[topic]]
    listed += [name for level, name in readers.read_places(inputs("places")) if level <= 3]
    lists = [
        (readers.read_jieba_words(inputs("jieba_words")), 1.0),
        (readers.read_news_words(inputs("news_words")), 1.0),
        (readers.read_web_words(inputs("web_words")), 2.0),
    ]
    return pack_words(log_words(blend_words(lists, listed), WORDS_KEPT))


def main() -> int:
    """Build or check; the exit code is 1 if a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare with the files in the tree")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "lexicon")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "data" / "corpus")
    options = parser.parse_args()
    inputs = Inputs(options.cache, options.corpus)
    differ = 0
    for name, payload in (("words.zst", build_words(inputs)), ("ngrams.zst", build_model(inputs))):
        path = DATA / name
        if options.check:
            same = path.exists() and zstandard.decompress(path.read_bytes()) == payload
            differ += not same
            print(f"{name}: {'same' if same else 'differs'}")
        else:
            DATA.mkdir(exist_ok=True)
            path.write_bytes(zstandard.compress(payload, 19))
            print(f"{name}: {path.stat().st_size:,} bytes")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
