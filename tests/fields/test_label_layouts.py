"""Labelled values are read whatever their labels, their order and their markup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article
from unioncrawl.page.labels import LABELS, Label

TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = (
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月网络点击量达到10万余次，报名截止时间：2024年7月15日，来源于职工的建议已有三十条得到落实。",
)
FULL_WIDTH = str.maketrans("0123456789:-", "０１２３４５６７８９：－")
# A name of two characters ends longer words too: values glued in front of it are left to the case files.
NAMES = {
    label: [name for name in LABELS[label].split() if len(name) >= 3 or name == "来源"] for label in LABELS
}
LENGTHS = {"day": 10, "minute": 16, "second": 19}


class Printed(NamedTuple):
    """A label, what stands after it, and what that means."""

    label: Label
    name: str
    value: str
    meaning: str | int | None


@st.composite
def dates(draw: st.DrawFn) -> tuple[str, str]:
    """A date as sites print it, and its meaning."""
    at = draw(st.datetimes(datetime(2005, 1, 1), datetime(2025, 12, 31)))  # noqa: DTZ001 - printed
    # 00:00 and 00:00:00 say that only the day is known.
    at = at.replace(minute=max(1, at.minute), second=max(1, at.second))
    day, minute, second = at.strftime("%Y-%m-%d"), at.strftime("%H:%M"), at.strftime("%H:%M:%S")
    half, hour = ("下午", at.hour - 12) if at.hour > 12 else ("上午", at.hour)
    forms = [
        (day, day),
        (f"{day} {minute}", f"{day}T{minute}"),
        (f"{day}　{second}", f"{day}T{second}"),
        (f"{day}T{second}", f"{day}T{second}"),
        (f"{at.year}/{at.month}/{at.day} {at.hour}:{second[3:]}", f"{day}T{second}"),
        (f"{at.year}年{at.month}月{at.day}日", day),
        (f"{at:%Y年%m月%d日}{minute}", f"{day}T{minute}"),
        (f"{at.year}年{at.month}月{at.day}日()", day),
        (f"{at:%Y年%m月%d}号", day),
        (f"{at:%y年%m月%d日}", day),
        (f"{at.year}.{at.month}.{at.day}", day),
        (f"{at:%d.%m.%Y}  {minute}", f"{day}T{minute}"),
        (f"{day} 00:00:00", day),
        (f"{day} 00:00", day),
        (f"{day} {minute}".translate(FULL_WIDTH), f"{day}T{minute}"),
        (f"{day} {minute[:2]}∶{minute[3:]}", f"{day}T{minute}"),
        (f"[{day} {minute}]", f"{day}T{minute}"),
        (f"{day}<br>{minute}", f"{day}T{minute}"),
    ]
    if at.hour not in (0, 12):
        forms.append((f"{at.year}年{at.month}月{at.day}日 {half}{hour}:{minute[3:]}", f"{day}T{minute}"))
    return draw(st.sampled_from(forms))


@st.composite
def hits(draw: st.DrawFn) -> tuple[str, int | None]:
    """A hit count as sites print it, or what stands there without one."""
    number = draw(st.integers(min_value=1, max_value=3_000_000))
    forms: list[tuple[str, int | None]] = [
        (f"{number}", number),
        (f"{number}次", number),
        (f"{number:,} 次", number),
        (f"<b>{number}</b>人次", number),
        (f"({number})", number),
        (f"{number}".translate(FULL_WIDTH), number),
        (f"{number % 99 + 1}.5万", (number % 99 + 1) * 10_000 + 5_000),
        ("10万+", 100_000),
        ("", None),
        ("次", None),
        ("加载中...", None),
        ('<img src="/images/loading.gif">', None),
        ('<span id="hits"></span>次', None),
        ('<span class="dr_show_hits_12">0</span>', None),
        ('<script src="/plus/count.php?view=yes&aid=12&mid=1"></script>次', None),
    ]
    return draw(st.sampled_from(forms))


SOURCES = [
    ("雁川市总工会", "雁川市总工会"),
    ("《工人日报》", "工人日报"),
    ("中工网", "中工网"),
    ("大众日报", "大众日报"),
    ("市总宣教部", "市总宣教部"),
    ("系统管理", ""),
    ("", ""),
]
EDITORS = [("欧阳建国", "欧阳建国"), ("李方、王小丫", "李方、王小丫"), ("", "")]
AUTHORS = [("陈志强", "陈志强"), ("林翰 谢庆胜", "林翰 谢庆胜"), ("雁川日报记者 林翰", "林翰")]


@st.composite
def lines(draw: st.DrawFn) -> list[Printed]:
    """The values of a metadata line in any order: a date always, the rest or not."""
    parts: list[tuple[Label, tuple[str, str | int | None]]] = [(Label.PUBLISHED, draw(dates()))]
    for label, values in (
        (Label.HITS, hits()),
        (Label.SOURCE, st.sampled_from(SOURCES)),
        (Label.AUTHOR, st.sampled_from(AUTHORS)),
        (Label.EDITOR, st.sampled_from(EDITORS)),
    ):
        if draw(st.booleans()):
            parts.append((label, draw(values)))
    names = {label: draw(st.sampled_from(NAMES[label])) for label, _ in parts}
    colon = draw(st.sampled_from(["：", ":", " ： ", "∶"]))
    printed = [Printed(label, f"{names[label]}{colon}", value, meaning) for label, (value, meaning) in parts]
    return draw(st.permutations(printed))


def _rows(parts: list[Printed]) -> str:
    return "".join(f"<tr><th>{part.name}</th><td>{part.value}</td></tr>" for part in parts)


LAYOUTS = {
    "block": lambda parts: f"<div>{'  '.join(part.name + part.value for part in parts)}</div>",
    "no-break spaces": lambda parts: (
        f"<p>{'&nbsp;&nbsp;'.join(part.name + part.value for part in parts)}</p>"
    ),
    "bars": lambda parts: f"<div>{' | '.join(part.name + part.value for part in parts)}</div>",
    "spans": lambda parts: f"<p>{''.join(f'<span>{part.name}{part.value}</span>' for part in parts)}</p>",
    "labels apart": lambda parts: "".join(
        f"<small>{part.name}</small><em>{part.value}</em>" for part in parts
    ),
    "paragraphs": lambda parts: "".join(f"<p>{part.name}{part.value}</p>" for part in parts),
    "list": lambda parts: f"<ul>{''.join(f'<li>{part.name}{part.value}</li>' for part in parts)}</ul>",
    "cells": lambda parts: (
        f"<table><tr>{''.join(f'<td>{part.name}</td><td>{part.value}</td>' for part in parts)}</tr></table>"
    ),
    "rows": lambda parts: f"<table>{_rows(parts)}</table>",
    "definitions": lambda parts: (
        f"<dl>{''.join(f'<dt>{part.name}</dt><dd>{part.value}</dd>' for part in parts)}</dl>"
    ),
    "brackets": lambda parts: f"<center>{''.join(f'【{part.name}{part.value}】' for part in parts)}</center>",
    "breaks": lambda parts: f"<div>{'<br>'.join(part.name + part.value for part in parts)}</div>",
}
PLACES = {
    "below": f"<h1>{TITLE}</h1>{{line}}{{body}}",
    "above": f"{{line}}<h2>{TITLE}</h2>{{body}}",
    "below a plain line": f"<div align=center><b>{TITLE}</b></div>{{line}}{{body}}",
}


def _read(line: str, place: str) -> Article:
    body = f"<div>{''.join(f'<p>{text}</p>' for text in TEXT)}</div>"
    text = (
        f"<html><head><title>{TITLE}_基层动态</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"{PLACES[place].format(line=line, body=body)}"
        "<div>版权所有：雁川市总工会 总访问量：998877 您是第1234567位访客 2010-2024</div></body></html>"
    )
    page = DecodedPage(
        url="http://example.org/xw/1.html",
        text=text,
        encoding="utf-8",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    found = extract_page(page).article
    assert found is not None
    return normalize_article(found)


@settings(max_examples=250, deadline=None)
@given(parts=lines(), layout=st.sampled_from(sorted(LAYOUTS)), place=st.sampled_from(sorted(PLACES)))
def test_reads_labelled_values_in_any_markup(parts: list[Printed], layout: str, place: str) -> None:
    """Date, hits, source and people come out whatever label, form, order and markup they have."""
    article = _read(LAYOUTS[layout](parts), place)
    meanings = {part.label: part.meaning for part in parts}
    precision = article.published_precision
    published = (
        article.published_at.isoformat()[: LENGTHS[precision.value]]
        if article.published_at and precision
        else ""
    )
    assert published == meanings[Label.PUBLISHED]
    assert article.hits == meanings.get(Label.HITS)
    assert article.source == meanings.get(Label.SOURCE, "")
    assert article.author == meanings.get(Label.AUTHOR, "")
    assert article.editor == meanings.get(Label.EDITOR, "")
    assert (article.title, article.body_text) == (TITLE, "\n".join(TEXT))
