"""The search for class B: which GBK bytes a window of European letters stands for.

The state is a lead byte waiting for its second byte, or no byte. A letter is one
byte of the code page, or (B2) the two bytes of its UTF-8 form. A soft hyphen or
a no-break space may have been dropped after a lead byte. A letter that fits
nowhere stays as it is, at a cost, so that one lost byte does not spoil the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from math import inf
from typing import NamedTuple

from unioncrawl.language.characters import FIRST_LEVEL_COST, character_cost
from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.repair.code_pages.pages import CodePage
from unioncrawl.repair.gbk_as_latin.pieces import CHINESE_SIGNS, Piece

# What is possible and odd: a letter of ASCII between Chinese characters; a byte cut off at the end of a
# run; two letters that would have been one where pairs were read as UTF-8; a sign that the code page
# shares with Chinese text and that stands for itself (good text beside damage).
_ODD_COST = 6.0
# Pairs were mostly read as UTF-8 where they are characters, not across two of them.
_ACROSS_COST = 2.0
INSERTED_COST = 7.0
# What a letter costs that fits nowhere; a path so far behind the best one, and more, can't catch up.
_LOST_COST = 20.0
_HOPELESS_COST = _LOST_COST + INSERTED_COST
_SOFT_HYPHEN, _NO_BREAK_SPACE = b"\xad", b"\xa0"
_BEAM = 6
_CONTEXT_WEIGHT = 0.7
_MOST_COST = 14.0
# Characters rarer than GB2312's first level are not worth a look into the statistics.
_RARE_IN_CONTEXT_COST = 2.0
# A wide space (A1 A1) stands after these; elsewhere it is what dropped soft hyphens leave of ……
_WIDE_SPACE = "\u3000"
_BEFORE_WIDE_SPACE = "\u3000\n。：”！？条章节编款"
_PAIR_LEADS = range(0xC2, 0xE0)
_PAIR_SECONDS = range(0x80, 0xC0)
_PAIR = len("工".encode("gbk"))
_DIGITS = range(0x30, 0x3A)
# GB18030's four bytes begin with these for characters of the BMP and the next plane.
_FOUR_BYTE_LEADS = (0x81, 0x82, 0x83, 0x84, 0x90, 0x95, 0x96, 0x97, 0x98)


class _Path(NamedTuple):
    """One way to read the window so far: what the last step gave, and the way before it.

    ``end`` is the letter after the step, of which a byte may already be used up
    (``is_split``); ``tail`` are the last characters restored.
    """

    cost: float
    before: _Path | None
    end: int
    text: str = ""
    tail: str = ""
    inserted: int = 0
    mixed: bool = False
    lost: bool = False
    is_split: bool = False

    def as_pairs(self, *, is_split: bool = False) -> _Path:
        """The same, read through letters that were pairs of bytes; ``_replace`` is slow."""
        return _Path(self.cost, self.before, self.end, self.text, self.tail, 0, True, False, is_split)


# Bytes that wait for the rest of their character, and the last character before them.
_State = tuple[bytes, str]
_NONE = b""


class Rules(NamedTuple):
    """How letters are taken.

    By a code page; ``mixed`` says that the page shows pairs read as UTF-8, and
    ``rival_cost`` what it costs to take a letter of the code page for such a pair,
    ``inserted_cost`` what it costs to put a dropped soft hyphen back.
    """

    page: CodePage
    mixed: bool
    rival_cost: float
    inserted_cost: float


def read_window(letters: str, before: str, rules: Rules, *, is_end: bool) -> list[_Path]:
    """Read letters at the least cost; the steps in order.

    ``before`` is what has been restored before, ``is_end`` says that no letter
    follows; else the last letters may be left unread.
    """
    states: dict[_State, _Path] = {(_NONE, ""): _Path(0.0, None, 0, tail=before[-HISTORY_CHARACTERS:])}
    for index, letter in enumerate(letters):
        literal = letter if letter in CHINESE_SIGNS else ""
        least = min(path.cost for path in states.values())
        step = _Step(index, letter, rules, least + _HOPELESS_COST)
        for (pending, _), path in states.items():
            step.take(pending, path)
            if literal and not pending:
                step.keep(path, literal)
        states = step.best()
    end = len(letters)
    ends = [_close(pending, path, end) if is_end else path for (pending, _), path in states.items()]
    return _in_order(min(ends, key=lambda path: path.cost))


def _in_order(path: _Path) -> list[_Path]:
    steps: list[_Path] = []
    step: _Path | None = path
    while step is not None and step.before is not None:
        steps.append(step)
        step = step.before
    return steps[::-1]


class _Step:
    """One more letter: the next steps of each path, of which the best of each state is kept."""

    def __init__(self, index: int, letter: str, rules: Rules, limit: float) -> None:
        self._index = index
        self._options = rules.page.options(letter)
        self._mixed = rules.mixed
        self._rival_cost = rules.rival_cost
        self._inserted_cost = rules.inserted_cost
        self._limit = limit
        self._found: dict[_State, _Path] = {}

    def best(self) -> dict[_State, _Path]:
        """The few paths that may still come out best."""
        found = sorted(self._found.items(), key=lambda item: item[1].cost)[:_BEAM]
        limit = found[0][1].cost + _HOPELESS_COST
        return {state: path for state, path in found if path.cost < limit}

    def take(self, pending: bytes, path: _Path) -> None:
        """Take every next step of one path."""
        waits = len(pending) == 1
        place = (pending, path, self._index)
        closed_paths = tuple(_insert(place, self._inserted_cost, self._limit)) if waits else ()
        for data, is_rival in self._options:
            extra = self._rival_cost if is_rival else 0.0
            if len(data) == 1:
                self._feed(pending, path, data)
            elif pending:
                self._feed_across(pending, path, data, extra + _ACROSS_COST)
            else:
                self._feed_pair(path, data, extra)
            for closed in closed_paths:
                if len(data) == 1:
                    self._feed(_NONE, closed, data)
                else:
                    self._feed_pair(closed, data, extra)
        stays = _lose(path, self._index) if pending else path
        self._put(_NONE, _lose(stays, self._index + 1))

    def keep(self, path: _Path, sign: str) -> None:
        """Keep a sign that was not a byte."""
        tail = (path.tail + sign)[-HISTORY_CHARACTERS:]
        self._put(_NONE, _Path(path.cost + _ODD_COST, path, self._index + 1, sign, tail))

    def _put(self, pending: bytes, path: _Path) -> None:
        state = (pending, path.tail[-1:])
        known = self._found.get(state)
        if known is None or path.cost < known.cost:
            self._found[state] = path

    def _feed(self, pending: bytes, path: _Path, byte: bytes) -> None:
        """Add one byte: it ends a character, or waits for the rest."""
        if not pending and byte < b"\x80":
            self._put(_NONE, _Path(path.cost + _ODD_COST, path, self._index + 1, byte.decode(), path.tail))
            return
        data = pending + byte
        character = _character(data)
        if character is None:
            self._put(data, path)
        elif character:
            would_be_one = self._mixed and not path.is_split and _is_utf8_pair(data)
            extra = _ODD_COST if would_be_one else 0.0
            emitted = _emit(path, character, self._index + 1, extra, self._limit)
            if emitted:
                self._put(_NONE, emitted)

    def _feed_pair(self, path: _Path, data: bytes, extra: float) -> None:
        """The two bytes of a letter's UTF-8 form are a character."""
        character = _character(data)
        emitted = _emit(path, character, self._index + 1, extra, self._limit) if character else None
        if emitted:
            self._put(_NONE, emitted.as_pairs())

    def _feed_across(self, pending: bytes, path: _Path, data: bytes, extra: float) -> None:
        """The two bytes of a letter's UTF-8 form are the end of one character and the lead of the next."""
        character = _character(pending + data[:1])
        emitted = _emit(path, character, self._index + 1, extra, self._limit) if character else None
        if emitted:
            self._put(data[1:], emitted.as_pairs(is_split=True))


