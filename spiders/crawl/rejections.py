"""Rejections: what did not become an article, at which stage, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.model import Extraction, PageKind, Rejection
from unioncrawl.outcomes import Owed, Reason, Stage, outcome_of
from unioncrawl.urls import is_home

from ..components.decode_middleware import NO_TEXT
from ..responses import is_page
from .failures import failed_address, failed_request, failure_detail, failure_reason


def page_rejection(
    response: Response, site: str, stage: Stage, reason: Reason, detail: str = ""
) -> Rejection:
    """A rejection for a page that came: under the address that was asked for, whatever it redirected to."""
    asked = response.meta.get("redirect_urls", (response.url,))[0]
    capture = response.capture if is_page(response) else response.meta.get("unioncrawl_capture")
    return Rejection(
        url=asked,
        site=site,
        stage=stage,
        reason=reason,
        detail=detail or ("" if asked == response.url else f"redirected to {response.url}"),
        status=response.status,
        at=datetime.now(UTC),
        captures=(capture,) if capture else (),
    )


def not_an_article(response: Response, site: str, extraction: Extraction) -> Rejection:
    """A rejection for a page that is not an article, at the stage that found this."""
    lost = response.meta.get(NO_TEXT, "")
    reason = extraction.reason or outcomes.NOT_A_PAGE
    if extraction.kind in (PageKind.LIST, PageKind.ARTICLE) and is_sent_home(response):
        reason = outcomes.SENT_HOME
    stage: Stage = "decode" if lost else "extract"
    return page_rejection(response, site, stage, reason, lost or extraction.detail)


def is_sent_home(response: Response) -> bool:
    """Whether an address leads to the home page, as that of a deleted article does on many sites.

    What stands there is no article, though a home page of teasers may read like one.
    """
    return bool(response.meta.get("redirect_urls")) and is_home(response.url)


def part_rejection(rejection: Rejection, article_url: str) -> Rejection:
    """The rejection of a later part: under its article's address where the part is owed.

    So the next run visits the article again. By its own address it would take the part for an article.
    """
    if outcome_of(rejection.reason).owed is Owed.NEVER:
        return rejection
    why = f"{rejection.url}: {rejection.reason} {rejection.detail}".strip()
    return replace(rejection, url=article_url, reason=outcomes.PART_MISSING, detail=why)


def fetch_rejection(failure: Failure, site: str) -> Rejection:
    """A rejection for a request that brought no page: under the address that was asked for, as above."""
    failed = failed_address(failure)
    asked = failed_request(failure).meta.get("redirect_urls", (failed,))[0]
    why = failure_detail(failure)
    return Rejection(
        url=asked,
        site=site,
        stage="fetch",
        reason=failure_reason(failure),
        detail=why if asked == failed else f"redirected to {failed}: {why}",
        at=datetime.now(UTC),
    )
