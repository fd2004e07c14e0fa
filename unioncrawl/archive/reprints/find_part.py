"""Find where in a longer text another article's story stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil

from unioncrawl.archive.reprints.filled_in_forms import describe_different_events
from unioncrawl.archive.reprints.fingerprints import GRAM, ReprintText
from unioncrawl.archive.reprints.same_story import MIN_STORY, Story
from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.page.line_kinds import RELATED

_FOUND = re.compile(b"\x01+")
# A story stands whole in a longer text when this much of it does: leads and paragraphs are dropped.
_MIN_WHOLE = 0.6
# Of a story that is cut off in a roundup, this much of the opening is there.
_MIN_OPENING, _LONGEST_OPENING = 0.6, 160
# 本报讯, a place, a date and bylines, which a reprint leaves out, are no longer than this.
_LONGEST_LEAD = 60
# A cheap look: of short pieces out of the opening, so many stand in the longer text.
_PROBE, _PROBES, _STEP, _LEAST_PROBES = 8, 10, 12, 2
# Paragraphs of one story, with others added between them, take no more room than this; further off
# stand phrases of the day.
_MAX_SPREAD = 2
# A longer text that says less of its own is a reprint with a paragraph added.
_MIN_OWN = 1 / 8
# A heading is the title and at most a number (一、) before it; shorter titles head many articles.
SHORTEST_TITLE, _LONGEST_NUMBER = 8, 3
# 附：通知 announces a text, and is no sentence.
_LONGEST_LABEL = 12
_SENTENCE_ENDS = tuple("。!?;…”")
# News begins with its day or its wire: 4月8日，…, 本报讯, 近日.
_OPENING_OF_NEWS = re.compile(r".{0,10}?(?:\d日|本.{1,2}讯|近日|日前|[昨今][日天])")
# Halves of one story repeat this much of their rarer words (of the weight of the one that has
# less), stories hardly half of it; words are rarer from so many nats on.
_MIN_REPEATED, _FREQUENT_NATS = 0.1, 8
_WORD_LENGTHS = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a story stands in a longer text: from and to which character, and ``share``, how much of it."""

    start: int
    end: int
    share: float

    @property
    def is_cut(self) -> bool:
        """Whether only the opening of the story stands there."""
        return self.share < _MIN_WHOLE


def may_hold(whole: Story, part: Story) -> bool:
    """Whether a few pieces of the opening of ``part`` stand in ``whole``; cheap."""
    text, opening = whole.text, part.text
    found = 0
    for at in range(0, min(_PROBES * _STEP, len(opening) - _PROBE + 1), _STEP):
        found += opening[at : at + _PROBE] in text
        if found == _LEAST_PROBES:
            return True
    return False


def says_more(whole: Story, part: Story) -> bool:
    """Whether a look at every fourth gram of ``whole`` leaves room for a story besides ``part``; cheap."""
    count = len(whole.text) // GRAM
    least = max(MIN_STORY / GRAM, _MIN_OWN * count)
    # A look for each gram takes less than all grams of a part that is compared no further.
    unknown = (
        at for at in _beyond_common_paragraphs(whole, part) if whole.text[at : at + GRAM] not in part.text
    )
    return next(islice(unknown, max(0, ceil(least) - 1), None), None) is not None