def _insert(place: tuple[bytes, _Path, int], soft_hyphen_cost: float, limit: float) -> Iterator[_Path]:
    pending, path, index = place
    for dropped, cost in ((_SOFT_HYPHEN, soft_hyphen_cost), (_NO_BREAK_SPACE, INSERTED_COST)):
        character = _character(pending + dropped)
        emitted = _emit(path, character, index, cost, limit) if character else None
        if emitted:
            yield _Path(emitted.cost, path, emitted.end, emitted.text, emitted.tail, 1)


def _emit(path: _Path, character: str, end: int, extra: float, limit: float) -> _Path | None:
    """The path with one more character; None when it is hopeless at any score of the statistics."""
    cost = path.cost + extra
    tail = path.tail
    if cost + (1 - _CONTEXT_WEIGHT) * character_cost(character) > limit:
        return None
    return _Path(
        cost + context_cost(tail, character), path, end, character, (tail + character)[-HISTORY_CHARACTERS:]
    )


@lru_cache(maxsize=1 << 16)
def context_cost(tail: str, character: str) -> float:
    """How unlikely a character is after others; how unlikely it is by itself counts too.

    The cap keeps a rare name from looking like a loss.
    """
    alone = character_cost(character)
    if alone > FIRST_LEVEL_COST:
        return alone + _RARE_IN_CONTEXT_COST
    if character == _WIDE_SPACE and tail and tail[-1] not in _BEFORE_WIDE_SPACE:
        return _MOST_COST
    return min(-load_lexicon().log_prob(tail, character), _MOST_COST) * _CONTEXT_WEIGHT + alone * (
        1 - _CONTEXT_WEIGHT
    )


def _lose(path: _Path, end: int) -> _Path:
    return _Path(path.cost + _LOST_COST, path, end, tail=path.tail, lost=True)


def _close(pending: bytes, path: _Path, end: int) -> _Path:
    if not pending:
        return path
    inserted = _insert((pending, path, end), INSERTED_COST, inf) if len(pending) == 1 else ()
    ways = (way._replace(cost=way.cost + _ODD_COST) for way in inserted)
    return min([_lose(path, end), *ways], key=lambda way: way.cost)


@cache
def _character(data: bytes) -> str | None:
    """What bytes are in GB18030: a character, no character (empty), or the beginning of one (None)."""
    if len(data) == 1 or (len(data) == _PAIR and data[1] in _DIGITS) or len(data) == _PAIR + 1:
        is_four = data[0] in _FOUR_BYTE_LEADS and (len(data) < _PAIR or data[1] in _DIGITS)
        return None if len(data) == 1 or is_four else ""
    try:
        character = data.decode("gbk" if len(data) == _PAIR else "gb18030")
    except UnicodeDecodeError:
        return ""
    return character if len(character) == 1 else ""


def _is_utf8_pair(data: bytes) -> bool:
    return len(data) == _PAIR and data[0] in _PAIR_LEADS and data[1] in _PAIR_SECONDS


def pieces_of(steps: list[_Path], run: str, start: int, offset: int) -> Iterator[Piece]:
    """The steps of a window that begins at ``offset`` of a run, as pieces from ``start`` on."""
    for step in steps:
        end = offset + step.end
        text = run[start:end] if step.lost else step.text
        cost = _LOST_COST if step.lost else sum(map(character_cost, text), 0.0) * (not text.isascii())
        yield Piece(
            start, end, text, cost + INSERTED_COST * step.inserted, step.inserted, step.mixed, step.lost
        )
        start = end
