"""Character n-gram probabilities read from a compact file.

The file is a tree: below each character the ones that were seen after it, below each pair
the ones that were seen after the pair, and so on. Every node has a log probability and,
if it has children, the weight of the shorter history for all other characters
(Katz's back-off form). ``after`` returns the node of a history as a dictionary, because a
search scores a hundred characters in turn after the same history.
"""

from __future__ import annotations

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeAlias

from unioncrawl.errors import LexiconError
from unioncrawl.language.identity_dict import IdentityDict
from unioncrawl.language.recent import Recent
from unioncrawl.language.width import WIDTH, fold_width

MAGIC = b"unioncrawl ngrams 1\n"
STEPS_PER_NAT = 16
"""Log probabilities are stored in sixteenths of a nat, one byte each."""
ROWS_KEPT = 3_000
"""Of histories of two characters and more, some 300 bytes each. Those of single characters stay: 6,700 take
17 MB, and results that are kept by row would keep a row that was read again a second time."""
HISTORIES_KEPT = 6_000
"""Most histories share the row of a shorter one."""
NGRAMS_KEPT = 15_000
SPANS_KEPT = 8_000
BACKOFF_TOP_NATS = 2.0
"""A back-off weight may exceed one after pruning: it is stored below this."""
BLOCK = 64
"""The file gives the start of the children once in so many nodes."""

_NATS = tuple(-step / STEPS_PER_NAT for step in range(256))
_BACKOFF_NATS = tuple(BACKOFF_TOP_NATS + nats for nats in _NATS)


class Row(IdentityDict[float]):
    """Log probabilities of the next character after one history.

    ``row[char]`` holds for every character: one never seen after this history is
    looked up in the row of the shorter one.
    """

    __slots__ = ("backoff", "shorter")
    is_exact: ClassVar[bool] = True

    def __init__(
        self, seen: Mapping[str, float] | Iterable[tuple[str, float]], backoff: float, shorter: Row | None
    ) -> None:
        super().__init__(seen)
        self.backoff = backoff
        self.shorter = shorter

    def __missing__(self, char: str) -> float:
        variant = WIDTH.get(char)
        if variant is not None:
            return self[variant[0]] + variant[1]
        owed, level = self.backoff, self.shorter
        while level is not None:
            seen = level.get(char)
            if seen is not None:
                return owed + seen
            owed += level.backoff
            level = level.shorter
        return owed


# Where the children of a node lie in the level below (first, end), and the weight of shorter histories.
_Span: TypeAlias = tuple[int, int, float]
_NO_SPAN: _Span = (0, 0, 0.0)


class _Level:
    """The nodes at one depth: which character, how likely, and where the children lie."""

    def __init__(self, sections: Mapping[str, array[int]], depth: int) -> None:
        self.chars = sections[f"chars{depth}"]
        self.costs = sections[f"costs{depth}"]
        self._backoffs = sections.get(f"backoffs{depth}", array("B"))
        self._counts = sections.get(f"children{depth}", array("H"))
        self._blocks = sections.get(f"blocks{depth}", array("I"))

    def span(self, node: int) -> _Span | None:
        """Return where a node's children lie; None without children."""
        count = self._counts[node]
        if not count:
            return None
        block = node // BLOCK
        first = self._blocks[block] + sum(self._counts[block * BLOCK : node], 0)
        return first, first + count, _BACKOFF_NATS[self._backoffs[node]]


