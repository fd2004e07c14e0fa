"""How sure each kind of repair says that it is."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&amp;#20116;&amp;#21313;名学员", {("entity", 0.995)}),
        ("他说&ldquo;要建好&rdquo;", {("entity", 0.97)}),
        ("2024Äê4ÔÂ8ÈÕ µã»÷Á¿£º", {("gbk-as-latin", 0.92), ("gbk-as-latin", 0.99)}),
        ("县总工(🕤)会组织劳动(dòng )竞赛，职工踊跃(yuè )参加。", {("insertion", 0.98)}),
        ("协议对衔接(chā )作了细致的约定。", {("insertion", 0.92)}),
        ("宸ヤ細鍔冲姩淇濇姢", {("utf8-as-gbk", 0.995)}),
        ("èµ·", {("utf8-as-latin", 0.95)}),
        ("²Ì¨£¬Ã»", {("gbk-as-latin", 0.9)}),
        ("鍏艰亴宸ヤ", {("utf8-as-gbk", 0.5)}),
        ("⼯会", {("stray", 0.98)}),
        ("工会\ue5e5要闻", {("stray", 0.99)}),
        ("全國(guó)總工會(huì)召開會(huì)議,。", {("mirror-note", 1.0), ("mirror-tail", 0.95)}),
        ("關于召開會議。\n?新華社北京5月1日電?今天", {("mirror-script", 1.0), ("mirror-sign", 0.8)}),
        ("х╚╧Звэ╧╓╩А", {("code-page", 0.99)}),
        ("市总工会慰问职工。", set()),
    ],
)
def test_says_how_sure_it_is(text: str, expected: set[tuple[str, float]]) -> None:
    """Each kind of repair has its confidence, which readers filter by; a sound text has no step."""
    assert {(step.kind, step.confidence) for step in repair(text).steps} == expected
