"""Chinese bytes shown in a code page other than Latin-1's: Turkish, Cyrillic, Arabic, of DOS, of the Mac.

``х╚╧Звэ╧╓╩А`` is 全国总工会, GBK read as KOI8-R; ``╚½╣·`` is 全国 in code page 437. Which page it was
is decided for all fields together (`unioncrawl.repair.code_pages.judge`). Each stretch is
read strictly; where that fails, bytes are lost, and the reading of lost bytes that the two
classes of Latin-1 have (`gbk_as_latin`, `utf8_misread`) is used with the page's own letters.

Ambiguous: stretches that two pages explain alike, and stretches of which too much is lost.
They stay as they are, flagged with the likeliest readings. Left alone: Russian, Greek,
Arabic, Vietnamese and other words, formulas and frames, which give no likely Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.model import Unresolved
from unioncrawl.repair.code_pages.judge import GBK, UTF8, Verdict, gain_of, judge
from unioncrawl.repair.code_pages.letters import find_stretches
from unioncrawl.repair.code_pages.pages import page_of
from unioncrawl.repair.gbk_as_latin.pieces import SIGN_COST, UNLIKELY_COST
from unioncrawl.repair.gbk_as_latin.read_run import Reader, find_doubtful
from unioncrawl.repair.other_pages.gbk_holes import fill_holes
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, SURE, Edit, Finding
from unioncrawl.repair.utf8_misread.page_block import letters_block
from unioncrawl.repair.utf8_misread.stretches import (
    MOST_OPEN_SHARE,
    SHOWN_CHARACTERS,
    restore_or_leave,
    stretches_in,
)

# ASCII that can be the second byte of GBK.
_SECOND = re.compile("[@-~]")
# Signs beside damage that may be good text.
_QUOTES = frozenset("“”‘’—…·")


def undo_other_pages(text: str, page: Page) -> Finding:
    """Read the letters of a code page as the GBK or UTF-8 bytes that they were.

    >>> undo_other_pages("╚½╣·╫▄╣ñ╗ß", Page(("╚½╣·╫▄╣ñ╗ß",))).edits[0].after
    '全国总工会'
    >>> undo_other_pages("Профсоюзы России", Page(("Профсоюзы России",))).edits
    ()
    """
    verdict = judge(page.texts)
    if verdict is None:
        return NOTHING
    undoing = _Undoing(text, verdict, page)
    for start, stretch in find_stretches(text):
        undoing.take(start, start + len(stretch))
    return Finding(tuple(undoing.edits), tuple(undoing.unresolved))


class _Undoing:
    """The edits of a text's stretches, and the stretches that stay."""

    def __init__(self, text: str, verdict: Verdict, page: Page) -> None:
        self.edits: list[Edit] = []
        self.unresolved: list[Unresolved] = []
        self._text = text
        self._verdict = verdict
        self._reading = verdict.reading
        self._page = page_of(verdict.reading.codec)
        self._work = page.work

    def take(self, start: int, end: int) -> None:
        """Read one stretch, or flag it."""
        if not self._verdict.is_sure:
            self.unresolved.append(Unresolved(start, end, _doubt(self._verdict)))
            return
        whole = self._whole(start, end)
        if whole:
            self.edits.append(whole)
        elif self._reading.encoding == GBK:
            self._take_gbk(start, end)
        else:
            self._take_utf8(start, end)

    def _whole(self, start: int, end: int) -> Edit | None:
        """The edit of a stretch of which no byte is lost; None for another."""
        best: tuple[float, Edit] | None = None
        for first, last in _borders(self._text, start, end, self._reading.encoding):
            after = self._decoded(self._text[first:last])
            if after is None:
                continue
            gain = gain_of(after) - SIGN_COST * (end - start - (last - first))
            if best is None or gain > best[0]:
                best = gain, Edit(first, last, after, self._verdict.confidence, self._reading.name)
        if best and (self._reading.encoding == UTF8 or is_likely(best[1].after)):
            return best[1]
        return None

    def _decoded(self, letters: str) -> str | None:
        """What letters stand for; None when they are no whole characters, or may not be."""
        if self._reading.encoding == GBK and " " in letters and self._page.lost_space:
            return None
        data = self._page.to_bytes(self._page.spell(letters))
        if self._reading.encoding == UTF8:
            data = self._page.put_spaces_back(data)
        try:
            return data.decode(self._reading.encoding)
        except UnicodeDecodeError:
            return None

    def _take_gbk(self, start: int, end: int) -> None:
        letters = self._text[start:end]
        around = (
            self._text[max(start - HISTORY_CHARACTERS, 0) : start],
            self._text[end : end + HISTORY_CHARACTERS],
        )
        filled = fill_holes(letters, self._page, around, self._work)
        if filled and filled.confidence >= SURE and mean_nats(filled.text) > -UNLIKELY_COST:
            confidence = min(self._verdict.confidence, filled.confidence)
            evidence = f"{self._reading.name}, the lost bytes chosen by their neighbours"
            self._settle(start, end, [Edit(start, end, filled.text, confidence, evidence)], [])
            return
        pieces = Reader(self._reading.codec).read(letters)
        lost = self._page.may_have_lost(letters) and not is_likely("".join(piece.text for piece in pieces))
        edits, left = list[Edit](), list[Unresolved]()
        for piece in pieces:
            first, last = start + piece.start, start + piece.end
            if piece.lost:
                left.append(Unresolved(first, last, f"{self._reading.name}, a byte is lost"))
                continue
            # Where bytes of the commonest characters may have been dropped, the pairs may be out of step.
            evidence, confidence = self._reading.name, 0.0 if lost else self._verdict.confidence
            if piece.inserted:
                evidence += f", {piece.inserted} dropped bytes put back"
                confidence = min(confidence, SURE)
            edits.append(Edit(first, last, piece.text, confidence, evidence))
        self._settle(start, end, edits, left)

    def _take_utf8(self, start: int, end: int) -> None:
        block = letters_block(self._text[start:end], start, self._page)
        stretches = [*stretches_in(self._text, block)]
        edits, left = restore_or_leave(self._text, stretches, self._reading.name, self._work)
        self._settle(start, end, edits, left)

    def _settle(self, start: int, end: int, edits: list[Edit], left: list[Unresolved]) -> None:
        """Take the edits of a stretch, or none of them where too much of it stays open."""
        taken = sum(edit.end - edit.start for edit in edits if edit.confidence >= SURE)
        if edits and end - start - taken <= MOST_OPEN_SHARE * (end - start):
            self.edits += edits
            self.unresolved += left
            return
        if left and not edits:
            self.unresolved += left
            return
        perhaps = "".join(edit.after for edit in edits)[:SHOWN_CHARACTERS]
        reason = f"{self._reading.name}, bytes are lost" + f"; perhaps {perhaps}" * bool(perhaps)
        self.unresolved.append(Unresolved(start, end, reason))


