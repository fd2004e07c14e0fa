"""Write ``script_table.py`` and ``converter_table.py`` in ``unioncrawl/repair/mirror_model``.

The mirrors convert by OpenCC's ``STCharacters`` (first candidate), with the
exceptions listed here, which were found by reproducing real pages. The readings
are the first of pypinyin's dictionary for the traditional character.

Converters convert by words (後勤 but 皇后). Their table is the inverse of OpenCC's own
three ways, over all words that the lexicon lists: what each traditional character was.
OpenCC's tables are under the Apache License 2.0. Run again only when an exception is
found or OpenCC changes: ``python tools/build_script_table.py``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import exp, log
from pathlib import Path

import opencc
from pypinyin.constants import PINYIN_DICT

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from unioncrawl.language.lexicon import load_lexicon  # noqa: E402 - the line above makes the checkout importable

FOLDER = ROOT / "unioncrawl" / "repair" / "mirror_model"
TARGET, CONVERTER_TARGET = FOLDER / "script_table.py", FOLDER / "converter_table.py"
WAYS = ("s2t", "s2tw", "s2hk")
# An origin that is rarer than this beside the commonest one is a slip of the list of words.
LEAST_ORIGIN = 1e-4
MOST_NATS = 9
DICTIONARIES = Path(opencc.__file__).parent / "clib" / "share" / "opencc"

LEFT_ALONE = frozenset(
    "辟并采吃丑床唇淀斗范峰干杠雇柜恒后伙杰诀夸厘里么霉秘仆凄群叁圣尸虱涂洼锨咸蝎熏涌游于余郁吁愿岳云皂灶占征筑咨"
    "讠谫垅垴荬荮莼咝咤犸猬饣馀馇馓馕懔溆滟潴姹纟绔绱枧橥轱轷昵赍牦肴胨腌腭膻飚砜眍钅钚钷铘铞锃锍锎锏锘锝锪锫锿镅"
    "镎镢镥镩镲稆鹋鹛鹱疬疴痖裥耢颥虬螨粽糇糍跖鲅鲆鲇鲞鲴鲺鲼鳊鳋鳘鳙鞒鞲"
)
WRITTEN_OTHERWISE = (
    "钵缽 冲沖 杆桿 苟茍 哗嘩 饥饑 碱堿 硷鹼 鉴鑒 净凈 琅瑯 狸貍 卤鹵 眯瞇 啮嚙 启啟 钎釬 签簽 墙墻 陕陜 "
    "墒墑 湿濕 绦絳 为為 伪偽 闲閑 锈銹 勋勛 艳艷 踊踴 脏臟 症癥 钟鐘 众眾 着著 钻鉆 睾睪 谥謚 垧坰 埙塤 "
    "芸蕓 苄芐 蘖蘗 擀搟 岽崠 嵛崳 沩溈 妫媯 娴嫻 缰韁 珏玨 睃脧 畲畬 鹇鷴 鹚鶿 瘘瘺 袅裊 "
)


def stock_converter() -> opencc.OpenCC:
    """Return OpenCC with only the table of single characters, without phrases."""
    table = {"type": "ocd2", "file": str(DICTIONARIES / "STCharacters.ocd2")}
    config = {
        "name": "Characters",
        "segmentation": {"type": "mmseg", "dict": table},
        "conversion_chain": [{"dict": table}],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "characters.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        return opencc.OpenCC(str(path))


def conversion() -> dict[str, str]:
    """Return what a mirror writes for each simplified character of the basic plane that it changes."""
    converter = stock_converter()
    pairs = {chr(point): converter.convert(chr(point)) for point in range(0x3400, 0xA000)}
    pairs = {plain: written for plain, written in pairs.items() if plain not in LEFT_ALONE}
    pairs.update((pair[0], pair[1]) for pair in WRITTEN_OTHERWISE.split())
    return {plain: written for plain, written in sorted(pairs.items()) if plain != written}


def first_reading(character: str) -> str:
    """Return pypinyin's first reading; a dash when pypinyin has no reading or GBK can't write it."""
    reading = PINYIN_DICT.get(ord(character), "-").split(",")[0]
    return reading if reading == reading.encode("gbk", "ignore").decode("gbk") else "-"


def aligned(ways: Iterable[opencc.OpenCC]) -> Iterator[tuple[str, str, float]]:
    """Yield each character that a way writes, what it was, and how common that word is."""
    words = load_lexicon().words
    alone = {chr(point): 0.0 for point in range(0x3400, 0xA000)}
    for way in ways:
        for word, weight in (*((word, exp(nats)) for word, nats in words.items()), *alone.items()):
            written = way.convert(word)
            if len(written) == len(word):
                yield from ((new, old, weight) for new, old in zip(written, word, strict=True))


def origins() -> dict[str, dict[str, int]]:
    """Return what each character that converters write was, the commonest first, where it was another.

    Each original has what it costs in nats that a converter writes just this character for it.
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for new, old, weight in aligned(map(opencc.OpenCC, WAYS)):
        found[new][old] += weight  # type: ignore[assignment]
        totals[old] += weight  # type: ignore[assignment]
    stays = opencc.OpenCC("t2s").convert
    kept = {new: _plausible(new, weights, stays(new) == new) for new, weights in found.items()}
    return {
        new: {char: _cost(found[new][char], totals[char]) for char in old}
        for new, old in sorted(kept.items())
        if old and old != [new] and ord(new) < 0x10000
    }


