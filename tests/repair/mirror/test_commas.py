"""A mirror that puts an ASCII comma before each mark is undone, in broken runs too."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, replay
from unioncrawl.repair.mirror_model.evidence import learn
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage, narrow_marks

ORIGINAL = "各省（区、市）总工会，要维护国家机关职工的权益；动员职工参加竞赛。"
NOTED = frozenset("國會動")


@pytest.mark.parametrize("decoder", Decoder)
def test_commas_before_marks_go(decoder: Decoder) -> None:
    """The text comes back with its marks alone, and the steps replay."""
    damaged = damage(ORIGINAL, Mirror(NOTED, decoder, commas=True))
    repaired = repair(damaged)
    assert repaired.text == ORIGINAL
    assert replay(damaged, repaired.steps) == ORIGINAL
    assert not repair(repaired.text).changed


def test_commas_before_narrow_marks_go() -> None:
    """An archive that turned the marks narrow leaves two commas; one of them is the mark."""
    damaged = damage(ORIGINAL, Mirror(NOTED, narrow=True, commas=True))
    assert ",," in damaged
    assert repair(damaged).text == "各省(区、市)总工会,要维护国家机关职工的权益;动员职工参加竞赛。"


@pytest.mark.parametrize("narrow", [False, True])
def test_width_is_seen_behind_commas(narrow: bool) -> None:  # noqa: FBT001 - a case
    """Where each mark has a comma before it, the page still shows whether its marks were narrowed."""
    page = learn(
        [damage("职工会议召开，各单位参加；要求：会员报名。", Mirror(NOTED, narrow=narrow, commas=True))]
    )
    assert page is not None
    assert (page.narrow, page.width_seen) == (narrow, True)


def test_a_comma_shows_that_a_mark_was_lost() -> None:
    """Where the comma stands before a broken run, the run begins with a mark, and it goes with it."""
    damaged = "我們的事業(yè),?！秉h的總工會(huì),，會(huì)議,。"
    repaired = repair(damaged)
    assert repaired.text == "我们的事业。”党的总工会，会议。"


@pytest.mark.parametrize("narrow", [False, True])
def test_commas_go_where_losses_leave_no_trace(narrow: bool) -> None:  # noqa: FBT001 - a case
    """Under the decoder that drops bytes silently, the commas before and within a broken run go too."""
    original = "国务院发布报告，总工会参加。可以看到，职工活动增多。"
    mirror = Mirror(NOTED, Decoder.DROPPING, narrow=narrow, commas=True)
    assert repair(damage(original, mirror)).text == (narrow_marks(original) if narrow else original)


def test_an_ordinary_page_has_no_such_commas() -> None:
    """A comma between characters is a comma, also where a mirror narrowed it."""
    page = learn(["全國(guó)總工會(huì),各單位，職工,。"])
    assert page is not None
    assert not page.commas
