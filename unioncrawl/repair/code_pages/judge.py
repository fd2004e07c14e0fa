"""Which code page Chinese bytes were read in: all of them are tried, the statistics of Chinese choose.

Each code page gives a stretch of letters back as bytes, if it has all of them; these
are read as UTF-8 and as GBK, and the text is scored by the lexicon. Chinese costs 4 to 9
nats a character; letters of any language, read as if they were bytes of Chinese, 11 to 14
(own paragraphs and headlines; names of Russian unions in five Cyrillic code pages).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from unioncrawl.language.characters import BEYOND_GB2312_COST, character_cost
from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.repair.code_pages.letters import is_dense, longest_stretches, looks_written
from unioncrawl.repair.code_pages.pages import CODECS, HOLE, CodePage, page_of
from unioncrawl.repair.plan import SURE

UTF8, GBK = "utf-8", "gb18030"
# So many letters of the longest stretches decide for a page.
_SAMPLE_LETTERS = 400
# What a character that is not Chinese costs at least, and a letter that gives no character.
_CHANCE_NATS = 9.5
_LOST_LETTER_NATS = 7.0
# Valid UTF-8 is no accident: of three random bytes above 7F, one in thirty is a character.
_UTF8_NATS = 3.0
# What a reading must gain over chance to be Chinese: more where somebody may have written the letters.
_SURE_GAIN = 8.0
_SURE_GAIN_OF_WORDS = 14.0
# Text misread so often was never seen; each layer doubles it.
_MOST_LAYERS = 3
# What the likelihoods of two readings are divided by: n-grams are surer than they are right.
_TEMPERATURE = 1.5
MOST_CONFIDENCE = 0.99
_MOST_RIVALS = 3
_HOLE, _PLACEHOLDER = bytes([HOLE]), b"\xa1"
_MARKED = re.compile("(?<=[^ -~])\\?(?=[^ -~])")
# The readings that `gbk_as_latin` and `utf8_misread` search for lost bytes and pairs of UTF-8.
_LATIN = (("cp1252", UTF8), ("cp1252", GBK), ("cp1250", GBK))
# News costs at most 6 nats a character by the character's rank alone, letters of other pages 8 and more.
COMMON_COST = 7.5
# Where more characters than this lack a byte, their neighbours do, too, and nothing is left to choose by:
# code pages 1252 and 1254 lose a sixth, a page without its controls three quarters.
MOST_LOST_SHARE = 1 / 3
_LOST = "\ufffd"
_LOSSES = re.compile(f"{_LOST}+")
_CHARACTERS = re.compile(f"[^\x00-\x7f{_LOST}]")


class Reading(NamedTuple):
    """A stretch read in one way: bytes of ``encoding`` that were shown in the code page ``codec``.

    ``nats`` is the log likelihood of the text; ``gain`` is what it is likelier than text by chance.
    """

    codec: str
    encoding: str
    text: str
    nats: float
    gain: float

    @property
    def is_latin(self) -> bool:
        """Whether the repairs of Latin-1 and its Windows pages read it, lost bytes and all."""
        return (self.codec, self.encoding) in _LATIN

    @property
    def name(self) -> str:
        """What happened, in words."""
        return f"{'UTF-8' if self.encoding == UTF8 else 'GBK'} bytes read as {self.codec}"


class Verdict(NamedTuple):
    """How a page's letters are read, and how sure that is; ``rivals`` are the next likely readings."""

    reading: Reading
    confidence: float
    rivals: tuple[Reading, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the reading may be put in place of the letters."""
        return self.confidence >= SURE


def readings_of(stretch: str, layers: int = _MOST_LAYERS) -> list[Reading]:
    """Every way to read a stretch, the likeliest first, each text once.

    >>> readings_of("╤╚╨соь")[0][:3]
    ('koi8_r', 'gb18030', '东河县')
    """
    found: dict[str, Reading] = {}
    known = set[bytes]()
    kinds = frozenset(letter for letter in set(stretch) if not letter.isascii()) - {"\ufffd"}
    for codec in (codec for codec in CODECS if page_of(codec).has_all(kinds)):
        for reading in _read_in(codec, stretch, layers, known):
            found.setdefault(reading.text, reading)
    return sorted(found.values(), key=lambda reading: -reading.nats)


def _read_in(codec: str, stretch: str, layers: int, known: set[bytes]) -> Iterator[Reading]:
    page = page_of(codec)
    letters = page.spell(stretch)
    if letters != stretch and _is_written_in("cp1252", stretch):
        return  # nobody composed what another page has whole
    data = page.to_bytes(letters)
    if data in known:
        return
    known.add(data)
    for encoding in (UTF8, GBK):
        text = _decode(data, page, encoding)
        reading = Reading(codec, encoding, text, *_score(text, is_utf8=encoding == UTF8))
        if encoding == UTF8 and layers > 1 and _is_layer(text):
            inner = max(readings_of(text, layers - 1), key=lambda one: one.nats, default=reading)
            if inner.nats > reading.nats:
                reading = reading._replace(nats=inner.nats, gain=inner.gain)
        yield reading


def _is_written_in(codec: str, letters: str) -> bool:
    """Whether a code page has all letters as they are."""
    known = page_of(codec).letters
    return all(letter.isascii() or letter in known or letter == "\ufffd" for letter in set(letters))


def _decode(data: bytes, page: CodePage, encoding: str) -> str:
    """The text of bytes; in GBK a lost byte is taken for another one, so that the pairs stay in step.

    Spaces may be no-break spaces, which were halves of characters.
    """
    if encoding == UTF8:
        return page.put_spaces_back(data).decode(encoding, "replace")
    text = data.replace(_HOLE, _PLACEHOLDER).decode(encoding, "replace")
    if page.lost_space and b" " in data:
        spaced = data.replace(b" ", bytes([page.lost_space])).decode(encoding, "replace")
        return max(text, spaced, key=gain_of)
    return text


def _is_layer(text: str) -> bool:
    """Whether a text is whole and made of letters again, so that it was misread twice."""
    return "\ufffd" not in text and is_dense(text)


def _score(text: str, *, is_utf8: bool) -> tuple[float, float]:
    """The log likelihood of a text, and what that is more than chance; ASCII counts for nothing."""
    parts = text.split("\ufffd")
    chinese = ["".join(character for character in part if not character.isascii()) for part in parts]
    score = load_lexicon().score
    lost = _LOST_LETTER_NATS * (len(parts) - 1)
    nats = sum(map(score, chinese)) - lost
    characters = sum(map(len, chinese))
    shape = _UTF8_NATS * characters * is_utf8
    return nats + shape, nats + shape + _CHANCE_NATS * characters


def gain_of(text: str) -> float:
    """How much likelier a text is than Chinese by chance, in nats; ASCII counts for nothing.

    >>> gain_of("市总工会") > 0 > gain_of("脢臑箑濁")
    True
    """
    return _score(text, is_utf8=False)[1]


@lru_cache(maxsize=16)
def judge(texts: tuple[str, ...]) -> Verdict | None:
    """The reading of a page's letters in a code page; None when there is nothing to read so.

    None also stands where the repairs of Latin-1 do at least as well: they know more of it.

    >>> judge(("х╚╧Звэ╧╓╩Ауы©╙юм╤╞",)).reading[:3]
    ('koi8_r', 'gb18030', '全国总工会召开劳动')
    >>> judge(("Профсоюзы России",)) is None, judge(("ÊÐ×Ü¹¤»á",)) is None
    (True, True)
    """
    sample = _sample(texts)
    if not sample or _is_plainly_latin(sample):
        return None
    readings = readings_of(sample)
    if _MARKED.search(sample):
        marked = readings_of(_MARKED.sub("\ufffd", sample))
        readings = max(readings, marked, key=lambda found: found[0].nats if found else -math.inf)
    if not readings or readings[0].is_latin:
        return None
    best, *others = readings
    sure_gain = _SURE_GAIN_OF_WORDS if looks_written(sample) else _SURE_GAIN
    if best.gain < sure_gain:
        return None
    weights = [math.exp((one.nats - best.nats) / _TEMPERATURE) for one in others]
    rivals = tuple(one for one, weight in zip(others, weights, strict=True) if weight > 1 - SURE)
    confidence = min(1 / (1 + sum(weights)), MOST_CONFIDENCE)
    return Verdict(best, confidence, rivals[:_MOST_RIVALS])


def _is_plainly_latin(sample: str, layers: int = _MOST_LAYERS) -> bool:
    """Whether the repairs of Latin-1 read a sample beyond doubt, so that nothing else need be tried."""
    letters = {letter for letter in set(sample) if not letter.isascii()} - {_LOST}
    for codec, encoding in _LATIN:
        page = page_of(codec)
        if not page.letters.issuperset(letters):
            continue
        text = _nearly_whole(page.to_bytes(sample), page, encoding)
        if text and _is_plain(text, encoding) and not (encoding == UTF8 and _shows_controls(letters, page)):
            return True
        if encoding == UTF8 and layers > 1 and is_dense(text) and _is_plainly_latin(text, layers - 1):
            return True
    return False


def _nearly_whole(data: bytes, page: CodePage, encoding: str) -> str:
    """The text of bytes; empty where more are lost than a Latin page loses. A lost byte of GBK shifts all."""
    if encoding == GBK:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            return ""
    text = page.put_spaces_back(data).decode(encoding, "replace")
    if _LOST not in text:
        return text
    return text if len(_LOSSES.findall(text)) <= MOST_LOST_SHARE * len(_CHARACTERS.findall(text)) else ""


def _is_plain(text: str, encoding: str) -> bool:
    """Whether a text is of common Chinese characters.

    Another page differs from Latin-1's in some letters of bytes 80 to 9F, which give characters of GBK
    that GB2312 lacks.
    """
    characters = _CHARACTERS.findall(text)
    costs = [*map(character_cost, characters)]
    if encoding == GBK and max(costs, default=0.0) >= BEYOND_GB2312_COST:
        return False
    return sum(costs) < COMMON_COST * len(costs)


def _shows_controls(letters: set[str], page: CodePage) -> bool:
    """Whether controls stand beside letters that this page has in their place, as on a page of ISO-8859."""
    controls = {letter for letter in letters if "\x7f" < letter < "\xa0"}
    return bool(controls) and max(letters) > "\xff" and not page.open_bytes.issuperset(map(ord, controls))


def _sample(texts: tuple[str, ...]) -> str:
    """The longest stretches of a page, a line each."""
    sample, letters = list[str](), 0
    for run in longest_stretches(texts):
        if sample and letters + len(run) > _SAMPLE_LETTERS:
            break
        sample.append(run[:_SAMPLE_LETTERS])
        letters += len(run)
    return "\n".join(sample)
