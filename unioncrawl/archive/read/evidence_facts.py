"""Facts of an article that a revision keeps only in the words of its evidence.

The one place where evidence is read back: the archive has no columns for these facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from unioncrawl.fields.people.in_text import RULES
from unioncrawl.model import Evidence


class EvidenceFacts(NamedTuple):
    """The facts, as the fields of `unioncrawl.model.Article` that they are."""

    undecodable_bytes: int
    redirected_from: tuple[str, ...]
    read_in_text: tuple[str, ...]


def read_facts(evidence: Sequence[Evidence]) -> EvidenceFacts:
    """Return what the evidence of a stored article says about its bytes, its addresses and its bylines.

    >>> read_facts([Evidence("page", "undecodable-bytes", "2"), Evidence("author", "lead", "李方")])
    EvidenceFacts(undecodable_bytes=2, redirected_from=(), read_in_text=('author',))
    >>> read_facts([Evidence("source", "label:来源", "市总工会")])
    EvidenceFacts(undecodable_bytes=0, redirected_from=(), read_in_text=())
    """
    lost = (piece.raw for piece in evidence if piece.rule == "undecodable-bytes")
    return EvidenceFacts(
        undecodable_bytes=sum(int(count) for count in lost if count.isdecimal()),
        redirected_from=tuple(piece.raw for piece in evidence if piece.rule == "redirect"),
        read_in_text=tuple(dict.fromkeys(piece.field for piece in evidence if piece.rule in RULES)),
    )
