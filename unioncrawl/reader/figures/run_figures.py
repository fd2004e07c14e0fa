"""Runs: how each ended, and what became of what its lists showed."""

from __future__ import annotations

from sqlalchemy import Connection

from unioncrawl.archive.crawl_state.entry_ledger import Fate
from unioncrawl.archive.reports.run_list import RunFacts, count_refused, load_runs
from unioncrawl.reader.charts.bars import Bar, draw_bars
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, Linked, caption, words_or
from unioncrawl.reader.figures.site_figures import reason_label, reason_words
from unioncrawl.reader.page_view import PageView

RUNS = 50


def runs(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The newest runs, of one spider or of all."""
    found = load_runs(connection, RUNS, spider=asked.site)
    return runs_figure(view, found, asked)


def runs_figure(view: PageView, found: list[RunFacts], asked: Asked) -> Figure:
    """Return the table of some runs."""
    keys = ("run", "spider", "started", "finished", "reason", "total", *Fate)
    return Figure(
        name="runs",
        title=view.words("runs.title"),
        columns=tuple(view.words(f"run_columns.{key}") for key in keys),
        rows=tuple(_row(view, one) for one in found),
        asked={"site": asked.site},
    )


def _row(view: PageView, one: RunFacts) -> tuple[object, ...]:
    entries = one.entries or {}
    return (
        Linked(f"#{one.id}", f"/runs/{one.id}"),
        one.spider,
        one.started_at,
        one.finished_at or view.words("runs.unfinished"),
        words_or(view, f"run_reasons.{one.reason}", one.reason),
        entries.get("total"),
        *(entries.get(fate) for fate in Fate),
    )


def entries_figure(view: PageView, one: RunFacts) -> Figure:
    """What became of the entries of a run's lists; a run without a ledger has no numbers."""
    title = view.words("runs.entries")
    counted = [(view.words(f"run_columns.{fate}"), (one.entries or {}).get(fate)) for fate in Fate]
    bars = [Bar(name, number) for name, number in counted] if one.entries is not None else []
    words = caption(view, "entries", title, view.words("runs.entries_described"))
    return Figure(
        name="",
        title=title,
        columns=(view.words("run_columns.fate"), view.words("run_columns.total")),
        rows=tuple((name, number) for name, number in counted if one.entries is not None),
        drawn=draw_bars(words, bars),
    )


def refused_figure(view: PageView, connection: Connection, one: RunFacts) -> Figure:
    """How many pages of a run each reason rejected."""
    counted = count_refused(connection, one.id)
    title = view.words("runs.refused")
    words = caption(
        view, "refused", title, view.words("runs.refused_described", number=sum(counted.values()))
    )
    keys = ("reason", "meaning", "rejections")
    return Figure(
        name="",
        title=title,
        columns=tuple(view.words(f"site_columns.{key}") for key in keys),
        rows=tuple((reason, reason_words(view, reason), number) for reason, number in counted.items()),
        drawn=draw_bars(
            words, [Bar(reason_label(view, reason), number) for reason, number in counted.items()]
        ),
    )
