"""The records of a repair: the text, every change made to it, and the damage that is left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One change to a text.

    ``start`` and ``end`` are code points in the text as it stood before this
    step, so that replaying the steps in order gives the output. ``confidence``
    is between 0 and 1; ``evidence`` says in a phrase what decided.
    """

    kind: str
    start: int
    end: int
    before: str
    after: str
    confidence: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Damage that stays, or was restored without certainty: a span of the output, in code points.

    ``reason`` says what is known; ``alternatives`` are the texts that the span may have
    been instead of what stands there, the likeliest first.
    """

    start: int
    end: int
    reason: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after repair, every change made to it, and the damage that is left."""

    text: str
    steps: tuple[Step, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any step was taken."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class FieldStep:
    """A repair step and the article's field that it changed."""

    field: str
    step: Step


@dataclass(frozen=True, slots=True)
class FieldUnresolved:
    """Damage that stays, and the article's field that has it."""

    field: str
    unresolved: Unresolved
