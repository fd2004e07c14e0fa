"""How near a repaired text is to the original: exact, or character error rate."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

# Archives of pages lose the difference, so it does not count as an error of repair.
_WIDTHS = str.maketrans(",:;()!?", "，：；（）！？")


@dataclass
class Score:
    """Counts over paragraphs: those exact, characters, wrong ones among them, bytes and seconds."""

    paragraphs: int = 0
    exact: int = 0
    characters: int = 0
    errors: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0

    def add(self, repaired: str, original: str) -> None:
        """Count one paragraph; marks count as the same in either width."""
        one, other = repaired.translate(_WIDTHS), original.translate(_WIDTHS)
        self.paragraphs += 1
        self.exact += one == other
        self.characters += len(other)
        self.errors += 0 if one == other else edits(one, other)

    @property
    def row(self) -> str:
        """Return exact share, character error rate and speed, as cells of a table."""
        exact = self.exact / max(self.paragraphs, 1)
        errors = self.errors / max(self.characters, 1)
        speed = self.megabytes / max(self.seconds, 1e-9)
        return f"{exact:7.1%} | {errors:7.2%} | {speed:8.2f}"


def edits(one: str, other: str) -> int:
    """Return about how many characters must be inserted, deleted or replaced to turn one text into the other.

    >>> edits("全国工会", "全国总工会"), edits("工会", "工会")
    (1, 0)
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    spans = matcher.get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in spans if kind != "equal")
