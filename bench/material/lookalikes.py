"""Pairs of texts that are alike, and whether they are one story: forms filled in anew, and hard reprints.

What `bench.material.news` doesn't have: notices, decisions, telegrams and bulletins in the words in which
offices write them, by other unions and by the same union another time; days of one meeting; and
reprints that correct, localise, spell numbers out, hide names or misread characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from bench.material.damage_kinds import annotated_sets, mirrored
from bench.material.edits import EDITS, Lines
from bench.material.news import News
from unioncrawl.repair.mirror_model.forward import Decoder

_DATA = json.loads(Path(__file__).with_name("forms.json").read_text(encoding="utf-8"))
FORMS: dict[str, list[str]] = _DATA["forms"]
_SURNAMES, _GIVEN, _MISREAD = _DATA["surnames"], _DATA["given"], _DATA["misread"]
_PLACES, _FIRMS, _PROVINCES = _DATA["places"], _DATA["firms"], _DATA["provinces"]
_SYNONYMS: dict[str, str] = _DATA["synonyms"]
_NUMERALS = "零一二三四五六七八九"
# The particulars that differ in another union's form, when the form has them at all.
_OWN = {"telegram": ("firm", "name", "other"), "candidates": ("name", "other")}
_USUAL_OWN = ("place", "name", "people", "phone", "month", "day")
_ISSUED_AGAIN = ("notice", "recruiting", "bulletin", "visit")
_KEPT_BY_THE_SAME = ("place", "firm", "name", "phone")

_LEAD = re.compile(r"\d+月\d+日，")

Facts = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies as paragraphs."""

    left: Lines
    right: Lines


Kinds = dict[str, Callable[[Random], Pair]]


class Prose:
    """Gives stories: from a file with one article a line, or invented ones."""

    def __init__(self, file: Path | None = None) -> None:
        self._articles = file.read_text(encoding="utf-8").splitlines() if file else []
        self._articles = [line for line in self._articles if len(line) > 300]
        self._news = News(Random(20261128))
        self._invented = self._news.articles()

    def story(self, chance: Random, most: int = 2_000) -> Lines:
        """Return a story of several paragraphs."""
        if not self._articles:
            return self._invent()
        sentences = re.findall("[^。！？]+[。！？]”?", chance.choice(self._articles))
        lines: Lines = []
        while sentences and len("".join(lines)) < most:
            count = chance.randint(1, 4)
            lines.append("".join(sentences[:count]))
            sentences = sentences[count:]
        return lines

    def _invent(self) -> Lines:
        """Return a story of `bench.material.news` that is neither a reprint nor a notice of many unions."""
        while True:
            lines = next(self._invented).body_text.split("\n")
            if self._news.truths[-1].edit is None and _LEAD.match(lines[0]):
                return lines


def facts(chance: Random) -> Facts:
    """Return the particulars that fill in a form."""
    month, numbers = chance.randint(1, 10), ("people", "poor", "insured")
    return {
        "place": chance.choice(_PLACES),
        "firm": "".join(chance.choice(_FIRMS[part]) for part in _FIRMS),
        "other_firm": "".join(chance.choice(_FIRMS[part]) for part in _FIRMS),
        "name": name(chance),
        "other": name(chance),
        "year": chance.randint(2016, 2025),
        "month": month,
        "end_month": month + chance.randint(1, 2),
        "day": chance.randint(1, 14),
        "end": chance.randint(15, 30),
        "phone": chance.randint(2_000_000, 8_999_999),
        "few": chance.randint(3, 60),
        **{key: chance.randint(3, 999) for key in ("sum", "cases", "funds", "paid")},
        **{key: chance.randint(100, 9_999) for key in numbers},
    }


def name(chance: Random) -> str:
    """Return a person's name."""
    return str(chance.choice(_SURNAMES)) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))


def fill(form: str, known: Facts) -> Lines:
    """Return a form filled in."""
    return [line.format(**known) for line in FORMS[form]]


