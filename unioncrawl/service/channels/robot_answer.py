"""Read the answer of a group robot: it refuses with HTTP 200 and a code in JSON.

Nothing but the robot's own code 0 is a success: a login page with status 200, an empty
body and JSON of something else are refusals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.post import Answer

_OK, _TIMEOUT, _TOO_LARGE, _TOO_MANY, _SERVER = 200, 408, 413, 429, 500
_REDIRECTS = range(300, 400)
# The fault of each code; where one code stands for several, that of each word within the robot's
# own words (the empty word: any other).
Codes = Mapping[int, str | Mapping[str, str]]


def read_robot(answer: Answer, keys: Sequence[tuple[str, str]], faults: Codes) -> Outcome:
    """Return how a robot took a message.

    ``keys``: where its code and its words stand, each pair that is there.
    """
    record = _record(answer.body)
    codes = [(record[code], record.get(words, "")) for code, words in keys if code in record]
    if not codes:
        return _without_code(answer)
    refused = [(code, str(words or "")) for code, words in codes if code != 0 or isinstance(code, bool)]
    if not refused:
        return Outcome() if answer.status == _OK else by_status(answer.status)
    code, words = refused[0]
    if not isinstance(code, int) or isinstance(code, bool):
        return Outcome("foreign-answer", f"HTTP {answer.status}, code {code!r}")
    return Outcome(_fault(faults.get(code, "unknown"), words), f"{code} {words}".strip())


def _fault(known: str | Mapping[str, str], words: str) -> str:
    if isinstance(known, str):
        return known
    lower = words.lower()
    return next((fault for word, fault in known.items() if word and word in lower), known[""])


def _record(body: bytes) -> Mapping[str, object]:
    try:
        read = json.loads(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _without_code(answer: Answer) -> Outcome:
    if answer.status != _OK:
        return by_status(answer.status)
    what = f"{answer.content_type}, {len(answer.body)} bytes" if answer.body else "empty"
    return Outcome("foreign-answer", f"HTTP {answer.status}, {what}")


def by_status(status: int) -> Outcome:
    """Return what a status other than success means.

    >>> [by_status(status).fault for status in (302, 404, 413, 429, 503)]
    ['redirected', 'http', 'too-long', 'rate', 'busy']
    """
    fault = "http"
    if status in _REDIRECTS:
        fault = "redirected"
    elif status == _TOO_LARGE:
        fault = "too-long"
    elif status == _TOO_MANY:
        fault = "rate"
    elif status == _TIMEOUT or status >= _SERVER:
        fault = "busy"
    return Outcome(fault, f"HTTP {status}")
