"""The words of the full-text index: pairs of neighbouring characters.

Chinese is written without spaces and most of its words have two characters:
each pair of neighbouring characters is a word of the index, and the last
character of a run stands alone, so that every character begins some word. A
two-character query is one exact look-up, a one-character query a prefix, and a
longer one a phrase of its pairs. Trigram tokenizers find no two-character word.
"""

from __future__ import annotations

import hashlib
import re
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from unioncrawl.language.folding import fold

# Letters, digits and the middle dot of 5·1; everything else parts runs.
RUN = re.compile(r"[^\W_·]+(?:·+[^\W_·]+)*")
# Marks of the words that are not text (private use, so no text yields them).
TITLE_MARK = "\ue000"
SITE_MARK = "\ue001"
SOURCE_MARK = "\ue002"
COLUMN_MARK = "\ue004"
# A word of every article, for queries that only exclude articles.
EVERY_ARTICLE = "\ue003"
_MARKS = re.compile("[\ue000-\ue004]")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index holds of an article; texts are folded."""

    article_id: int
    published_at: datetime | None
    headline: str
    body_text: str
    site: str
    source: str
    column: str = ""
    # The runs of the text, where the caller found them already.
    body_runs: Sequence[str] | None = field(default=None, compare=False, repr=False)


# After the last character of a run and its space: the pair that begins with that space.
_FALSE_PAIR = re.compile("   . ")
_SPACE = array("I", [ord(" ")])
_CODES = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


def index_words(folded: str) -> str:
    """Return the index words of a folded text, in its order, each followed by spaces.

    The words are laid side by side in strides of three code points, for a whole
    text at once.

    >>> index_words("总工会, 5").split()
    ['总工', '工会', '会', '5']
    """
    return _words_of(RUN.findall(folded)) if folded else ""


def index_runs(folded: str) -> list[str]:
    """Return the runs of letters and digits of a folded text, of whose pairs the index is made.

    >>> index_runs("五·一, 5")
    ['五·一', '5']
    """
    return RUN.findall(_MARKS.sub("", folded))


def _words_of(runs: Sequence[str]) -> str:
    if not runs:
        return ""
    codes = array("I", " ".join(runs).encode(_CODES, "surrogatepass"))
    laid = _SPACE * (3 * len(codes))
    laid[0::3] = codes
    laid[1:-3:3] = codes[1:]
    return _FALSE_PAIR.sub("  ", laid.tobytes().decode(_CODES, "surrogatepass"))


def entry_text(entry: IndexEntry) -> str:
    """Return all index words of an article: its text, its headline, source and column marked, its site.

    A word may stand more than once; the index counts it once.
    """
    headline = index_words(_MARKS.sub("", entry.headline))
    marked = [TITLE_MARK + word for word in headline.split()]
    for mark, named in ((SOURCE_MARK, entry.source), (COLUMN_MARK, entry.column)):
        marked += [mark + word for word in index_words(_MARKS.sub("", named)).split()]
    body = _words_of(index_runs(entry.body_text) if entry.body_runs is None else entry.body_runs)
    return f"{body}{headline}{' '.join(marked)} {site_word(entry.site)} {EVERY_ARTICLE}"


def entry_words(entry: IndexEntry) -> set[str]:
    """Return the index words of an article, each once."""
    return set(entry_text(entry).split())


def words_digest(words: str) -> int:
    """Return a number that other words, or these in another order, do not have (see `entry_text`)."""
    digest = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


# FTS5's ascii tokenizer would part a site's id, or a host that names a site, at signs.
_SIGNS = re.compile(r"[^0-9a-z]")


@lru_cache(maxsize=4_096)
def site_word(site: str) -> str:
    """Return the one index word of a site.

    >>> site_word("practice-asp").isprintable(), "-" in site_word("practice-asp")
    (False, False)
    """
    return SITE_MARK + _SIGNS.sub(lambda found: f"\ue003{ord(found[0]):x}", fold(site))
