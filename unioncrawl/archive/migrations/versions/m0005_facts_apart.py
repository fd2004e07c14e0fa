"""Bytes that fitted no encoding, a body that was cut, addresses that led to an article, fields of its text.

Until now a revision kept these facts in the words of its evidence alone. What stands there
is taken over into the new columns; the evidence stays as it was.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BYTES, _REDIRECT = "undecodable-bytes", "redirect"
# The rules that read a field in the repaired text, as they were on 29 November 2026.
_OF_THE_TEXT = (
    "source-bracket", "original-source", "lead", "signature", "closing-bracket", "caption", "credit-line",
    "dateline", "reprint-note",
)  # fmt: skip
# No page has more bytes than nine digits count; evidence that says more was changed since.
_MOST_DIGITS = 9
_BATCH = 500


def upgrade() -> None:
    """Add the columns and fill them from the evidence."""
    op.add_column("revision", sa.Column("undecodable_bytes", sa.BigInteger()))
    op.add_column("revision", sa.Column("body_is_cut", sa.Boolean()))
    op.add_column("revision", sa.Column("redirected_from", sa.JSON()))
    op.add_column("revision", sa.Column("read_in_text", sa.JSON()))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    json_type = sa.JSON(none_as_null=True)
    table = sa.table(
        "revision",
        sa.column("id", sa.BigInteger),
        sa.column("evidence", sa.JSON),
        sa.column("undecodable_bytes", sa.BigInteger),
        sa.column("redirected_from", json_type),
        sa.column("read_in_text", json_type),
    )
    change = sa.update(table).where(table.c.id == sa.bindparam("number"))
    # As text: evidence that is no JSON, which verify reports, does not end the migration.
    query = sa.select(table.c.id, sa.cast(table.c.evidence, sa.Text)).where(table.c.evidence.is_not(None))
    query = query.order_by(table.c.id).limit(_BATCH)
    last = -1
    while rows := connection.execute(query.where(table.c.id > last)).all():
        last = rows[-1].id
        for number, evidence in rows:
            facts = _facts(evidence)
            if facts:
                connection.execute(change.values(facts), {"number": number})


def _facts(evidence: str) -> dict[str, Any]:
    """The values of the new columns that the evidence gives; nothing where it gives none or is damaged."""
    try:
        pieces = [(one["field"], one["rule"], one["raw"]) for one in json.loads(evidence)]
    except (ValueError, TypeError, KeyError):
        return {}
    counts = [raw for _, rule, raw in pieces if rule == _BYTES]
    lost = sum(int(raw) for raw in counts if raw.isdecimal() and len(raw) <= _MOST_DIGITS)
    facts = {
        "undecodable_bytes": lost,
        "redirected_from": [raw for _, rule, raw in pieces if rule == _REDIRECT],
        "read_in_text": list(dict.fromkeys(field for field, rule, _ in pieces if rule in _OF_THE_TEXT)),
    }
    return {name: value for name, value in facts.items() if value}
