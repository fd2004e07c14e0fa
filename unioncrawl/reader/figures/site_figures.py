"""The sites of an archive: what each has, its rhythm, its fields, its failures; by level and province."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from unioncrawl.archive.reports.site_overview import (
    Rhythm,
    Share,
    SiteFacts,
    by_level,
    by_province,
    last_days,
    load_columns,
    load_failed,
    load_field_fill,
    load_sites,
    read_rhythm,
    today_in_china,
)
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.outcomes import outcome_of
from unioncrawl.reader.charts.bars import Bar, draw_bars
from unioncrawl.reader.charts.province_tiles import PROVINCES, draw_tiles
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, Linked, caption, search_link, words_or
from unioncrawl.reader.page_view import PageView

_MOST_BARS = 20


def sites(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Every site: level, articles, first and last day, usual gap, silence."""
    del asked
    return sites_figure(view, load_sites(connection))


def sites_figure(view: PageView, found: Sequence[SiteFacts]) -> Figure:
    """Return the table of some sites."""
    today = today_in_china(datetime.now(UTC))
    rows = tuple(_site_row(view, one, one.rhythm(today)) for one in found)
    keys = ("name", "key", "level", "articles", "first", "last", "gap", "quiet", "silent")
    columns = tuple(view.words(f"site_columns.{key}") for key in keys)
    return Figure(name="sites", title=view.words("sites.all"), columns=columns, rows=rows)


def _site_row(view: PageView, one: SiteFacts, rhythm: Rhythm) -> tuple[object, ...]:
    return (
        Linked(one.name, f"/sites/{one.key}"),
        one.key,
        level_name(view, one.level),
        search_link(one.articles, f"site:{one.key}"),
        one.first,
        *_rhythm_cells(view, rhythm),
    )


def _rhythm_cells(view: PageView, rhythm: Rhythm) -> tuple[object, ...]:
    silent = view.words("sites.silent") if rhythm.is_silent else None
    return (rhythm.last, rhythm.gap_days, rhythm.quiet_days, silent)


def level_name(view: PageView, level: str) -> str:
    """Return what a page calls a level; one that no site file may have keeps its name."""
    return words_or(view, f"levels.{level}", level)


def levels(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Articles and sites of each level."""
    del asked
    return levels_figure(view, load_sites(connection))


def levels_figure(view: PageView, found: Sequence[SiteFacts]) -> Figure:
    """Return the levels of some sites."""
    shares = by_level(found)
    title = view.words("sites.by_level")
    bars = [Bar(level_name(view, one.name), one.articles) for one in shares]
    rows = tuple(
        (level_name(view, one.name), len(one.sites), search_link(one.articles, f"level:{one.name}"))
        if one.name
        else ("", len(one.sites), one.articles)
        for one in shares
    )
    columns = ("site_columns.level", "site_columns.sites", "site_columns.articles")
    words = caption(view, "levels", title, view.words("sites.levels_described", number=len(shares)))
    return Figure(
        name="levels",
        title=title,
        columns=tuple(map(view.words, columns)),
        rows=rows,
        # One bar says nothing that its number does not.
        drawn=draw_bars(words, bars) if len(bars) > 1 else "",
    )


def provinces(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Articles and sites of each province; a province without a site has no number."""
    del asked
    return provinces_figure(view, load_sites(connection))


def provinces_figure(view: PageView, found: Sequence[SiteFacts]) -> Figure:
    """Return the provinces of some sites."""
    shares = [one for one in by_province(found) if one.name in PROVINCES]
    title = view.words("sites.by_province")
    said = view.words("sites.provinces_described", number=len(shares), all=len(PROVINCES))
    words = caption(view, "provinces", title, said)
    rows = tuple(
        (_province(view, one.name), len(one.sites), search_link(one.articles, _of_sites(one)))
        for one in shares
    )
    columns = ("site_columns.province", "site_columns.sites", "site_columns.articles")
    return Figure(
        name="provinces",
        title=title,
        columns=tuple(map(view.words, columns)),
        rows=rows,
        drawn=draw_tiles(words, {one.name: one.articles for one in shares}) if shares else "",
        notes=(view.words("sites.provinces_note"),),
    )


def _province(view: PageView, code: str) -> str:
    one = PROVINCES[code]
    return one.chinese if view.language == "zh" else one.letters


def _of_sites(one: Share) -> str:
    return " OR ".join(f"site:{key}" for key in one.sites)


def columns(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The columns of a site: articles with a date, last day, usual gap, silence."""
    find_site(connection, asked.site)
    today = today_in_china(datetime.now(UTC))
    found = load_columns(connection, asked.site)
    rows = tuple(
        (
            name or view.words("sites.no_column"),
            sum(days.values()),
            *_rhythm_cells(view, read_rhythm(last_days(days), today)),
        )
        for name, days in found.items()
    )
    keys = ("column", "dated", "last", "gap", "quiet", "silent")
    return Figure(
        name="columns",
        title=view.words("sites.columns"),
        columns=tuple(view.words(f"site_columns.{key}") for key in keys),
        rows=rows,
        asked={"site": asked.site},
    )


def fields(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """How many of a site's newest articles have each field; raises `SiteUnknown`."""
    find_site(connection, asked.site)
    fill = load_field_fill(connection, asked.site)
    title = view.words("sites.fields", number=fill.articles)
    shares = {
        name: 100 * number / fill.articles if fill.articles else None for name, number in fill.filled.items()
    }
    named = {name: view.words(f"field_names.{name}") for name in shares}
    bars = [Bar(named[name], None if share is None else round(share, 1)) for name, share in shares.items()]
    rows = tuple((named[name], fill.filled[name], bar.value) for name, bar in zip(shares, bars, strict=True))
    heads = ("site_columns.field", "site_columns.articles", "site_columns.percent")
    words = caption(view, "fields", title, view.words("sites.fields_described"))
    return Figure(
        name="fields",
        title=title,
        columns=tuple(map(view.words, heads)),
        rows=rows,
        drawn=draw_bars(words, bars, "%"),
        asked={"site": asked.site},
    )


def failures(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Rejections by reason, and addresses that are owed a request. Raises `SiteUnknown`."""
    find_site(connection, asked.site)
    found = load_failed(connection, asked.site)
    title = view.words("sites.failures")
    bars = [Bar(reason_label(view, one.reason), one.rejections) for one in found[:_MOST_BARS]]
    rows = tuple((one.reason, reason_words(view, one.reason), one.rejections, one.owed) for one in found)
    keys = ("reason", "meaning", "rejections", "owed")
    said = view.words("sites.failures_described", number=sum(one.rejections for one in found))
    return Figure(
        name="failures",
        title=title,
        columns=tuple(view.words(f"site_columns.{key}") for key in keys),
        rows=rows,
        drawn=draw_bars(caption(view, "failures", title, said), bars),
        notes=(view.words("sites.owed_note"),),
        asked={"site": asked.site},
    )


def reason_words(view: PageView, reason: str) -> str:
    """Return what a reason means, in the language of a page."""
    meant = outcome_of(reason)
    return meant.english if view.language == "en" else meant.chinese


def reason_label(view: PageView, reason: str) -> str:
    """Return what a reason means as the name of a bar: without the sign that ends a sentence."""
    return reason_words(view, reason).rstrip(".。")