def _by_another_union(form: str, chance: Random) -> Pair:
    asked = set(re.findall(r"{(\w+)}", "".join(FORMS[form])))
    own = asked.intersection(_OWN.get(form, _USUAL_OWN))
    ours = theirs = facts(chance)
    while any(ours[key] == theirs[key] for key in own):
        theirs = facts(chance)
    return Pair(fill(form, ours), fill(form, theirs))


def _another_time(form: str, chance: Random) -> Pair:
    ours = facts(chance)
    later = {**facts(chance), **{key: ours[key] for key in _KEPT_BY_THE_SAME}}
    later["year"], later["day"] = int(ours["year"]) + 1, int(ours["day"]) % 14 + 1
    return Pair(fill(form, ours), fill(form, later))


def _days_of_a_meeting(prose: Prose, chance: Random) -> Pair:
    shared, known = prose.story(chance)[:1], facts(chance)
    sides = []
    for later, word in enumerate("一二"):
        day = f"{known['month']}月{int(known['day']) + later}日"
        lead = f"{day}，{known['place']}总工会第七次代表大会举行第{word}次全体会议。"
        sides.append([lead, *shared, *prose.story(chance), *prose.story(chance)])
    return Pair(*sides)


def _two_reporters(prose: Prose, chance: Random) -> Pair:
    ours, theirs = prose.story(chance), prose.story(chance) + prose.story(chance)
    return Pair(ours, [*theirs[:2], ours[-1][:60], *theirs[2:]])


def _round_up(prose: Prose, chance: Random) -> Pair:
    stories = [prose.story(chance) for _ in range(6)]
    return Pair(stories[0], ["".join(story)[:80] for story in stories])


def other_stories(prose: Prose) -> Kinds:
    """Return makers of pairs that are two stories, by kind."""
    return {
        "days of a meeting": partial(_days_of_a_meeting, prose),
        "two reporters, one quotation": partial(_two_reporters, prose),
        "a round-up of six": partial(_round_up, prose),
        **{f"{form} of another union": partial(_by_another_union, form) for form in FORMS},
        **{f"{form} of another time": partial(_another_time, form) for form in _ISSUED_AGAIN},
    }


def _corrected(chance: Random) -> Pair:
    form, known = chance.choice(("notice", "visit")), facts(chance)
    given = chance.choice([sign for sign in _GIVEN if sign != str(known["name"])[-1]])
    right = {**known, "sum": chance.randint(31, 999), "name": str(known["name"])[:-1] + given}
    return Pair(fill(form, known), fill(form, right))


def _misread(share: float) -> Callable[[Lines, Random], Lines]:
    def read(lines: Lines, chance: Random) -> Lines:
        text = "\n".join(lines)
        return "".join(
            chance.choice(_MISREAD) if sign > "一" and chance.random() < share else sign for sign in text
        ).split("\n")

    return read


def _mirror(decoder: Decoder) -> Callable[[Lines, Random], Lines]:
    def show(lines: Lines, chance: Random) -> Lines:
        make = mirrored(
            decoder, narrow=chance.random() < 0.5, annotated=annotated_sets("".join(lines), chance)
        )
        return [make(line, chance) for line in lines]

    return show


def _numbers_written(lines: Lines, _: Random) -> Lines:
    return [
        re.sub(r"(?<!\d)\d(?=[月日名家人场件])", lambda found: _NUMERALS[int(found[0])], line)
        for line in lines
    ]


def _dates_shortened(lines: Lines, _: Random) -> Lines:
    return [re.sub(r"\d{1,2}月(?=\d{1,2}日)|20\d\d年", "", line) for line in lines]


def _other_words(lines: Lines, chance: Random) -> Lines:
    words = chance.sample(sorted(_SYNONYMS), 3)
    for word in words:
        lines = [line.replace(word, _SYNONYMS[word]) for line in lines]
    return lines


