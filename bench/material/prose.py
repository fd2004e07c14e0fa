"""Chinese union news without end, whose paragraphs do not repeat: for measuring whole crawls.

A small grammar (``prose.toml``) with the country's places, union terms and names
put in. Sentences are such as local union sites print, of their lengths; paragraphs of
twenty characters or more do not repeat (`tests/bench/test_prose.py`). The words of
`bench.material.news` have the frequencies of prose but no grammar; these read as
sentences, which repair and the reprint index take for what they are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from bench.material.news import Words

_GRAMMAR = Path(__file__).with_name("prose.toml")
_NAME = re.compile(r"\{(\w+)\}")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国志文海波晓红梅春玉云松根水生立新庆山"
# Log-normal lengths of news in characters: a median of 520, a twentieth above 1,300, as union sites print.
_MEDIAN_LOG, _SPREAD_LOG, _LONGEST = 6.25, 0.55, 4_000
_LONG_NAME = 9

Alternatives = Sequence[tuple[str, ...]]


@cache
def _grammar() -> dict[str, Alternatives]:
    """Return each name's alternatives: texts and names by turns, a text first."""
    with _GRAMMAR.open("rb") as file:
        read = tomllib.load(file)
    words = Words()
    given: dict[str, Sequence[str]] = {
        **{name: text.split() for name, text in read["words"].items()},
        **read["rules"],
        "place": [place for place in words.places if len(place) < _LONG_NAME],
        "term": [term for term in words.terms if len(term) > 1],
    }
    return {name: [tuple(_NAME.split(text)) for text in texts] for name, texts in given.items()}


class Prose:
    """Writes news by one source of chance; the same chance writes the same text."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._grammar = _grammar()
        self._made: dict[str, Callable[[], str]] = {
            "name": self._name,
            "count": lambda: str(int(10 ** chance.uniform(1, 3.6))),
            "tens": lambda: str(chance.randint(11, 99)),
        }

    def write(self, name: str) -> str:
        """Return one text of the grammar by its name: ``title``, ``lead``, ``sentence``, ``caption``."""
        made = self._made.get(name)
        if made is not None:
            return made()
        alternatives = self._grammar[name]
        parts = alternatives[int(self._chance.random() * len(alternatives))]
        if len(parts) == 1:
            return parts[0]
        write = self.write
        return "".join([write(part) if place & 1 else part for place, part in enumerate(parts)])

    def _name(self) -> str:
        given = self._chance.choices(_GIVEN, k=1 + (self._chance.random() < 0.8))
        return self._chance.choice(_SURNAMES) + "".join(given)

    def paragraph(self, sentences: int) -> str:
        """Return a paragraph of so many sentences."""
        return "".join([self.write("sentence") for _ in range(sentences)])

    def story(self) -> list[str]:
        """Return a story as paragraphs, of a length as news has it; one in eight has headings."""
        left = min(_LONGEST, int(self._chance.lognormvariate(_MEDIAN_LOG, _SPREAD_LOG)))
        lines = [self.write("lead")]
        has_headings = self._chance.random() < 0.125
        while (left := left - len(lines[-1])) > 0:
            if has_headings and self._chance.random() < 0.4:
                lines.append(self.write("heading"))
            lines.append(self.paragraph(self._chance.choice((1, 2, 2, 3, 3, 4))))
        return lines
