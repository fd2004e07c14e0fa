"""Restore a mirror's damage from a twin: the same story from elsewhere, undamaged.

The twin is damaged here as the mirror would damage it. Where the result is exactly
what the page shows, the page's text is certain: a whole line or, where the two were
edited apart, the run after words that both have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from unioncrawl.language.pinyin import HOSTED_NOTE, READING
from unioncrawl.repair.budget import Work
from unioncrawl.repair.mirror.page_phrases import ends_of
from unioncrawl.repair.mirror.pinyin_notes import note_dropper
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, convert, damage, narrow_marks
from unioncrawl.repair.mirror_model.script_lookups import READING_OF
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified
from unioncrawl.repair.plan import Edit

# How many characters before a run both must have, and how far after them a twin is read.
_ANCHOR, _AHEAD = 5, 60
# So many characters in a row must read alike again before a run is taken to have ended.
_IN_STEP = 3
# Damaging a few words as a mirror does takes as long as so many steps of a search.
_DAMAGING_STEPS = 8
# A note whose bracket was eaten.
_NOTE_TAIL = re.compile(rf"\?({READING})\)")


class TwinReader:
    """Reads a page's field against its twins; what that costs is taken off ``work``."""

    def __init__(self, text: str, evidence: MirrorEvidence, twins: Sequence[str], work: Work) -> None:
        self._text, self._work = text, work
        self._twins = [line.strip() for twin in twins for line in twin.split("\n") if line.strip()]
        self._evidence = evidence
        usual = Mirror(self._annotated(), Decoder.SWALLOWING, narrow=evidence.narrow, commas=evidence.commas)
        dropping = replace(usual, decoder=Decoder.DROPPING)
        self._mirrors = (usual, dropping) if evidence.torn else (dropping, usual)

    def _annotated(self) -> frozenset[str]:
        """Return the characters that the mirror annotates, also those annotated only in a broken run."""
        hosted = HOSTED_NOTE.findall(self._text)
        readings = {reading.strip() for _, reading in hosted}
        readings |= {tail[1].strip() for tail in _NOTE_TAIL.finditer(self._text)}
        written = set(convert("".join(self._twins))) - self._evidence.bare
        noted = {host for host, reading in hosted if READING_OF.get(host) == reading.strip()}
        broken = {char for char in written if READING_OF.get(char) in readings}
        return self._evidence.annotated | noted | broken

    def lines(self) -> Iterator[Edit]:
        """Yield edits for lines that a twin has too, where undoing notes and script doesn't restore them."""
        if not self._twins:
            return
        drop = note_dropper(self._text, self._evidence)
        plain = {self._width(line) for line in self._twins}
        start = 0
        for line in self._text.split("\n"):
            # Where undoing notes and script gives the twin's line, the twin need not be damaged.
            original = None if turn_to_simplified(drop(line)) in plain else self._damaged.get(line)
            if original is not None:
                yield Edit(start, start + len(line), self._width(original))
            start += len(line) + 1

    @cached_property
    def _damaged(self) -> dict[str, str]:
        """The twins' lines by what the mirror makes of them."""
        return {damage(line, mirror): line for line in self._twins for mirror in self._mirrors}

    @cached_property
    def _narrowed(self) -> list[str]:
        return [narrow_marks(twin) for twin in self._twins]

    def settle(self, start: int, plain: str) -> tuple[int, str] | None:
        """Return where the run at a place ends and what it was; None when no twin has it.

        ``plain`` is the text before it, as restored.
        """
        anchor = narrow_marks(plain[-_ANCHOR:])
        if len(anchor) < _ANCHOR or "\n" in anchor:
            return None
        for twin, narrowed in zip(self._twins, self._narrowed, strict=True):
            for end in ends_of(anchor, narrowed):
                if self._work.is_stopped:
                    return None
                known, ahead = twin[end - _ANCHOR : end], twin[end : end + _AHEAD]
                for mirror in self._mirrors:
                    found = self._read(start, known, ahead, mirror)
                    if found is not None:
                        return found
        return None

    def _read(self, start: int, known: str, ahead: str, mirror: Mirror) -> tuple[int, str] | None:
        previous = damage(known, mirror)
        begin, in_step, first = start - len(previous), 0, 0
        for count in range(1, len(ahead) + 1):
            self._work.spend(_DAMAGING_STEPS)
            shown = damage(known + ahead[:count], mirror)
            is_seen = self._text.startswith(shown, begin)
            # Within a run each character changes those before it, or is shown as another.
            if is_seen and _shows(shown, previous, ahead[count - 1], mirror):
                first = first if in_step else count
                in_step += 1
            else:
                first, in_step = count, 0
            previous = shown
            if in_step == _IN_STEP or (is_seen and count == len(ahead) and self._ends(begin + len(shown))):
                end = begin + len(damage(known + ahead[:first], mirror))
                return end, self._width(ahead[:first])
        return None

    def _ends(self, place: int) -> bool:
        return self._text[place : place + 1] in ("", "\n", "<")

    def _width(self, original: str) -> str:
        return narrow_marks(original) if self._evidence.narrow else original


def _shows(shown: str, previous: str, char: str, mirror: Mirror) -> bool:
    """Whether a page that grew by a character shows that character after the previous text."""
    return shown.startswith(previous) and shown.startswith(damage(char, mirror), len(previous))
