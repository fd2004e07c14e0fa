"""A sentence of the service in both of its languages, and which of them a terminal speaks."""

from __future__ import annotations

import os
from typing import NamedTuple


class Words(NamedTuple):
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the sentence in a language, ``zh`` or ``en``.

        >>> Words("题：工会", "Title: 工会").of("en")
        'Title: 工会'
        """
        return self.en if language == "en" else self.zh


def both(text: str) -> Words:
    """Return words that are the same in both languages, as an article's title is.

    >>> both("总工会送清凉")
    Words(zh='总工会送清凉', en='总工会送清凉')
    """
    return Words(text, text)


def spoken(asked: str | None) -> str:
    """Return the language in which a command speaks: what was asked for, else that of the terminal.

    >>> spoken("zh"), spoken("en")
    ('zh', 'en')
    """
    if asked:
        return asked
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if named.lower().startswith("zh") else "en"