def _beyond_common_paragraphs(whole: Story, part: Story) -> Iterator[int]:
    """Yield where every fourth gram of ``whole`` begins, without those in a paragraph that both have."""
    at = begin = 0
    count = len(whole.text) // GRAM * GRAM
    for line in whole.paragraphs:
        end = begin + len(line)
        if line in part.text:
            # Grams that reach into the paragraph from outside may be the whole's own.
            yield from range(at, min(begin, count), GRAM)
            at = max(at, -(-begin // GRAM) * GRAM, end // GRAM * GRAM)
        begin = end
    yield from range(at, count, GRAM)


def find_part(whole: Story, part: Story, *, is_same_event: bool = False) -> Place | None:
    r"""Return where ``part`` stands in ``whole`` beside a story's worth of other text.

    ``None`` when it does not stand there, or when ``whole`` says hardly anything else. The
    same words about another body are not the same story (``is_same_event``: that is known already).

    >>> item = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，并同职工亲切交谈，叮嘱大家注意安全。"
    >>> other = "临溪市机械厂举行技能比武，焊工钳工车工共一百二十名选手同台竞技，最终评出十名技术能手。"
    >>> find_part(Story.of(f"{other}\n{item}"), Story.of(item))
    Place(start=40, end=82, share=1.0)
    >>> find_part(Story.of(f"本报讯\n{item}"), Story.of(item)) is None
    True
    """
    if len(part.text) < MIN_STORY or not part.whole.grams:
        return None
    known = bytes(map(part.whole.grams.__contains__, whole.whole.ordered))
    start, end = _densest(known)
    if end - start < MIN_STORY or len(whole.text) - (end - start) < MIN_STORY:
        return None
    there = whole.whole.stretch(start, end)
    share = _share(part, there)
    first, last = known.find(1), known.rfind(1) + GRAM
    if share < _MIN_WHOLE <= _share(part, whole.whole) and last - first <= _MAX_SPREAD * len(part.text):
        # Its paragraphs stand apart, and what lies between is not another story's place.
        start, end, share = first, last, _share(part, whole.whole)
        there = whole.whole.stretch(start, end)
    needs_opening = share < _MIN_WHOLE or len(part.text) > len(whole.text)
    if len(whole.text) - len(there.text) < MIN_STORY or (needs_opening and not _has_opening(part, there)):
        return None
    if share < 1 and not is_same_event and describe_different_events(part.whole, there):
        return None
    return Place(start, end, round(share, 4))


def _share(part: Story, text: ReprintText) -> float:
    return len(part.whole.grams.intersection(text.ordered)) / len(part.whole.grams)


def _densest(known: bytes) -> tuple[int, int]:
    """Return the stretch in which known grams outnumber unknown ones most, in characters."""
    best = score = begin = last = 0
    place = (0, 0)
    for run in _FOUND.finditer(known):
        score -= run.start() - last
        if score <= 0:
            score, begin = 0, run.start()
        last = run.end()
        score += last - run.start()
        if score > best:
            best, place = score, (begin, last + GRAM - 1)
    return place


def _has_opening(part: Story, there: ReprintText) -> bool:
    opening = ""
    for line in part.paragraphs:
        opening += line
        if len(opening) >= MIN_STORY:
            break
    grams = ReprintText(opening[:_LONGEST_OPENING]).grams
    return len(grams.intersection(there.ordered)) >= _MIN_OPENING * len(grams)


def has_heading(whole: Story, place: Place, title: str) -> bool:
    r"""Whether the story stands below its own title, in a text that says as much before it, or besides.

    ``title`` is a reprint text. A reprint may repeat its title above its text, too: it says less.

    >>> lines = "市总工会慰问环卫职工", "到一线送清凉饮料和防暑药品，叮嘱大家注意安全。", "食堂开张。" * 15
    >>> whole = Story.of("\n".join(lines))
    >>> has_heading(whole, Place(10, 31, 1.0), "市总工会慰问环卫职工")
    True
    >>> has_heading(whole, Place(10, 31, 1.0), "县总工会慰问环卫职工")
    False
    """
    if len(title) < SHORTEST_TITLE:
        return False
    before = 0
    for line in whole.paragraphs:
        at = line.find(title)
        if 0 <= at <= _LONGEST_NUMBER and len(line) <= len(title) + 2 * _LONGEST_NUMBER:
            gap = place.start - (before + at + len(title))
            if -len(title) <= gap <= _LONGEST_LEAD:
                own = len(whole.text) - (place.end - place.start) - len(line)
                return before >= MIN_STORY or 2 * own >= len(whole.text)
        before += len(line)
    return False


def is_announced(body: str, start: int) -> bool:
    r"""Whether the line above says that another text follows: 通知全文如下：, 附：通知, 相关链接.

    ``body`` is folded. Between the two may stand the text's own heading.

    >>> body = "市总工会印发通知。\n现将通知全文刊登:\n各县区总工会:请于6月前报名。"
    >>> is_announced(body, 20), is_announced(body.replace("登:", "登。"), 20)
    (True, False)
    """
    above = [line.strip() for line in body[: body.rfind("\n", 0, start) + 1].split("\n") if line.strip()]
    if len(above) > 1 and not above[-1].endswith(_SENTENCE_ENDS) and not _announces(above[-1]):
        above.pop()
    return bool(above) and _announces(above[-1])


def _announces(line: str) -> bool:
    return (
        line.endswith(":") or (":" in line and len(line) <= _LONGEST_LABEL) or RELATED.match(line) is not None
    )


def begins_as_news(text: str) -> bool:
    """Whether a text begins with its day or its wire, as a story does and its later paragraphs do not.

    >>> begins_as_news("临溪市4月8日举行技能比武"), begins_as_news("技能比武于4月8日举行")
    (True, True)
    >>> begins_as_news("选手们同台竞技，比武于4月8日落幕")
    False
    """
    return _OPENING_OF_NEWS.match(text) is not None


def repeat_words(left: str, right: str) -> bool:
    """Whether two stretches repeat each other's rarer words, as the halves of one story do.

    >>> left = "临溪市机械厂举行技能比武，焊工钳工同台竞技"
    >>> repeat_words(left, "技能比武的焊工第一名获得奖金"), repeat_words(left, "市总工会慰问环卫职工")
    (True, False)
    """
    ours, theirs = _rarer_words(left), _rarer_words(right)
    common = sum(weight for word, weight in ours.items() if word in theirs)
    return common > _MIN_REPEATED * min(sum(ours.values()), sum(theirs.values()))


def _rarer_words(text: str) -> dict[str, float]:
    words = load_lexicon().words
    found = dict.fromkeys(text[at : at + length] for length in _WORD_LENGTHS for at in range(len(text)))
    known = {word: nats for word in found if (nats := words.find(word)) is not None}
    return {word: weight for word, nats in known.items() if (weight := -nats - _FREQUENT_NATS) > 0}
