"""Class B and B2: GBK bytes that were read as a single-byte European encoding.

``ÖÐ¹ú±ê×¼Ê±¼ä`` is 中国标准时间: each byte of GBK became a letter of Latin-1 (or
of Windows code page 1252 or 1250). In B2, pairs of bytes that happen to be
valid UTF-8 (lead C2 to DF) were read as UTF-8, so that ``ͳһ`` (CD B3, D2 BB) is
统一. Soft hyphens (AD) and no-break spaces (A0) may have been dropped on the way.

A run is read byte by byte, at the least cost in unlikely characters, with those
moves. What is ambiguous: a run of one or two letters. It is repaired only when
the page has longer runs that leave no doubt. Left alone: accented words of
French, Spanish or pinyin, whose letters make no common Chinese characters.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from unioncrawl.characters import character_cost
from unioncrawl.model import Unresolved
from unioncrawl.repair.mojibake_search import Piece, context_cost, read_run
from unioncrawl.repair.page import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding

# A character of GB2312 taken at random costs this; what a run's characters cost
# less is the evidence that they are Chinese, in natural logarithms.
_CHANCE_COST = 8.8
_SURE_GAIN = 3.0
_SURE_CHARACTERS = 2
_ESTABLISHED_GAIN = 6.0
# On a page with such damage a run may be as rare as this, for each character.
_LIKELY_COST = 10.5
# A run that reads plainly at this cost, and nowhere has three characters in a row as rare as
# this (a dropped byte makes nonsense up to the next ASCII), needs no search.
_PLAIN_COST = 7.5
_PLAIN_THREE_COST = 27.5
_FLUENT_COST = 8.5
# So many doubtful spots of a run are looked at one by one, with so many characters around.
_MOST_DOUBTS = 6
_DOUBT_CHARACTERS = 6
# A code page is chosen by so many runs.
_SAMPLE_RUNS = 30
_SEARCHED_RUNS = 3
_SAMPLE_LETTERS = 40
_CONFIDENCE_SURE = 0.99
_CONFIDENCE_LIKELY = 0.92
_CONFIDENCE_INSERTED = 0.9
_FEWEST_LETTERS = 2

_HIGH = range(0x80, 0x100)
# ASCII, and the signs that good Chinese text has: ° ± · ×.
_ASCII = bytes(range(0x80)) + b"\xb0\xb1\xb7\xd7"


def _byte_table(codec: str) -> dict[str, int]:
    """Character to byte for the upper half; bytes that the codec leaves open are C1 controls."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    table.update({bytes([byte]).decode(codec, "ignore"): byte for byte in _HIGH})
    table.pop("", None)
    return table


TABLES: dict[str, dict[str, int]] = {codec: _byte_table(codec) for codec in ("cp1252", "cp1250")}


def _upper_half(codec: str) -> str:
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in _HIGH)


_TRANSLATION = {
    codec: codecs.charmap_build("".join(map(chr, range(0x80))) + _upper_half(codec)) for codec in TABLES
}
# C1 controls, as Latin-1 reads bytes 80 to 9F, to what the code page has there.
_CONTROLS = {codec: dict(zip(range(0x80, 0xA0), _upper_half(codec), strict=False)) for codec in TABLES}
_SPECIAL = "".join(
    sorted({character for table in TABLES.values() for character in table if character > "\u07ff"})
)
# A run: letters from U+0080 to U+07FF and the signs of the code pages, single
# ASCII signs between them that can be second bytes of GBK (0x40 to 0x7E).
_LETTER = f"[\x80-\u07ff{re.escape(_SPECIAL)}]"
_RUN = re.compile(f"{_LETTER}(?:[@-~]?{_LETTER})*[@-~]?")
_NEIGHBOURS = re.compile(_LETTER + _LETTER)
# A mirror's pinyin note: one letter with a tone. Beside —— or …… it is no mojibake, though
# the UTF-8 of é and ì (C3 A9, C3 AC) read as GBK gives 茅 and 矛.
_NOTE = re.compile("\\([a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü][a-z]* ?\\)")
# Letters that code page 1250 has and 1252 lacks.
_CENTRAL_EUROPEAN = re.compile(f"[{''.join(sorted(set(TABLES['cp1250']) - set(TABLES['cp1252'])))}]")
# Letters that only UTF-8 pairs make: Greek, Cyrillic, Hebrew, Arabic and marks.
_PAIRED = re.compile("[\u0180-\u02bf\u0300-\u07ff]")
_PAIRS_APART = re.compile(
    "(?P<pair>[\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-\u07ff])|[^\u0100-\u07ff]+|."
)
# U+FFFD in UTF-8 read as Latin-1: nothing is behind it (class F).
_LOST_FOR_GOOD = "ï¿½"


