"""Fetches one page for a command, as politely as a crawl: robots.txt first, our User-Agent."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from protego import Protego

from unioncrawl.errors import FetchFailed
from unioncrawl.model import RawPage
from unioncrawl.normalize.urls import absolute_url
from unioncrawl.settings import ROBOTSTXT_USER_AGENT, USER_AGENT

_TIMEOUT_SECONDS = 30
_MAX_BODY_BYTES = 16 * 1024 * 1024
_ERROR = 400


def fetch_page(url: str) -> RawPage:
    """Fetch a page; an error status is a page too. Raises `FetchFailed`."""
    if not absolute_url("", url):
        raise FetchFailed("this is no address.", next_step="Check the address.", url=url)
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchFailed("only http and https are fetched.", next_step="Check the address.", url=url)
    robots = _get(urljoin(url, "/robots.txt"))
    rules = Protego.parse(robots.body.decode("utf-8", "replace")) if robots.status < _ERROR else None
    if rules is not None and not rules.can_fetch(url, ROBOTSTXT_USER_AGENT):
        raise FetchFailed(
            "robots.txt forbids it.", next_step="Save the page from a browser and give the file.", url=url
        )
    return _get(url)


def _get(url: str) -> RawPage:
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, "Accept-Language": "zh-CN"})  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - the same
            return _page(response.geturl(), response.status, response)
    except urllib.error.HTTPError as error:
        with error:
            return _page(url, error.code, error)
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise FetchFailed(
            f"no answer: {reason}.", next_step="Check the address and the network.", url=url, stage="fetch"
        ) from error


def _page(url: str, status: int, response: urllib.response.addinfourl) -> RawPage:
    return RawPage(
        url=url,
        body=response.read(_MAX_BODY_BYTES),
        status=status,
        headers=tuple((name.lower(), value) for name, value in response.headers.items()),
        fetched_at=datetime.now(UTC),
    )
