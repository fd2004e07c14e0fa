"""Run the table of repairs over the fields of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from unioncrawl.model import Repaired, Step, Unresolved
from unioncrawl.repair.budget import USUAL_BUDGET, Budget
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import carry_out, carry_over
from unioncrawl.repair.repairs_table import REPAIRS, Repair, hinted_kinds, is_suspect

# One layer of damage can hide another (entities escaped twice under a mirror's
# notes), so the table runs until nothing changes. Three layers were never seen, and
# each layer of misread UTF-8 doubles the text. The limit stops a text that never settles.
MAX_PASSES = 12


def repair(
    text: str, hint: str | None = None, *, twins: Sequence[str] = (), budget: Budget = USUAL_BUDGET
) -> Repaired:
    """Undo the damage of one text; clean text comes back identical.

    ``hint`` says what is known of the site (see ``Page``); ``twins`` are undamaged
    texts of the same story. What can't be restored with confidence, or only with more
    searching than ``budget`` allows, stays and is listed in ``unresolved``. Pure, idempotent, and
    ``replay(text, steps)`` gives the output.

    >>> repair("全國(guó)總工會(huì)召開會(huì)議").text
    '全国总工会召开会议'
    >>> repair("甪(lù)直镇总工会召开会议").text
    '甪(lù)直镇总工会召开会议'
    """
    if not is_suspect(text):
        return Repaired(text)
    return _repair_suspect({"": text}, Page((), hint, tuple(twins), budget))[""]


def repair_fields(
    fields: Mapping[str, str],
    *,
    hint: str | None = None,
    twins: Sequence[str] = (),
    budget: Budget = USUAL_BUDGET,
) -> dict[str, Repaired]:
    """Undo the damage of a page's fields; what one field shows helps the others.

    >>> fields = {"title": "全國總工會", "body": "全國(guó)總工會(huì)召開會(huì)議"}
    >>> repair_fields(fields)["title"].text
    '全国总工会'
    >>> repair_fields({"title": "關於工會"})["title"].text
    '關於工會'
    """
    if not any(map(is_suspect, fields.values())):
        return {name: Repaired(text) for name, text in fields.items()}
    return _repair_suspect(fields, Page((), hint, tuple(twins), budget))


def _repair_suspect(fields: Mapping[str, str], known: Page) -> dict[str, Repaired]:
    """Repair fields; ``known`` is a page without texts, for what the caller knows."""
    states = [_State(text) for text in fields.values()]
    for _ in range(MAX_PASSES):
        if not _one_pass(states, known) or not any(is_suspect(state.text) for state in states):
            break
    return {
        name: Repaired(state.text, tuple(state.steps), state.unresolved)
        for name, state in zip(fields, states, strict=True)
    }


@dataclass(slots=True)
class _State:
    """One field on its way through the table."""

    text: str
    steps: list[Step] = field(default_factory=list)
    unresolved: tuple[Unresolved, ...] = ()
    hinted: tuple[str, frozenset[str]] = ("", frozenset())

    def suspected_by(self, entry: Repair) -> bool:
        """Whether a repair suspects the text as it stands; one without a sign of its damage is not asked."""
        if self.hinted[0] is not self.text:
            self.hinted = self.text, hinted_kinds(self.text)
        return entry.kind in self.hinted[1] and entry.suspects(self.text)

    def take(self, entry: Repair, page: Page) -> bool:
        """Run one repair on the field; return whether the text changed."""
        finding = entry.function(self.text, page)
        self.unresolved = _without_repeats(carry_over((*self.unresolved, *finding.unresolved), finding.edits))
        self.text, steps = carry_out(self.text, entry.kind, finding.edits)
        self.steps.extend(steps)
        return bool(steps)


def _without_repeats(spans: tuple[Unresolved, ...]) -> tuple[Unresolved, ...]:
    """Keep the first reason of each place: several repairs may flag the same one."""
    first: dict[tuple[int, int], Unresolved] = {}
    for span in spans:
        first.setdefault((span.start, span.end), span)
    return tuple(first.values())


def _one_pass(states: Sequence[_State], known: Page) -> bool:
    changed = False
    for entry in REPAIRS:
        if not _is_left(entry, states):
            continue
        changed = _run(entry, states, known) or changed
        while _shows_layer(entry, states) and _run(entry, states, known):
            pass
    return changed


def _is_left(entry: Repair, states: Sequence[_State]) -> bool:
    return any(state.suspected_by(entry) for state in states)


def _shows_layer(entry: Repair, states: Sequence[_State]) -> bool:
    left = [state.text for state in states if state.suspected_by(entry)]
    return bool(left) and all(map(entry.shows_layer, left))


def _run(entry: Repair, states: Sequence[_State], known: Page) -> bool:
    """Run one repair on all fields; return whether any of them changed."""
    page = replace(known, texts=tuple(state.text for state in states))
    return sum(state.take(entry, page) for state in states) > 0