class Reader(NamedTuple):
    """How a page's letters are read: the code page, and whether pairs were UTF-8 (B2)."""

    codec: str = "cp1252"
    mixed: bool = False

    def read(self, run: str) -> tuple[Piece, ...]:
        """The pieces of a run: plainly when that gives common characters, else by search."""
        plain = self.read_plainly(run)
        if plain is not None:
            return (plain,)
        pieces = self._read_between_pairs(run) if self.mixed else None
        return pieces or read_run(run, TABLES[self.codec], mixed=self.mixed)

    def read_plainly(self, run: str) -> Piece | None:
        """Read a run byte by byte; None when that gives no common characters."""
        try:
            letters = run.translate(_CONTROLS[self.codec])
            plain = codecs.charmap_encode(letters, "strict", _TRANSLATION[self.codec])[0].decode("gbk")
        except UnicodeError:
            return None
        costs = [character_cost(character) for character in plain]
        if sum(costs) > _PLAIN_COST * len(plain):
            return None
        triples = zip(costs, costs[1:], costs[2:], strict=False)
        rare = [at for at, three in enumerate(triples) if sum(three) > _PLAIN_THREE_COST]
        if len(rare) > _MOST_DOUBTS or not all(self._stands(run, plain, at) for at in rare):
            return None
        return Piece(0, len(run), plain, sum(costs))

    def _stands(self, run: str, plain: str, at: int) -> bool:
        """Whether a search around a character of the plain reading finds the same."""
        first, last = max(at - _DOUBT_CHARACTERS, 0), at + _DOUBT_CHARACTERS
        start = sum(map(_letters, plain[:first]))
        end = start + sum(map(_letters, plain[first:last]))
        found = read_run(run[start:end], TABLES[self.codec], mixed=self.mixed, before=plain[:first][-3:])
        return "".join(piece.text for piece in found) == plain[first:last]

    def _read_fluently(self, run: str, before: str) -> Piece | None:
        """Read plainly; None when a character is unlikely behind those before it."""
        piece = self.read_plainly(run)
        if piece is None:
            return None
        tails = ((before[-3:] + piece.text[:at])[-3:] for at in range(len(piece.text)))
        costs = map(context_cost, tails, piece.text)
        return piece if max(costs, default=0.0) <= _FLUENT_COST else None

    def _read_between_pairs(self, run: str) -> tuple[Piece, ...] | None:
        """Read a run whose pairs of UTF-8 are whole characters; None when some are not.

        Then each of those letters is a character, and what lies between is read alone.
        """
        read = Piece(0, 0, "", 0.0, mixed=True)
        for part in _PAIRS_APART.finditer(run):
            if part["pair"]:
                character = part[0].encode().decode("gbk", "ignore")
                piece = Piece(0, 1, character, character_cost(character)) if character else None
            else:
                piece = self._read_fluently(part[0], read.text)
                if piece is None:
                    piece = _only(read_run(part[0], TABLES[self.codec], mixed=True, before=read.text))
            if piece is None:
                return None
            read = Piece(
                0, part.end(), read.text + piece.text, read.cost + piece.cost, piece.inserted, mixed=True
            )
        return (read,)


def _letters(character: str) -> int:
    """How many letters of a run a character takes."""
    return 1 if character.isascii() or character == "€" else 2


def _only(pieces: tuple[Piece, ...]) -> Piece | None:
    return pieces[0] if len(pieces) == 1 and not pieces[0].lost else None


def suspects_mojibake(text: str) -> bool:
    """Whether a text has Latin-1 letters side by side, so that it could be class B.

    >>> suspects_mojibake("ÖÐ¹ú"), suspects_mojibake("全国总工会·2024")
    (True, False)
    >>> suspects_mojibake("工會(huì)——全國(guó)總工會(huì)")
    False
    """
    if text.isascii():
        return False
    if _has_few_letters(text) or _NEIGHBOURS.search(text) is None:
        return False
    return "(" not in text or not _has_few_letters(_NOTE.sub("", text))


def _has_few_letters(text: str) -> bool:
    return len(text.encode("latin-1", "ignore").translate(None, _ASCII)) < _FEWEST_LETTERS


