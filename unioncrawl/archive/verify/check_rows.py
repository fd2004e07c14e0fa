"""Check that the tables agree beyond their foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, or_, select

from unioncrawl.archive.database import RESTORE
from unioncrawl.archive.schema import (
    article,
    capture,
    observation,
    rejection,
    reprint_group,
    reprint_member,
    revision,
    run,
    search_document,
    site,
    site_column,
    site_model,
    url_alias,
)
from unioncrawl.archive.verify.findings import RECOUNT, REGROUP, REINDEX, SHOWN, Finding
from unioncrawl.archive.write.visit_rows import latest_with_hits
from unioncrawl.language.printed_number import small_number
from unioncrawl.layouts.site_model import digest_of

# Rows of these tables are never deleted, and their numbers have no gaps.
_WITHOUT_GAPS = (site, site_column, run, article, revision, observation, rejection, capture)
# A sort of fault: its check, the query for its rows, the message of each row, the next step.
_Fault = tuple[str, Select[Any], str, str]


def check_rows(connection: Connection) -> Iterator[Finding]:
    """Report missing rows and rows that contradict others; a few of each sort."""
    for table in _WITHOUT_GAPS:
        yield from _check_gaps(connection, table)
    for check, query, message, next_step in (
        *_of_revisions(),
        *_of_visits(),
        *_of_captures(),
        *_of_models(),
        *_of_indexes(),
    ):
        for row in connection.execute(query.limit(SHOWN)):
            yield Finding(check, message.format(*row), next_step)
    yield from _check_counts(connection)
    for model_id, model in connection.execute(select(site_model.c.id, site_model.c.model)):
        if digest_of(model) != model_id:
            yield Finding("models", f"the model {model_id} is not what it was when it was learnt", RESTORE)


def _check_gaps(connection: Connection, table: Table) -> Iterator[Finding]:
    query = select(func.count(), func.max(table.c.id)).select_from(table)
    count, last = connection.execute(query).one()
    if not count or count == last:
        return
    before = table.alias()
    gap = select(func.min(table.c.id) - 1).where(
        table.c.id != 1, ~select(before.c.id).where(before.c.id == table.c.id - 1).exists()
    )
    number = connection.execute(gap).scalar_one()
    yield Finding("rows", f"{last - count} rows of {table.name} are gone, number {number} for one", RESTORE)


def _of_revisions() -> Iterator[_Fault]:
    current = (revision.c.id == article.c.revision_id) & (revision.c.article_id == article.c.id)
    of_articles = select(article.c.id).select_from(article.outerjoin(revision, current))
    lost = of_articles.where(revision.c.id.is_(None))
    yield "revisions", lost, "article {} has lost its present revision", RESTORE
    gap = select(revision.c.article_id).group_by(revision.c.article_id)
    gap = gap.having(or_(func.min(revision.c.number) != 1, func.count() != func.max(revision.c.number)))
    yield "revisions", gap, "article {} has lost a revision", RESTORE
    for name in ("published_at", "content_hash"):
        differs = article.c[name].is_distinct_from(revision.c[name]) & article.c.withdrawn_at.is_(None)
        yield (
            "revisions",
            of_articles.where(differs, revision.c.id.is_not(None)),
            f"article {{}} has another {name} than its present revision",
            RECOUNT,
        )
    later = revision.alias()
    newer = select(later.c.id).where(
        later.c.article_id == article.c.id, later.c.number > article.c.revision_number
    )
    outdated = of_articles.where(or_(article.c.revision_number != revision.c.number, newer.exists()))
    yield "revisions", outdated, "article {} does not show its last revision", RECOUNT
    is_withdrawn = revision.c.kind == "withdrawn"
    half = of_articles.where(article.c.withdrawn_at.is_not(None) != is_withdrawn)
    yield "revisions", half, "article {} is withdrawn in its row or in its last revision alone", RESTORE
    kinds = select(revision.c.number, revision.c.article_id, revision.c.kind)
    kinds = kinds.where((revision.c.number == 1) != (revision.c.kind == "first"))
    yield "revisions", kinds, "revision {} of article {} can't be of the kind {}", RESTORE


def _of_visits() -> Iterator[_Fault]:
    latest_visit = observation.alias()
    latest = latest_with_hits(article.c.id).correlate(article).scalar_subquery()
    of_articles = select(article.c.id).outerjoin_from(article, latest_visit, latest_visit.c.id == latest)
    yield "visits", of_articles.where(latest_visit.c.id.is_(None)), "article {} has lost its visits", RESTORE
    pairs = (
        (latest_visit.c.hits, "hits"),
        (latest_visit.c.hits_raw, "hits_raw"),
        (latest_visit.c.status, "hits_status"),
    )
    differs = or_(*(article.c[name].is_distinct_from(column) for column, name in pairs))
    counted = of_articles.where(latest_visit.c.id.is_not(None), differs)
    yield "visits", counted, "article {} has other hits than its latest visit", RECOUNT
    at = observation.c.at
    span = select(observation.c.article_id, func.min(at).label("first"), func.max(at).label("last"))
    spans = span.group_by(observation.c.article_id).subquery()
    seen = select(article.c.id).join(spans, spans.c.article_id == article.c.id)
    seen = seen.where(
        or_(
            article.c.first_seen_at != spans.c.first,
            article.c.last_seen_at != spans.c.last,
            article.c.last_observed_at.is_distinct_from(spans.c.last),
        )
    )
    yield "visits", seen, "article {} has another first or last visit than its row says", RECOUNT


def _of_captures() -> Iterator[_Fault]:
    places = (capture.c.id, capture.c.file, capture.c.offset)
    owners = (capture.c.article_id.is_(None), capture.c.rejection_id.is_(None))
    astray = select(*places).where(or_(owners[0] == owners[1], owners[0] != capture.c.revision_id.is_(None)))
    yield "captures", astray, "capture {} (in {} at byte {}) belongs to nothing", RESTORE
    other = select(*places).join(revision, revision.c.id == capture.c.revision_id)
    other = other.where(revision.c.article_id != capture.c.article_id)
    yield "captures", other, "capture {} (in {} at byte {}) belongs to two articles", RESTORE


def _of_models() -> Iterator[_Fault]:
    named = select(revision.c.id, revision.c.article_id, revision.c.site_model)
    named = named.outerjoin(site_model, site_model.c.id == revision.c.site_model)
    lost = named.where(revision.c.site_model != "", site_model.c.id.is_(None))
    yield "models", lost, "revision {} of article {} was read by the model {}, which is gone", RESTORE


def _of_indexes() -> Iterator[_Fault]:
    documents = article.outerjoin(search_document, search_document.c.article_id == article.c.id)
    missing = select(article.c.id).select_from(documents)
    missing = missing.where(search_document.c.id.is_(None) == article.c.withdrawn_at.is_(None))
    yield "index", missing, "article {} is not in the index, or withdrawn and in it", REINDEX
    alias = select(url_alias.c.url).join(article, article.c.id == url_alias.c.article_id)
    alias = alias.where(article.c.site_id != url_alias.c.site_id)
    yield "aliases", alias, "the address {} belongs to an article of another site", RESTORE
    there = article.alias()
    moved = select(article.c.id, article.c.moved_to).outerjoin(
        there, (there.c.id == article.c.moved_to) & (there.c.site_id == article.c.site_id)
    )
    moved = moved.where(article.c.moved_to.is_not(None), there.c.id.is_(None))
    yield "aliases", moved, "article {} has moved to {}, which its site does not have", RESTORE
    members = select(func.count()).where(reprint_member.c.group_id == reprint_group.c.id).scalar_subquery()
    empty = select(reprint_group.c.id).where(members == 0)
    yield "reprints", empty, "group {} has no member", REGROUP
    one, other = reprint_member, reprint_member.alias()
    apart = select(one.c.article_id).outerjoin_from(
        one, other, (other.c.article_id == one.c.matched_article_id) & (other.c.group_id == one.c.group_id)
    )
    apart = apart.where(and_(one.c.matched_article_id.is_not(None), other.c.article_id.is_(None)))
    yield "reprints", apart, "article {} is in another group than the one it is like", REGROUP
    unlike = select(one.c.article_id, one.c.jaccard, one.c.containment)
    unlike = unlike.where(~(one.c.jaccard.between(0, 1) & one.c.containment.between(0, 1)))
    yield "reprints", unlike, "article {} is alike by {} and {}, which can't be", REGROUP


def _check_counts(connection: Connection) -> Iterator[Finding]:
    """Report hits of visits that differ from what the page printed, where that is a plain number."""
    columns = (observation.c.id, observation.c.article_id, observation.c.hits, observation.c.hits_raw)
    query = select(*columns).where(observation.c.hits.is_not(None))
    wrong = 0
    with connection.execution_options(yield_per=1000).execute(query) as rows:
        for number, article_id, hits, raw in rows:
            if raw.isdecimal() and small_number(raw) != hits and wrong < SHOWN:
                wrong += 1
                detail = f"visit {number} of article {article_id} counts {hits} where {raw} was printed"
                yield Finding("visits", detail, RESTORE)
