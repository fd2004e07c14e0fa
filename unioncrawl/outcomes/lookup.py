"""Find the outcome of a reason or of an HTTP status, of this version or of an older one."""

from __future__ import annotations

import re

from unioncrawl.outcomes.outcome import Cause, Outcome, Owed, PageKind, Reason
from unioncrawl.outcomes.reasons import (
    INTERNAL_ERROR,
    LIST_PAGE,
    OF_STATUS,
    READ,
    SCRIPT_ONLY,
    SERVER,
    SOFT_404,
    TABLE,
    WAF_PAGE,
)

FIRST_ERROR_STATUS = 400
_SERVER_STATUS = 500
_PRINTED_STATUS = re.compile(r"(?:http-)?([1-9][0-9]{2,4})")
_OLD_LIST = re.compile(r"[0-9]+ entries")
# What archives of before this table call a reason; the name of an exception was one too.
_RENAMED = {"not-found": SOFT_404, "shell": SCRIPT_ONLY, "list": LIST_PAGE, "blocked": WAF_PAGE}


def outcomes() -> tuple[Outcome, ...]:
    """Every declared outcome, in the order of the table."""
    return tuple(TABLE.values())


def reason_of_status(status: int) -> Reason:
    """The reason for an HTTP status from 400 on, whether the table names it or not.

    >>> reason_of_status(412), reason_of_status(522)
    ('412-ruishu', '522')
    """
    return OF_STATUS.get(status) or Reason(str(status))


def outcome_of(reason: str) -> Outcome:
    """What a reason means, also for a reason that an older version recorded.

    A status that the table does not name passes soon from 500 on, as a server's failure,
    and rarely below. A name that nobody knows was that of an exception of our own code.

    >>> outcome_of("522").owed, outcome_of("http-404").owed, outcome_of("12 entries").reason
    (<Owed.SOON: 'soon'>, <Owed.NEVER: 'never'>, 'list-page')
    >>> outcome_of("UnicodeDecodeError").reason
    'internal-error'
    """
    named = TABLE.get(reason) or TABLE.get(_RENAMED.get(reason, ""))
    if named is not None:
        return named
    printed = _PRINTED_STATUS.fullmatch(reason)
    if printed is not None:
        status = int(printed[1])
        return TABLE.get(reason_of_status(status)) or _of_unnamed_status(status)
    return TABLE[LIST_PAGE] if _OLD_LIST.fullmatch(reason) else TABLE[INTERNAL_ERROR]


def _of_unnamed_status(status: int) -> Outcome:
    reason = reason_of_status(status)
    if status >= _SERVER_STATUS:
        said = (f"HTTP {status}: the server failed.", f"HTTP {status}：服务器出错。")
        return Outcome(reason, *SERVER, Owed.SOON, *said)
    said = (f"HTTP {status}: the server refused the request.", f"HTTP {status}：请求未被接受。")
    return Outcome(reason, READ, PageKind.NOT_FOUND, Cause.SERVER, Owed.RARELY, *said)
