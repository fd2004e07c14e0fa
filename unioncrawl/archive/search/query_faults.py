"""What can be wrong with a query, and how the error names it."""

from __future__ import annotations

from collections.abc import Mapping

from unioncrawl.errors import QueryError

# What can be wrong with a query, and what to do; a page says it in the language of its reader.
FAULTS: Mapping[str, tuple[str, str]] = {
    "too-long": ("it is longer than {most} characters", "Shorten it."),
    "no-text": ("a byte there is not UTF-8", "Type it anew in a terminal that is set to UTF-8."),
    "closed": ("this closing bracket was never opened", "Remove it."),
    "open": ("this bracket is never closed", "Close it, or remove it."),
    "deep": ("more than {most} brackets within brackets", "Simplify it."),
    "nots": ("too many NOT in a row", "Simplify it."),
    "word": ("a word is missing here", "Write one, or put AND, OR in quotation marks."),
    "quote": ("this quotation mark has no partner", "Close it, or remove it."),
    "empty": ("there is nothing between the quotation marks", "Write a phrase, or remove them."),
    "bare": ("{field}: needs a value right after it", "Write one, or leave the filter out."),
    "unknown": ("there is no filter {field}:", "Use one of {filters}, or put it in quotation marks."),
    "value": ("{field}: needs a value", "Write one, or leave the filter out."),
    "hits": ("hits: needs a number", "Write hits:>1000, hits:<=50 or hits:7."),
    "time": ("{field}: needs a date", "Write {field}:2024-05-01, 2024-05 or 2024."),
}


def query_fault(fault: str, place: str, span: tuple[int, int] | None, **values: object) -> QueryError:
    """Return the error of a fault; ``place``: how its message names the place."""
    what, next_step = (said.format(**values) for said in FAULTS[fault])
    error = QueryError(f"the query can't be read{place}: {what}.", next_step=next_step)
    error.fault, error.span, error.field = fault, span, str(values.get("field", ""))
    return error
