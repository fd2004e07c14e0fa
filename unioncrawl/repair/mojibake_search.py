"""The search behind class B: which GBK bytes a run of European letters stands for.

The state is a lead byte waiting for its second byte, or none. A letter is one
byte of the code page, or (B2) the two bytes of its UTF-8 form. A soft hyphen or
a no-break space may have been dropped behind a lead byte. A letter that fits
nowhere stays as it is, at a cost, so that one lost byte does not spoil the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from unioncrawl.characters import character_cost
from unioncrawl.repair.lexicon import load_lexicon

# A Latin-1 letter as a pair of UTF-8: cheap on a page that shows B2, dear elsewhere
# (½ alone is the second byte of 江 more often than C2 BD, 陆).
_UTF8_COST = 0.2
_UTF8_UNSEEN_COST = 20.0
_INSERTED_COST = 7.0
# At the end of a run a byte was rather cut off than dropped.
_INSERTED_AT_END_COST = 5.0
_LOST_COST = 20.0
_DROPPED_BYTES = (0xAD, 0xA0)
_ASCII_END = 0x80
_BEAM = 6
# A letter of ASCII between Chinese characters.
_ASCII_COST = 4.0
_HISTORY = 3
_CONTEXT_WEIGHT = 0.7
_MOST_COST = 14.0
# Characters as rare as this are not worth a look into the statistics.
_RARE_COST = 10.5
_TWO_BYTE_UTF8 = range(0x80, 0x800)


class Piece(NamedTuple):
    """A stretch of a run: what it stands for, or ``lost`` when it stays as it is.

    ``start`` and ``end`` are code points of the run; ``cost`` is the sum over
    the characters; ``inserted`` counts dropped bytes put back; ``mixed`` tells
    that some letters were pairs of bytes read as UTF-8.
    """

    start: int
    end: int
    text: str
    cost: float
    inserted: int = 0
    mixed: bool = False
    lost: bool = False

    @property
    def characters(self) -> int:
        """How many characters that are not ASCII it stands for; none when lost."""
        return 0 if self.lost else sum(not character.isascii() for character in self.text)


class _Path(NamedTuple):
    """One way to read the run so far: what the last move gave, and the way before it.

    ``tail`` are the last characters restored, which the statistics look at.
    """

    cost: float
    before: _Path | None
    end: int
    text: str = ""
    tail: str = ""
    inserted: int = 0
    mixed: bool = False
    lost: int = 0


# A lead byte that waits for its second one (None: none waits), and the last character.
_State = tuple[int | None, str]


def read_run(
    run: str, table: Mapping[str, int], *, mixed: bool = False, before: str = ""
) -> tuple[Piece, ...]:
    """Read a run of letters at the least cost; pieces in order cover all of it.

    ``mixed`` says that the page shows pairs of bytes read as UTF-8 (class B2),
    ``before`` is what has been restored before the run.

    >>> from unioncrawl.repair.mojibake import TABLES
    >>> [piece.text for piece in read_run("½­ËÕ", TABLES["cp1252"])]
    ['江苏']
    >>> [piece.text for piece in read_run("½ËÕ", TABLES["cp1252"])]
    ['江苏']
    >>> [(piece.text, piece.lost) for piece in read_run("ÖÐ¹úÖ", TABLES["cp1252"])]
    [('中国', False), ('Ö', True)]
    """
    options = [_options(letter, table, _UTF8_COST if mixed else _UTF8_UNSEEN_COST) for letter in run]
    states: dict[_State, _Path] = {(None, ""): _Path(0.0, None, 0, tail=before[-_HISTORY:])}
    for index, readings in enumerate(options):
        following: dict[_State, _Path] = {}
        for (pending, _), path in states.items():
            for waiting, step in _moves(pending, path, readings, index):
                state = (waiting, step.tail[-1:])
                if state not in following or step.cost < following[state].cost:
                    following[state] = step
        states = dict(sorted(following.items(), key=lambda item: item[1].cost)[:_BEAM])
    ended = [_close(pending, path, len(run)) for (pending, _), path in states.items()]
    return tuple(_pieces(run, min(ended, key=lambda path: path.cost)))


def _options(letter: str, table: Mapping[str, int], utf8_cost: float) -> list[tuple[bytes, float]]:
    """The bytes that a letter can stand for, each with its cost."""
    if letter.isascii():
        return [(letter.encode(), 0.0)]
    options = [(bytes([table[letter]]), 0.0)] if letter in table else []
    if ord(letter) in _TWO_BYTE_UTF8:
        options.append((letter.encode(), utf8_cost if options else 0.0))
    return options


def _moves(
    pending: int | None, path: _Path, options: list[tuple[bytes, float]], index: int
) -> Iterator[tuple[int | None, _Path]]:
    for data, cost in options:
        states = [(pending, path._replace(cost=path.cost + cost))]
        for byte in data:
            states = [after for state, way in states for after in _feed(state, way, byte, index)]
        for state, way in states:
            yield state, (way._replace(mixed=True) if len(data) > 1 else way)
    stays = path if pending is None else _lose(path, index, 1)
    yield None, _lose(stays, index + 1, 1)


def _feed(pending: int | None, path: _Path, byte: int, index: int) -> Iterator[tuple[int | None, _Path]]:
    """One byte more: it ends a character, or waits for its second byte."""
    if pending is None:
        if byte < _ASCII_END:
            yield None, _Path(path.cost + _ASCII_COST, path, index + 1, chr(byte), path.tail)
        else:
            yield byte, path
        return
    character = _pair(pending, byte)
    if character:
        yield None, _emit(path, character, index + 1, 0.0)
    for closed in _insert(pending, path, index):
        yield from _feed(None, closed, byte, index)


def _insert(pending: int, path: _Path, index: int) -> Iterator[_Path]:
    for dropped in _DROPPED_BYTES:
        character = _pair(pending, dropped)
        if character:
            yield _emit(path, character, index, _INSERTED_COST)._replace(inserted=1)


def _emit(path: _Path, character: str, end: int, extra: float) -> _Path:
    cost = path.cost + extra + context_cost(path.tail, character)
    return _Path(cost, path, end, character, (path.tail + character)[-_HISTORY:])


@lru_cache(maxsize=1 << 16)
def context_cost(tail: str, character: str) -> float:
    """How unlikely a character is behind others; half of what it is by itself counts too.

    The cap keeps a rare name from looking like a loss.
    """
    alone = character_cost(character)
    if alone > _RARE_COST:
        return alone
    return min(-load_lexicon().log_prob(tail, character), _MOST_COST) * _CONTEXT_WEIGHT + alone * (
        1 - _CONTEXT_WEIGHT
    )


def _lose(path: _Path, end: int, letters: int) -> _Path:
    return _Path(path.cost + _LOST_COST, path, end, tail=path.tail, lost=letters)


def _close(pending: int | None, path: _Path, end: int) -> _Path:
    if pending is None:
        return path
    inserted = (way._replace(cost=way.cost + _INSERTED_AT_END_COST) for way in _insert(pending, path, end))
    return min([_lose(path, end, 1), *inserted], key=lambda way: way.cost)


@cache
def _pair(lead: int, second: int) -> str:
    try:
        return bytes([lead, second]).decode("gbk")
    except UnicodeDecodeError:
        return ""


def _pieces(run: str, path: _Path) -> list[Piece]:
    """The path's moves, neighbours of one kind joined."""
    moves: list[_Path] = []
    step: _Path | None = path
    while step is not None and step.before is not None:
        moves.append(step)
        step = step.before
    pieces: list[Piece] = []
    start = 0
    for move in reversed(moves):
        text = run[start : move.end] if move.lost else move.text
        cost = _LOST_COST if move.lost else sum(map(character_cost, text)) * (not text.isascii())
        cost += _INSERTED_COST * move.inserted
        new = Piece(start, move.end, text, cost, move.inserted, move.mixed, bool(move.lost))
        pieces.append(_joined(pieces.pop(), new) if pieces and pieces[-1].lost == new.lost else new)
        start = move.end
    return pieces


def _joined(left: Piece, right: Piece) -> Piece:
    return Piece(
        left.start,
        right.end,
        left.text + right.text,
        left.cost + right.cost,
        left.inserted + right.inserted,
        left.mixed or right.mixed,
        left.lost,
    )
