"""Lists and articles that nothing is wrong with, for attacks to hide among."""

from __future__ import annotations

import random
from html import escape

_WHO = (
    "市总工会",
    "县总工会",
    "省总工会",
    "区总工会",
    "港务局工会",
    "机床厂工会",
    "纺织公司工会",
    "铁路局工会",
)
_WHAT = (
    "职工技能竞赛",
    "劳模宣讲活动",
    "春节送温暖活动",
    "女职工健康讲座",
    "集体协商培训班",
    "安全生产知识问答",
)
_DONE = (
    "来自各车间的一百二十名选手经过两天的角逐，决出了钳工、焊工、养老护理三个项目的名次。",
    "活动现场，老师傅手把手地教青年职工辨认图纸，大家围在机床边听得十分认真。",
    "有关负责人走访了困难职工家庭，详细询问他们的身体状况和子女上学的费用。",
    "与会代表就工资、工时和劳动保护逐条商量，当场签订了为期一年的集体合同。",
    "志愿者把米面油送到环卫工人的休息站，并为他们量了血压、理了头发。",
    "讲师用身边的事故作例子，提醒大家登高作业一定要系好安全带。",
    "成绩优秀的班组将获得先进集体称号，并推荐参加下一级的评选。",
    "厂里的图书室晚上也开门，借书最多的是刚进厂的学徒工。",
)


def title_of(number: int, name: str = "") -> str:
    """The title of an article."""
    drawn = random.Random(f"{name}{number}")  # noqa: S311 - the same every time
    return f"{drawn.choice(_WHO)}举办第{number}届{drawn.choice(_WHAT)}"


def hits_of(number: int) -> int:
    """What an article prints as its hits."""
    return 100 + number


def body_of(number: int, name: str = "") -> list[str]:
    """The paragraphs of an article; no two articles share their order."""
    drawn = random.Random(f"{name}{number}body")  # noqa: S311 - the same
    return [
        f"{title_of(number, name)}。{name}第{number}号稿件第{place}段，{sentence}"
        for place, sentence in enumerate(drawn.sample(_DONE, 4), start=1)
    ]


def article(number: int, name: str = "", *, head: str = "", after: str = "", line: str = "") -> str:
    """An article's page; ``line`` takes the place of the line with date, source and hits."""
    title = title_of(number, name)
    line = line or (
        f"发布时间：2025-03-{1 + number % 28:02d} 09:30 来源：{_WHO[0]} 点击：{hits_of(number)}次"
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in body_of(number, name))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<h1>{title}</h1><div class='info'>{line}</div>"
        f"<div class='content'>{body}</div>{after}</body></html>"
    )


def listing(links: list[str], *, head: str = "", after: str = "") -> str:
    """A list page of links, followed by its pager."""
    rows = "".join(
        f"<li><a href='{escape(link)}'>{title_of(place)}</a><span>2025-03-01</span></li>"
        for place, link in enumerate(links)
    )
    return f"<!DOCTYPE html><html><head>{head}</head><body><ul>{rows}</ul>{after}</body></html>"
