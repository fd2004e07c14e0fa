"""Build the statistics that repair chooses by: ``python tools/build_lexicon.py``.

Reads pinned packages (fetched once into ``build/lexicon``), the lists in
``tools/lexicon/glossary`` and the counts of two corpora in ``tools/lexicon/corpus_counts``;
writes ``unioncrawl/language/data``. With ``--check`` it writes nothing and reports whether the
files in the tree are what the inputs give; with ``--hold-out`` it leaves a tenth of the
corpora themselves out, for ``measure_lexicon.py``.
See docs/lexicon.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lexicon import corpus_counts, counts, readers  # noqa: E402 - the line above makes the checkout importable
from tools.lexicon.heldout import HeldOut  # noqa: E402 - the same
from tools.lexicon.inputs import read_input  # noqa: E402 - the same
from tools.lexicon.mixture import Source, mix  # noqa: E402 - the same
from tools.lexicon.pack import pack_model  # noqa: E402 - the same
from tools.lexicon.prune import prune  # noqa: E402 - the same
from tools.lexicon.words import blend_words, log_words  # noqa: E402 - the same
from unioncrawl.language.word_list import pack_words  # noqa: E402 - the same

DATA = ROOT / "unioncrawl" / "language" / "data"
GLOSSARY = ROOT / "tools" / "lexicon" / "glossary"
ORDER = 4
CORPORA = ("news", "laws")
KEEP = [0, 0, 600_000, 1_200_000, 1_000_000]
WORDS_KEPT = 260_000
COUNTY = 3

# The weight of each source, by length of n-gram, chosen on held-out news and laws and on the
# project's own stories. News of this decade is nearest to union news; the input method's
# model knows the most words but none of our terms, and its long n-grams are the rest of a
# pruned model, so they count for more.
WEIGHTS = {
    "news": (4.0,) * ORDER,
    "laws": (1.2,) * ORDER,
    "statutes": (0.5,) * ORDER,
    "people_daily": (1.0,) * ORDER,
    "input_method": (0.003, 0.005, 0.02, 0.1),
    "web_words": (0.003,) * ORDER,
    "places": (0.05,) * ORDER,
    "glossary": (0.5,) * ORDER,
}
WORD_MODEL_WORDS = 1e8
WORD_LIST_WORDS = 5e7
GLOSSARY_TIMES = 3.0


class Inputs:
    """The pinned files and the project's own lists, read into text, words and names."""

    def __init__(self, cache: Path, corpus: Path | None = None) -> None:
        self._cache, self.corpus = cache, corpus
        self.terms = self.glossary("union") + self.glossary("institutions")
        self.places = list(readers.read_places(self.read("places")))

    def read(self, name: str) -> bytes:
        """Return the bytes of one input."""
        return read_input(name, self._cache, self.corpus)

    def glossary(self, name: str) -> list[str]:
        """Return one of the project's own lists."""
        return readers.read_glossary(GLOSSARY / f"{name}.txt")

    def texts(self) -> dict[str, Iterator[str]]:
        """Return the paragraphs of each running text; of the corpora only where their folder is known."""
        corpora = CORPORA if self.corpus else ()
        return {
            **{name: readers.read_plain(self.read(name)) for name in corpora},
            "statutes": readers.read_statutes(self.read("statutes")),
            "people_daily": readers.read_people_daily(self.read("people_daily")),
        }

    def counted(self, held_out: HeldOut | None = None) -> dict[str, corpus_counts.TextCounts]:
        """Return the counts of each running text."""
        found = {}
        if self.corpus is None:
            found = {name: corpus_counts.read_counts(self.read(f"{name}_counts")) for name in CORPORA}
        for name, lines in self.texts().items():
            kept = held_out.without(lines) if held_out else lines
            if name == "news":
                kept = readers.split_broadcasts(kept)
            found[name] = corpus_counts.of_text(counts.count_text(kept, ORDER))
        return found

    def lists(self) -> dict[str, counts.Counts]:
        """Return the n-gram counts of the inputs that are not running text."""
        web = readers.read_web_words(self.read("web_words"))
        total = sum(web.values())
        arpa = readers.read_arpa(self.read("input_method"))
        return {
            "input_method": counts.count_word_model(arpa, WORD_MODEL_WORDS, ORDER),
            "web_words": counts.count_words({w: n * WORD_LIST_WORDS / total for w, n in web.items()}, ORDER),
            "places": counts.count_words(
                {name: 3.0 if level <= COUNTY else 1.0 for level, name in self.places if level <= COUNTY + 1},
                ORDER,
            ),
            "glossary": counts.count_words(dict.fromkeys(self.terms, GLOSSARY_TIMES), ORDER),
        }


