"""Class B and B2: GBK bytes that were read as a single-byte European encoding.

``ÖÐ¹ú±ê×¼Ê±¼ä`` is 中国标准时间: each byte of GBK became a letter of Latin-1 (or
of Windows code page 1252 or 1250). In B2, pairs of bytes that happen to be
valid UTF-8 (lead C2 to DF) were read as UTF-8, so that ``ͳһ`` (CD B3, D2 BB) is
统一. Soft hyphens (AD) and no-break spaces (A0) may have been dropped on the way.

A run is read byte by byte, at the least cost in unlikely characters, with these
steps. Ambiguous: a run of one or two letters. It is repaired only when the page
has longer runs that leave no doubt. Left alone: accented words of French, Spanish
or pinyin, whose letters don't give common Chinese characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.pinyin import TONED_READING
from unioncrawl.model import Unresolved
from unioncrawl.repair.code_pages.judge import COMMON_COST, judge
from unioncrawl.repair.code_pages.pages import CODE_PAGES, has_latin_letters
from unioncrawl.repair.gbk_as_latin.pieces import SIGN_COST, UNLIKELY_COST, Piece
from unioncrawl.repair.gbk_as_latin.read_run import CHANCE_COST, Reader
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, SURE, Edit, Finding
from unioncrawl.repair.suspicion import Hint

# What a run's characters cost less than characters at random is the evidence that they
# are Chinese, in natural logarithms.
_SURE_GAIN = 3.0
_SURE_CHARACTERS = 2
# Rare characters can make a common phrase (餐厨垃圾): what the statistics find likely is Chinese too.
_PHRASE_CHARACTERS = 12
# Likely phrases gain so much; so do the runs of a page together: single characters among
# digits and signs (11ÔÂ8ÈÕ) are damage when no Latin word is there.
_ENOUGH_GAIN = 6.0
# After so many runs that are not GBK, more and more are skipped, if they are short.
_MOST_VAIN_RUNS = 32
# So many letters of the longest run choose a code page.
_LONG_RUN = 80
_SOFT_HYPHEN = "\xad"
_CONFIDENCE_SURE = 0.99
_CONFIDENCE_LIKELY = 0.92
# A pattern searches texts up to this length faster than an encoder.
_SHORT_CHARACTERS = 64
# Signs that stand alone in good Chinese text.
_CHINESE_SIGNS = frozenset("·°±×§“”‘’…—") | {"……", "——", "“‘", "’”"}

_SPECIAL = "".join(
    sorted({character for page in CODE_PAGES.values() for character in page.bytes_of if character > "\u07ff"})
)
# A run: letters from U+0080 to U+07FF and the signs of the code pages, single
# ASCII signs between them that can be second bytes of GBK (0x40 to 0x7E), and digits in the
# four bytes of GB18030 (U+2003 is 81 36 A3 39).
_LETTER = f"[\x80-\u07ff{re.escape(_SPECIAL)}]"
_FOUR_BYTES = f"[\x81-\x84\x90\x95-\x98‚ƒ„•–—˜][0-9]{_LETTER}[0-9]"
_RUN = re.compile(f"(?:{_FOUR_BYTES}|{_LETTER})(?:{_FOUR_BYTES}|[@-~]?{_LETTER})*[@-~]?")
_LETTERED = f"(?![“”‘’…—°±·×]){_LETTER}"
_NEIGHBOURS = re.compile(_LETTERED + _LETTERED)
_LATIN = f"(?![“”‘’…—°±·×])[\x80-\u02dd{re.escape(_SPECIAL)}]"
_LATIN_NEIGHBOURS = re.compile(_LATIN + _LATIN)
_BESIDE_LATIN = re.compile(f"[A-Za-z]{_LATIN}|{_LATIN}[A-Za-z]")
# A mirror's pinyin note: one letter with a tone. Beside —— or …… it is not mojibake, though
# the UTF-8 of é and ì (C3 A9, C3 AC) read as GBK gives 茅 and 矛.
_NOTE = re.compile(rf"\({TONED_READING}\)")
# Letters that code page 1250 has and 1252 lacks.
_CENTRAL_EUROPEAN = re.compile(
    f"[{''.join(sorted(set(CODE_PAGES['cp1250'].bytes_of) - set(CODE_PAGES['cp1252'].bytes_of)))}]"
)
# U+FFFD in UTF-8 read as Latin-1: its original is lost (class F).
_LOST_FOR_GOOD = re.compile("(?:ï¿½)+")

# Any letter but the commonest signs of good Chinese text.
HINTS = (
    Hint("\x80-\xaf\xb2-\xb6\xb8-\xd6\xd8-\u07ff"),
    Hint(re.escape("".join(sign for sign in _SPECIAL if sign not in "“”‘’…—"))),
)


def suspects_mojibake(text: str) -> bool:
    """Whether a text has Latin-1 letters side by side, so that it could be class B.

    >>> suspects_mojibake("ÖÐ¹ú"), suspects_mojibake("全国总工会·2024")
    (True, False)
    >>> suspects_mojibake("工會(huì)——全國(guó)總工會(huì)")
    False
    """
    is_short = len(text) <= _SHORT_CHARACTERS
    if _LATIN_NEIGHBOURS.search(text) is None if is_short else not has_latin_letters(text):
        return False
    if _NEIGHBOURS.search(text) is None:
        return False
    return "(" not in text or _NEIGHBOURS.search(_NOTE.sub(" ", text)) is not None


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
    if judge(page.texts) is not None or _is_nonsense(page.texts):
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
    reader = _best_reader(suspected)
    runs = [pieces for text in suspected for _, pieces in _runs(text, reader)]
    if sum(_gain(pieces) for pieces in runs if _is_sure(pieces)) >= _ENOUGH_GAIN:
        return reader, True
    gains = list(map(_gain, runs))
    are_single = all(0 < _characters(pieces) < _SURE_CHARACTERS for pieces in runs)
    stands_alone = are_single and min(gains, default=0.0) > 0
    stands_alone = stands_alone and not any(map(_BESIDE_LATIN.search, suspected))
    return reader, stands_alone and sum(gains) >= _ENOUGH_GAIN


def _best_reader(texts: list[str]) -> Reader:
    """The code page that makes the most of a page's first letters; 1252 when both make as much."""
    runs = [run for text in texts for _, run in _find_runs(text)]
    letters = set().union(*runs)
    readers = [
        Reader(codec, mixed=any("\xff" < letter < "\u0800" for letter in letters.difference(page.bytes_of)))
        for codec, page in CODE_PAGES.items()
        if codec == "cp1252" or _CENTRAL_EUROPEAN.search("".join(letters))
    ]
    if len(readers) > 1:
        sample = max(runs, key=len)[:_LONG_RUN]
        plain = sorted((reader.plain_cost(sample), reader) for reader in readers)
        readers = [reader for cost, reader in plain if cost < COMMON_COST]
        readers = readers or sorted(
            (reader for _, reader in plain), key=lambda reader: -_gain(reader.read(sample))
        )
    reader = readers[0]
    if _SOFT_HYPHEN in letters:
        return reader._replace(kept=True)
    pieces = (piece for run in runs for piece in reader.read(run))
    return reader._replace(dropped=not reader.mixed and any(piece.inserted for piece in pieces))


@lru_cache(maxsize=64)
def _runs(text: str, reader: Reader) -> tuple[tuple[int, tuple[Piece, ...]], ...]:
    return tuple(_read_runs(text, reader))


def _read_runs(text: str, reader: Reader) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """Each run as it is read; after many short runs without damage, ever more short ones are skipped."""
    vain = to_skip = 0
    for start, run in _find_runs(text):
        if to_skip and len(run) < _LONG_RUN:
            to_skip -= 1
            continue
        pieces = reader.read(run)
        yield start, pieces
        if _is_sure(pieces):
            vain = 0
        elif (vain := vain + 1) >= _MOST_VAIN_RUNS:
            to_skip = 2 ** (vain - _MOST_VAIN_RUNS)


def _find_runs(text: str) -> Iterator[tuple[int, str]]:
    """Each run of letters and where it begins; text that is lost for good separates two runs."""
    for run in _RUN.finditer(text):
        if run[0] in _CHINESE_SIGNS:
            continue
        start = run.start()
        for lost in _LOST_FOR_GOOD.finditer(text, run.start(), run.end()):
            if lost.start() > start:
                yield start, text[start : lost.start()]
            start = lost.end()
        if start < run.end():
            yield start, text[start : run.end()]


def _characters(pieces: tuple[Piece, ...]) -> int:
    return sum(piece.characters for piece in pieces)


