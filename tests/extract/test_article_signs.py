"""Each rule decides at its limit, and not beside it."""

from __future__ import annotations

from typing import Any

import pytest

from unioncrawl.extract.article_signs import ARTICLE_RULES, LIST_RULES, Rule, Signs, first_rule

BARE = Signs("", 0, 0, 0, 0, titled=True, labelled=False, dated=False, anchored=False)
LABELLED = BARE._replace(labelled=True, dated=True)
SURE = BARE._replace(anchored=True)


def _signs(base: Signs, characters: int, sentences: int, **more: Any) -> Signs:
    return base._replace(text_length=characters, sentences=sentences, **more)


# The signs at a limit, the rule that decides there, and signs one step beside it, where another decides.
LIMITS: list[tuple[tuple[Rule, ...], str, Signs, dict[str, Any]]] = [
    (
        ARTICLE_RULES,
        "text-without-headline",
        _signs(BARE._replace(titled=False), 200, 4),
        {"text_length": 199},
    ),
    (ARTICLE_RULES, "text-without-headline", _signs(BARE._replace(titled=False), 200, 4), {"sentences": 3}),
    (ARTICLE_RULES, "running-text", _signs(BARE, 120, 2), {"text_length": 119}),
    (ARTICLE_RULES, "running-text", _signs(BARE, 120, 2), {"sentences": 1}),
    (ARTICLE_RULES, "sure-headline", _signs(SURE, 30, 2), {"text_length": 29}),
    (ARTICLE_RULES, "sure-headline", _signs(SURE, 30, 2), {"sentences": 1}),
    (ARTICLE_RULES, "bare-lines", _signs(BARE._replace(dated=True), 90, 0), {"sentences": 1}),
    (ARTICLE_RULES, "labelled-line", _signs(LABELLED, 8, 0), {"text_length": 7}),
    (ARTICLE_RULES, "labelled-media", _signs(LABELLED, 0, 0, attachments=1), {"attachments": 0}),
    (ARTICLE_RULES, "sure-media", _signs(SURE, 0, 0, images=1), {"images": 0}),
    (ARTICLE_RULES, "sure-media", _signs(SURE, 0, 0, attachments=1), {"links": 1}),
    (ARTICLE_RULES, "sure-media", _signs(SURE, 0, 0, images=1), {"outside": 1}),
    (ARTICLE_RULES, "named-media", _signs(SURE, 0, 0, images=1, links=9, named=True), {"images": 0}),
    (ARTICLE_RULES, "named-media", _signs(SURE, 0, 0, images=1, links=9, named=True), {"named": False}),
    (ARTICLE_RULES, "captioned-picture", _signs(BARE, 8, 0, images=1), {"text_length": 7}),
    (ARTICLE_RULES, "a-sentence", _signs(BARE, 60, 1), {"text_length": 59}),
    (LIST_RULES, "bare-entries", _signs(BARE, 79, 1, outside=1), {"text_length": 80}),
    (LIST_RULES, "bare-entries", _signs(BARE, 30, 1, inside=1), {"sentences": 2}),
    (LIST_RULES, "entries-inside", _signs(LABELLED, 900, 47, inside=4), {"inside": 3}),
    (LIST_RULES, "entries-inside", _signs(LABELLED, 900, 47, inside=4), {"sentences": 48}),
    (LIST_RULES, "labelled-text", _signs(LABELLED, 20, 0, outside=9), {"text_length": 19}),
    (LIST_RULES, "labelled-picture", _signs(LABELLED, 5, 0, images=1, outside=9), {"images": 0}),
    (LIST_RULES, "sure-file", _signs(SURE, 5, 0, attachments=1, outside=9, named=True), {"inside": 1}),
    (LIST_RULES, "sure-file", _signs(SURE, 5, 0, attachments=1, outside=9, named=True), {"named": False}),
    (
        LIST_RULES,
        "sure-file",
        _signs(LABELLED._replace(anchored=True), 5, 0, attachments=1, outside=9),
        {"anchored": False},
    ),
    (LIST_RULES, "dated-headline", _signs(SURE._replace(dated=True), 30, 2, outside=9), {"text_length": 29}),
    (LIST_RULES, "dated-headline", _signs(SURE._replace(dated=True), 40, 2, outside=9), {"sentences": 1}),
    (LIST_RULES, "entries-outside", _signs(BARE, 199, 7, outside=5), {"text_length": 200}),
    (LIST_RULES, "entries-outside", _signs(BARE, 199, 7, outside=5), {"sentences": 8}),
    (LIST_RULES, "entries-outside", _signs(BARE, 159, 7, outside=5), {"outside": 4}),
]


@pytest.mark.parametrize(
    ("rules", "name", "signs", "beside"),
    LIMITS,
    ids=[f"{name}-{next(iter(beside))}" for _, name, _, beside in LIMITS],
)
def test_a_rule_decides_at_its_limit(
    rules: tuple[Rule, ...], name: str, signs: Signs, beside: dict[str, Any]
) -> None:
    """The rule holds exactly at its limit; one step beside it another rule decides, or no rule."""
    decides = first_rule(rules, signs)
    assert decides is not None
    assert decides.name == name
    other = first_rule(rules, signs._replace(**beside))
    assert other is None or other.name != name


def test_every_rule_is_held() -> None:
    """No rule is without a case above, but those that take whatever is left."""
    held = {name for _, name, _, _ in LIMITS}
    left = {"no-headline", "labelled-nothing", "entries-and-words"}
    assert {rule.name for rule in (*ARTICLE_RULES, *LIST_RULES)} == held | left