def _borders(text: str, start: int, end: int, encoding: str) -> Iterator[tuple[int, int]]:
    """Where damage may begin and end: signs beside it may be good text, ASCII after it a second byte."""
    yield start, end
    if encoding == GBK and _SECOND.match(text, end):
        yield start, end + 1
    first, last = start, end
    while first < last and text[first] in _QUOTES:
        first += 1
    while first < last and text[last - 1] in _QUOTES:
        last -= 1
    if first < last and (first, last) != (start, end):
        yield from {(first, end): 1, (start, last): 1, (first, last): 1}


def mean_nats(text: str) -> float:
    """The log likelihood of a text for each character that is not ASCII; 0 without one."""
    chinese = "".join(character for character in text if not character.isascii())
    return load_lexicon().score(chinese) / max(len(chinese), 1)


def is_likely(text: str) -> bool:
    """Whether a text is Chinese all along; where a byte was dropped, rare characters follow.

    >>> is_likely("市总工会召开会议"), is_likely("市总箑会")
    (True, False)
    """
    return mean_nats(text) > -UNLIKELY_COST and find_doubtful("", text) is None


def _doubt(verdict: Verdict) -> str:
    """Why a stretch stays, and the ways to read it."""
    ways = (f"{one.name}: {one.text[:SHOWN_CHARACTERS]}" for one in (verdict.reading, *verdict.rivals))
    return "letters of a code page, more than one reading fits; " + "; ".join(ways)