class NgramTable:
    """Log probabilities of a character after the few before it, in natural logarithms."""

    def __init__(self, payload: bytes) -> None:
        header, sections = _read_sections(payload)
        self.order: int = int(str(header["order"]))
        self._reach = 1 - self.order
        self.alphabet: str = str(header["alphabet"])
        # All rows share these strings: one made for each row anew takes 80 bytes, and its hash again.
        self._chars = tuple(self.alphabet)
        self._number = {char: number for number, char in enumerate(self._chars)}
        self._levels = [_Level(sections, depth) for depth in range(1, self.order + 1)]
        ground = self._levels[0]
        seen = {self._chars[n]: _NATS[c] for n, c in zip(ground.chars, ground.costs, strict=True)}
        self._ground = Row(seen, float(str(header["unseen"])), None)
        # By history; the first ones as they were asked for, the others in their narrow form.
        self._rows: Recent[Row] = Recent(HISTORIES_KEPT)
        self._kept: Recent[Row] = Recent(ROWS_KEPT)
        self._single: dict[str, Row] = {}
        self._spans: Recent[_Span] = Recent(SPANS_KEPT)
        self._known: Recent[float] = Recent(NGRAMS_KEPT)

    def after(self, history: str) -> Row:
        """Return the row of the longest known history that ``history`` ends in."""
        key = history[self._reach :]
        row = self._rows.young.get(key)
        if row is None:
            row = self._rows.older(key) or self._rows.keep(key, self._row(fold_width(key)))
        return row

    def score(self, text: str, before: str) -> float:
        """Return the log probability of ``text`` after ``before``."""
        whole = before + text
        reach = self.order - 1
        recent, known = self._known, self._known.young
        total = 0.0
        for here in range(len(before), len(whole)):
            ngram = whole[here - reach if here > reach else 0 : here + 1]
            nats = known.get(ngram)
            if nats is None:
                nats = recent.older(ngram)
                total += recent.keep(ngram, self._look_up(ngram)) if nats is None else nats
                known = recent.young
            else:
                total += nats
        return total

    def _look_up(self, ngram: str) -> float:
        """Find one n-gram without reading the whole row."""
        variant = WIDTH.get(ngram[-1])
        text, nats = fold_width(ngram), variant[1] if variant else 0.0
        number = self._number.get(text[-1], -1)
        while len(text) > 1:
            span = self._span(text[:-1])
            if span is not None:
                first, end, backoff = span
                chars = self._levels[len(text) - 1].chars
                node = bisect_left(chars, number, first, end)
                if node < end and chars[node] == number:
                    nats += _NATS[self._levels[len(text) - 1].costs[node]]
                    break
                nats += backoff
            text = text[1:]
        else:
            nats += self._ground[text]
        return nats

    def _span(self, history: str) -> _Span | None:
        """Return where the characters seen after a history lie; None without such characters."""
        span = self._spans.young.get(history)
        if span is None:
            span = self._spans.older(history) or self._spans.keep(
                history, self._find_span(history) or _NO_SPAN
            )
        # By value: compiled code holds no object of it.
        return None if span == _NO_SPAN else span

    def _find_span(self, history: str) -> _Span | None:
        number = self._number.get(history[-1])
        if number is None:
            return None
        level = self._levels[len(history) - 1]
        first, end = 0, len(level.chars)
        if len(history) > 1:
            above = self._span(history[:-1])
            if above is None:
                return None
            first, end, _ = above
        node = bisect_left(level.chars, number, first, end)
        if node == end or level.chars[node] != number:
            return None
        return level.span(node)

    def _row(self, history: str) -> Row:
        """Make the row of a history, or find the one that it shares with a shorter one."""
        if not history:
            return self._ground
        if len(history) == self.order - 1:  # `after` keeps these by the history that was passed
            return self._read_row(history, self._find_span(history))
        kept = self._single.get(history) or self._kept.young.get(history) or self._kept.older(history)
        if kept is not None:
            return kept
        # Where its children lie is asked again for the histories that go on from it.
        span = self._span(history)
        row = self._read_row(history, span)
        if span is not None and len(history) == 1:
            self._single[history] = row
        elif span is not None:
            self._kept.keep(history, row)
        return row

    def _read_row(self, history: str, span: _Span | None) -> Row:
        shorter = self._row(history[1:])
        if span is None:
            return shorter
        level = self._levels[len(history)]
        first, end, backoff = span
        chars = map(self._chars.__getitem__, level.chars[first:end])
        nats = map(_NATS.__getitem__, level.costs[first:end])
        return Row(zip(chars, nats, strict=True), backoff, shorter)


def _read_sections(payload: bytes) -> tuple[dict[str, object], dict[str, array[int]]]:
    """Cut a file into its header and its arrays.

    Raises LexiconError if it is not such a file.
    """
    if not payload.startswith(MAGIC):
        raise LexiconError("the n-gram file is not of this version.", next_step="Install unioncrawl again.")
    line_end = payload.index(b"\n", len(MAGIC))
    header = json.loads(payload[len(MAGIC) : line_end])
    sections: dict[str, array[int]] = {}
    start = line_end + 1
    for name, typecode, count in header["sections"]:
        values = array(typecode)
        end = start + count * values.itemsize
        values.frombytes(payload[start:end])
        if sys.byteorder == "big":
            values.byteswap()
        sections[name] = values
        start = end
    return header, sections
