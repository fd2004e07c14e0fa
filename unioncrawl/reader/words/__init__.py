"""What do the pages say, in Chinese and in English? One TOML file a language, the same keys in both."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# The first one is taken where an address names none.
LANGUAGES = ("zh", "en")
# What a browser calls them (BCP 47).
LANGUAGE_TAGS: Mapping[str, str] = {"zh": "zh-Hans", "en": "en"}


@cache
def load_words(language: str) -> Mapping[str, str]:
    """Return the words of a language by key: the sections of its file, joined by dots.

    >>> load_words("zh")["search.button"], load_words("en")["search.button"]
    ('检索', 'Search')
    """
    text = (files(__name__) / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_joined(tomllib.loads(text)))


def _joined(table: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    return [
        pair
        for key, value in table.items()
        for pair in (
            _joined(value, f"{above}{key}.") if isinstance(value, dict) else [(f"{above}{key}", value)]
        )
    ]
