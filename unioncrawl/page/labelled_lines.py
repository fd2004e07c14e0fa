"""Short lines that carry labelled values, and where on the page they stand."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from unioncrawl.page.labels import Label, Labelled


class Zone(IntEnum):
    """Where on the page a metadata line stands, most trusted first."""

    HEAD = 0
    TAIL = 1
    ABOVE = 2
    AFTER = 3


class MetaLine(NamedTuple):
    """A short line that may carry metadata, its labelled values, and where it stands.

    ``text`` has its inline edges and white space as they are: the labelled
    values are cut from it.
    """

    place: int
    zone: Zone
    text: str
    parts: tuple[Labelled, ...]

    @property
    def unlabelled(self) -> str:
        """The text before the first label, white space collapsed."""
        text = self.text[: self.parts[0].start] if self.parts else self.text
        return " ".join(text.replace("\x1f", " ").split())

    @property
    def undated(self) -> str:
        """The line without its labelled dates, white space collapsed."""
        text = self.text
        for part in self.parts:
            if part.label in (Label.PUBLISHED, Label.UPDATED, Label.DRAWN_UP):
                text = text.replace(part.value, " ") if part.value else text
        return " ".join(text.replace("\x1f", " ").split())


def labelled(metas: tuple[MetaLine, ...], *labels: Label) -> list[tuple[MetaLine, Labelled]]:
    """The values of some labels, most trusted zone first, in page order; empty ones too."""
    return [(meta, part) for meta in metas for part in meta.parts if part.label in labels]
