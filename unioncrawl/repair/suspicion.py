"""Detect in one pass over a text whether it could have any class of damage.

Most text is clean, and each repair would have to read all of it. The damage that a
repair looks for begins with signs that are rare in clean text. So all of the signs are
searched at once, and a repair is asked only where one of its signs stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Hint(NamedTuple):
    """Signs (the inside of a character class), and a pattern of what must follow one of them.

    Every text that a repair suspects has one of its hints; clean text may have one too.
    """

    signs: str
    after: str = ""

    @classmethod
    def of_word(cls, word: str) -> Hint:
        """Hint at a word."""
        return cls(re.escape(word[0]), re.escape(word[1:]))


def any_of(hints: Iterable[Hint]) -> re.Pattern[str]:
    """Return a pattern that finds the first hint of a text.

    It begins with one class of all signs, which is searched fastest.

    >>> pattern = any_of([Hint("&"), Hint.of_word("斤拷")])
    >>> pattern.search("三斤苹果") is None, pattern.search("锟斤拷") is None
    (True, False)
    """
    known = tuple(hints)
    signs = "".join(hint.signs for hint in known)
    branches = "|".join(f"(?<=[{hint.signs}])(?={hint.after})" for hint in known)
    return re.compile(f"[{signs}](?:{branches})")
