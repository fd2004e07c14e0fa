"""Fetches one page for a command, as politely as a crawl: robots.txt first, our User-Agent."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from unioncrawl.commands._pinned import MAX_REDIRECTS, opener, refuse
from unioncrawl.errors import FetchFailed
from unioncrawl.guard.bounds import ROBOTS_BYTES
from unioncrawl.guard.contact import agent_with_contact
from unioncrawl.guard.pace.robots import read_rules, rules_unknown
from unioncrawl.guard.pace.robots_copies import RobotsCopies, RobotsCopy
from unioncrawl.guard.pace.state_folder import state_folder
from unioncrawl.model import RawPage
from unioncrawl.settings import (
    ROBOTSTXT_USER_AGENT,
    UNIONCRAWL_CONTACT,
    UNIONCRAWL_STATE,
    USER_AGENT,
)
from unioncrawl.sites.address_gate import AddressGate
from unioncrawl.urls import absolute_url, encoded_url

_TIMEOUT_SECONDS = 30
_MAX_BODY_BYTES = 16 * 1024 * 1024
_ERROR = 400
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def fetch_page(url: str, private: Iterable[str] = ()) -> RawPage:
    """Fetch a page that a person typed the address of; an error status is a page too.

    The host typed may be an IP address of a private network; what it redirects to and
    what its name leads to may not, unless the name is one of ``private``. Raises `FetchFailed`.
    """
    if not absolute_url("", url):
        raise FetchFailed("this is not a web address.", next_step="Check the address.", url=url)
    gate = AddressGate(typed=[urlsplit(url).netloc], private=private)
    refuse(gate, url)
    if not read_rules(_robots(url, gate), ROBOTSTXT_USER_AGENT).can_fetch(url, ROBOTSTXT_USER_AGENT):
        raise FetchFailed(
            "robots.txt forbids it.", next_step="Save the page from a browser and give the file.", url=url
        )
    return _get(url, gate)


def _robots(url: str, gate: AddressGate) -> bytes:
    """The rules of a host: a copy of at most a day, or the file's. Raises `FetchFailed` without any."""
    copies, now = RobotsCopies(state_folder(UNIONCRAWL_STATE)), time.time()
    copy = copies.find(url)
    if copy.is_fresh(now):
        return copy.body
    robots = _get(urljoin(url, "/robots.txt"), gate)
    if rules_unknown(robots.status):
        raise FetchFailed(
            f"its robots.txt answered {robots.status}, so its rules are not known.",
            next_step="Try again later, or save the page from a browser and give the file.",
            url=url,
            stage="fetch",
        )
    body = robots.body[: ROBOTS_BYTES.default] if robots.status < _ERROR else b""
    copies.keep(url, RobotsCopy(now, robots.status, body))
    return body


def _get(url: str, gate: AddressGate) -> RawPage:
    headers = {"User-Agent": agent_with_contact(UNIONCRAWL_CONTACT, USER_AGENT), "Accept-Language": "zh-CN"}
    try:
        request = urllib.request.Request(encoded_url(url, "utf-8"), headers=headers)  # noqa: S310 - the gate checked the scheme
        with opener(gate).open(request, timeout=_TIMEOUT_SECONDS) as response:
            return _page(response.geturl(), response.status, response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in _REDIRECTS and "location" in error.headers:
                raise FetchFailed(
                    f"it redirects more than {MAX_REDIRECTS} times.",
                    next_step="Give the address where a browser ends.",
                    url=url,
                    stage="fetch",
                ) from error
            return _page(url, error.code, error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise FetchFailed(
            f"no answer: {reason}.", next_step="Check the address and the network.", url=url, stage="fetch"
        ) from error


def _page(url: str, status: int, response: urllib.response.addinfourl) -> RawPage:
    body = response.read(_MAX_BODY_BYTES + 1)
    if len(body) > _MAX_BODY_BYTES:
        raise FetchFailed(
            f"it has more than {_MAX_BODY_BYTES >> 20} MB.",
            next_step="Give a page of the site.",
            url=url,
            stage="fetch",
        )
    if getattr(response, "length", None):  # what Content-Length promised and did not come
        raise FetchFailed("its body was cut off.", next_step="Try again.", url=url, stage="fetch")
    return RawPage(
        url=url,
        body=body,
        status=status,
        headers=tuple((name.lower(), value) for name, value in response.headers.items()),
        fetched_at=datetime.now(UTC),
    )
