"""The class A damage that a page shows: whether it is a mirror's, and what this mirror annotates.

A mirror's notes stand after characters that the conversion has changed, give
exactly the first reading, and stand after such a character always or never. A
primer annotates unchanged characters too. A writer who explains a rare name does
it once, and not for 國 and 會.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from unioncrawl.language.pinyin import HOSTED_NOTE, READING, TONED_READING, TONED_VOWELS, readings_of
from unioncrawl.repair.mirror_model.converters import NO_MIRRORS
from unioncrawl.repair.mirror_model.forward import COMMA_MARKS, CUT_MARKS
from unioncrawl.repair.mirror_model.pseudo_script import (
    CONVERTIBLE,
    GENUINE,
    WRITTEN,
    is_converted,
    mirror_signs_of,
)
from unioncrawl.repair.mirror_model.script_lookups import RARER_READING_OF, READING_OF, SIMPLIFIED_FOR
from unioncrawl.repair.suspicion import Hint

# A broken run begins where a lone lead byte was cut off, or where a note has stuck to it.
BREAK = re.compile(rf"\?(?=[{CUT_MARKS}]|{READING}\))")
# What a broken run leaves: a note after a sign that is half a character, a
# full-width cut mark right after a question mark, or half a character after a mark.
_TORN = re.compile(
    rf"[!-~]\({TONED_READING}\)|\?[a-z]*[{TONED_VOWELS}][a-z]*\)|\?[！。；，、]"
    r"|(?<=[一-鿿])[！？；][A-Za-z@^_`{|}~](?=[一-鿿])"
)
_CHANGED = re.compile("[" + "".join(SIMPLIFIED_FOR) + "]")
_NO_MIRRORS = re.compile("[" + "".join(NO_MIRRORS) + "]")
# Each begins with the mark itself and looks at the text before it afterwards: that is fast. A
# mark may have the comma before it that some mirrors put there.
_NARROW_MARK = re.compile(
    "[,;:!()](?:(?<=[一-鿿”》),][,;:!])(?=[一-鿿“《])|(?<=[一-鿿”》]\\()(?=[一-鿿])|(?<=[一-鿿]\\)))"
)
_NARROW_QUESTION = re.compile("\\?(?<=[一-鿿”》)]\\?)(?=[A-Za-z一-鿿“《])")
_WIDE_MARK = re.compile("[，；：！（）](?:(?<=[（）])|(?<=[一-鿿”》),].)(?=[一-鿿“《]))")

# A text with more than this share of annotated characters, unchanged ones among them,
# teaches reading; with more than the second share it does so whatever they are.
_PRIMER_SHARE, _FULL_SHARE = 0.5, 0.8
# So many characters that always have their note prove a mirror's page.
_PROVEN = 2
# With so many of them, notes after rare characters are the mirror's too.
_FULL_OF_NOTES = 4
# A character that no mirror's table writes outweighs fewer signs of the table than this:
# of 4,000 converted paragraphs a few show one or two such signs by chance.
_TABLE_SIGNS_FOR_EACH_WORD = 3
# A sign of genuine writing is outweighed by so many signs of a mirror's.
_SIGNS_FOR_EACH_GENUINE = 2

# A mark after a character, perhaps with a comma between; narrow pages have it in ASCII.
_COMMA_MARK = re.compile(f"(?<=[一-鿿”》）)])(,?)(?:[{COMMA_MARKS},;!]|\\?(?=[{CUT_MARKS}]))")
# After these marks half characters may stand, which look like any character.
_AFTER_MARK = re.compile("[?？！；!;].{0,12}")

HINTS = (Hint(WRITTEN.pattern.strip("[]") + _NO_MIRRORS.pattern.strip("[]")),)


@dataclass(frozen=True, slots=True)
class MirrorEvidence:
    """The evidence that a page is a mirror's, and how this mirror writes.

    ``annotated`` are the characters that always have their note, ``sometimes`` those
    seen with it and without (a page may have parts from elsewhere), ``bare`` the
    changed characters seen without; ``narrow`` says that full-width marks were turned,
    ``torn`` that lost bytes have left a question mark somewhere, ``width_seen`` that
    the page has marks that show its width at all, ``commas`` that an ASCII comma stands
    before its marks, ``by_words`` that a converter by words
    (後勤, 徵求) wrote it and not the mirrors' table.
    """

    annotated: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    narrow: bool = False
    torn: bool = False
    width_seen: bool = True
    sometimes: frozenset[str] = frozenset()
    by_words: bool = False
    commas: bool = False

    @property
    def cuts_bytes(self) -> bool:
        """Whether the mirror may have lost bytes: a converter by words that writes no notes loses none."""
        return self.torn or not self.by_words or bool(self.annotated)


def may_be_mirrored(text: str) -> bool:
    """Whether a text has any character that a mirror's conversion or a converter writes; quick to compute.

    >>> may_be_mirrored("全國總工會"), may_be_mirrored("全国总工会的著作")
    (True, False)
    """
    return WRITTEN.search(text) is not None or _NO_MIRRORS.search(text) is not None


@lru_cache(maxsize=64)
def is_written_traditional(text: str) -> bool:
    """Whether a text has more converted characters than characters that a mirror would convert."""
    changed = _changed_characters(text)
    written = sum(changed.values()) - changed.get("著", 0) + len(_NO_MIRRORS.findall(text))
    return written > 0 and written > len(CONVERTIBLE.findall(text))


@lru_cache(maxsize=8)
def _changed_characters(text: str) -> Counter[str]:
    """Count each character that a mirror's conversion writes."""
    return Counter(_CHANGED.findall(text))


