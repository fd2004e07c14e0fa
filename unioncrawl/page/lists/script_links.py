"""Where a link, a button or a choice leads that a script follows, if the page says it in plain strings.

``javascript:goPage(2)`` with ``function goPage(p){location.href="list.asp?page="+p}`` leads to
list.asp?page=2. Only concatenations of strings, numbers and parameters are read; what a script
computes in another way leads nowhere known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# JEECMS has the address pass encodeURI first; wrappers of that kind don't change it.
_WRAPPER = r"(?:encodeURI(?:Component)?|String|parseInt|Number|unescape|escape)\("
_FOLLOWS = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:replace|assign)\(|\bopen\()(?P<value>[^;}\n]{1,400})"
)
_CALL = re.compile(r"(?:^|[\s;:])(?P<name>[A-Za-z_$][\w$]*)\(\s*(?P<arguments>[^()]{0,120})\)")
_TERM = re.compile(
    r"\s*(?:(?P<quote>['\"])(?P<string>[^'\"]*)(?P=quote)|(?P<number>\d+)|(?P<name>[A-Za-z_$][\w$.]*(?:\[[\w.]+\]\.value)?))\s*"
)
_SIMPLE_VALUE = {"this.value", "this.options[this.selectedIndex].value", "value"}
_MOST_TERMS = 12


def script_address(source: str, element: Any, value: str = "") -> str:  # noqa: ANN401 - lxml is untyped
    """Return where a script leads that the element calls; empty when the page does not say.

    ``source`` is the page's text, ``value`` what is chosen in a ``<select>``.
    """
    code = " ".join((element.get(name) or "") for name in ("href", "onclick", "onchange"))
    known = dict.fromkeys(_SIMPLE_VALUE, value) if value else {}
    direct = _FOLLOWS.search(code)
    if direct is not None:
        return evaluate(direct["value"], known)
    for call in _CALL.finditer(code):
        address = _called(source, call["name"], _arguments(call["arguments"], known))
        if address:
            return address
    return ""


def evaluate(expression: str, known: Mapping[str, str]) -> str:
    """Return the string that a concatenation gives; empty when it has a part that is not known.

    >>> evaluate("'list.asp?cid=3&page=' + p", {"p": "2"})
    'list.asp?cid=3&page=2'
    >>> evaluate("'list.asp?page=' + (p * 2)", {"p": "2"})
    ''
    """
    rest = re.sub(_WRAPPER, "(", expression)
    rest = rest.replace("(", " ").replace(")", " ") if rest.count("(") <= 2 else rest
    parts: list[str] = []
    for _ in range(_MOST_TERMS):
        term = _TERM.match(rest)
        if term is None:
            return ""
        part = _value(term, known)
        if part is None:
            return ""
        parts.append(part)
        rest = rest[term.end() :]
        if not rest.startswith("+"):
            break
        rest = rest[1:]
    # A second argument of open(), the end of an attribute or a statement may follow.
    return "".join(parts) if not rest.strip() or rest[0] in ",;" else ""


def _value(term: re.Match[str], known: Mapping[str, str]) -> str | None:
    """The string of a term; None for a name that nothing gives a value."""
    if term["string"] is not None:
        return term["string"]
    return term["number"] or known.get(term["name"])


def _arguments(printed: str, known: Mapping[str, str]) -> list[str]:
    return [evaluate(one, known) for one in printed.split(",")] if printed.strip() else []


def _called(source: str, name: str, given: list[str]) -> str:
    """Where a function of the page leads for these arguments."""
    declared = re.search(
        rf"function\s+{re.escape(name)}\s*\(\s*(?P<names>[\w$,\s]{{0,80}})\)\s*\{{(?P<body>.{{1,600}})",
        source,
        re.DOTALL,
    )
    if declared is None:
        return ""
    names = [one.strip() for one in declared["names"].split(",") if one.strip()]
    known = dict(zip(names, given, strict=False))
    follows = _FOLLOWS.search(declared["body"].partition("function ")[0])
    return evaluate(follows["value"], known) if follows else ""
