"""Names the cause of a request that brought no page."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.outcomes import Reason

from ..components.gate_middleware import UNASKABLE, AddressRefused
from ..components.politeness.host_turn import NOT_ASKED
from ..components.robots_middleware import RobotsUnreachable
from ..components.tls.tls_refusals import TlsRefused

# Name of the exception: Scrapy's own, Twisted's beneath older handlers.
_OF_EXCEPTION = {
    "CannotResolveHostError": outcomes.DNS,
    "DNSLookupError": outcomes.DNS,
    "DownloadConnectionRefusedError": outcomes.REFUSED,
    "ConnectionRefusedError": outcomes.REFUSED,
    "ConnectError": outcomes.REFUSED,
    "DownloadTimeoutError": outcomes.TIMEOUT,
    "TimeoutError": outcomes.TIMEOUT,
    "TCPTimedOutError": outcomes.TIMEOUT,
    "DownloadFailedError": outcomes.CUT_OFF,
    "ResponseDataLossError": outcomes.CUT_OFF,
    "ConnectionLost": outcomes.CUT_OFF,
    "ConnectionDone": outcomes.CUT_OFF,
    "DownloadCancelledError": outcomes.TOO_LARGE,
}
# What the message of Scrapy's IgnoreRequest says.
_IGNORED = (
    ("robots.txt", outcomes.ROBOTS),
    ("max redirections", outcomes.REDIRECT_LOOP),
    ("could not be captured", outcomes.UNCAPTURED),
    (NOT_ASKED, outcomes.NOT_REACHED),
)


def failed_request(failure: Failure) -> Request:
    """The request that failed; Scrapy hangs it on the failure that it hands to an errback."""
    request: Request = failure.request  # type: ignore[attr-defined]
    return request


def failed_address(failure: Failure) -> str:
    """The address that the request was for, also where Scrapy could make no request of it."""
    request = failed_request(failure)
    address: str = request.meta.get(UNASKABLE, request.url)
    return address


def failure_reason(failure: Failure) -> Reason:
    """Return why a request failed; an exception of no known kind is an error of our own code."""
    if isinstance(failure.value, AddressRefused | RobotsUnreachable | TlsRefused):
        return failure.value.reason
    if isinstance(failure.value, IgnoreRequest):
        said = str(failure.value)
        return next((reason for mark, reason in _IGNORED if mark in said), outcomes.IGNORED)
    names = [kind.__name__ for kind in failure.type.__mro__] if failure.type else []
    known = (_OF_EXCEPTION[name] for name in names if name in _OF_EXCEPTION)
    return next(known, outcomes.INTERNAL_ERROR)


def failure_detail(failure: Failure) -> str:
    """What a failure says, with the name of an exception of no known kind."""
    said = failure.getErrorMessage()
    if failure_reason(failure) != outcomes.INTERNAL_ERROR or failure.type is None:
        return said
    return f"{failure.type.__name__}: {said}"
