"""What the answer for a robots.txt means before it is read: rules, no rules, or not known."""

from __future__ import annotations

_SERVER_ERROR, _TOO_MANY_REQUESTS = 500, 429


def rules_unknown(status: int) -> bool:
    """Whether a status says nothing of the rules, so that everything is forbidden.

    RFC 9309, section 2.3.1.4: a server's error is "unreachable"; 4xx is
    "unavailable", which allows everything (2.3.1.3). A server that asks to be left
    alone for a while (429) is counted with the former.

    >>> rules_unknown(503), rules_unknown(429), rules_unknown(404), rules_unknown(200)
    (True, True, False, False)
    """
    return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS
