from __future__ import annotations

import ast
from pathlib import Path

import pytest

from unioncrawl.archive.migrations import people_of_0003
from unioncrawl.archive.migrations.people_of_0003 import clean_people, clean_source

# What the cleaners gave when schema 0003 came. None of these lines may ever change.
_PEOPLE = {
    "晚报记者 林翰 通讯员 谢庆胜": "林翰 谢庆胜",
    "单芳、陈悦)": "单芳、陈悦",
    "李方（雁川市总工会）": "李方",
    "李方 文/图": "李方",
    "王工会 李方（雁川市总工会）": "王工会 李方",
    "市工会 李方（雁川市总工会）": "市工会 李方（雁川市总工会）",
    "管理员": "",
    "欧阳海　打印": "欧阳海",
    "": "",
    "甲" * 41: "",
    "李" + " " * 5000 + "方": "",
}
_SOURCES = {
    "《工人日报》": "工人日报",
    "据新华社": "新华社",
    "系统管理": "",
    "广西云-广西日报": "广西云-广西日报",
    "工人日?qǐng)?bào)": "工人日?qǐng)?bào)",
    "雁川市总工会 2019-05-01": "雁川市总工会",
}


@pytest.mark.parametrize(("printed", "cleaned"), _PEOPLE.items())
def test_people_of_an_old_archive_stay_as_they_came(printed: str, cleaned: str) -> None:
    """Migration 0003 makes of a printed name what it made on the day it was released."""
    assert clean_people(printed) == cleaned


@pytest.mark.parametrize(("printed", "cleaned"), _SOURCES.items())
def test_sources_of_an_old_archive_stay_as_they_came(printed: str, cleaned: str) -> None:
    """Migration 0003 makes of a printed source what it made on the day it was released."""
    assert clean_source(printed) == cleaned


def test_the_copy_imports_no_code_of_today() -> None:
    """Nothing that migration 0003 calls can change with another room."""
    folder = Path(people_of_0003.__file__).parent
    own = "unioncrawl.archive.migrations.people_of_0003"
    for path in (folder / "people_of_0003.py", folder / "versions" / "m0003_people_apart.py"):
        imports = [
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
        ]
        rooms = {node.module for node in imports if (node.module or "").startswith("unioncrawl")}
        assert rooms <= {own}, path
