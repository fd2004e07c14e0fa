"""A plan of changes to a text: made by a repair, applied as steps, replayable.

A repair looks at a text and answers with a ``Finding``: non-overlapping edits
on the text it was given, and the spans that it could not restore. ``carry_out``
turns the edits into ``Step`` records, each with offsets in the text as it stood
before that step, so that ``replay`` on the input gives the output.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unioncrawl.errors import UnioncrawlError
from unioncrawl.model import Step, Unresolved


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``text[start:end]`` by ``after``; code points of the repair's input.

    ``kind`` names the step when a repair makes steps of several kinds.
    """

    start: int
    end: int
    after: str
    confidence: float = 1.0
    evidence: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one repair found in one text: edits, and damage that it can't restore.

    Edits are in text order and don't overlap. ``unresolved`` spans are in the
    repair's input too, like the edits.
    """

    edits: tuple[Edit, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


NOTHING = Finding()


def replay(text: str, steps: Iterable[Step]) -> str:
    """Take the steps on the text, in order; the result of repairing it.

    Raises ``UnioncrawlError`` when a step does not find what it replaces: then
    the steps belong to another text.

    >>> replay("全國(guó)總工會", [Step("mirror-note", 2, 7, "(guó)", "", 1.0)])
    '全國總工會'
    >>> replay("全国总工会", [])
    '全国总工会'
    """
    pieces: list[str] = []
    for step in steps:
        if text[step.start : step.end] != step.before:
            raise UnioncrawlError(
                f"step {step.kind} at {step.start} does not find {step.before!r}.",
                next_step="Replay the steps on the text they were made for.",
                stage="repair",
            )
        pieces[:] = (text[: step.start], step.after, text[step.end :])
        text = "".join(pieces)
    return text


def carry_out(text: str, kind: str, edits: Sequence[Edit]) -> tuple[str, tuple[Step, ...]]:
    """Apply edits to the text they were made for; answer the new text and its steps.

    Edits that change nothing make no step.

    >>> carry_out("會(huì)議(yì)", "note", [Edit(1, 6, ""), Edit(7, 11, "")])[0]
    '會議'
    >>> carry_out("會議", "note", [])
    ('會議', ())
    """
    pieces: list[str] = []
    steps: list[Step] = []
    done = shift = 0
    for edit in edits:
        before = text[edit.start : edit.end]
        if before == edit.after:
            continue
        pieces += (text[done : edit.start], edit.after)
        done = edit.end
        steps.append(
            Step(
                edit.kind or kind,
                edit.start + shift,
                edit.end + shift,
                before,
                edit.after,
                edit.confidence,
                edit.evidence,
            )
        )
        shift += len(edit.after) - len(before)
    pieces.append(text[done:])
    return "".join(pieces), tuple(steps)


def carry_over(unresolved: Iterable[Unresolved], edits: Sequence[Edit]) -> tuple[Unresolved, ...]:
    """Move spans from an edited text's input to its output; a span edited away is dropped.

    >>> carry_over([Unresolved(4, 5, "lost")], [Edit(1, 3, "")])
    (Unresolved(start=2, end=3, reason='lost'),)
    """
    return tuple(_moved(unresolved, edits))


def _moved(unresolved: Iterable[Unresolved], edits: Sequence[Edit]) -> Iterator[Unresolved]:
    for span in unresolved:
        start = _place(span.start, edits, at_end=False)
        end = _place(span.end, edits, at_end=True)
        if start < end:
            yield Unresolved(start, end, span.reason)


def _place(position: int, edits: Sequence[Edit], *, at_end: bool) -> int:
    """Where an offset of the input lies in the output; inside an edit, at its near or far side.

    An edit that keeps the length keeps the places inside it.
    """
    shift = 0
    for edit in edits:
        if position >= edit.end:
            shift += len(edit.after) - (edit.end - edit.start)
        elif position > edit.start:
            if len(edit.after) == edit.end - edit.start:
                return position + shift
            return edit.start + shift + (len(edit.after) if at_end else 0)
        else:
            break
    return position + shift
