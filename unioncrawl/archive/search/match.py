"""What a query asks of the index.

The index answers with *candidates*: every article that matches, and perhaps some that don't. It keeps
where words stand, so that it answers every word of letters exactly. Of a phrase with signs or spaces
within, and of dates and hits under OR and NOT, it knows too little. What it leaves open is compared
with the texts
(`unioncrawl.archive.search.text_conditions`).
"""

from __future__ import annotations

import operator
import re
from typing import Any

from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.index_words import (
    COLUMN_MARK,
    EVERY_ARTICLE,
    RUN,
    SOURCE_MARK,
    site_word,
)
from unioncrawl.archive.search.query import And, Filter, Node, Not, Or, Term

# The longest index word; a whole word of the index needs no verifying.
_WORD_LENGTH = 2
# Filters on a text that the index keeps apart from the article's.
_MARKED = {"source": SOURCE_MARK, "column": COLUMN_MARK}


def is_exact(node: Node) -> bool:
    """Whether the index alone answers the node, without false candidates."""
    match node:
        case Term(folded):
            return _is_answered(folded)
        case Filter(field, _, value):
            return field == "site" or (field in _MARKED and _is_answered(str(value)))
        case Not(part):
            return is_exact(part)
        case Or(parts) | And(parts):
            return all(is_exact(part) for part in parts)


def _is_answered(folded: str) -> bool:
    return RUN.fullmatch(folded) is not None


def has_single(node: Node) -> bool:
    """Whether a query has a word of one character, which the index answers slowly when it is frequent."""
    match node:
        case Term(folded):
            return any(len(run) == 1 for run in RUN.findall(folded))
        case Not(part):
            return has_single(part)
        case And(parts) | Or(parts):
            return any(map(has_single, parts))
        case _:
            return False


def ask_index(node: Node, *, loosely: bool = False) -> Ask | None:
    """Return what to ask the index; ``None`` when it can't narrow the search.

    ``loosely`` leaves words of one character to be verified.

    >>> ask_index(Term("总工会"))
    Words(words=('总工', '工会'), prefix=False)
    >>> ask_index(Term("工"), loosely=True) is None
    True
    """
    match node:
        case Term(folded):
            return None if loosely and has_single(node) else ask_term(folded)
        case Filter(field, _, value):
            if field in _MARKED:
                return ask_term(str(value), _MARKED[field])
            return Words((site_word(str(value)),)) if field == "site" else None
        case Not(_):
            return _ask_all((node,), loosely=loosely)
        case Or(parts):
            asked = [ask_index(part, loosely=loosely) for part in parts]
            known = tuple(ask for ask in asked if ask is not None)
            return Either(known) if len(known) == len(asked) else None
        case And(parts):
            return _ask_all(parts, loosely=loosely)


def ask_term(folded: str, mark: str = "") -> Ask | None:
    """Return what to ask for a word: its pairs of characters; single ones as a beginning.

    A run that a sign or a space ends has its last character as a word of its own, after which the
    next run begins: so a phrase with signs is one of words side by side, whatever the signs are.
    ``mark`` (`TITLE_MARK`, `SOURCE_MARK`) looks in that part alone.

    >>> ask_term("总工会，职工")
    Words(words=('总工', '工会', '会', '职工'), prefix=False)
    """
    *ended, last = RUN.findall(folded) or [""]
    words = [mark + word for run in ended for word in (*_pairs(run), run[-1])]
    words += [mark + pair for pair in _pairs(last)]
    asks: list[Ask] = [Words(tuple(words))] if words else []
    if len(last) == 1:
        asks.append(Words((mark + last,), prefix=True))
    if not asks:
        return None
    return asks[0] if len(asks) == 1 else Both(tuple(asks))


def _pairs(run: str) -> list[str]:
    return [run[place : place + _WORD_LENGTH] for place in range(len(run) - 1)]


def _ask_all(parts: tuple[Node, ...], *, loosely: bool) -> Ask | None:
    asked = (ask_index(part, loosely=loosely) for part in parts if not isinstance(part, Not))
    wanted = [ask for ask in asked if ask is not None]
    unwanted = [
        ask
        for part in parts
        if isinstance(part, Not) and is_exact(part.part) and not (loosely and has_single(part))
        if (ask := ask_index(part.part)) is not None
    ]
    if unwanted and not wanted:
        wanted = [Words((EVERY_ARTICLE,))]
    if not wanted:
        return None
    base: Ask = wanted[0] if len(wanted) == 1 else Both(tuple(wanted))
    for rest in unwanted:
        base = Without(base, rest)
    return base


def find(folded_text: str, term: str, start: int = 0) -> tuple[int, int] | None:
    """Return where a text has a word, from ``start`` on; ``None`` when it has not."""
    if " " in term:
        spaced = re.compile(r"\s+".join(map(re.escape, term.split(" ")))).search(folded_text, start)
        return spaced.span() if spaced else None
    place = folded_text.find(term, start)
    return None if place < 0 else (place, place + len(term))


def compare_numbers(left: Any, comparison: str, right: Any) -> Any:  # noqa: ANN401 - values or columns alike
    """Compare as a filter says: two values, or a column of the database and a value.

    >>> compare_numbers(7, ">=", 7), compare_numbers(7, "<", 7)
    (True, False)
    """
    return _COMPARISONS[comparison](left, right)


_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq}


def terms_to_mark(node: Node) -> list[str]:
    """Return the words of a query to mark for a reader, without those under NOT."""
    match node:
        case Term(folded):
            return [folded]
        case And(parts) | Or(parts):
            return [term for part in parts for term in terms_to_mark(part)]
        case _:
            return []
