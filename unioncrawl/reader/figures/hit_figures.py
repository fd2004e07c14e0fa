"""Hits (点击量): which articles have most, and which grow."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.reports.hit_series import Window, missing_counts, most_hits, rank_by_growth
from unioncrawl.archive.schema import article
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.reader.charts.bars import Bar, draw_bars
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, Linked, caption, day_of, words_or
from unioncrawl.reader.page_view import PageView

RANKED = 20


def hits(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The articles with most hits at their last visit; of one site, or of all. Raises `SiteUnknown`."""
    find_site(connection, asked.site)
    found = most_hits(connection, asked.site, RANKED)
    title = view.words("hits.most", number=len(found))
    rows = tuple(
        (place, _article(one.id, one.record.title), _site(one), one.record.hits)
        for place, one in enumerate(found, 1)
    )
    bars = [Bar(f"{place}. {one.record.title}", one.record.hits) for place, one in enumerate(found, 1)]
    keys = ("place", "title", "site", "hits")
    return Figure(
        name="hits",
        title=title,
        columns=tuple(view.words(f"hit_columns.{key}") for key in keys),
        rows=rows,
        drawn=draw_bars(caption(view, "hits", title, view.words("hits.described")), bars),
        notes=tuple(_missing(view, connection, asked.site)),
        asked={"site": asked.site},
    )


def _article(number: int, title: str) -> Linked:
    return Linked(title or f"#{number}", f"/articles/{number}")


def _site(stored: StoredArticle) -> Linked:
    return Linked(stored.site_name or stored.record.site, f"/sites/{stored.record.site}")


def _missing(view: PageView, connection: Connection, site: str) -> list[str]:
    """Say how many articles have no count, and why: they are in no ranking."""
    reasons: Counter[str] = Counter()
    for counted in missing_counts(connection, site).values():
        reasons.update(counted)
    if not reasons:
        return []
    why = "; ".join(
        f"{words_or(view, f'hit_curve.status.{reason}', reason or '—')} {number}"
        for reason, number in reasons.most_common()
    )
    return [view.words("hits.missing", number=reasons.total(), why=why)]


def growth(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The articles that gained most hits in a time; without one in the month before the last visit.

    Raises `SiteUnknown`, `QueryError`.
    """
    find_site(connection, asked.site)
    window = Window(asked.start or (None if asked.end else _month_ago(connection)), asked.end)
    ranked = [one for one in rank_by_growth(connection, asked.site, window, RANKED) if one.gained > 0]
    title = view.words("hits.growth", number=len(ranked))
    rows = tuple(
        (
            place,
            _article(one.article.id, one.article.record.title),
            _site(one.article),
            one.gained,
            one.per_day,
            one.hits,
            view.words("site.list").join(
                view.words(f"hit_flags.{flag}") for flag in dict.fromkeys(one.flags)
            ),
        )
        for place, one in enumerate(ranked, 1)
    )
    bars = [Bar(f"{place}. {one.article.record.title}", one.gained) for place, one in enumerate(ranked, 1)]
    keys = ("place", "title", "site", "gained", "per_day", "hits", "flags")
    return Figure(
        name="growth",
        title=title,
        columns=tuple(view.words(f"hit_columns.{key}") for key in keys),
        rows=rows,
        drawn=draw_bars(caption(view, "growth", title, view.words("hits.growth_described")), bars),
        notes=(_window_words(view, window),),
        asked={"site": asked.site, "since": asked.since, "until": asked.until},
    )


def _month_ago(connection: Connection) -> datetime | None:
    last: datetime | None = connection.execute(select(func.max(article.c.last_observed_at))).scalar_one()
    return last and last.astimezone(UTC) - timedelta(days=30)


def _window_words(view: PageView, window: Window) -> str:
    since = day_of(window.since) if window.since else view.words("hits.first_visit")
    until = day_of(window.until - timedelta(seconds=1)) if window.until else view.words("hits.last_visit")
    return view.words("hits.window", since=since, until=until)