def _any_text(prose: Prose, chance: Random) -> Lines:
    return prose.story(chance) if chance.random() < 0.6 else fill(chance.choice(_ISSUED), facts(chance))


def _localised(prose: Prose, chance: Random) -> Pair:
    known, province = facts(chance), chance.choice(_PROVINCES)
    kind = str(known["place"])[-1]
    lead = f"昨日，我省{known['people']}名职工参赛，我{kind}选派{known['few']}名。今年我{kind}投入资金。"
    end = f"据悉，我{kind}今年还将举办{known['day']}场活动，全{kind}职工积极响应，我省也将推出新举措。"
    said = {"我省": province, f"我{kind}": known["place"], "今年": f"{known['year']}年", "昨日": "4月7日"}
    ours = [lead, *_any_text(prose, chance), end]
    theirs = "\n".join(ours)
    for word, other in said.items():
        theirs = theirs.replace(word, str(other))
    return Pair(ours, theirs.split("\n"))


def _bylines(prose: Prose, chance: Random) -> Pair:
    text = _any_text(prose, chance)
    ours = [f"本报讯（记者 {name(chance)}）{text[0]}", *text[1:], f"（责任编辑：{name(chance)}）"]
    theirs = [f"本网讯（通讯员 {name(chance)}）{text[0]}", *text[1:], f"（编辑：{name(chance)}）"]
    return Pair(ours, theirs)


def _nameless(prose: Prose, chance: Random) -> Pair:
    text, person = prose.story(chance), name(chance)
    ours = [f"记者见到了{person}师傅。{person}是一名职工。", *text, f"{person}说，今后会更加努力。"]
    return Pair(ours, [line.replace(person, f"{person[0]}某") for line in ours])


def _prefaced(prose: Prose, chance: Random) -> Pair:
    text = prose.story(chance)
    return Pair(text, ["".join(prose.story(chance))[:300], *text])


def _third_damaged(lines: Lines, chance: Random) -> Lines:
    third = next(edit for edit in EDITS if edit.name == "the first third")
    return _mirror(Decoder.SWALLOWING)(third.make(lines, chance), chance)


_OF_ANY = {
    **{edit.name: edit.make for edit in EDITS if not edit.cuts},
    "misread characters, 3 %": _misread(0.03),
    "mirror, swallowing": _mirror(Decoder.SWALLOWING),
    "mirror, dropping": _mirror(Decoder.DROPPING),
    "numbers written out": _numbers_written,
    "dates shortened": _dates_shortened,
    "other words throughout": _other_words,
}
# What the rule can't decide (docs/archive.md): in a telegram little but a row of names differs.
BEYOND = "telegram of another union"
_ISSUED = [form for form in FORMS if form != "telegram"]
# A form that is cut may lose all its particulars.
_OF_NEWS = {
    **{edit.name: edit.make for edit in EDITS if edit.cuts},
    "misread characters, 6 %": _misread(0.06),
    "a third, from a mirror": _third_damaged,
}


def hard_reprints(prose: Prose) -> Kinds:
    """Return makers of pairs that are one story, by kind."""
    return {
        **{kind: _made(partial(_any_text, prose), make) for kind, make in _OF_ANY.items()},
        **{kind: _made(prose.story, make) for kind, make in _OF_NEWS.items()},
        "localised": partial(_localised, prose),
        "a number and a name corrected": _corrected,
        "other bylines": partial(_bylines, prose),
        "王某 for the name": partial(_nameless, prose),
        "a preface of 300 characters": partial(_prefaced, prose),
    }


def _made(
    text: Callable[[Random], Lines], make: Callable[[Lines, Random], Lines]
) -> Callable[[Random], Pair]:
    def pair(chance: Random) -> Pair:
        lines: Sequence[str] = text(chance)
        return Pair(list(lines), make(list(lines), chance))

    return pair