def _fitting_readings() -> dict[str, frozenset[str]]:
    # GB 2312 orders its 3,755 common characters by reading in rows B0 to D7.
    common_leads = range(0xB0, 0xD8)
    return {
        written: frozenset((reading, RARER_READING_OF.get(written, reading)))
        for written, reading in READING_OF.items()
        if written in SIMPLIFIED_FOR and SIMPLIFIED_FOR[written].encode("gb18030")[0] in common_leads
    }


_FITTING = _fitting_readings()
_NONE: frozenset[str] = frozenset()


def is_read(host: str, reading: str) -> bool:
    """Whether a mirror that annotates this character writes this reading.

    >>> is_read("鎔", "róng"), is_read("會", "kuài")
    (True, False)
    """
    return READING_OF.get(host) == reading or RARER_READING_OF.get(host) == reading


def is_fitting(host: str, reading: str) -> bool:
    """Whether a mirror would annotate this character with this reading.

    Only characters that the conversion changes and whose original is common count:
    writers annotate rare ones.

    >>> is_fitting("會", "huì"), is_fitting("亳", "bó"), is_fitting("會", "kuài")
    (True, False, False)
    """
    return reading in _FITTING.get(host, _NONE)


def learn(
    texts: Iterable[str], *, simplified: bool = False, traditional: bool = False, mirrored: bool = False
) -> MirrorEvidence | None:
    """Return what the fields of a page show of a mirror; None when they show no mirror.

    ``simplified`` and ``traditional`` say what the caller knows of the site, ``mirrored``
    that the page is a mirror's, whatever it shows.

    >>> sorted(learn(["全國(guó)總工會(huì)召開會(huì)議"]).annotated)
    ['國', '會']
    >>> learn(["學(xué)而(ér)時(shí)習(xí)之(zhī)"]) is None
    True
    """
    written = [text for text in texts if is_written_traditional(text)]
    if not written:
        return None
    notes = _Notes()
    changed: set[str] = set()
    for text in written:
        notes.count(text)
        changed |= _changed_characters(text).keys()
    whole = "\n".join(written)
    constant, sometimes = notes.constant, _NONE
    if notes.are_of_a_mirror(whole, traditional=traditional):
        sometimes = notes.inconstant()
        constant |= notes.rare_too()
    elif not mirrored and (
        traditional
        or (notes.foreign and not CONVERTIBLE.search(whole))
        or not is_converted(whole, simplified=simplified, torn=notes.strayed > 0 or bool(_TORN.search(whole)))
    ):
        return None
    bare = changed - constant - sometimes
    torn = BREAK.search(whole) is not None
    narrow, wide = len(_NARROW_MARK.findall(whole)), len(_WIDE_MARK.findall(whole))
    if not torn:
        narrow += len(_NARROW_QUESTION.findall(whole))
    by_words = _is_by_words(whole, torn=torn, unless_shown=mirrored and not constant)
    return MirrorEvidence(
        constant,
        frozenset(bare),
        narrow > wide,
        torn,
        narrow != wide,
        sometimes,
        by_words,
        _has_commas(whole),
    )


