"""Who took the pictures, corresponded, reviewed and proof-read; where a reprint comes from; the markup.

Until now these people stood in the evidence of a revision alone, proof-readers
among the reviewers. What stands there is taken over into the new columns. The
evidence holds the strings as printed: where the page was damaged the columns
stay empty until ``unioncrawl reprocess`` derives the article again. The same
holds for ``dateline`` and ``markup``, which no evidence holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from unioncrawl.archive.migrations.people_of_0003 import clean_people, clean_source

revision = "0003"
down_revision = "0002"

_COLUMNS = ("photographer", "correspondent", "reviewer", "proofreader", "original_source")
_PEOPLE = ("photographer", "correspondent", "reviewer")
# The labels that schema 0002 filed as reviewers and as sources, and what they are.
_PROOFREADERS = frozenset(["校对", "校审", "终校", "一校", "二校", "三校", "责任校对"])
_OTHER_STAFF = frozenset(["制作", "排版", "美编", "出品人", "策划", "统筹"])
_REPRINTED = frozenset(["本文转自", "转载自", "转自", "摘自", "原载", "转载于"])
_BATCH = 500


def upgrade() -> None:
    """Add the columns and fill them from the evidence of undamaged pages."""
    op.add_column("revision", sa.Column("exact_digest", sa.BigInteger()))
    for name in (*_COLUMNS, "dateline", "markup"):
        op.add_column("revision", sa.Column(name, sa.Text(), server_default="", nullable=False))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    table = sa.table(
        "revision",
        sa.column("id", sa.BigInteger),
        sa.column("evidence", sa.JSON),
        sa.column("steps", sa.JSON(none_as_null=True)),
        *(sa.column(name, sa.Text) for name in _COLUMNS),
    )
    change = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("number"))
        .values({name: sa.bindparam(f"its_{name}") for name in _COLUMNS})
    )
    last = -1
    while rows := connection.execute(_after(table, last)).all():
        last = rows[-1].id
        people = {row.id: _people_of(row.evidence) for row in rows if row.evidence}
        filled = [
            {"number": number, **{f"its_{name}": value for name, value in names.items()}}
            for number, names in people.items()
            if any(names.values())
        ]
        if filled:
            connection.execute(change, filled)


def _after(table: sa.TableClause, number: int) -> sa.Select[Any]:
    undamaged = sa.select(table.c.id, table.c.evidence).where(table.c.id > number, table.c.steps.is_(None))
    return undamaged.order_by(table.c.id).limit(_BATCH)


def _people_of(evidence: list[Mapping[str, str]]) -> dict[str, str]:
    names: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    for column, value in _values(evidence):
        if value and value not in names[column]:
            names[column].append(value)
    return {
        name: " ".join(found[:1] if name == "original_source" else found) for name, found in names.items()
    }


def _values(evidence: list[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the column and the value of each piece of evidence that holds one."""
    for piece in evidence:
        label = piece["rule"].removeprefix("label:")
        if piece["field"] == "source" and label in _REPRINTED:
            yield "original_source", clean_source(piece["raw"])
        elif piece["field"] in _PEOPLE and label not in _OTHER_STAFF:
            is_proof = piece["field"] == "reviewer" and label in _PROOFREADERS
            yield "proofreader" if is_proof else piece["field"], clean_people(piece["raw"])
