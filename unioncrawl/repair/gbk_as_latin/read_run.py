"""Read a run of European letters as GBK: by the codec, and by a search where its result is doubtful.

A dropped byte shifts all that follows by half a character, up to the next ASCII,
and the result is rare characters. So the codec reads a run up to a doubtful spot;
a search reads a few letters around it, and the codec goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import inf
from operator import add
from typing import NamedTuple

from unioncrawl.language.characters import (
    BEYOND_GB2312_COST,
    COMMON_SIMPLIFIED,
    FIRST_LEVEL_COST,
    character_cost,
)
from unioncrawl.language.lexicon import HISTORY_CHARACTERS
from unioncrawl.repair.code_pages.pages import CodePage, page_of
from unioncrawl.repair.gbk_as_latin.byte_search import (
    INSERTED_COST,
    Rules,
    context_cost,
    pieces_of,
    read_window,
)
from unioncrawl.repair.gbk_as_latin.pieces import CHINESE_SIGNS, Piece, join

# What it costs to take a Latin-1 letter for a pair of UTF-8 bytes on a page that shows no others.
_RIVAL_UNSEEN_COST = 8.5
# Letters that the codec reads at a time.
_CHUNK_LETTERS = 400
# The search begins so many characters before a doubtful one and looks at so many
# letters; only its result for the first ones is used.
_BACK_CHARACTERS = HISTORY_CHARACTERS + 1
_WINDOW_LETTERS = 32
_TAKEN_LETTERS = _WINDOW_LETTERS // 2
# Pieces of runs up to this length are kept: of 934 runs on 100 pages of a mirror 20 were different ones.
_SHORT_RUN = 8
# After so many windows without sense one after another, letters are skipped, ever more.
_MOST_VAIN = 6
# A character of GB2312 taken at random costs this.
CHANCE_COST = 8.8
# Two uncommon characters side by side, or one that hardly any text has, are
# looked at; when one or two are this unlikely after the text before, they are searched.
_STRANGE_PAIR_COST = 18.0
_WIDE_SPACE = "\u3000"


_SIGNS = frozenset(CHINESE_SIGNS)


def _gb2312() -> Iterator[str]:
    rows = (bytes([lead, second]) for lead in range(0xA1, 0xF8) for second in range(0xA1, 0xFF))
    return filter(None, (pair.decode("gb2312", "ignore") for pair in rows))


_MARKS = "，。、；：？！“”‘’（）《》【】—…·　－％〖〗"
_COMMON = COMMON_SIMPLIFIED + _MARKS + "".join(map(chr, range(0x20, 0x7F)))
_KNOWN = "".join(sign for sign in _gb2312() if character_cost(sign) <= FIRST_LEVEL_COST) + _COMMON
_UNCOMMON = f"[^{re.escape(_COMMON)}]"
_DOUBTFUL = re.compile(f"{_UNCOMMON}{_UNCOMMON}|[^{re.escape(_KNOWN)}]")


class Reader(NamedTuple):
    """How a page's letters are read.

    ``mixed`` says that some letters are pairs of bytes read as UTF-8 (class B2),
    ``dropped`` that soft hyphens were lost on the way, ``kept`` that they were not.
    """

    codec: str = "cp1252"
    mixed: bool = False
    dropped: bool = False
    kept: bool = False

    @property
    def page(self) -> CodePage:
        """The code page."""
        return page_of(self.codec)

    def read(self, run: str) -> tuple[Piece, ...]:
        """The pieces of a run, in order; they cover all of it.

        >>> [piece.text for piece in Reader().read("½­ËÕ")], [piece.text for piece in Reader().read("½ËÕ")]
        (['江苏'], ['江苏'])
        >>> [(piece.text, piece.lost) for piece in Reader().read("ÖÐ¹úÖ")]
        [('中国', False), ('Ö', True)]
        """
        return _read_short(self, run) if len(run) <= _SHORT_RUN else join(self.read_anew(run))

    def plain_cost(self, run: str) -> float:
        """What a character costs when the codec alone reads a run; infinite when it cannot."""
        try:
            text = self.page.encode(run).decode("gb18030")
        except UnicodeDecodeError:
            return inf
        return _cost(text) / max(len(text), 1)

    def read_anew(self, run: str) -> Iterator[Piece]:
        """Yield the pieces of a run one after another, neighbours of one kind apart."""
        position, tail, vain = 0, "", 0
        while position < len(run):
            text, letters = self._read_chunk(run[position : position + _CHUNK_LETTERS], tail)
            if text:
                mixed = self.mixed and not all(
                    map(self.page.bytes_of.__contains__, run[position : position + letters])
                )
                yield Piece(position, position + letters, text, _cost(text), mixed=mixed)
                position, tail = position + letters, (tail + text)[-HISTORY_CHARACTERS:]
                vain = max(vain - len(text), 0)
            else:
                found = self._search(run, position, tail)
                vain = vain + 1 if _is_vain(found) else max(vain - 2, 0)
                yield from found
                position = found[-1].end
                tail = (tail + "".join(piece.text for piece in found if not piece.lost))[-HISTORY_CHARACTERS:]
            if vain >= _MOST_VAIN and position < len(run):
                # Not GBK: look again further on, ever further.
                end = min(position + 2**vain, len(run))
                cost = CHANCE_COST / 2 * (end - position)
                yield Piece(position, end, run[position:end], cost, lost=True)
                position = end

    @property
    def _rival_cost(self) -> float:
        """What it costs to take a Latin-1 letter as a pair of UTF-8 bytes: nothing in class B2."""
        return 0.0 if self.mixed else _RIVAL_UNSEEN_COST

    def _search(self, run: str, start: int, before: str) -> list[Piece]:
        """The pieces that a search reads from ``start`` on; it reads at least one letter."""
        size = _WINDOW_LETTERS
        inserted_cost = 0.0 if self.dropped else INSERTED_COST  # where one was dropped, each was
        rules = Rules(self.page, self.mixed, self._rival_cost, inserted_cost)
        while True:
            letters = run[start : start + size]
            is_end = start + size >= len(run)
            steps = read_window(letters, before, rules, is_end=is_end)
            if is_end:
                return list(pieces_of(steps, run, start, start))
            least = size - _WINDOW_LETTERS + _TAKEN_LETTERS
            whole = [at for at, step in enumerate(steps, 1) if step.end <= least and not step.is_split]
            if whole and steps[whole[-1] - 1].end:
                return list(pieces_of(steps[: whole[-1]], run, start, start))
            size *= 2

    def _read_chunk(self, letters: str, before: str) -> tuple[str, int]:
        """The codec's text of the first letters, up to a doubtful spot, and how many letters they are."""
        known = self._known(letters)
        data = self.page.encode(letters[:known])
        is_whole = known == len(letters)
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            text = data[: error.start].decode("gb18030")
            is_whole = False
        doubt = self._first_doubt(before, text, has_signs=not _SIGNS.isdisjoint(letters))
        if doubt is None and is_whole:
            return self._cut(letters, text)
        sure = len(text) if doubt is None else doubt
        return self._cut(letters, text[: max(sure - _BACK_CHARACTERS, 0)])

    def _known(self, letters: str) -> int:
        """How many of the first letters are bytes beyond doubt: no U+FFFD, no space that was one."""
        known = letters.partition("\ufffd")[0]
        return len(known.partition(" ")[0] if self.page.lost_space else known)

    def _first_doubt(self, before: str, text: str, *, has_signs: bool) -> int | None:
        """Return where the first character stands that may be wrong."""
        if self.kept and not self.mixed and not has_signs:
            return None
        return _unlikely(before, text) if self.dropped else find_doubtful(before, text)

    def _cut(self, letters: str, text: str) -> tuple[str, int]:
        """The text with the letters that it takes, shortened to where a letter ends."""
        size = len(text.encode("gb18030"))
        if not self.mixed:
            return text, size
        taken = count = 0
        for letter in letters:
            width = len(self.page.encode(letter))
            if taken + width > size:
                break
            taken += width
            count += 1
        if taken < size:
            return self._cut(letters, text[:-1])
        return text, count


