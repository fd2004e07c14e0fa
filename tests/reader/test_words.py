from __future__ import annotations

import re
import string
from pathlib import Path

from unioncrawl.page.hidden.elements import Hiding
from unioncrawl.page.paragraphs import DropRule
from unioncrawl.reader.page_view import HERE
from unioncrawl.reader.words import LANGUAGES, load_words


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _joins(text: str) -> list[str]:
    """Each beginning of a key that code adds the rest to: ``"levels." +``, ``f"a.levels.{``."""
    return re.findall(r'"[\w.]+\.(?:"|\{)', text)


def test_both_languages_have_the_same_words() -> None:
    """Each key stands in both files, with the same places for values, and none is empty."""
    first, *others = (load_words(language) for language in LANGUAGES)
    for other in others:
        assert set(first) == set(other)
        assert [key for key in first if _places(first[key]) != _places(other[key])] == []
        assert [key for key in first if not first[key] or not other[key]] == []


def test_every_word_is_used() -> None:
    """Each key stands in a template or in a page's module; parts of keys that are joined count."""
    sources: list[Path] = [*(HERE / "templates").iterdir(), *HERE.rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unused = [key for key in load_words("zh") if f'"{key}"' not in text and f"'{key}'" not in text]
    sections = {key: f'"{key.rpartition(".")[0]}.' for key in unused}
    joined = [key for key, begun in sections.items() if not {f'{begun}"', f"{begun}{{"} & set(_joins(text))]
    assert joined == []


def test_every_rule_of_the_ledger_has_words() -> None:
    """What leaves a line out, or hides it, is said in words; no word is of a rule that is gone."""
    named = {key for key in load_words("zh") if key.startswith("ledger.rule.")}
    assert named == {f"ledger.rule.{rule}" for rule in (*DropRule, *Hiding, "above-headline")}
