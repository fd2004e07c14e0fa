"""When an address that was visited is owed the next visit: in pauses that grow with its age."""

from __future__ import annotations

from datetime import datetime, timedelta

from unioncrawl.sites.profile import Revisit


def visit_is_due(plan: Revisit, born: datetime, last_visit: datetime, now: datetime) -> bool:
    """Whether a known article is owed a visit for its hits and edits.

    >>> from datetime import UTC
    >>> day = lambda n: datetime(2024, 4, n, tzinfo=UTC)
    >>> visit_is_due(Revisit(), born=day(1), last_visit=day(2), now=day(4))
    True
    >>> visit_is_due(Revisit(), born=day(1), last_visit=day(9), now=day(10))
    False
    """
    age = now - born
    if age > timedelta(days=plan.until_days):
        return False
    pause = max(timedelta(hours=plan.minimum_hours), age * plan.share_of_age)
    return now - last_visit >= pause


def visit_due_at(plan: Revisit, born: datetime, last_visit: datetime) -> datetime | None:
    """Return when `visit_is_due` becomes true; None where the article is too old by then.

    >>> from datetime import UTC
    >>> day = lambda n: datetime(2024, 4, n, tzinfo=UTC)
    >>> visit_due_at(Revisit(), born=day(1), last_visit=day(9)).isoformat()
    '2024-04-17T00:00:00+00:00'
    """
    at = last_visit + timedelta(hours=plan.minimum_hours)
    if plan.share_of_age < 1:
        # The pause grows while one waits: t - visit = share * (t - born).
        at = max(at, last_visit + (last_visit - born) * (plan.share_of_age / (1 - plan.share_of_age)))
    elif last_visit > born:
        return None
    return at if at - born <= timedelta(days=plan.until_days) else None
