from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.material.edits import EDITS
from unioncrawl.archive.reprints.reprint_changes import Change, what_changed
from unioncrawl.model import Article, FieldUnresolved, Unresolved

LINES = [
    "4月8日，西安市总工会副主席王某带队到环卫驿站慰问一线职工，送去清凉饮料和防暑药品。",
    "据了解，全市已建成驿站三百二十个，服务职工十万人次，让户外劳动者歇脚有了去处。",
    "下一步，工会将把驿站建到更多街道，延长开放时间，添置更多设施，把关爱送到职工心坎上。",
]
FIRST = Article(url="http://a/1", site="a", title="送清凉", body_text="\n".join(LINES))
EXPECTED = {
    "copy under another title": [],
    "本报讯 added": [Change.LEAD_ADDED],
    "a paragraph dropped": [Change.PARAGRAPHS_DROPPED],
    "width and punctuation": [Change.SIGNS],
    "paragraphs joined": [Change.SIGNS],
    "the first third": [Change.PARAGRAPHS_DROPPED],
    "the last third": [Change.PARAGRAPHS_DROPPED],
    "slips of the pen": [Change.WORDS],
    "我市 and a paragraph added": [Change.PARAGRAPHS_ADDED, Change.WORDS],
}


@pytest.mark.parametrize(
    "edit", [edit for edit in EDITS if edit.name in EXPECTED], ids=lambda edit: edit.name
)
def test_each_edit_is_named(edit: object) -> None:
    """Each edit is reported under its own name."""
    body = "\n".join(edit.make(LINES, Random(4)))  # type: ignore[attr-defined]  # noqa: S311 - an edit
    assert list(what_changed(FIRST, replace(FIRST, body_text=body))) == EXPECTED[edit.name]  # type: ignore[attr-defined]


def test_title_and_damage_are_named_too() -> None:
    """Another title and places that nothing could read stand beside what the text changed."""
    lost = (FieldUnresolved("body_text", Unresolved(0, 1, "lost byte")),)
    reprint = replace(FIRST, title="工会送来清凉", unresolved=lost)
    assert what_changed(FIRST, reprint) == (Change.TITLE, Change.DAMAGED)
    assert what_changed(replace(FIRST, body_text=f"本报讯 {FIRST.body_text}"), FIRST) == (
        Change.LEAD_DROPPED,
    )
