"""Fingerprints by which reprints find each other, and the measures that verify them.

A text is reduced to its Chinese characters and digits, folded, so that width,
punctuation, script and pinyin notes count for nothing. Of its runs of eight
characters *winnowing* keeps a few (Schleimer, Wilkerson and Aiken, 2003): two
texts that share some seventy characters in a row share a fingerprint, be one
only an excerpt of the other. MinHash, which estimates how much of both is common,
loses excerpts. Of a form that hundreds of unions fill in all these are alike: so the
whole text has a fingerprint, too, and two rows of its numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from zlib import adler32, crc32

RUN_LENGTH = 8
# Runs are taken at anchors alone, the characters of one class in seven, and of
# so many neighbouring anchors one is kept.
WINDOW = 9
_CLASSES = 7
_LEAST_WINDOWS = 8
# So many rows of three numbers are kept.
_NUMBER_ROWS = 2
# Four characters of the basic plane (reprint texts have no others) are 64 bits.
GRAM = 4
_ANCHORS = re.compile(
    "["
    + "".join(chr(code) for code in range(0x4E00, 0x9FFF) if (code * 2_654_435_761 >> 7) % _CLASSES == 0)
    + "]"
)
# Runs that count are taken out in two thirds of the time in which what is between them is left out.
_LOUD = re.compile(r"[0-9\u3400-\u4dbf\u4e00-\u9fff\n]+")


def reprint_folded(folded: str) -> str:
    """What of a folded text counts when reprints are compared; line ends stay.

    >>> reprint_folded("全国(guó)总工会(huì):5月1日,app 上线。")
    '全国总工会5月1日上线'
    >>> reprint_folded("五一劳动节")
    '五一劳动节'
    """
    return "".join(_LOUD.findall(folded))


def sketch(text: str) -> set[int]:
    """The fingerprints of a reprint text: 32-bit numbers, about one in 30 characters.

    >>> a, b = "甲乙丙丁戊己庚辛壬癸" * 9, "子丑寅卯"
    >>> sketch(b + a) & sketch(a) != set()
    True
    >>> sketch("短")
    set()
    """
    if len(text) < RUN_LENGTH:
        return set()
    data = text.encode("utf-16-le", "surrogatepass")
    anchors = _ANCHORS.finditer(text, 0, len(text) - RUN_LENGTH + 1)
    chosen = _winnow([crc32(data[(at := 2 * found.start()) : at + 2 * RUN_LENGTH]) for found in anchors])
    chosen.add(crc32(data))
    return chosen.union(_of_numbers(text))


def _of_numbers(text: str) -> list[int]:
    """Fingerprints of numbers in a row, which no other of hundreds of like notices has."""
    found = numbers_of(text)
    rows = zip(found, found[1:], found[2:], strict=False)
    return sorted(map(crc32, map(b" ".join, rows)))[:_NUMBER_ROWS]


def numbers_of(text: str) -> list[bytes]:
    """Return the numbers of a reprint text, in their order, as ASCII.

    All its other characters are Chinese; turning them into blanks takes less than looking for digits.

    >>> numbers_of("5月1日慰问职工120名"), numbers_of("总工会慰问职工")
    ([b'5', b'1', b'120'], [])
    """
    return text.encode("ascii", "replace").replace(b"?", b" ").split()


def _winnow(hashes: list[int]) -> set[int]:
    """The least hash of every window.

    A short text has shorter windows. What is least in a window is least in each
    shorter one that holds it, so an excerpt keeps the fingerprints of the whole.
    """
    window = min(WINDOW, max(2, len(hashes) // _LEAST_WINDOWS))
    if len(hashes) <= window:
        return {min(hashes)} if hashes else set()
    least = min(hashes[:window])
    chosen = {least}
    for start, (left, entered) in enumerate(zip(hashes, hashes[window:], strict=False), 1):
        # Only where the least one leaves must the window be looked at again.
        if entered <= least:
            least = entered
        elif left == least:
            least = min(hashes[start : start + window])
        else:
            continue
        chosen.add(least)
    return chosen


def paragraph_hash(paragraph: str) -> int:
    """A number by which a boilerplate paragraph is known: two checksums side by side."""
    data = paragraph.encode("utf-8", "surrogatepass")
    return crc32(data) << 31 ^ adler32(data)


@dataclass(frozen=True)
class ReprintText:
    """A reprint text in one piece, with the runs of four characters by which it is compared.

    >>> len(ReprintText("总工会慰问").ordered), ReprintText("总工会").grams
    (2, set())
    """

    text: str

    @cached_property
    def ordered(self) -> list[int]:
        """Each gram in its place, as the number that its UTF-16 makes."""
        data = memoryview(self.text.encode("utf-16-le", "surrogatepass"))
        found = [0] * max(0, len(self.text) - GRAM + 1)
        for start in range(min(GRAM, len(found))):
            end = len(data) - (len(data) - 2 * start) % (2 * GRAM)
            found[start::GRAM] = data[2 * start : end].cast("Q").tolist()
        return found

    def stretch(self, start: int, end: int) -> ReprintText:
        """Return a stretch of the text, whose grams are not made again.

        >>> ReprintText("总工会慰问职工").stretch(1, 6) == ReprintText("工会慰问职")
        True
        """
        found = ReprintText(self.text[start:end])
        found.__dict__["ordered"] = self.ordered[start : start + max(0, len(found.text) - GRAM + 1)]
        return found

    @cached_property
    def sampled(self) -> list[int]:
        """Every fourth gram, in its place: what a cheap look takes, in a fifth of the time of all."""
        data = memoryview(self.text.encode("utf-16-le", "surrogatepass"))
        return data[: len(data) - len(data) % (2 * GRAM)].cast("Q").tolist()

    @cached_property
    def grams(self) -> set[int]:
        """The different grams."""
        return set(self.ordered)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How much two texts share, by their runs of four characters, each from 0 to 1.

    ``jaccard``: of both together; ``containment``: of the shorter one;
    ``share``: of the longer one.
    """

    jaccard: float
    containment: float
    share: float


def measure(left: ReprintText, right: ReprintText) -> Similarity:
    """Compare two texts by their grams.

    >>> measure(ReprintText("总工会慰问职工"), ReprintText("总工会慰问"))
    Similarity(jaccard=0.5, containment=1.0, share=0.5)
    >>> measure(ReprintText("总工会慰问"), ReprintText(""))
    Similarity(jaccard=0.0, containment=0.0, share=0.0)
    """
    fewer, more = sorted((len(left.grams), len(right.grams)))
    common = len(left.grams & right.grams)
    if not common:
        return Similarity(0.0, 0.0, 0.0)
    return Similarity(
        jaccard=round(common / (fewer + more - common), 4),
        containment=round(common / fewer, 4),
        share=round(common / more, 4),
    )
