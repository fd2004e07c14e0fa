"""How one site's story looks when another site carries it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from unioncrawl.repair.mirror_model.forward import Mirror, damage
from unioncrawl.repair.mirror_model.script_lookups import READING_OF

Lines = list[str]
# The most frequent characters whose traditional forms mirrors annotate.
_ANNOTATED = "會動實這義務導開員產縣黨業發"
_WIDE = str.maketrans("0123456789，。", "０１２３４５６７８９,．")
_EXCERPT = 0.34


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to reprint; ``cuts``: it may leave out so much that a notice loses its own names."""

    name: str
    make: Callable[[Lines, Random], Lines]
    cuts: bool = False


def _copy(lines: Lines, _: Random) -> Lines:
    return lines


def _lead_added(lines: Lines, chance: Random) -> Lines:
    lead = chance.choice(
        ("本报讯（记者 张三 通讯员 李四）", "本网讯 ", "近日，记者从有关部门获悉，", "新华社北京电 ")
    )
    return [lead + lines[0], *lines[1:]]


def _paragraph_dropped(lines: Lines, chance: Random) -> Lines:
    place = chance.randrange(len(lines))
    return lines[:place] + lines[place + 1 :] if len(lines) > 2 else lines


def _width_changed(lines: Lines, _: Random) -> Lines:
    return [f"　　{line.translate(_WIDE)}" for line in lines]


def _joined(lines: Lines, _: Random) -> Lines:
    return [" ".join(lines)]


def _excerpt(lines: Lines, _: Random) -> Lines:
    """Return the first paragraphs, about a third of the text."""
    wanted, kept = _EXCERPT * sum(map(len, lines)), Lines()
    while sum(map(len, kept)) < wanted:
        kept.append(lines[len(kept)])
    return kept


def _latter_part(lines: Lines, chance: Random) -> Lines:
    return _excerpt(lines[::-1], chance)[::-1]


def _slips(lines: Lines, chance: Random) -> Lines:
    """Replace one character in seventy."""
    text = list("\n".join(lines))
    printed = [place for place, character in enumerate(text) if character != "\n"]
    for place in chance.sample(printed, max(1, len(printed) // 70)):
        text[place] = chance.choice("的了在工会职")
    return "".join(text).split("\n")


def _localised(lines: Lines, chance: Random) -> Lines:
    """Say 我市, as the reprinting paper does, and add a paragraph of its own."""
    own = "".join(
        chance.choices("城关镇社区党员干部群众积极响应认真组织学习宣传贯彻落实取得良好效果受到一致好评", k=50)
    )
    return [*(line.replace("职工", "我市职工") for line in lines), f"{own}。"]


@cache
def _mirror() -> Mirror:
    return Mirror(frozenset(sign for sign in _ANNOTATED if sign in READING_OF))


def _damaged(lines: Lines, _: Random) -> Lines:
    """Return the story as a mirror shows it, unrepaired."""
    return [damage(line, _mirror()) for line in lines]


def _much_edited(lines: Lines, chance: Random) -> Lines:
    return _lead_added(_paragraph_dropped(_width_changed(lines, chance), chance), chance)


EDITS = (
    Edit("copy under another title", _copy),
    Edit("本报讯 added", _lead_added),
    Edit("a paragraph dropped", _paragraph_dropped, cuts=True),
    Edit("width and punctuation", _width_changed),
    Edit("paragraphs joined", _joined),
    Edit("the first third", _excerpt, cuts=True),
    Edit("the last third", _latter_part, cuts=True),
    Edit("slips of the pen", _slips),
    Edit("我市 and a paragraph added", _localised),
    Edit("damaged by a mirror", _damaged),
    Edit("three edits at once", _much_edited, cuts=True),
)
