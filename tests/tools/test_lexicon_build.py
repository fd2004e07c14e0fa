"""How the statistics are counted, mixed, pruned and packed, on small texts."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pytest
import zstandard

from tools.build_lexicon import DATA, GLOSSARY
from tools.lexicon import corpus_counts, counts, readers
from tools.lexicon.heldout import HeldOut
from tools.lexicon.inputs import INPUTS, InputChanged, read_input
from tools.lexicon.mixture import GBK_CHARACTERS, Model, Source, mix
from tools.lexicon.pack import pack_model
from tools.lexicon.prune import prune
from unioncrawl.language.ngram_table import NgramTable

ORDER = 3
# SHA-256 of the unpacked contents, as tools/build_lexicon.py gave them: zstd's output may change.
BUILT = {
    "glossary.zst": "df287c2776090c342d1740110f7219b2bc5b914304b8092fae49e8112bbee363",
    "words.zst": "f58a3f82b4bf3417b70014c7dafdb6111ee8a5c8722730bab7716483609d2348",
    "ngrams.zst": "9990cb3844fee6ba72c7881d87c4df3a2a804e93582e13886d2ea55b59ac1c69",
}
LINES = ["工会服务职工，职工加入工会。", "工会维护职工权益。", "工会服务企业，企业支持工会。", "劳模进校园"]


@pytest.fixture
def model() -> Model:
    """A model of four sentences."""
    return mix([Source(corpus_counts.of_text(counts.count_text(LINES, ORDER)), (1.0,) * ORDER)], ORDER)


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
        built = mix([Source(corpus_counts.of_text(counts.count_text(LINES, ORDER)), (1.0,) * ORDER)], ORDER)
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


def test_the_tagged_newspaper_gives_text() -> None:
    """Tags and brackets go."""
    data = "[中华/nz 全国/n 总工会/n]nt 主席/n 尉/nr 健行/nr 讲话/n\n".encode()
    assert list(readers.read_people_daily(data)) == ["中华全国总工会主席尉健行讲话"]


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


@pytest.mark.parametrize("name", ["news_counts", "laws_counts", "mirror_sign_counts"])
def test_the_counts_in_the_tree_are_the_pinned_ones(name: str, tmp_path: Path) -> None:
    """The counts of the texts that are not passed on have the digests that a rebuild expects."""
    assert read_input(name, tmp_path)


def test_counts_give_the_model_of_the_text() -> None:
    """A model of a text's counts, cut down, written and read, is the model of the text, byte for byte."""
    texts = [corpus_counts.of_text(counts.count_text(lines, ORDER)) for lines in (LINES[:2], LINES[1:])]
    sizes = range(ORDER + 1)
    used = [corpus_counts.repeated([text.occurring[size] for text in texts]) for size in sizes]
    histories = [{ngram[:-1] for ngram in used[size]} for size in sizes]
    cut = corpus_counts.read_counts(
        corpus_counts.write_counts(corpus_counts.cut_down(texts[0], used, histories))
    )
    packed = [
        pack_model(mix([Source(text, (1.0,) * ORDER) for text in (first, texts[1])], ORDER))
        for first in (texts[0], cut)
    ]
    assert packed[0] == packed[1]


def test_counts_hold_no_text() -> None:
    """What occurs once is in the counts as a sum only, and the order of n-grams is the characters'."""
    text = corpus_counts.of_text(counts.count_text(["劳模进校园"], ORDER))
    cut = corpus_counts.cut_down(text, [set() for _ in text.occurring], [{"劳"} for _ in text.occurring])
    assert cut.occurring[2:] == [{}, {}]
    assert cut.rest[2] == {"劳": 1.0}
    assert list(cut.occurring[1]) == sorted(cut.occurring[1])


def test_the_shipped_lexicon_is_the_one_that_was_built() -> None:
    """The files' contents have the digests of the last rebuild (docs/lexicon.md says how)."""
    found = {
        name: hashlib.sha256(zstandard.decompress((DATA / name).read_bytes())).hexdigest() for name in BUILT
    }
    assert found == BUILT


def test_the_glossary_holds_the_list_of_the_project() -> None:
    """The surnames of the shipped file are those of the list in the tree."""
    content = json.loads(zstandard.decompress((DATA / "glossary.zst").read_bytes()))
    listed = "".join(readers.read_glossary(GLOSSARY / "surnames.txt"))
    assert set("".join(content["surnames"])) == set(listed) - {" "}
