"""What a request brought instead of an answer, where TLS was the cause."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from unioncrawl.guard.tls_faults import tls_detail, tls_reason


class TlsRefused(IgnoreRequest):
    """No connection over TLS could be made; asking again would change nothing: ``reason``, ``detail``."""

    def __init__(self, words: str, *, is_legacy: bool) -> None:
        self.reason = tls_reason(words)
        self.detail = tls_detail(self.reason, words, is_legacy=is_legacy)
        super().__init__(self.detail)


def tls_words(error: BaseException | None) -> str:
    """OpenSSL's words within an error and what caused it; empty where TLS was not the cause."""
    while error is not None:
        if isinstance(error, SSL.Error):
            return _words(error)
        for reason in getattr(error, "reasons", ()) or ():
            if isinstance(reason, Failure) and (said := tls_words(reason.value)):
                return said
        error = error.__cause__
    return ""


def _words(error: SSL.Error) -> str:
    """The last sentence of OpenSSL's queue of errors, or the error's own."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    said = [str(entry[-1]) for entry in queue if isinstance(entry, tuple) and entry and entry[-1]]
    return said[-1] if said else ""
