"""The forward model does what the mirrors were seen to do."""

from __future__ import annotations

import pytest

from tests.recordings import MirrorPage
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage

# Each is a worked example from a real page: original, page, annotated characters.
WORKED = [
    ("全国总工会", "全國(guó)總工會(huì)", "國會"),
    ("各省（区、市）", "各?。▍^(qū)、市）", "區"),
    ("各省（自治区、", "各?。ㄗ灾螀^(qū)、", "區"),
    ("。《中共中央关于", "?！吨泄仓醒腙P(guān)于", "關"),
    ("转化。”</strong>", "轉化?！?/strong>", ""),
    ("奖章获得者", "獎(jiǎng)?wù)芦@得者", "獎務"),
    ("常活动", "?；顒?dòng)", "動"),
    ("。可以", "?？梢?", ""),
]


@pytest.mark.parametrize(("original", "page", "annotated"), WORKED)
def test_worked_examples(original: str, page: str, annotated: str) -> None:
    """A mirror that annotates the given characters writes the original like the page."""
    assert damage(original, Mirror(frozenset(annotated))) == page


def test_a_whole_page_is_reproduced(mirror_sample: MirrorPage) -> None:
    """A mirror's page comes from its original, character for character, width turned."""
    mirror = Mirror(frozenset(mirror_sample.annotated), narrow=True)
    assert damage(mirror_sample.wide, mirror) == mirror_sample.page


def test_the_dropping_decoder_leaves_no_trace_of_a_lost_byte() -> None:
    """The rarer decoder skips a bad lead byte and reads the next byte again."""
    mirror = Mirror(frozenset("動"), decoder=Decoder.DROPPING)
    assert damage("常活动", mirror) == "；顒(dòng)"


def test_user_defined_pairs_vanish() -> None:
    """After a false cut the bytes of 三十 fall into the user-defined areas and vanish."""
    assert damage("省（三十五条规定", Mirror()) == "?。ㄈ鍡l規定"


def test_what_gbk_lacks_is_lost() -> None:
    """A character that GBK lacks, and a no-break space, becomes a question mark."""
    assert damage("朱鹮\u00a0工会", Mirror()) == "朱??工會"
