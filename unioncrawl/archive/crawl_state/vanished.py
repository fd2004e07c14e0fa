"""Marks articles that their site took away, or shows elsewhere, after repeated evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, func, select, update

from unioncrawl.archive.crawl_state.crawl_runs import EMPTY_CRAWL
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import article, rejection, reprint_member, revision, run, site
from unioncrawl.language.folding import fold
from unioncrawl.outcomes import PageKind, outcome_of

# A server that is repaired over a weekend also answers 404.
LEAST_VISITS = 3
LEAST_SPAN = timedelta(days=2)
# Of two texts as the reprints are compared; two notices of one template share less.
_NEARLY_THE_SAME = 0.95
# A date without a time of day stands for any moment of it.
_ONE_DAY = timedelta(days=1)


def is_visited() -> tuple[ColumnElement[bool], ...]:
    """The conditions on an article whose address is still asked for."""
    ends = (article.c.vanished_at, article.c.moved_to, article.c.withdrawn_at)
    return tuple(end.is_(None) for end in ends)


def mark_vanished(engine: Engine, site_key: str, now: datetime) -> int:
    """Mark the site's articles that at least three visits over two days did not find; return how many.

    Only visits after the article was last seen count, and only answers that say that the
    article is gone: a wall, a failing server or an unreadable page is not evidence. Nor is an
    answer in a run in which no list showed an article: a login page that stands at every address
    for a weekend reads like a notice that the article is gone. A marked article stays in the
    archive, is not visited again, and loses the mark when it is seen again.

    An article is not gone when its site has had the story at another address since, of the same day
    and with nearly the same text, or a like one under the same headline: a new system gave it another
    address, and somebody edited it, or the text is read otherwise there. It has *moved*, and is not counted.
    """
    missed = _missed(engine, site_key)
    gone = [number for number, visits in missed.items() if _is_enough(visits)]
    if not gone:
        return 0
    with writing(engine) as connection:
        moved = {number: there for number in gone if (there := _story_elsewhere(connection, number))}
        for number, there in moved.items():
            connection.execute(update(article).where(article.c.id == number).values(moved_to=there))
        gone = [number for number in gone if number not in moved]
        connection.execute(update(article).where(article.c.id.in_(gone)).values(vanished_at=now))
    return len(gone)


def _missed(engine: Engine, site_key: str) -> dict[int, list[datetime]]:
    """The visits in vain of each article of a site that may be gone, since it was last seen."""
    was_empty = func.coalesce(run.c.stats[EMPTY_CRAWL].as_integer(), 0)
    query = (
        select(article.c.id, rejection.c.reason, rejection.c.at)
        .join(rejection, (rejection.c.url == article.c.url) & (rejection.c.site_id == article.c.site_id))
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(run, run.c.id == rejection.c.run_id)
        .where(site.c.key == site_key, *is_visited())
        .where(rejection.c.at > article.c.last_seen_at, was_empty == 0)
    )
    missed: defaultdict[int, list[datetime]] = defaultdict(list)
    with engine.connect() as connection:
        for number, reason, at in connection.execute(query):
            if outcome_of(reason).kind is PageKind.NOT_FOUND:
                missed[number].append(at)
    return missed


def _is_enough(visits: Sequence[datetime]) -> bool:
    """Whether these visits, all in vain, are enough to believe that an article is gone."""
    return len(visits) >= LEAST_VISITS and max(visits) - min(visits) >= LEAST_SPAN


def _story_elsewhere(connection: Connection, number: int) -> int | None:
    """The first article of the same site that came after this one was last seen, and has its story."""
    own = article.join(revision, revision.c.id == article.c.revision_id)
    own = own.join(reprint_member, reprint_member.c.article_id == article.c.id)
    alike = (reprint_member.c.group_id, reprint_member.c.jaccard)
    facts = select(article, revision.c.title, *alike).select_from(own)
    this = connection.execute(facts.where(article.c.id == number)).first()
    if this is None or this.published_at is None:
        return None
    later = facts.where(
        reprint_member.c.group_id == this.group_id,
        article.c.site_id == this.site_id,
        article.c.first_seen_at > this.last_seen_at,
        *is_visited(),
    )
    for other in connection.execute(later.order_by(article.c.id)):
        is_same_day = other.published_at and abs(other.published_at - this.published_at) < _ONE_DAY
        is_same_text = other.jaccard >= _NEARLY_THE_SAME
        if is_same_day and (is_same_text or fold(other.title) == fold(this.title)):
            return int(other.id)
    return None
