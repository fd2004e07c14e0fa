"""Derive every article again from what is kept of it, in parallel, with a report."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from sqlalchemy import Connection, select

from unioncrawl.archive.captures.warc_reader import Place, load_page
from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.rederive import extract_again, normalize_again, repair_again
from unioncrawl.archive.reprints.repair_from_twin import twins_of
from unioncrawl.archive.schema import article, capture
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import And, Node, parse_query
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError, ArticleDamaged, DecodeError, ExtractError
from unioncrawl.language.folding import fold
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article, RawPage
from unioncrawl.model.article_fields import COMPARED
from unioncrawl.sites.profile import SiteProfile

Stage = Literal["extract", "repair", "normalize"]
_BATCH = 50
# The query that nothing was asked in.
EVERYTHING = And((parse_query(""),))
_DERIVED = (*COMPARED, "published_at", "published_precision", "column", "markup", "steps", "unresolved")


@dataclass(frozen=True, slots=True)
class Task:
    """One article to derive again; ``pages`` only for the stage ``extract``."""

    number: int
    article: Article
    stage: Stage
    pages: tuple[RawPage, ...] = ()
    profile: SiteProfile | None = None
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a task: the fields that differ, or why nothing could be derived."""

    number: int
    before: Article
    after: Article | None
    changed: tuple[str, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Report:
    """What a reprocessing found."""

    seen: int = 0
    same: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    by_model: int = 0
    # How many articles could not be derived because what is kept of them can't be read.
    unread: int = 0

    @property
    def failed(self) -> bool:
        """Whether something kept could not be read, or nothing was derived of all that was asked for."""
        return self.unread > 0 or (not self.seen and bool(self.problems))

    def note_damage(self, damaged: ArticleDamaged) -> None:
        """Note an article that can't be read back."""
        self.problems[damaged.message] += 1
        self.unread += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to derive again and from where; by site, its file and the model of its layouts."""

    node: Node
    stage: Stage
    captures: Path
    profiles: Mapping[str, SiteProfile] = field(default_factory=dict)
    models: Mapping[str, SiteModel] = field(default_factory=dict)
    workers: int = 1
    # The first and the last article, by their ids; None for all.
    ids: tuple[int, int] | None = None


# The models of a worker's plan: they would be sent along with each task otherwise.
_models: dict[str, SiteModel] = {}


def _begin(models: Mapping[str, SiteModel]) -> None:
    _models.update(models)
    # Ctrl-C is left to the process that writes; what that one was told to do at SIGTERM is not a worker's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _derive_in_worker(task: Task) -> Outcome:
    return derive(task, _models)


def derive(task: Task, models: Mapping[str, SiteModel] = MappingProxyType({})) -> Outcome:
    """Derive one article again; ``models`` are those of the plan."""
    match task.stage:
        case "extract":
            model = models.get(task.article.site)
            try:
                after = extract_again(task.article, task.pages, task.profile, task.twins, model)
            except (DecodeError, ExtractError) as error:
                return Outcome(task.number, task.article, None, problem=error.message)
        case "repair":
            after = repair_again(_with_zone(task), task.twins)
        case _:
            after = normalize_again(_with_zone(task))
    if after is None:
        return Outcome(task.number, task.article, None, problem="the page is not an article any more")
    changed = tuple(name for name in _DERIVED if _differs(task.article, after, name))
    return Outcome(task.number, task.article, after, changed)


def _with_zone(task: Task) -> Article:
    """Return the article with what only its site file says about its printed times."""
    return replace(task.article, time_zone=task.profile.foreign_zone if task.profile else "")


def _differs(before: Article, after: Article, name: str) -> bool:
    if name == "column":
        # The archive keeps one name of a column, in whichever script it came first.
        return fold(before.column) != fold(after.column)
    return bool(getattr(before, name) != getattr(after, name))


def reprocess(connection: Connection, plan: Plan, report: Report) -> Iterator[Outcome]:
    """Derive the articles of a plan again, newest first; ``report`` fills as it goes.

    Nothing is written: `write_outcomes` does that.
    """
    tasks = _tasks(connection, plan, report)
    if plan.workers <= 1:
        outcomes = (derive(task, plan.models) for task in tasks)
        yield from _counted(outcomes, report)
        return
    with ProcessPoolExecutor(plan.workers, initializer=_begin, initargs=(plan.models,)) as pool:
        while batch := list(islice(tasks, _BATCH * plan.workers)):
            yield from _counted(pool.map(_derive_in_worker, batch, chunksize=10), report)


def _counted(outcomes: Iterator[Outcome], report: Report) -> Iterator[Outcome]:
    for outcome in outcomes:
        report.seen += 1
        report.by_model += bool(outcome.after and outcome.after.site_model)
        if outcome.problem:
            report.problems[outcome.problem] += 1
        elif outcome.changed:
            report.changed += 1
            report.fields.update(outcome.changed)
        else:
            report.same += 1
        yield outcome


def write_outcomes(archive: Archive, outcomes: Iterator[Outcome], run_id: int) -> None:
    """Write what changed as re-derived revisions, in batches."""
    changed = (outcome.after for outcome in outcomes if outcome.changed and outcome.after)
    while batch := list(islice(changed, _BATCH)):
        archive.rederive(batch, run_id)


def _tasks(connection: Connection, plan: Plan, report: Report) -> Iterator[Task]:
    numbers = _numbers(connection, plan)
    for start in range(0, len(numbers), _BATCH):
        batch = load_articles(connection, numbers[start : start + _BATCH], report.note_damage)
        twins = twins_of(connection, batch)
        for stored in batch:
            task = _task(connection, plan, stored, report)
            if task is not None:
                yield replace(task, twins=twins.get(stored.id, ()))


def _numbers(connection: Connection, plan: Plan) -> list[int]:
    """Return the ids of a plan's articles; a range of all is read as such, however large the archive is."""
    if plan.ids is None:
        return [candidate.article_id for candidate in find_candidates(connection, plan.node)]
    first, last = plan.ids
    if plan.node == EVERYTHING:
        query = select(article.c.id).where(article.c.id.between(first, last)).order_by(article.c.id.desc())
        return list(connection.execute(query).scalars())
    found = (candidate.article_id for candidate in find_candidates(connection, plan.node))
    return [number for number in found if first <= number <= last]


def _task(connection: Connection, plan: Plan, stored: StoredArticle, report: Report) -> Task | None:
    if stored.withdrawn_at is not None:
        return None
    if plan.stage != "extract":
        return Task(stored.id, stored.record, plan.stage)
    try:
        pages = load_pages(connection, plan.captures, stored.id)
    except ArchiveError as error:
        report.problems[f"{error.message} {error.next_step}"] += 1
        report.unread += 1
        return None
    if not pages:
        report.problems["no capture is kept"] += 1
        return None
    return Task(stored.id, stored.record, plan.stage, tuple(pages), plan.profiles.get(stored.record.site))


def load_pages(connection: Connection, folder: Path, number: int) -> Sequence[RawPage]:
    """Load the newest captured page of each of an article's addresses.

    A visit does not capture every part again: an earlier visit captured the
    unchanged parts.
    """
    query = select(capture).where(
        capture.c.article_id == number,
        capture.c.file != "",
        capture.c.status < 300,  # noqa: PLR2004 - HTTP success
    )
    in_order = (capture.c.fetched_at.asc().nulls_first(), capture.c.id)
    newest = {row.url: row for row in connection.execute(query.order_by(*in_order))}
    places = (Place(row.file, row.offset, row.length, row.digest) for row in newest.values())
    return [load_page(connection, folder, place) for place in places]