def _has_commas(text: str) -> bool:
    """Whether most marks of a page have an ASCII comma before them.

    >>> _has_commas("職工,，會議召開,。"), _has_commas("職工,工會，會議召開。")
    (True, False)
    """
    if "," not in text:
        return False
    found = _COMMA_MARK.findall(text)
    return 2 * found.count(",") > len(found)


def _is_by_words(text: str, *, torn: bool, unless_shown: bool) -> bool:
    """Whether a converter by words wrote a text; ``unless_shown`` is the answer where nothing shows it.

    >>> _is_by_words("後勤幹部", torn=False, unless_shown=False)
    True
    >>> _is_by_words("案發后于復雜情況", torn=False, unless_shown=True)
    False
    """
    sound = _AFTER_MARK.sub("", text) if torn else text
    by_words = len(set(_NO_MIRRORS.findall(sound)))
    if (
        not by_words and not unless_shown
    ):  # so on nearly every mirror's page: its table need not be looked for
        return False
    by_table = len(mirror_signs_of(sound))
    return by_words * _TABLE_SIGNS_FOR_EACH_WORD > by_table or (unless_shown and not by_table)


@dataclass
class _Notes:
    """Notes counted over fields: a mirror's by character, and others after Chinese characters.

    ``bare`` counts how often the same characters stand without a note, in fields with notes;
    ``rare`` are notes as a mirror writes them after characters that writers annotate.
    """

    noted: dict[str, int] = field(default_factory=dict)
    rare: dict[str, int] = field(default_factory=dict)
    bare: dict[str, int] = field(default_factory=dict)
    foreign: int = 0
    strayed: int = 0
    letters: int = 0

    def count(self, text: str) -> None:
        """Count the notes of one field."""
        noted: dict[str, int] = {}
        rare: dict[str, int] = {}
        for (host, reading), count in Counter(HOSTED_NOTE.findall(text)).items():
            self.letters += count * (len(reading) + 2)
            if is_fitting(host, reading):
                noted[host] = noted.get(host, 0) + count
            elif is_read(host, reading):
                rare[host] = rare.get(host, 0) + count
            elif "一" <= host <= "鿿" and not reading.isascii():
                self._count_other(host, reading, count)
        changed = _changed_characters(text)
        for found, counted in ((self.noted, noted), (self.rare, rare)):
            for host, count in counted.items():
                found[host] = found.get(host, 0) + count
                self.bare[host] = self.bare.get(host, 0) + changed[host] - count

    def _count_other(self, host: str, reading: str, count: int) -> None:
        """Count notes that no mirror writes after this character: a writer's, or strayed in a broken run."""
        if reading.strip() not in readings_of(host):
            self.strayed += count
        elif host not in READING_OF:
            self.foreign += count

    @cached_property
    def constant(self) -> frozenset[str]:
        """The characters that always or nearly always have their note; read it after all are counted."""
        return frozenset(char for char, count in self.noted.items() if 4 * self.bare[char] <= count)

    def inconstant(self) -> frozenset[str]:
        """Return the characters that stand with their note and without it, where others always have it."""
        if self.foreign or len(self.constant) < _PROVEN:
            return _NONE
        return frozenset(self.noted) - self.constant

    def rare_too(self) -> frozenset[str]:
        """Return the rare characters that always have their note, on a page full of notes."""
        if self.foreign or len(self.constant) < _FULL_OF_NOTES:
            return _NONE
        return frozenset(host for host in self.rare if not self.bare[host])

    def are_of_a_mirror(self, whole: str, *, traditional: bool) -> bool:
        """Whether the notes are a mirror's, not a primer's or a glossary's."""
        constant = self.constant
        of_mirror, others = sum(self.noted[char] for char in constant), self.foreign
        share = _PRIMER_SHARE if others else _FULL_SHARE
        if of_mirror <= others or of_mirror + others > share * (len(whole) - self.letters):
            return False
        genuine = len(set(GENUINE.findall(whole))) + traditional
        if not genuine:
            return bool(constant)
        signs = len(constant) + len(mirror_signs_of(whole)) + bool(_TORN.search(whole))
        return bool(constant) and signs > _SIGNS_FOR_EACH_GENUINE * genuine
