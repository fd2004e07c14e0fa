"""Views for other people's tools: names instead of numbers, China's time beside UTC, no code to read first.

A view is a query with a name: it keeps nothing, costs no writing, and shows what the tables hold
now. `unioncrawl.archive.exports.meanings` says what each column means. SQLite refuses to drop a column that a
view reads: a later migration that changes such a table drops the views first.
"""

from __future__ import annotations

from contextlib import suppress

from alembic import op
from sqlalchemy.exc import OperationalError

revision = "0008"
down_revision = "0007"

# China's time is UTC+8 throughout, as in `unioncrawl.language.zones`: "Asia/Shanghai" would add the
# summer times of 1986 to 1991, and the two databases would differ.
_SQLITE = {
    "local": "datetime({0}, '+8 hours')",
    "utc": "{0}",
    "day": "date({0}, '+8 hours')",
    "month": "strftime('%Y-%m', {0}, '+8 hours')",
    "days_between": "CAST(julianday({1}) - julianday({0}) AS INTEGER)",
    "false": "0",
}
_POSTGRESQL = {
    "local": "({0} AT TIME ZONE INTERVAL '8 hours')",
    "utc": "({0} AT TIME ZONE 'UTC')",
    "day": "to_char({0} AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM-DD')",
    "month": "to_char({0} AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM')",
    "days_between": "(CAST({1} AS date) - CAST({0} AS date))",
    "false": "false",
}


def upgrade() -> None:
    """Add the views."""
    forms = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for name, query in (
        ("articles", _articles(forms)),
        ("hit_series", _hit_series(forms)),
        ("reprint_pairs", _reprint_pairs(forms)),
        ("site_days", _site_days(forms)),
    ):
        op.execute(f"CREATE VIEW {name} AS {query}")
    if op.get_bind().dialect.name == "sqlite":
        _let_the_index_be_scanned()


