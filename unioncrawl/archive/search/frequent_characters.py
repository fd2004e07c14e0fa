"""Count a frequent single character by the pairs that it stands in.

A character is a beginning of words for the index, which joins the documents of all of them: 3 µs an
article. Of a frequent one a few pairs hold nearly all its articles (工 stands in 工会 or 职工), and
the texts of the others are few.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.search.index.index_rows import headline
from unioncrawl.archive.search.index.index_words import RUN
from unioncrawl.archive.search.matching_articles import walk
from unioncrawl.archive.search.query import And, Node, Not, Or, Term
from unioncrawl.archive.search.query_sql import Plan, make_plan, number_column, select_numbers, top_parts
from unioncrawl.language.folding import fold_words
from unioncrawl.model.article_fields import HEADLINE_FIELDS

# So many of the newest texts show in which pairs a character stands, and whether it is frequent.
_SAMPLE = 100
_FREQUENT_SHARE = 0.4
_MOST_PAIRS = 6
# Reading the texts of more than these takes longer than the index.
_MOST_READ = 2_000


def plans_of(connection: Connection, node: Node) -> list[Plan]:
    """Return plans that have no match in common, and together all of a query."""
    whole = make_plan(connection, node)
    if whole.view is not None:
        # To an index beside the database a character is a word as any other.
        return [whole]
    parts = top_parts(node)
    single = next((part for part in parts if isinstance(part, Term) and _is_single(part.folded)), None)
    if single is not None:
        loose = make_plan(connection, node, loosely=True)
        if loose.asked is not None and _count_candidates(connection, loose) <= _MOST_READ:
            return [loose]
        rest = tuple(part for part in parts if part is not single)
        if plans := _by_pairs(connection, single, rest):
            return plans
    return [whole]


def _is_single(folded: str) -> bool:
    return len(folded) == 1 and RUN.fullmatch(folded) is not None


def _by_pairs(connection: Connection, single: Term, rest: tuple[Node, ...]) -> list[Plan]:
    """Return the plan of the pairs and that of what they leave; none where that would take long."""
    pairs = _frequent_pairs(connection, single.folded, And(rest))
    if not pairs:
        return []
    in_pairs = Or(tuple(map(Term, pairs)))
    left = make_plan(connection, And((*rest, Not(in_pairs), single)), loosely=True)
    if _count_candidates(connection, left) > _MOST_READ:
        return []
    return [make_plan(connection, And((*rest, in_pairs))), left]


def _count_candidates(connection: Connection, plan: Plan) -> int:
    asked = replace(plan, open=None, filters=())
    number = number_column(asked)
    return sum(
        connection.execute(select_numbers(asked, zone).with_only_columns(func.count(number))).scalar_one()
        for zone in plan.zones
    )


def _frequent_pairs(connection: Connection, character: str, rest: Node) -> list[str]:
    """Return the pairs of a frequent character by which most texts hold it; none for a rarer one."""
    newest = islice(walk(connection, make_plan(connection, rest, loosely=True)), _SAMPLE)
    ids = [candidate.article_id for candidate in newest]
    columns = (revision.c[name] for name in (*HEADLINE_FIELDS, "body_text"))
    query = select(*columns).join(article, article.c.revision_id == revision.c.id)
    texts = [
        _pairs(character, fold_words(headline(row)))
        for row in connection.execute(query.where(article.c.id.in_(ids)))
    ]
    held = [pairs for pairs in texts if pairs]
    if len(held) < _FREQUENT_SHARE * len(ids):
        return []
    chosen: list[str] = []
    while held and len(chosen) < _MOST_PAIRS:
        counted = Counter(pair for pairs in held for pair in pairs)
        chosen.append(min(counted, key=lambda pair: (-counted[pair], pair)))
        held = [pairs for pairs in held if chosen[-1] not in pairs]
    return chosen


def _pairs(character: str, folded: str) -> set[str]:
    """Return the index words of two characters in which a character stands."""
    found: set[str] = set()
    place = folded.find(character)
    while place >= 0:
        around = (folded[max(0, place - 1) : place + 1], folded[place : place + 2])
        found.update(pair for pair in around if len(pair) > 1 and RUN.fullmatch(pair))
        place = folded.find(character, place + 1)
    return found
