"""How the statistics are counted, mixed, pruned and packed, on small texts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tools.lexicon import counts, readers
from tools.lexicon.heldout import HeldOut
from tools.lexicon.inputs import INPUTS, InputChanged, read_input
from tools.lexicon.mixture import GBK_CHARACTERS, Model, Source, mix
from tools.lexicon.names import name_chances
from tools.lexicon.pack import pack_model
from tools.lexicon.prune import prune
from unioncrawl.repair.ngram_table import NgramTable

ORDER = 3
LINES = ["工会服务职工，职工加入工会。", "工会维护职工权益。", "工会服务企业，企业支持工会。", "劳模进校园"]


@pytest.fixture
def model() -> Model:
    """A model of four sentences."""
    return mix([Source(counts.count_text(LINES, ORDER), (1.0,) * ORDER)], ORDER)


def _total(model: Model, history: str) -> float:
    """Add up what may follow: the characters seen, and as many unseen ones as GBK has."""
    seen = sum(math.exp(model.log_prob(history + char)) for char in model.logs[1])
    return seen + math.exp(model.log_prob(history + "龘")) * (GBK_CHARACTERS - len(model.logs[1]))


@pytest.mark.parametrize("history", ["", "工", "工会", "职工", "\n"])
def test_the_model_shares_out_one_unit(model: Model, history: str) -> None:
    """What may follow a history sums to one, characters never seen included."""
    assert _total(model, history) == pytest.approx(1.0, abs=0.01)


def test_nothing_that_occurs_once_is_kept(model: Model) -> None:
    """No longer n-gram of the one sentence about 劳模 is in the model: it cannot be read back."""
    assert not [ngram for level in model.logs[2:] for ngram in level if "模" in ngram or "园" in ngram]


def test_what_is_packed_is_read_back(model: Model) -> None:
    """The reader answers what the model says, to within the file's precision."""
    table = NgramTable(pack_model(model))
    for ngram in ("工会", "服务职", "职工权", "工园", "企业支", "会工会"):
        assert table.score(ngram[-1], ngram[:-1]) == pytest.approx(model.log_prob(ngram), abs=0.1)


def test_packing_is_the_same_every_time() -> None:
    """Two builds give the same bytes."""
    twice = []
    for _ in range(2):
        built = mix([Source(counts.count_text(LINES, ORDER), (1.0,) * ORDER)], ORDER)
        prune(built, [0, 0, 20, 20])
        twice.append(pack_model(built))
    assert twice[0] == twice[1]


def test_pruning_keeps_beginnings_and_the_sum(model: Model) -> None:
    """After pruning, every n-gram's beginning is still there and probabilities still sum to one."""
    prune(model, [0, 0, 8, 5])
    assert len(model.logs[3]) == 5
    assert all(ngram[:-1] in model.logs[2] for ngram in model.logs[3])
    assert _total(model, "工会") == pytest.approx(1.0, abs=0.01)


def test_a_word_model_counts_each_border_once() -> None:
    """A pair adds only what reaches across its border; the words add what is inside them."""
    ngrams = [(["工会"], -1.0), (["干部"], -1.0), (["工会", "干部"], -0.3)]
    table = counts.count_word_model(iter(ngrams), 1000, 3)
    assert table[1]["工"] == pytest.approx(100)
    assert table[2]["会干"] == pytest.approx(1000 * 10**-1.3)
    assert table[2]["工会"] == pytest.approx(100)


def test_the_tagged_newspaper_gives_text_and_names() -> None:
    """Tags and brackets go; a surname and a given name stand as two tokens."""
    data = "[中华/nz 全国/n 总工会/n]nt 主席/n 尉/nr 健行/nr 讲话/n\n".encode()
    assert list(readers.read_people_daily(data)) == ["中华全国总工会主席尉健行讲话"]
    assert list(readers.read_person_names(data)) == [("尉", "健行")]


def test_names_count_by_position() -> None:
    """A character is likelier where it was seen in given names."""
    chances = name_chances([("王", "建国"), ("李", "建军"), ("王", "建军")] * 5000, ["王", "李"], ["国军建"])
    assert chances["first"]["建"] > chances["first"]["国"]
    assert chances["surname"]["王"] > chances["surname"]["李"]


def test_held_out_lines_and_their_quotations_are_left_out() -> None:
    """A line that shares sixteen characters with a held-out one is not counted either."""
    lines = [
        f"第{number}条 用人单位应当依法保障劳动者的合法权益，并接受第{number}级工会监督。"
        for number in range(200)
    ]
    held = HeldOut(lines)
    assert 5 < len(held.lines) < 50
    assert list(held.without([held.lines[0], "会议：" + held.lines[0], "别的话"])) == ["别的话"]


def test_a_changed_input_is_refused(tmp_path: Path) -> None:
    """A corpus that differs from the pinned one stops the build."""
    (tmp_path / INPUTS["news"].archive).write_text("别的新闻")
    with pytest.raises(InputChanged, match="news: the digest is"):
        read_input("news", tmp_path, tmp_path)
