"""Reports on the archive: adoption by month, fill rates of fields."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from unioncrawl.archive.reports.publication_days import china_day
from unioncrawl.archive.schema import article, revision, site
from unioncrawl.archive.sql import bytewise
from unioncrawl.language.folding import fold
from unioncrawl.language.zones import CHINA
from unioncrawl.model.article_fields import FIELDS, WORDS

# What an article in an outlet of this level counts in 信息采用通报; a parameter.
LEVEL_WEIGHTS: Mapping[str, float] = {
    "national": 5.0,
    "paper": 4.0,
    "province": 3.0,
    "industry": 3.0,
    "city": 2.0,
    "county": 1.0,
    "mirror": 0.0,
    "practice": 1.0,
}
_BATCH = 1_000
# The names that offices use for the columns of a 信息采用通报.
_OFFICE_NAMES = {
    "month": "月份",
    "unit": "单位",
    "national": "全国",
    "paper": "报刊",
    "province": "省级",
    "industry": "产业",
    "city": "市级",
    "county": "县级",
    "mirror": "转载站",
    "practice": "练习站",
    "articles": "采用篇数",
    "score": "得分",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A table with a title and notes; cells are text, numbers or ``None``.

    ``labels`` head the columns on paper; ``columns`` are for machines. ``details`` is a second
    table: what the numbers of the first one count.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    notes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    details: Report | None = None

    @property
    def head(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return self.labels or self.columns


def present_articles(
    connection: Connection,
    *columns: Any,  # noqa: ANN401 - columns of any type
    where: Sequence[ColumnElement[bool]] = (),
) -> Iterator[Row[Any]]:
    """Yield date, site and other columns of each article that is not withdrawn."""
    query = (
        select(article.c.published_at, site.c.key, site.c.name, site.c.level, *columns)
        .join(site, site.c.id == article.c.site_id)
        .join(revision, revision.c.id == article.c.revision_id)
        .where(article.c.withdrawn_at.is_(None), *where)
    )
    with connection.execution_options(yield_per=_BATCH).execute(query) as rows:
        yield from rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRequest:
    """Which units, which months (``2024-05`` to ``2024-07``), which weights."""

    units: tuple[str, ...]
    first_month: str
    last_month: str
    weights: Mapping[str, float] = field(default_factory=lambda: LEVEL_WEIGHTS)


def report_adoption(connection: Connection, request: AdoptionRequest) -> Report:
    """月度信息采用通报: how often outlets of each level carried news of each unit, by month.

    An article counts once for each unit that its source, its author, or the first
    or last line of its body names. An outlet's own news counts as well. Units and
    months without articles keep their row; the articles that count are the details.
    """
    adopted = _adopted(connection, request)
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in adopted:
        counts[one.month, one.unit][one.level] += 1
    levels = {level for counted in counts.values() for level in counted}
    shown = tuple(level for level in request.weights if level in levels) or ("national", "province", "city")
    rows = []
    for month in _months(request.first_month, request.last_month):
        for unit in request.units:
            counted = counts[month, unit]
            numbers = (counted[level] for level in shown)
            rows.append((month, unit, *numbers, *_total(counted, request.weights)))
    columns = ("month", "unit", *shown, "articles", "score")
    labels = tuple(_OFFICE_NAMES.get(name, name) for name in columns)
    weights = "，".join(
        f"{_OFFICE_NAMES.get(level, level)} {request.weights.get(level, 0):g}" for level in shown
    )
    notes = (
        f"{request.first_month} 至 {request.last_month}。",
        f"每篇计分：{weights}。",
        _COUNTED,
        *_undated(connection),
    )
    listed = tuple(
        (one.month, one.unit, one.title, one.outlet, one.level, one.day, one.link) for one in adopted
    )
    details = Report("采用篇目", _LISTED, listed, labels=_LISTED_LABELS)
    return Report("信息采用通报", columns, tuple(rows), notes, labels, details)


# What the figures count: a report that leaves its office says it.
_COUNTED = (
    "计入：来源、作者、正文首行或末行写明该单位的文章，每家网站每篇计一次（转载各计一次，本单位网站也计）；"
    "月份按发布日期（北京时间）；已撤回的不计。"
    "Counted: articles whose source, author, first or last line names the unit, once for each site;"
    " by the day of publishing in China; without withdrawn articles."
)
_LISTED = ("month", "unit", "title", "outlet", "level", "date", "link")
_LISTED_LABELS = ("月份", "单位", "标题", "媒体", "级别", "日期", "链接")


@dataclass(frozen=True, slots=True)
class _Adopted:
    """An article that counts for a unit."""

    month: str
    unit: str
    title: str
    outlet: str
    level: str
    day: str
    link: str


def _undated(connection: Connection) -> tuple[str, ...]:
    """A note on the articles without a date, which are in no month; nothing where there are none."""
    query = select(func.count()).select_from(article)
    query = query.where(article.c.published_at.is_(None), article.c.withdrawn_at.is_(None))
    number = connection.execute(query).scalar_one()
    return (
        (f"{number} 篇没有发布日期，未计入。{number} articles without a date are not counted.",)
        if number
        else ()
    )


# Sites that carry the news of others, or invented news: no unit is named as they are.
_NO_UNITS = ("mirror", "paper", "practice")


def units_of_sites(connection: Connection, closed: Collection[str]) -> tuple[str, ...]:
    """Return the units that have a site here, without practice sites and those that are ``closed``."""
    query = select(site.c.key, site.c.name).where(site.c.level.not_in(_NO_UNITS))
    rows = connection.execute(query.order_by(bytewise(site.c.key)))
    return tuple(dict.fromkeys(row.name for row in rows if row.key not in closed))


def credited_units(connection: Connection, units: Sequence[str]) -> set[str]:
    """Return which of these units any article of the archive credits, whatever its date."""
    folded = {unit: fold(unit) for unit in units}
    found: set[str] = set()
    for row in present_articles(connection, revision.c.source, revision.c.author, revision.c.body_text):
        if len(found) == len(folded):
            break
        credit = fold(credit_lines(row.source, row.author, row.body_text))
        found.update(unit for unit, name in folded.items() if name in credit)
    return found


def _adopted(connection: Connection, request: AdoptionRequest) -> list[_Adopted]:
    """Return the articles that count, by month, unit and day."""
    units = {unit: fold(unit) for unit in request.units}
    found: list[_Adopted] = []
    credited = (revision.c.title, revision.c.source, revision.c.author, revision.c.body_text, article.c.url)
    times = (
        article.c.published_at >= _month_start(request.first_month),
        article.c.published_at < _month_start(request.last_month) + timedelta(days=32),
    )
    for row in present_articles(connection, *credited, where=times):
        month = f"{row.published_at.astimezone(CHINA):%Y-%m}"
        if request.first_month <= month <= request.last_month:
            credit = fold(credit_lines(row.source, row.author, row.body_text))
            day = row.published_at.astimezone(CHINA).date().isoformat()
            facts = (row.title, row.name or row.key, row.level, day, row.url)
            found += [_Adopted(month, unit, *facts) for unit, folded in units.items() if folded in credit]
    places = {unit: place for place, unit in enumerate(request.units)}
    return sorted(found, key=lambda one: (one.month, places[one.unit], one.day, one.link))


def _month_start(month: str) -> datetime:
    return datetime.strptime(f"{month}-01 +0800", "%Y-%m-%d %z")


def _total(counts: Counter[str], weights: Mapping[str, float]) -> tuple[int, float]:
    return counts.total(), sum(number * weights.get(level, 0.0) for level, number in counts.items())


def credit_lines(source: str, author: str, body_text: str) -> str:
    r"""Return the lines that credit an article: source, author, the first and the last line.

    >>> credit_lines("工人日报", "张三", "第一段\n第二段\n(西安市总工会 供稿)")
    '工人日报\n张三\n第一段\n(西安市总工会 供稿)'
    """
    lines = [line for line in body_text.split("\n") if line.strip()]
    return "\n".join([source, author, *lines[:1], *(lines[-1:] if len(lines) > 1 else [])])


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while f"{year:04d}-{month:02d}" <= last:
        yield f"{year:04d}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - months of a year


def is_month(text: str) -> bool:
    """Whether a text names a month as ``2024-05``, of a year in which there can be articles."""
    return re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", text) is not None


_FILLED = tuple(one.name for one in FIELDS if one.name in {*WORDS, "published_at", "hits", "column"})


# Fields that are no texts, each with its column.
_VALUES = {"published_at": "published_at", "hits": "hits", "column": "column_id"}


def _percent(number: int, of: int) -> float:
    return round(100 * int(number) / of, 1)


def report_fields(connection: Connection, since: datetime) -> Report:
    """Report what percentage of the articles of each day, by site, have each field.

    A field that falls from one day to the next shows a redesign.
    """
    texts = {name: revision.c[name] != "" for name in WORDS}
    has = texts | {name: article.c[column].is_not(None) for name, column in _VALUES.items()}
    # One number says which fields an article has: to group them, SQLite would sort the texts, in memory.
    bits = {name: 1 << place for place, name in enumerate(_FILLED)}
    filled = reduce(add, (case((has[name], bit), else_=0) for name, bit in bits.items()))
    query = (
        select(china_day(connection, article.c.first_seen_at), site.c.key, filled)
        .join(site, site.c.id == article.c.site_id)
        .join(revision, revision.c.id == article.c.revision_id)
        .where(article.c.withdrawn_at.is_(None), article.c.first_seen_at >= since)
        .execution_options(yield_per=_BATCH)
    )
    counts: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (day, key, fields), number in Counter(map(tuple, connection.execute(query))).items():
        counts[day, key][fields] += number
    rows = [
        (*place, of.total(), *(_percent(_having(of, bit), of.total()) for bit in bits.values()))
        for place, of in sorted(counts.items())
    ]
    return Report("Fill rate of fields (%)", ("day", "site", "articles", *_FILLED), tuple(rows))


def _having(counts: Counter[int], bit: int) -> int:
    return sum(number for fields, number in counts.items() if fields & bit)


def days_ago(now: datetime, days: int) -> datetime:
    """Return the moment so many days before."""
    return now.astimezone(UTC) - timedelta(days=days)
