"""What SQL asks of an article's own row and text where the index cannot decide a query.

A text is compared as it is stored, without folding it: each character of a word stands for all
characters that fold to it. A text that holds the word as it was asked, as most do, is recognised by
the database itself; only the others are searched by a pattern.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, lru_cache, reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    and_,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from unioncrawl.archive.schema import article, revision, site, site_column
from unioncrawl.archive.search.match import compare_numbers
from unioncrawl.archive.search.query import And, Filter, Node, Not, Or, Term
from unioncrawl.language.folding import fold, fold_table
from unioncrawl.language.stray_characters import SOFT_HYPHEN
from unioncrawl.model.article_fields import HEADLINE_FIELDS

# What Python's \s takes for space, and what folds to it.
_SPACES = " \t\n\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ue5e5"
_LINE = "'\n'"


def condition_of(connection: Connection, node: Node) -> ColumnElement[bool]:
    """Return what an article's rows must fulfil to match; it is never NULL.

    An undated article matches no date; an article without a hit count matches no ``hits:``.
    """
    match node:
        case Term(folded):
            return _holds(connection, folded, _headline(), revision.c.body_text)
        case Filter():
            return _passes(connection, node)
        case Not(part):
            return not_(condition_of(connection, part))
        case And(parts):
            return and_(true(), *(condition_of(connection, part) for part in parts))
        case Or(parts):
            return or_(false(), *(condition_of(connection, part) for part in parts))


def _headline() -> ColumnElement[str]:
    """All headline parts, a line each: a phrase may begin in one and end in the next."""
    parts: list[ColumnElement[str]] = [revision.c[name] for name in HEADLINE_FIELDS]
    line: ColumnElement[str] = literal_column(_LINE)
    return reduce(lambda joined, part: joined.concat(line).concat(part), parts)


def _passes(connection: Connection, condition: Filter) -> ColumnElement[bool]:
    value = condition.value
    if not isinstance(value, str):
        known: ColumnElement[Any] = article.c.published_at if isinstance(value, datetime) else article.c.hits
        return and_(known.is_not(None), compare_numbers(known, condition.comparison, value))
    match condition.field:
        case "site":
            return article.c.site_id.in_(_sites(connection, value))
        case "source":
            return _holds(connection, value, revision.c.source)
        case _:
            return _holds(connection, value, func.coalesce(site_column.c.name, ""))


def _sites(connection: Connection, folded: str) -> list[int]:
    rows = connection.execute(select(site.c.id, site.c.key))
    return [row.id for row in rows if fold(row.key) == folded]


def _holds(connection: Connection, folded: str, *texts: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """Whether any of some texts has a folded word: as it was asked in one of them, or in another form."""
    pattern = word_pattern(folded)
    if connection.dialect.name == "sqlite":
        as_asked = [func.instr(text, form) > 0 for form in _usual_forms(folded) for text in texts]
        return or_(*as_asked, *(func.unioncrawl_holds(pattern, cast(text, LargeBinary)) for text in texts))
    if "\0" in folded:
        # PostgreSQL keeps no such character.
        return false()
    as_asked = [func.strpos(text, form) > 0 for form in _usual_forms(folded) for text in texts]
    return or_(*as_asked, *(text.op("~")(pattern) for text in texts))


# The signs of ASCII, which Chinese texts have in full width.
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def _usual_forms(folded: str) -> tuple[str, ...]:
    """Return how texts mostly write a word: as it is folded, its signs in full width."""
    return tuple(dict.fromkeys((folded.translate(_WIDE), folded)))


@lru_cache(maxsize=1_024)
def word_pattern(folded: str) -> str:
    r"""Return the pattern of a folded word in texts as they are stored, for Python and PostgreSQL alike.

    >>> import re
    >>> [bool(re.search(word_pattern("总工会 app"), text)) for text in ("總工會\u3000ＡPP", "总工会")]
    [True, False]
    """
    words = [
        f"{SOFT_HYPHEN}*".join(_forms().get(character, "") or re.escape(character) for character in word)
        for word in folded.split(" ")
    ]
    apart = f"[{SOFT_HYPHEN}{_SPACES}]*[{_SPACES}][{SOFT_HYPHEN}{_SPACES}]*"
    return apart.join(words)


@cache
def _forms() -> dict[str, str]:
    """The pattern of each character that others fold to."""
    forms: dict[str, list[str]] = {}
    for code, folded in fold_table().items():
        forms.setdefault(folded, [folded] if ord(folded) not in fold_table() else []).append(chr(code))
    return {folded: f"(?:{'|'.join(map(re.escape, written))})" for folded, written in forms.items()}
