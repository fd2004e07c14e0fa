"""A field of an article is declared in one place, and everything that lists fields follows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.archive.schema import revision
from unioncrawl.model import Article
from unioncrawl.model.article_fields import FIELDS, PAGE_NAMES, STORED_TEXTS, TEXTS, WORDS, Use, texts_of
from unioncrawl.repair.article import repair_article

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for room in ("unioncrawl", "spiders", "pipelines") for path in (ROOT / room).rglob("*.py"))
# Where plain fields may be named, and why.
MAY_LIST = {
    "unioncrawl/model/article_fields.py": "the declaration",
    "unioncrawl/page/labels.py": "the labels that pages print",
    "unioncrawl/page/line_kinds.py": "labels again",
    "unioncrawl/sites/profile.py": "the selectors that a site file may have",
    "unioncrawl/archive/migrations/versions": "a released migration never changes",
    "unioncrawl/archive/migrations/digests_of_0002.py": "the same",
    "unioncrawl/fields": "the folders that find and clean",
    "unioncrawl/practice": "the stories of the practice sites",
    "unioncrawl/citations": "a standard has an element of its own for each field that it cites",
    "unioncrawl/archive/exports/cited_sources.py": "what citations ask of the archive",
}
# These have a part of their own somewhere: the archive searches the source, a hit counter fills hits_raw.
_WITH_A_PART = {
    *("title", "source", "author", "column", "body_text", "markup", "site_model", "next_page"),
    *("hits_raw", "published_raw", "published_rule"),
}
PLAIN = {one.name for one in TEXTS} - _WITH_A_PART
# A reprint's source also stands for a missing source, which normalising decides.
_RULES = {"unioncrawl/normalize.py": {"original_source"}}


def _named(tree: ast.AST) -> Iterator[str]:
    """Every word by which a module may name a field: attributes, keywords, annotated names, strings."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) | ast.Name(id=name):
                yield name
            case ast.Constant(value=str(text)):
                yield from text.split() if len(text) < _LONGEST_LIST else ()


_LONGEST_LIST = 1000


def _may_list(path: Path) -> bool:
    place = path.relative_to(ROOT).as_posix()
    return any(place == allowed or place.startswith(f"{allowed}/") for allowed in MAY_LIST)


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_other_module_names_a_plain_field(path: Path) -> None:
    """Outside the declaration and the folders that find them no module names what it only passes on."""
    if _may_list(path):
        return
    named = PLAIN.intersection(_named(ast.parse(path.read_text(encoding="utf-8"))))
    assert named <= _RULES.get(path.relative_to(ROOT).as_posix(), set())


def test_every_field_is_declared_whole() -> None:
    """Names and places are one each; every field of rows has a meaning and a label in both languages."""
    assert len({one.name for one in FIELDS}) == len({one.place for one in FIELDS}) == len(FIELDS)
    for one in (*TEXTS, *FIELDS):
        assert one.chinese
        assert one.english
        assert re.search(r"[㐀-鿿]", one.chinese)
        assert one.meaning or not one.place


def test_a_revision_has_a_column_for_every_stored_text() -> None:
    """The schema's text columns are the declared ones, the time and its precision between them."""
    columns = [column.name for column in revision.columns]
    stored = [name for name in columns if name in STORED_TEXTS]
    assert stored == list(STORED_TEXTS)
    assert columns.index("published_at") == columns.index("published_rule") - 2


@pytest.mark.parametrize("name", texts_of(Use.REPAIRED))
def test_every_declared_text_is_repaired(name: str) -> None:
    """Damage in any field that is declared so is repaired, and the printed string is kept."""
    printed: dict[str, Any] = {name: "全國(guó)總工會(huì)"}
    repaired = repair_article(Article(url="http://example.org/1.html", **printed))
    assert getattr(repaired, name) == "全国总工会"
    assert dict(repaired.raw)[name] == printed[name]


def test_what_a_takedown_empties_is_what_readers_read() -> None:
    """Every stored text but the date's is emptied by a takedown and masked in exports, or has no words."""
    left = set(STORED_TEXTS) - set(WORDS)
    assert left == {"published_raw", "published_rule", "markup", "site_model"}


def test_docs_explain_every_field_in_order() -> None:
    """docs/fields.md has the keys of ``unioncrawl extract``, in its order."""
    page = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    table = page.partition("| key | meaning |")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \| \S", table, re.MULTILINE)) == PAGE_NAMES
