"""Read a search query: words, "phrases", AND OR NOT, and filters.

::

    query  := either ("OR" either)*
    either := part+                  side by side, or with AND: all of them
    part   := ("NOT" | "-") part | "(" query ")" | filter | word | "phrase"
    filter := site: source: level: region: column: since: until: hits:

A word is looked up as it stands, as a part of the text; nothing in a query
reaches the database as a command. Words in capitals (AND OR NOT) are operators
only by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unioncrawl.archive.search.query_faults import query_fault
from unioncrawl.errors import QueryError
from unioncrawl.language.folding import fold_words
from unioncrawl.language.zones import CHINA

TEXT_FILTERS = ("site", "source", "level", "region", "column")
FILTERS = (*TEXT_FILTERS, "since", "until", "hits")
_MAX_LENGTH = 2_000
_MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Term:
    """Text to find, folded."""

    folded: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a field; ``value`` is text, a number or an aware time."""

    field: str
    comparison: str
    value: str | int | datetime


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that don't match."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every part; without parts, all articles."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one part."""

    parts: tuple[Node, ...]


Node = Term | Filter | Not | And | Or

# What Python makes of an argument's bytes that are not UTF-8 (PEP 383).
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>[(（]) | (?P<close>[)）])
    | (?P<field>[A-Za-z]+)[:：](?=[^\s]) (?P<value>"[^"]*"|“[^”]*”|[^\s()（）"“”]+)
    | (?P<bare>(?i:site|source|level|region|column|since|until|hits))[:：](?=$|[\s()（）])
    | (?P<phrase>"[^"]*"|“[^”]*”)
    | (?P<minus>-(?=[^\s]))
    | (?P<word>[^\s()（）"“”]+)
    | (?P<wrong>["“”])
    )""",
    re.VERBOSE,
)


def parse_query(query: str) -> Node:
    """Parse a query into a tree.

    Raises `QueryError` with the place (counted from 1) and what would be right.

    >>> parse_query("工會 OR 职代会")
    Or(parts=(Term(folded='工会'), Term(folded='职代会')))
    >>> parse_query("劳模 -site:xian")
    And(parts=(Term(folded='劳模'), Not(part=Filter(field='site', comparison='=', value='xian'))))
    >>> parse_query('hits:>1000 "五一 劳动节"').parts[1]
    Term(folded='五一 劳动节')
    """
    if len(query) > _MAX_LENGTH:
        raise query_fault("too-long", "", None, most=_MAX_LENGTH)
    half = _HALF_PAIR.search(query)
    if half is not None:
        raise query_fault("no-text", f" at character {half.start() + 1}", half.span())
    return _Parser(query).parse()


def filter_node(field: str, value: str) -> Filter:
    """Return one filter as if it stood in a query.

    Raises `QueryError`.

    >>> filter_node("site", "XIAN")
    Filter(field='site', comparison='=', value='xian')
    """
    try:
        node = parse_query(f'{field}:"{value.replace(chr(34), "")}"')
    except QueryError as error:
        reason = error.message.partition("): ")[2] or error.message
        raise QueryError(f"{value} can't be taken: {reason}", next_step=error.next_step) from error
    if not isinstance(node, Filter):
        raise QueryError(f"{field} needs a value.", next_step="Give one, or leave the filter out.")
    return node


def query_parts(query: str) -> tuple[str, ...]:
    """Return the parts of a query that an article has to match all of, as they are written.

    A query of alternatives is one part. Raises `QueryError`.

    >>> query_parts('工会 AND "五一 劳动节" -site:xian (劳模 OR 工匠)')
    ('工会', '"五一 劳动节"', '-site:xian', '(劳模 OR 工匠)')
    >>> query_parts("劳模 OR 工匠 竞赛")
    ('劳模 OR 工匠 竞赛',)
    """
    parser = _Parser(query)
    if isinstance(parser.parse(), Or):
        return (query.strip(),)
    return tuple(query[begin:end] for begin, end in parser.spans)


def narrowed(query: str, part: str) -> str:
    """Return a query of which an article has to match one part more.

    >>> narrowed("劳模 OR 工匠", "site:xian"), narrowed("工会", "since:2024"), narrowed("", "工会")
    ('(劳模 OR 工匠) site:xian', '工会 since:2024', '工会')
    """
    parser = _Parser(query)
    if isinstance(parser.parse(), Or) and len(parser.spans) > 1:
        query = f"({query})"
    return f"{query} {part}".strip()


class _Parser:
    """Reads the tokens of one query from left to right."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = [match for match in _TOKEN.finditer(query) if match.lastgroup]
        self._at = 0
        # Where the parts outside brackets stand in the query.
        self.spans: list[tuple[int, int]] = []

    def parse(self) -> Node:
        if not self._tokens:
            return And(())
        node = self._query_node(0)
        if self._at < len(self._tokens):
            raise self._wrong("closed")
        return node

    def _wrong(self, fault: str, **values: object) -> QueryError:
        if self._at >= len(self._tokens):
            return query_fault(fault, " at the end", (len(self._query), len(self._query)), **values)
        token = self._tokens[self._at]
        shown = token.group().strip()
        begin = token.end() - len(token.group().lstrip())
        return query_fault(fault, f" at character {begin + 1} ({shown})", (begin, token.end()), **values)

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _is_operator(self, name: str) -> bool:
        token = self._peek()
        return token is not None and token.lastgroup == "word" and token["word"] == name

    def _query_node(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise self._wrong("deep", most=_MAX_DEPTH)
        parts = [self._either(depth)]
        while self._is_operator("OR"):
            self._at += 1
            parts.append(self._either(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _either(self, depth: int) -> Node:
        parts = [self._spanned(depth)]
        while True:
            token = self._peek()
            if token is None or token.lastgroup == "close" or self._is_operator("OR"):
                break
            if self._is_operator("AND"):
                self._at += 1
            parts.append(self._spanned(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _spanned(self, depth: int) -> Node:
        first = self._peek()
        node = self._part(depth)
        if depth == 0 and first is not None:
            begin = first.end() - len(first.group().lstrip())
            self.spans.append((begin, self._tokens[self._at - 1].end()))
        return node

    def _part(self, depth: int) -> Node:
        token = self._peek()
        if token is None or token.lastgroup == "close" or self._is_operator("OR") or self._is_operator("AND"):
            raise self._wrong("word")
        if token.lastgroup == "minus" or self._is_operator("NOT"):
            if depth > _MAX_DEPTH:
                raise self._wrong("nots")
            self._at += 1
            return Not(self._part(depth + 1))
        if token.lastgroup == "open":
            return self._bracket(depth)
        if token.lastgroup == "wrong":
            raise self._wrong("quote")
        if token.lastgroup == "bare":
            raise self._wrong("bare", field=token["bare"].lower())
        if token.lastgroup == "value":
            node: Node = self._filter(token)
        else:
            node = self._term(token)
        self._at += 1
        return node

    def _bracket(self, depth: int) -> Node:
        opened = self._at
        self._at += 1
        node = self._query_node(depth + 1)
        token = self._peek()
        if token is None:
            self._at = opened
            raise self._wrong("open")
        self._at += 1
        return node

    def _term(self, token: re.Match[str]) -> Node:
        text = token["phrase"][1:-1] if token["phrase"] else token["word"]
        folded = " ".join(fold_words(text).split())
        if not folded:
            raise self._wrong("empty")
        return Term(folded)

    def _filter(self, token: re.Match[str]) -> Node:
        field, value = token["field"].lower(), token["value"]
        if value[0] in '"“':
            value = value[1:-1].strip()
        if field not in FILTERS:
            # 10:30 and http://… are text; so is an unknown field name.
            raise self._wrong("unknown", field=field, filters=", ".join(FILTERS))
        if field in TEXT_FILTERS:
            if not value:
                raise self._wrong("value", field=field)
            return Filter(field, "=", fold_words(value))
        return self._hits(value) if field == "hits" else self._time(field, value)

    def _hits(self, value: str) -> Filter:
        match = re.fullmatch(r"(>=|<=|>|<|=)?(\d{1,15})", value)
        if not match:
            raise self._wrong("hits", field="hits")
        return Filter("hits", match[1] or "=", int(match[2]))

    def _time(self, field: str, value: str) -> Filter:
        match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", value)
        if not match:
            raise self._no_time(field)
        try:
            start = datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=CHINA)
            time = (start if field == "since" else _end(start, match)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._no_time(field) from error
        return Filter(field, ">=" if field == "since" else "<", time)

    def _no_time(self, field: str) -> QueryError:
        return self._wrong("time", field=field)


def _end(start: datetime, match: re.Match[str]) -> datetime:
    """Return the first moment after the day, month or year that was written."""
    if match[3]:
        return start + timedelta(days=1)
    if match[2]:
        return (start + timedelta(days=31)).replace(day=1)
    return start.replace(year=start.year + 1)