@lru_cache(maxsize=1 << 10)
def _read_short(reader: Reader, run: str) -> tuple[Piece, ...]:
    """Read a short run once: the letters of a mirror's notes come again on every page (í, ǎn)."""
    return join(reader.read_anew(run))


def _is_vain(pieces: list[Piece]) -> bool:
    """Whether a window made no sense: its characters are as rare as any, or it has no characters."""
    characters = sum(piece.characters for piece in pieces)
    cost = sum(piece.cost for piece in pieces)
    return cost > CHANCE_COST * characters


def _cost(text: str) -> float:
    return sum(map(character_cost, text))


def find_doubtful(before: str, text: str) -> int | None:
    """Where rare characters stand that the statistics don't expect there; None without such a place.

    >>> find_doubtful("", "市总工会"), find_doubtful("", "市总箑会")
    (None, 2)
    """
    at = 0
    while (found := _DOUBTFUL.search(text, at)) is not None:
        first = max(found.start() - 1, 0)
        costs = _context_costs(before, text, first, found.end() + HISTORY_CHARACTERS)
        pairs = map(add, costs, costs[1:])
        if max(costs) >= BEYOND_GB2312_COST or max(pairs, default=0.0) > _STRANGE_PAIR_COST:
            return found.start()
        at = found.end()
    return None


def _unlikely(before: str, text: str) -> int | None:
    """Return where the first characters stand that are unlikely after those before; None without a place.

    A wide space counts as such: A1 A1 is what is left of ……; a real one mostly begins a line.
    """
    whole, shift, last = before + text, len(before), 0.0
    for at, character in enumerate(text):
        if character == _WIDE_SPACE:
            return at
        place = at + shift
        cost = context_cost(whole[max(place - HISTORY_CHARACTERS, 0) : place], character)
        if at and last + cost > _STRANGE_PAIR_COST:
            return at - 1
        last = cost
    return None


def _context_costs(before: str, text: str, first: int, end: int) -> list[float]:
    whole = before + text
    shift = len(before)
    places = range(shift + first, shift + min(end, len(text)))
    return [context_cost(whole[max(at - HISTORY_CHARACTERS, 0) : at], whole[at]) for at in places]