def build_model(inputs: Inputs, held_out: HeldOut | None) -> bytes:
    """Return the n-gram file."""
    sources = [Source(text, WEIGHTS[name]) for name, text in inputs.counted(held_out).items()]
    sources += [
        Source(corpus_counts.of_list(table), WEIGHTS[name], is_text=False)
        for name, table in inputs.lists().items()
    ]
    model = mix(sources, ORDER)
    del sources
    prune(model, KEEP)
    return pack_model(model)


def build_words(inputs: Inputs) -> bytes:
    """Return the word file."""
    domain = readers.read_domain_words(inputs.read("domain_words"))
    listed = [word for topic in ("法律", "地名", "历史人名", "财经") for word in domain[topic]]
    listed += [name for level, name in inputs.places if level <= COUNTY] + inputs.terms
    lists = [
        (readers.read_web_words(inputs.read("web_words")), 3.0),
        (readers.read_jieba_words(inputs.read("jieba_words")), 0.2),
        (readers.read_news_words(inputs.read("news_words")), 0.2),
    ]
    return pack_words(log_words(blend_words(lists, listed), WORDS_KEPT, always=listed))


def build_glossary(inputs: Inputs) -> bytes:
    """Return the file of names: places and surnames."""
    surnames = {name for line in inputs.glossary("surnames") for name in _surnames_of(line)}
    content = {
        "places": sorted({name for level, name in inputs.places if level <= COUNTY}),
        "surnames": sorted(surnames),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _surnames_of(line: str) -> list[str]:
    """Cut a line of the list: double surnames are set apart by blanks, single ones are not."""
    return line.split(" ") if " " in line else list(line)


def main() -> int:
    """Build or check; the exit code is 1 if a check finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files in the tree")
    parser.add_argument("--hold-out", type=Path, metavar="FOLDER", help="leave a tenth out, write here")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "lexicon")
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="count the corpora themselves anew")
    options = parser.parse_args()
    if options.hold_out and not options.corpus:
        parser.error("--hold-out needs the corpora themselves: give their folder with --corpus")
    inputs = Inputs(options.cache, options.corpus)
    held_out = None
    if options.hold_out:
        held_out = HeldOut(
            [*readers.read_plain(inputs.read("news")), *readers.read_plain(inputs.read("laws"))]
        )
    payloads = {
        "glossary.zst": build_glossary(inputs),
        "words.zst": build_words(inputs),
        "ngrams.zst": build_model(inputs, held_out),
    }
    if options.check:
        return _check(payloads)
    _write(payloads, options.hold_out or DATA)
    return 0


def _check(payloads: dict[str, bytes]) -> int:
    differ = 0
    for name, payload in payloads.items():
        path = DATA / name
        same = path.exists() and zstandard.decompress(path.read_bytes()) == payload
        print(f"{name}: {'same' if same else 'differs'}")
        differ += not same
    return 1 if differ else 0


def _write(payloads: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, payload in payloads.items():
        path = folder / name
        path.write_bytes(zstandard.compress(payload, 19))
        print(f"{name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
