from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.archive.write.article_rows import draft
from unioncrawl.archive.write.record_rows import RecordRows
from unioncrawl.model import Article
from unioncrawl.model.repaired import FieldUnresolved, Unresolved

SENTENCES = (
    "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品。",
    "5月1日，559名劳模参加了“五一”劳动节表彰大会；",
    "本报讯（记者 李方）截至2024年3月，全市新建工会128家！",
    "“送清凉”活动持续开展，覆盖工地36个、职工1.2万人次。",
    "大家说：工会是娘家人，APP上就能报名，电话12351。",
)
STAMPS = (
    "点击量：{}", "浏览次数: {}次", "本文已被浏览{}次", "[2024-05-{:02d}]", "发布时间：2024-05-{:02d} 09:30",
    "打印日期：2024年5月{}日",
)  # fmt: skip
Edit = Callable[[str, random.Random], str]


def _wide(text: str, chance: random.Random) -> str:
    return "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and chance.random() < 0.5 else sign for sign in text
    )


def _spaced(text: str, chance: random.Random) -> str:
    return "".join(sign + (chance.choice(" \u3000\xa0") if chance.random() < 0.2 else "") for sign in text)


def _marked(text: str, chance: random.Random) -> str:
    marks = str.maketrans(dict(zip("，。；：“”（）、！", ',.;:""(),!', strict=True)))
    return "".join(sign.translate(marks) if chance.random() < 0.5 else sign for sign in text)


def _traditional(text: str, chance: random.Random) -> str:
    del chance
    return text.translate(str.maketrans("总会领导职饮药劳动开记", "總會領導職飲藥勞動開記"))


def _stamped(text: str, chance: random.Random) -> str:
    stamp = chance.choice(STAMPS).format(chance.randint(1, 28))
    return chance.choice((f"{text}\n{stamp}", f"{stamp}\n{text}"))


def _digit(text: str, chance: random.Random) -> str:
    places = [at for at, sign in enumerate(text) if sign.isdecimal()]
    if not places:
        return f"3{text}"
    at = chance.choice(places)
    return text[:at] + str((int(text[at]) + chance.randint(1, 9)) % 10) + text[at + 1 :]


def _other_character(text: str, chance: random.Random) -> str:
    at = chance.choice([at for at, sign in enumerate(text) if "\u4e00" <= sign <= "\u9fff"])
    return text[:at] + ("龙" if text[at] != "龙" else "凤") + text[at + 1 :]


def _shorter(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _longer(text: str, chance: random.Random) -> str:
    return f"{text}\n更正：{chance.choice(('职工', '企业'))}为初步统计。"


TRIVIAL: tuple[Edit, ...] = (_wide, _spaced, _marked, _traditional, _stamped)
REAL: tuple[Edit, ...] = (_digit, _other_character, _shorter, _longer)
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=6).map("\n".join)


def _digest(text: str) -> int:
    record = Article(url="http://x/1", site="x", title="市总工会送清凉", body_text=text)
    return draft(record, RecordRows.of(record), 1).text_digest


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.lists(st.sampled_from(TRIVIAL), min_size=1, max_size=4), st.integers(0, 1 << 30))
def test_trivial_edits_make_no_revision(text: str, edits: list[Edit], seed: int) -> None:
    """Width, spaces, punctuation, script, a date stamp and a hit count, in any mixture, are no edit."""
    chance, edited = random.Random(seed), text  # noqa: S311 - not a secret
    # No page prints a stamp with spaces within its year.
    for edit in sorted(edits, key=lambda edit: edit is _stamped):
        edited = edit(edited, chance)
    assert _digest(edited) == _digest(text)


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.lists(st.sampled_from(TRIVIAL), max_size=3), st.sampled_from(REAL), st.integers(0, 1 << 30))
def test_real_edits_make_one(text: str, around: list[Edit], edit: Edit, seed: int) -> None:
    """One digit, one character, a paragraph less or more is an edit, whatever trivial ones come with it."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    edited = edit(text, chance)
    for trivial in sorted(around, key=lambda one: one is _stamped):
        edited = trivial(edited, chance)
    assert _digest(edited) != _digest(text)


@pytest.mark.parametrize("stamp", STAMPS)
def test_each_stamp_is_left_out(stamp: str) -> None:
    """Each form of a date stamp or hit count is left out by itself, and changes without an edit."""
    assert _digest(f"{SENTENCES[0]}\n{stamp.format(3)}") == _digest(f"{SENTENCES[0]}\n{stamp.format(21)}")


def test_an_article_derived_again_with_the_same_damage_is_no_revision(tmp_path: Path) -> None:
    """Damage that stays, with no alternatives or some, is what the archive has already."""
    article = Article(
        url="http://x/1",
        site="x",
        title="市总工会送清凉",
        body_text="市总工?领导到一线慰问",
        unresolved=(
            FieldUnresolved("body_text", Unresolved(3, 4, "lost")),
            FieldUnresolved("body_text", Unresolved(3, 4, "lost", ("会", "厂"))),
        ),
    )
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        run = archive.begin_run("x", {})
        archive.store(article, run)
        archive.flush()
        archive.rederive([article], run)
        assert archive.counts["rederived"] == 0
        archive.rederive([replace(article, unresolved=article.unresolved[:1])], run)
        assert archive.counts["rederived"] == 1
