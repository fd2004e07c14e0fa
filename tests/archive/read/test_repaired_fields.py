"""Tests for `unioncrawl.archive.read.repaired_fields`: whether a record proves its text."""

from __future__ import annotations

from dataclasses import replace

from unioncrawl.archive.read.repaired_fields import repaired_fields
from unioncrawl.line import finish
from unioncrawl.model import Article, FieldUnresolved, Image, Unresolved

_BODY = "臨溪市總工會(huì)召開會(huì)議，慰問職工。\n &ldquo;五一&rdquo;期間，走訪企業(yè)三百家。"
_DAMAGED = Article(
    url="http://gh.linxi.example/1",
    title="臨溪市總工會(huì)慰問職工",
    body_text=_BODY,
    images=(Image("http://gh.linxi.example/1.jpg", "圖為工會(huì)慰問現(xiàn)場"),),
)


def test_every_field_is_proved_from_its_original() -> None:
    """What was printed and the steps give each stored field, cleaned ones and captions among them."""
    stored = finish(_DAMAGED)
    found = {one.name: one for one in repaired_fields(stored)}
    assert set(found) == {"title", "body_text", "images.0.caption"}
    assert all(one.is_proved for one in found.values()), found
    assert found["body_text"].original == _BODY
    assert found["body_text"].stored == stored.body_text


def test_a_text_that_was_changed_later_is_not_proved() -> None:
    """A stored text to which the steps do not lead is said to be another one."""
    stored = replace(finish(_DAMAGED), title="临溪市总工会慰问领导")
    problems = {one.name: one.problem for one in repaired_fields(stored)}
    assert "another text" in problems["title"]
    assert problems["body_text"] == ""


def test_steps_that_do_not_fit_are_not_proved() -> None:
    """Where a step does not find what it replaces, the reason is given, and the others are still checked."""
    stored = finish(_DAMAGED)
    raw = tuple((name, "别的文字" if name == "title" else text) for name, text in stored.raw)
    problems = {one.name: one.problem for one in repaired_fields(replace(stored, raw=raw))}
    assert "does not find" in problems["title"]


def test_a_place_of_damage_outside_of_the_text_is_not_proved() -> None:
    """Damage that is said to lie where no text is belongs to another text."""
    left = (FieldUnresolved("title", Unresolved(90, 95, "lost")),)
    stored = Article(url="http://gh.linxi.example/2", title="工会", unresolved=left)
    (found,) = repaired_fields(stored)
    assert not found.is_proved
    assert found.repaired.unresolved == ()
