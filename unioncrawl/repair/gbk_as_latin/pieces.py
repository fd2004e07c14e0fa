"""The result of reading a run of European letters: pieces restored, and pieces that stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Signs that the code page shares with Chinese text: they may be good text beside the damage.
CHINESE_SIGNS = "“”‘’…—"
# What such a sign is worth beside damage.
SIGN_COST = 5.0
# Chinese costs 4 to 9 nats a character, other letters read as Chinese 11 to 14.
UNLIKELY_COST = 10.0


class Piece(NamedTuple):
    """A stretch of a run: what it stands for, or ``lost`` when it stays as it is.

    ``start`` and ``end`` are code points of the run; ``cost`` is the sum over
    the characters; ``inserted`` counts dropped bytes put back; ``mixed`` says
    that some letters were pairs of bytes read as UTF-8.
    """

    start: int
    end: int
    text: str
    cost: float
    inserted: int = 0
    mixed: bool = False
    lost: bool = False

    @property
    def characters(self) -> int:
        """How many characters it stands for, without ASCII and signs; 0 when lost."""
        return 0 if self.lost else len(self.text) - len(self.text.encode("ascii", "ignore")) - self.signs

    @property
    def signs(self) -> int:
        """How many signs it stands for that may be good text beside the damage."""
        return 0 if self.lost else sum(map(self.text.count, CHINESE_SIGNS))


def join(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces in order, neighbours of one kind joined."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].lost == piece.lost:
            last = joined.pop()
            joined.append(
                Piece(
                    last.start,
                    piece.end,
                    last.text + piece.text,
                    last.cost + piece.cost,
                    last.inserted + piece.inserted,
                    last.mixed or piece.mixed,
                    piece.lost,
                )
            )
        else:
            joined.append(piece)
    return tuple(joined)
