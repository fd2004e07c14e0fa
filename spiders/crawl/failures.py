"""Names the cause of a request that brought no page."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from ..components.gate_middleware import UNASKABLE, AddressRefused
from ..components.robots_middleware import RobotsUnreachable

# Name of the exception (Scrapy's own, Twisted's beneath older handlers) -> our reason.
_REASONS = {
    "CannotResolveHostError": "dns",
    "DNSLookupError": "dns",
    "DownloadConnectionRefusedError": "refused",
    "ConnectionRefusedError": "refused",
    "ConnectError": "refused",
    "DownloadTimeoutError": "timeout",
    "TimeoutError": "timeout",
    "TCPTimedOutError": "timeout",
    "DownloadFailedError": "cut-off",
    "ResponseDataLossError": "cut-off",
    "ConnectionLost": "cut-off",
    "ConnectionDone": "cut-off",
    "DownloadCancelledError": "too-large",
}
# What the message of Scrapy's IgnoreRequest says -> our reason.
_IGNORED = (
    ("robots.txt", "robots"),
    ("max redirections", "redirect-loop"),
    ("could not be captured", "uncaptured"),
)
NETWORK_REASONS = frozenset({"dns", "refused", "timeout", "cut-off"})


def failed_request(failure: Failure) -> Request:
    """The request that failed; Scrapy hangs it on the failure that it hands to an errback."""
    request: Request = failure.request  # type: ignore[attr-defined]
    return request


def failed_address(failure: Failure) -> str:
    """The address that the request was for, also where Scrapy could make no request of it."""
    request = failed_request(failure)
    address: str = request.meta.get(UNASKABLE, request.url)
    return address


def failure_reason(failure: Failure) -> str:
    """Why a request failed: one of the reasons above.

    An exception of no known kind gives its class name.
    """
    if isinstance(failure.value, AddressRefused):
        return failure.value.reason
    if isinstance(failure.value, RobotsUnreachable):
        return "robots-unreachable"
    if isinstance(failure.value, IgnoreRequest):
        return next((reason for mark, reason in _IGNORED if mark in str(failure.value)), "ignored")
    for kind in failure.type.__mro__ if failure.type else ():
        if kind.__name__ in _REASONS:
            return _REASONS[kind.__name__]
    return failure.type.__name__ if failure.type else "unknown"
