"""Show what changed between two revisions of an article, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from unioncrawl.archive.article_rows import HEADLINE_FIELDS
from unioncrawl.archive.schema import revision
from unioncrawl.errors import ArticleNotFound

COMPARED = (*HEADLINE_FIELDS, "published_raw", "source", "author", "editor", "body_text")
# A word: a run of Latin letters or digits (with what holds numbers together),
# a run of spaces, or one sign; Chinese words are found by what stays together.
_WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.,:%]\d+)*|[^\S\n]+|.", re.DOTALL)
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
    """The changes between two texts, in order, so that joining each side gives it back.

    >>> [(c.before, c.after) for c in diff_texts("共52名职工参加", "共153名职工参加") if not c.is_equal]
    [('52', '153')]
    >>> diff_texts("工会", "工会")
    [Change(before='工会', after='工会')]
    """
    left, right = _WORDS.findall(before), _WORDS.findall(after)
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


def diff_revisions(connection: Connection, number: int, before: int, after: int) -> dict[str, list[Change]]:
    """The fields that differ between two revisions of an article, each with its changes.

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
