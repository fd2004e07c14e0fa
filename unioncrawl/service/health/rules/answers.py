"""Whether a site answers, and its lists show articles."""

from __future__ import annotations

from unioncrawl.outcomes import Cause, outcome_of
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.case import WELL, Case, Finding

NEVER, NO_NAME, NO_ANSWER, MOVED_AWAY = "never-answered", "dns", "unreachable", "host-changed"
SERVER, BLOCKED, ROBOTS, NO_ARTICLES = "server-error", "blocked", "robots", "no-articles"
# A site of which nothing is had: what half of all sites have at once is a fault of our network.
DOWN = (NEVER, NO_NAME, NO_ANSWER, MOVED_AWAY, SERVER, BLOCKED, ROBOTS, NO_ARTICLES)
# Of these the ones in which the site answered, with something else than its lists.
ANSWERED = (MOVED_AWAY, NO_ARTICLES)
CERTIFICATE = "certificate-expired"


def is_down(reading: Reading) -> bool:
    """Whether no list of a run showed an article."""
    return reading.entries == 0


def cause_of_silence(reading: Reading) -> str:
    """Return the kind of fault of a run whose lists showed no article, by what its requests came to."""
    refused = reading.refused
    # One page may be walled off for years; a site that is closed refuses most of what it is asked.
    if reading.reason == "blocked" or reading.refused_by(Cause.WALL) * 2 > sum(refused.values()):
        return BLOCKED
    if refused.get("address-host"):
        return MOVED_AWAY
    if refused.get("dns") or reading.robots_failed == "dns":
        return NO_NAME
    if refused.get("robots"):
        return ROBOTS
    if reading.robots_failed.startswith("5"):
        return SERVER
    if reading.refused_by(Cause.NETWORK) or reading.not_asked:
        return NO_ANSWER
    return SERVER if _has_server_errors(reading) else NO_ARTICLES


_FIRST_SERVER_STATUS = 500


def _has_server_errors(reading: Reading) -> bool:
    return any(
        outcome_of(why).cause is Cause.SERVER and not (why.isdigit() and int(why) < _FIRST_SERVER_STATUS)
        for why in reading.refused
    )


def look_for_articles(case: Case) -> Finding | None:
    """Whether the lists of a site show articles at all."""
    if not is_down(case.last):
        return WELL
    has_answered = any(not is_down(reading) for reading in case.before)
    if case.is_settled and not has_answered:
        return None
    cause = cause_of_silence(case.last)
    refused = max(case.last.refused, key=lambda why: case.last.refused[why], default="")
    facts = {"reason": case.last.robots_failed or refused, "cause": cause}
    return Finding(kind=cause if has_answered else NEVER, facts=facts)


def look_at_certificate(case: Case) -> Finding | None:
    """Whether the certificate of the site's host was in force when it was crawled.

    One that somebody took for normal is told again once another one, in force meanwhile, has ended.
    """
    ends = case.last.certificate_ends
    if ends is None:
        return None
    if case.last.at <= ends:
        return WELL
    if case.is_settled and not any(_has_certificate(one) for one in case.before):
        return None
    return Finding(kind=CERTIFICATE, facts={"day": f"{ends:%Y-%m-%d}"})


def _has_certificate(reading: Reading) -> bool:
    return reading.certificate_ends is not None and reading.at <= reading.certificate_ends
