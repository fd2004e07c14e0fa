"""Write ``unioncrawl/repair/mirror_model/script_table.py`` from OpenCC's and pypinyin's tables.

The mirrors convert by OpenCC's ``STCharacters`` (first candidate), with the
exceptions listed here, which were found by reproducing real pages. The readings
are the first of pypinyin's dictionary for the traditional character. Run again
only when an exception is found: ``python tools/build_script_table.py``.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import opencc
from pypinyin.constants import PINYIN_DICT

TARGET = Path(__file__).resolve().parent.parent / "unioncrawl" / "repair" / "mirror_model" / "script_table.py"
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


def quoted(text: str, width: int = 90) -> str:
    """Lay a long string out as adjacent literals."""
    return "\n".join(f'    "{text[start : start + width]}"' for start in range(0, len(text), width))


def main() -> None:
    """Write the module."""
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
