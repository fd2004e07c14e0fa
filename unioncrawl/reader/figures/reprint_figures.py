"""Reprints: who is reprinted, by whom, and the newest stories that several sites carried."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from unioncrawl.archive.reports.reprint_flows import Flows, load_flows, load_stories
from unioncrawl.archive.schema import site
from unioncrawl.reader.charts.bars import Bar, draw_bars
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, Linked, caption, day_of
from unioncrawl.reader.page_view import PageView

_MOST_BARS, _STORIES = 20, 30


def reprinted(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """How many reprints elsewhere each site's stories had, beside how many it took from others."""
    del asked
    return reprinted_figure(view, load_flows(connection), load_names(connection))


def reprinted_figure(view: PageView, flows: Flows, names: Mapping[str, str]) -> Figure:
    """Return who is reprinted of some flows; ``names``: of sites, by key."""
    given, taken = flows.given(), flows.taken()
    ordered = sorted({*given, *taken}, key=lambda key: (-given[key], -taken[key], key))
    title = view.words("reprints.reprinted", stories=_stories(view, flows))
    rows = tuple((Linked(names[key], f"/sites/{key}"), given[key], taken[key]) for key in ordered)
    bars = [Bar(names[key], given[key]) for key in ordered[:_MOST_BARS]]
    keys = ("site", "given", "taken")
    words = caption(view, "reprinted", title, view.words("reprints.described", number=given.total()))
    return Figure(
        name="reprinted",
        title=title,
        columns=tuple(view.words(f"reprint_columns.{key}") for key in keys),
        rows=rows,
        drawn=draw_bars(words, bars),
        notes=(view.words("reprints.counted"),),
    )


def reprint_pairs(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """From which site to which one how many stories went, most first."""
    del asked
    return pairs_figure(view, load_flows(connection), load_names(connection))


def pairs_figure(view: PageView, flows: Flows, names: Mapping[str, str]) -> Figure:
    """Return who reprints whom of some flows."""
    pairs = sorted(flows.pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = tuple(
        (Linked(names[first], f"/sites/{first}"), Linked(names[other], f"/sites/{other}"), number)
        for (first, other), number in pairs
    )
    title = view.words("reprints.pairs", stories=_stories(view, flows))
    bars = [Bar(f"{names[first]} → {names[other]}", number) for (first, other), number in pairs[:_MOST_BARS]]
    keys = ("first", "other", "stories")
    return Figure(
        name="reprint-pairs",
        title=title,
        columns=tuple(view.words(f"reprint_columns.{key}") for key in keys),
        rows=rows,
        drawn=draw_bars(caption(view, "reprint-pairs", title, view.words("reprints.pairs_described")), bars),
        notes=(view.words("reprints.counted"),),
    )


def load_names(connection: Connection) -> Mapping[str, str]:
    """Return the name of each site by its key."""
    rows = connection.execute(select(site.c.key, site.c.name))
    return {row.key: row.name or row.key for row in rows}


def _stories(view: PageView, flows: Flows) -> str:
    """Return which stories were counted, as the title of a figure says it."""
    key = "reprints.of_all" if flows.is_whole else "reprints.of_newest"
    return view.words(key, counted=f"{flows.counted:,}", stories=f"{flows.stories:,}")


def stories(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The newest stories that several articles carried: the first publication, and how many sites."""
    del asked
    rows = tuple(
        (
            day_of(one.first.record.published_at),
            Linked(one.first.record.title or f"#{one.first.id}", f"/articles/{one.first.id}"),
            Linked(one.first.site_name or one.first.record.site, f"/sites/{one.first.record.site}"),
            Linked(len(one.members), f"/articles/{one.first.id}/lineage"),
            len({member.record.site for member in one.members}),
        )
        for one in load_stories(connection, _STORIES)
    )
    keys = ("day", "title", "first", "articles", "sites")
    return Figure(
        name="stories",
        title=view.words("reprints.stories"),
        columns=tuple(view.words(f"reprint_columns.{key}") for key in keys),
        rows=rows,
    )
