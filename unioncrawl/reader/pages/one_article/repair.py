"""``/articles/{id}/repair``: an article as it was printed beside what repair made of it, step by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.read.repaired_fields import RepairedField, repaired_fields
from unioncrawl.archive.read.revisions import load_present
from unioncrawl.model import Repaired, Unresolved
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.one_article.field_names import field_name
from unioncrawl.reader.words import load_words
from unioncrawl.reader.words.repair_reasons import chinese_reason
from unioncrawl.repair.explain import Spot, explained_lines
from unioncrawl.repair.plan import SURE

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why spots were changed: the kind of a step, what decided, how sure it is."""

    kind: str
    evidence: str
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether the step is as sure as those that are taken without a mark."""
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of a line that have the same reasons: what stood there and what stands there now."""

    pairs: tuple[tuple[str, str], ...]
    reasons: tuple[StepReason, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A place that is not certain: what stands there, why, and what it may have been instead."""

    text: str
    reason: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a field: its spots, and what is said about them."""

    number: int
    spots: tuple[Spot, ...]
    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownField:
    """A repaired field on the page."""

    name: str
    field: RepairedField
    lines: tuple[ShownLine, ...]


@router.get("/articles/{article_id}/repair")
def repair_page(request: Request, article_id: ArticleId) -> Response:
    """Show the original beside the repaired text, each step with its reason and confidence."""
    view = page_view(request)
    with view.reader.connected() as connection:
        stored = load_present(connection, article_id)
    fields = [show_field(one, view.language) for one in repaired_fields(stored.record)]
    return view.render(
        "repair.html.j2",
        stored=stored,
        record=stored.record,
        fields=fields,
        sure=SURE,
        own_words=chinese_reason if view.language == "zh" else lambda _: "",
        repair_kind=lambda kind: _kind_name(kind, view.language),
    )


def _kind_name(kind: str, language: str) -> str:
    """Return what a kind of step is called; one that has no name as it stands in the record."""
    return load_words(language).get("repair.kind." + kind, kind)


def show_field(field: RepairedField, language: str) -> ShownField:
    """Return a field as lines of spots, each line with the reasons of its changes."""
    left = _left_by_line(field.repaired)
    lines = tuple(
        ShownLine(line.number, line.spots, tuple(_changes(line.spots)), tuple(left[line.number]))
        for line in explained_lines(field.original, field.repaired)
    )
    return ShownField(field_name(field.name, language), field, lines)


def _changes(spots: Sequence[Spot]) -> Iterator[Change]:
    pairs: dict[tuple[StepReason, ...], dict[tuple[str, str], None]] = {}
    for spot in spots:
        if spot.steps:
            reasons = tuple(
                dict.fromkeys(StepReason(step.kind, step.evidence, step.confidence) for step in spot.steps)
            )
            pairs.setdefault(reasons, {})[spot.before, spot.after] = None
    for reasons, some in pairs.items():
        yield Change(tuple(some), reasons)


def _left_by_line(repaired: Repaired) -> defaultdict[int, list[Left]]:
    lines: defaultdict[int, list[Left]] = defaultdict(list)
    number, counted = 1, 0
    for span in sorted(repaired.unresolved, key=_place):
        number += repaired.text.count("\n", counted, span.start)
        counted = span.start
        lines[number].append(Left(repaired.text[span.start : span.end], span.reason, span.alternatives))
    return lines


def _place(span: Unresolved) -> int:
    return span.start