def _let_the_index_be_scanned() -> None:
    """Let each table be opened: an index without contents can't be scanned, and shows headlines now.

    The index stays as it is; its declaration alone names where its contents are. Words go in and out
    as before, and a search reads no content (https://www.sqlite.org/fts5.html#external_content_tables).
    The views above have changed the schema's number, so that every other connection reads it again.
    An SQLite that lets nobody write declarations leaves the table as it was, for searching alone.
    """
    op.execute(
        "CREATE VIEW search_content AS SELECT search_document.id AS id, revision.title AS tokens"
        " FROM search_document JOIN article ON article.id = search_document.article_id"
        " JOIN revision ON revision.id = article.revision_id"
    )
    op.execute("PRAGMA writable_schema=ON")
    with suppress(OperationalError):
        op.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'content=''''',"
            " 'content=search_content, content_rowid=id') WHERE name = 'search_index'"
        )
    op.execute("PRAGMA writable_schema=OFF")


def _both(forms: dict[str, str], column: str, name: str) -> str:
    """Return a time in China and in UTC, as two columns."""
    local, utc = forms["local"].format(column), forms["utc"].format(column)
    return f"{local} AS {name}_local, {utc} AS {name}_utc"


def _known_day(forms: dict[str, str]) -> str:
    """Return the day of publication; NULL where the page printed a month or a year alone."""
    day = forms["day"].format("article.published_at")
    return f"CASE WHEN revision.published_precision IN ('month', 'year') THEN NULL ELSE {day} END"


def _known_month(forms: dict[str, str]) -> str:
    month = forms["month"].format("article.published_at")
    return f"CASE WHEN revision.published_precision = 'year' THEN NULL ELSE {month} END"


# Joined from the left: a database leaves out a table of which a query reads no column.
_PRESENT = (
    "article LEFT JOIN revision ON revision.id = article.revision_id"
    " LEFT JOIN site ON site.id = article.site_id"
)


def _articles(forms: dict[str, str]) -> str:
    return f"""
SELECT article.id AS id, site.key AS site, site.name AS site_name, site.level AS level, site.region AS region,
  site_column.name AS column_name, article.url AS url, article.canonical_url AS canonical_url,
  revision.title AS title, revision.lead_title AS lead_title, revision.subtitle AS subtitle,
  revision.original_title AS original_title, {_both(forms, "article.published_at", "published")},
  {_known_day(forms)} AS published_day, {_known_month(forms)} AS published_month,
  revision.published_precision AS published_precision, revision.published_raw AS published_raw,
  article.hits AS hits, article.hits_raw AS hits_raw, article.hits_status AS hits_status,
  revision.source AS source, revision.original_source AS original_source, revision.author AS author,
  revision.correspondent AS correspondent, revision.photographer AS photographer,
  revision.editor AS editor, revision.reviewer AS reviewer, revision.proofreader AS proofreader,
  revision.dateline AS dateline, revision.body_text AS body_text, length(revision.body_text) AS characters,
  (SELECT count(*) FROM image WHERE image.revision_id = article.revision_id) AS image_count,
  (SELECT count(*) FROM attachment WHERE attachment.revision_id = article.revision_id) AS attachment_count,
  article.mirror AS mirror, coalesce(json_array_length(revision.steps), 0) AS repair_steps,
  coalesce(json_array_length(revision.unresolved), 0) AS unresolved,
  article.revision_number AS revision,
  (SELECT count(*) FROM revision AS edited
    WHERE edited.article_id = article.id AND edited.kind = 'edit') AS edits,
  reprint_member.group_id AS reprint_group, {_both(forms, "article.first_seen_at", "first_seen")},
  {_both(forms, "article.last_seen_at", "last_seen")}, {_both(forms, "article.vanished_at", "vanished")},
  {_both(forms, "article.withdrawn_at", "withdrawn")}
FROM {_PRESENT} LEFT JOIN site_column ON site_column.id = article.column_id
  LEFT JOIN reprint_member ON reprint_member.article_id = article.id
"""  # noqa: S608 - no value from outside


def _hit_series(forms: dict[str, str]) -> str:
    # Below half of the last number the counter began again: `unioncrawl.archive.reports.hit_series`.
    fell = "observation.hits < before.hits * 0.5"
    return f"""
SELECT observation.id AS id, observation.article_id AS article_id, site.key AS site, site.name AS site_name,
  revision.title AS title, {_both(forms, "observation.at", "at")},
  {forms["day"].format("observation.at")} AS day, observation.hits AS hits, observation.hits_raw AS hits_raw,
  observation.status AS status, before.hits AS previous_hits,
  CASE WHEN {fell} THEN observation.hits ELSE observation.hits - before.hits END AS change,
  CASE WHEN {fell} THEN 'reset' WHEN observation.hits < before.hits THEN 'decrease' ELSE '' END AS flag
FROM observation LEFT JOIN article ON article.id = observation.article_id
  LEFT JOIN revision ON revision.id = article.revision_id LEFT JOIN site ON site.id = article.site_id
  LEFT JOIN observation AS before ON before.id = (
    SELECT last.id FROM observation AS last
    WHERE last.article_id = observation.article_id AND last.hits IS NOT NULL
      AND (last.at, last.id) < (observation.at, observation.id)
    ORDER BY last.at DESC, last.id DESC LIMIT 1)
"""  # noqa: S608 - no value from outside


def _reprint_pairs(forms: dict[str, str]) -> str:
    return f"""
SELECT pair.group_id AS group_id, earlier.id AS earlier_id, earlier.site AS earlier_site,
  earlier.site_name AS earlier_site_name, earlier.title AS earlier_title, earlier.url AS earlier_url,
  earlier.published_local AS earlier_published_local, earlier.published_utc AS earlier_published_utc,
  later.id AS later_id, later.site AS later_site, later.site_name AS later_site_name,
  later.title AS later_title, later.url AS later_url, later.source AS later_source,
  later.published_local AS later_published_local, later.published_utc AS later_published_utc,
  {forms["days_between"].format("earlier.published_day", "later.published_day")} AS days_between,
  pair.kind AS kind, pair.jaccard AS jaccard, pair.containment AS containment
FROM ({_ordered_pairs(forms)}) AS pair
  JOIN articles AS earlier ON earlier.id = pair.earlier_id
  JOIN articles AS later ON later.id = pair.later_id
"""  # noqa: S608 - no value from outside


def _ordered_pairs(forms: dict[str, str]) -> str:
    """Return each member beside the one that it was matched with, the earlier one by date first.

    The order is that of `unioncrawl.archive.reprints.lineage`, without the sources that articles
    declare: a dated one first, the day, a mirror last within it, the time, the number.
    """
    one, other = (_order(forms, name) for name in ("one", "other"))
    is_first = f"({one}) <= ({other})"
    return f"""
  SELECT member.group_id, member.kind, member.jaccard, member.containment,
    CASE WHEN {is_first} THEN one.id ELSE other.id END AS earlier_id,
    CASE WHEN {is_first} THEN other.id ELSE one.id END AS later_id
  FROM reprint_member AS member JOIN article AS one ON one.id = member.article_id
    JOIN article AS other ON other.id = member.matched_article_id
    JOIN site AS one_site ON one_site.id = one.site_id
    JOIN site AS other_site ON other_site.id = other.site_id
"""  # noqa: S608 - no value from outside


def _order(forms: dict[str, str], name: str) -> str:
    day = forms["day"].format(f"{name}.published_at")
    time = f"coalesce({name}.published_at, {name}.first_seen_at)"
    is_mirror = f"({name}.mirror OR {name}_site.level = 'mirror')"
    return f"{name}.published_at IS NULL, coalesce({day}, ''), {is_mirror}, {time}, {name}.id"


def _site_days(forms: dict[str, str]) -> str:
    counted = ("articles", "with_hits", "hits", "withdrawn", "first_seen", "rejections")
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in counted)
    seen, refused = (forms["day"].format(at) for at in ("article.first_seen_at", "rejection.at"))
    return f"""
SELECT site.key AS site, site.name AS site_name, site.level AS level, site.region AS region,
  counted.day AS day, {sums}
FROM (
  SELECT article.site_id, {_known_day(forms)} AS day,
    CASE WHEN article.withdrawn_at IS NULL THEN 1 ELSE 0 END AS articles,
    CASE WHEN article.hits IS NULL OR article.withdrawn_at IS NOT NULL THEN 0 ELSE 1 END AS with_hits,
    CASE WHEN article.withdrawn_at IS NULL THEN coalesce(article.hits, 0) ELSE 0 END AS hits,
    CASE WHEN article.withdrawn_at IS NULL THEN 0 ELSE 1 END AS withdrawn, 0 AS first_seen, 0 AS rejections
  FROM article LEFT JOIN revision ON revision.id = article.revision_id WHERE article.published_at IS NOT NULL
  UNION ALL SELECT article.site_id, {seen}, 0, 0, 0, 0, 1, 0 FROM article
  UNION ALL SELECT rejection.site_id, {refused}, 0, 0, 0, 0, 0, 1 FROM rejection
) AS counted JOIN site ON site.id = counted.site_id
WHERE counted.day IS NOT NULL
GROUP BY site.key, site.name, site.level, site.region, counted.day
"""  # noqa: S608 - no value from outside