def undo_mojibake(text: str, page: Page) -> Finding:
    """Read the letters of a European encoding as the GBK bytes that they were.

    >>> page = Page(("ÖÐ¹ú±ê×¼Ê±¼ä",))
    >>> undo_mojibake("ÖÐ¹ú±ê×¼Ê±¼ä", page).edits[0].after
    '中国标准时间'
    >>> undo_mojibake("ÕâÖÖͳһ¿Ú¾¶", Page(("ÕâÖÖͳһ¿Ú¾¶",))).edits[0].after
    '这种统一口径'
    >>> undo_mojibake("Nguyễn à la française", Page(("Nguyễn à la française",))).edits
    ()
    """
    if not suspects_mojibake(text) and not any(map(suspects_mojibake, page.texts)):
        return NOTHING
    reader, established = _judge(page.texts)
    edits: list[Edit] = []
    unresolved: list[Unresolved] = []
    for start, pieces in _runs(text, reader):
        if not _is_damage(pieces, established=established):
            continue
        for piece in pieces:
            begin, end = start + piece.start, start + piece.end
            if piece.lost:
                unresolved.append(Unresolved(begin, end, "GBK read as Latin-1, a byte is lost"))
            else:
                edits.append(Edit(begin, end, piece.text, _confidence(piece), _evidence(piece, reader)))
    return Finding(tuple(edits), tuple(unresolved))


@lru_cache(maxsize=4)
def _judge(texts: tuple[str, ...]) -> tuple[Reader, bool]:
    """The reader that makes most of the page Chinese, and whether damage is beyond doubt."""
    suspected = [text for text in texts if suspects_mojibake(text)]
    mixed = any(map(_PAIRED.search, suspected))
    readers = [Reader("cp1252", mixed)]
    if any(map(_CENTRAL_EUROPEAN.search, suspected)):
        readers.append(Reader("cp1250", mixed))
    reader = _best_reader(suspected, readers)
    runs = [pieces for text in suspected for _, pieces in _runs(text, reader)]
    chinese = [pieces for pieces in runs if _gain(pieces) > 0]
    established = sum(map(_gain, chinese)) >= _ESTABLISHED_GAIN
    return reader, established and sum(map(_characters, chinese)) >= _SURE_CHARACTERS


def _best_reader(texts: list[str], readers: list[Reader]) -> Reader:
    """The reader that makes the most of a page's first runs: plainly, or by search when none does."""
    if len(readers) == 1:
        return readers[0]
    runs = list(islice((run[0] for text in texts for run in _RUN.finditer(text)), _SAMPLE_RUNS))
    plain = {
        reader: sum(_gain((piece,)) for run in runs if (piece := reader.read_plainly(run)))
        for reader in readers
    }
    if any(plain.values()):
        return max(readers, key=lambda reader: plain[reader])
    shortened = [run[:_SAMPLE_LETTERS] for run in runs[:_SEARCHED_RUNS]]
    return max(readers, key=lambda reader: sum(_gain(reader.read(run)) for run in shortened))


@lru_cache(maxsize=64)
def _runs(text: str, reader: Reader) -> tuple[tuple[int, tuple[Piece, ...]], ...]:
    runs = (run for run in _RUN.finditer(text) if _LOST_FOR_GOOD not in run[0])
    return tuple((run.start(), reader.read(run[0])) for run in runs)


def _characters(pieces: tuple[Piece, ...]) -> int:
    return sum(piece.characters for piece in pieces)


def _gain(pieces: tuple[Piece, ...]) -> float:
    """How much less a run costs than characters taken at random."""
    return _CHANCE_COST * _characters(pieces) - sum(piece.cost for piece in pieces)


def _is_sure(pieces: tuple[Piece, ...]) -> bool:
    return _characters(pieces) >= _SURE_CHARACTERS and _gain(pieces) >= _SURE_GAIN


def _is_damage(pieces: tuple[Piece, ...], *, established: bool) -> bool:
    if _is_sure(pieces):
        return True
    characters = _characters(pieces)
    cost = sum(piece.cost for piece in pieces if not piece.lost)
    return established and characters > 0 and cost <= _LIKELY_COST * characters


def _confidence(piece: Piece) -> float:
    if piece.inserted:
        return _CONFIDENCE_INSERTED
    return _CONFIDENCE_SURE if _is_sure((piece,)) else _CONFIDENCE_LIKELY


def _evidence(piece: Piece, reader: Reader) -> str:
    told = f"GBK bytes read as {reader.codec}"
    if piece.mixed:
        told += ", some as UTF-8"
    if piece.inserted:
        told += f", {piece.inserted} dropped soft hyphens put back"
    return told