def _cost(weight: float, total: float) -> int:
    return min(round(-log(weight / total)), MOST_NATS) if weight else MOST_NATS * bool(total)


def _plausible(new: str, weights: Mapping[str, float], stays: bool) -> list[str]:  # noqa: FBT001 - a fact of the character
    """Return the simplified characters among the origins; of one that has none, all others."""
    plain = {old: weight for old, weight in weights.items() if _is_simplified(old, new, stays=stays)}
    plain = plain or {old: weight for old, weight in weights.items() if old != new}
    least = LEAST_ORIGIN * max(plain.values(), default=0.0)
    return sorted((old for old in plain if plain[old] >= least), key=lambda old: (-plain[old], old))


def _is_simplified(old: str, new: str, *, stays: bool) -> bool:
    return bool(old.encode("gb2312", "ignore")) or (stays and old == new)


def write_converter_table() -> None:
    """Write the module of what converters' characters were."""
    table = origins()
    mirrors = {written: plain for plain, written in conversion().items()}
    alone = "".join(
        new + "".join(old) for new, old in table.items() if len(old) == 1 and [*old] != [mirrors.get(new)]
    )
    several = " ".join(
        new + "".join(f"{char}{nats}" for char, nats in old.items())
        for new, old in table.items()
        if len(old) > 1
    )
    CONVERTER_TARGET.write_text(
        '"""What the characters were that OpenCC\'s ways of converting by words write (Apache-2.0).\n\n'
        "Written by ``tools/build_script_table.py``; change it there. ``ALONE`` are pairs, written\n"
        "and simplified, where the mirrors' table has another or none; ``SEVERAL`` are a written\n"
        "character and its originals, the commonest first, each with the nats that it costs a\n"
        "converter to write this character for it.\n"
        f'"""\n\nALONE = (\n{quoted(alone)}\n)\n\nSEVERAL = (\n{quoted(several, 60)}\n)\n',
        encoding="utf-8",
    )


def quoted(text: str, width: int = 90) -> str:
    """Lay a long string out as adjacent literals."""
    return "\n".join(f'    "{text[start : start + width]}"' for start in range(0, len(text), width))


def main() -> None:
    """Write both modules."""
    write_converter_table()
    pairs = conversion()
    readings = " ".join(first_reading(written) for written in pairs.values())
    TARGET.write_text(
        '"""What mirrors write for each simplified character, and how they read it.\n\n'
        "Written by ``tools/build_script_table.py``; change it there. ``SIMPLIFIED[i]`` becomes\n"
        "``WRITTEN[i]``, annotated (if at all) with the i-th reading; ``-`` where none is known.\n"
        '"""\n\nSIMPLIFIED = (\n'
        f"{quoted(''.join(pairs))}\n)\n\nWRITTEN = (\n{quoted(''.join(pairs.values()))}\n)\n\n"
        f"READINGS = (\n{quoted(readings)}\n)\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
