"""Count the two corpora that are not passed on: ``python tools/count_corpus.py FOLDER``.

Writes ``tools/lexicon/corpus_counts``, from which ``build_lexicon.py`` and
``build_script_signs.py`` build without the corpora. Prints the digests that
``tools/lexicon/inputs.py`` pins. Run again only when a pinned input changes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.build_lexicon import CORPORA, ORDER, Inputs  # noqa: E402 - the line above makes the checkout importable
from tools.build_script_signs import count_signs, write_signs  # noqa: E402 - the same
from tools.lexicon import corpus_counts  # noqa: E402 - the same


def corpus_files(inputs: Inputs) -> dict[str, bytes]:
    """Return the files of counts by name."""
    texts = inputs.counted()
    sizes = range(ORDER + 1)
    used = [corpus_counts.repeated([text.occurring[size] for text in texts.values()]) for size in sizes]
    lists = list(inputs.lists().values())
    histories = [
        {ngram[:-1] for ngram in used[size].union(*(counts[size] for counts in lists))} for size in sizes
    ]
    return {
        f"{name}.zst": corpus_counts.write_counts(corpus_counts.cut_down(texts[name], used, histories))
        for name in CORPORA
    }


def signs_file(inputs: Inputs) -> bytes:
    """Return the counts of the characters and pairs in the corpora that show a mirror."""
    lines = {name: list(text) for name, text in inputs.texts().items()}
    everywhere = count_signs([line for text in lines.values() for line in text])
    corpora = count_signs([line for name in CORPORA for line in lines[name]], everywhere.suspects)
    return write_signs(corpora, everywhere)


def main() -> None:
    """Write the files and print their digests."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path, metavar="FOLDER", help="the folder of news.txt and laws.txt")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "lexicon")
    options = parser.parse_args()
    inputs = Inputs(options.cache, options.corpus)
    files = {**corpus_files(inputs), "mirror_signs.zst": signs_file(inputs)}
    corpus_counts.FOLDER.mkdir(exist_ok=True)
    for name, data in files.items():
        (corpus_counts.FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes, {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
