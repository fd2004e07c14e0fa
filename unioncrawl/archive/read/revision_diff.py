"""Show what changed between two revisions of an article, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import revision
from unioncrawl.errors import ArticleNotFound
from unioncrawl.model.article_fields import COMPARED

# A run of Latin letters or digits (with what holds numbers together), of spaces, of
# Chinese characters, which are cut into words, or one sign.
_TOKENS = re.compile(
    r"[A-Za-z]+|\d+(?:[.,:%]\d+)*|[^\S\n]+|(?P<chinese>[\u3400-\u9fff\U00020000-\U0003ffff]+)|.", re.DOTALL
)
_LONGEST_WORD = 8
# What a character alone costs that is no known word: more than any word of the list.
_UNKNOWN_NATS = -40.0
# Equal stretches of fewer Chinese characters than this, between changes, read
# as part of the change: a word that changed by half changed.
_MIN_EQUAL = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a text: ``before`` and ``after`` are the same where nothing changed."""

    before: str
    after: str

    @property
    def is_equal(self) -> bool:
        """Whether the stretch is the same in both."""
        return self.before == self.after


def diff_texts(before: str, after: str) -> list[Change]:
    """Return the changes between two texts, in order, so that joining each side gives it back.

    >>> [(c.before, c.after) for c in diff_texts("共52名职工参加", "共153名职工参加") if not c.is_equal]
    [('52', '153')]
    >>> [(c.before, c.after) for c in diff_texts("全体劳动者参加", "全体劳模参加") if not c.is_equal]
    [('劳动者', '劳模')]
    >>> diff_texts("工会", "工会")
    [Change(before='工会', after='工会')]
    """
    left, right = list(_words(before)), list(_words(after))
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    changes: list[Change] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = "".join(left[start:end]), "".join(right[new_start:new_end])
        is_crumb = tag == "equal" and len(old) < _MIN_EQUAL and start > 0 and end < len(left)
        if (tag != "equal" or is_crumb) and changes and not changes[-1].is_equal:
            changes[-1] = Change(changes[-1].before + old, changes[-1].after + new)
        else:
            changes.append(Change(old, new))
    return changes


def _words(text: str) -> Iterator[str]:
    for found in _TOKENS.finditer(text):
        if found["chinese"]:
            yield from _chinese_words(found["chinese"])
        else:
            yield found[0]


def _chinese_words(text: str) -> list[str]:
    """The likeliest cut of a run of Chinese characters into known words; the others stand alone."""
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - without a diff nothing reads it

    word_log_prob = load_lexicon().word_log_prob
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        cuts = []
        for start in range(max(0, end - _LONGEST_WORD), end):
            nats = word_log_prob(text[start:end])
            if nats is None and end - start == 1:
                nats = _UNKNOWN_NATS
            if nats is not None:
                cuts.append((best[start][0] + nats, start))
        best.append(max(cuts))
    words: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        words.append(text[start:end])
        end = start
    return words[::-1]


def diff_revisions(connection: Connection, number: int, before: int, after: int) -> dict[str, list[Change]]:
    """Return the fields that differ between two revisions of an article, each with its changes.

    Raises `ArticleNotFound` when the article has no revision of that number.
    """
    left, right = (_load(connection, number, wanted) for wanted in (before, after))
    return {
        name: diff_texts(getattr(left, name), getattr(right, name))
        for name in COMPARED
        if getattr(left, name) != getattr(right, name)
    }


def _load(connection: Connection, number: int, wanted: int) -> Any:  # noqa: ANN401 - a row
    query = select(revision).where(revision.c.article_id == number, revision.c.number == wanted)
    row = connection.execute(query).first()
    if row is None:
        raise ArticleNotFound(
            f"article {number} has no revision {wanted}.",
            next_step=f"See its revisions with unioncrawl show {number}.",
            stage="archive",
        )
    return row