def _gain(pieces: tuple[Piece, ...]) -> float:
    """How much less a run costs than characters taken at random."""
    signs = sum(piece.signs for piece in pieces)
    return CHANCE_COST * _characters(pieces) - sum(piece.cost for piece in pieces) + SIGN_COST * signs


@lru_cache(maxsize=1 << 10)
def _is_sure(pieces: tuple[Piece, ...]) -> bool:
    """Whether a run is Chinese beyond doubt; a short one must be a likely phrase too.

    Greek and Cyrillic words may give common characters (位 is λ), but not a phrase.
    """
    characters = _characters(pieces)
    if characters < _SURE_CHARACTERS:
        return False
    gain = _gain(pieces)
    if characters >= _PHRASE_CHARACTERS:
        return gain >= _SURE_GAIN
    phrase_gain = _phrase_gain(pieces)
    return phrase_gain >= _ENOUGH_GAIN or (gain >= _SURE_GAIN and phrase_gain >= 0)


def _phrase_gain(pieces: tuple[Piece, ...]) -> float:
    """How much likelier a short run is as a phrase than characters taken at random."""
    if sum(piece.cost for piece in pieces) > UNLIKELY_COST * _characters(pieces):
        return 0.0
    text = "".join(piece.text for piece in pieces if not piece.lost)
    lost = UNLIKELY_COST * sum(piece.lost for piece in pieces)
    return CHANCE_COST * len(text) + load_lexicon().score(text) - lost


def _is_damage(pieces: tuple[Piece, ...], *, established: bool) -> bool:
    if _is_sure(pieces):
        return True
    characters = _characters(pieces) + sum(piece.signs for piece in pieces)
    cost = sum(piece.cost for piece in pieces if not piece.lost)
    return established and characters > 0 and cost <= UNLIKELY_COST * characters


@lru_cache(maxsize=4)
def _is_nonsense(texts: tuple[str, ...]) -> bool:
    """Whether letters taken as pairs of UTF-8 give no likely text: another code page may explain them."""
    reader, _ = _judge(texts)
    if not reader.mixed:
        return False
    pieces = [
        piece for text in texts if suspects_mojibake(text) for _, run in _runs(text, reader) for piece in run
    ]
    words = [piece.text for piece in pieces if not (piece.lost or piece.text.isascii())]
    return sum(map(load_lexicon().score, words)) < -UNLIKELY_COST * sum(map(len, words))


def _confidence(piece: Piece) -> float:
    if piece.inserted:
        return SURE
    return _CONFIDENCE_SURE if _is_sure((piece,)) else _CONFIDENCE_LIKELY


def _evidence(piece: Piece, reader: Reader) -> str:
    evidence = f"GBK bytes read as {reader.codec}"
    if piece.mixed:
        evidence += ", some as UTF-8"
    if piece.inserted:
        evidence += f", {piece.inserted} dropped soft hyphens put back"
    return evidence
