"""docs/map.md leads to files and names that are there."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

_ROW = re.compile(
    r"^\| (?P<question>[^|]+\?) \| `(?P<file>[^`|]+)` \| `(?P<name>[^`|]+)` \|$",
    re.MULTILINE,
)
ROOT = Path(__file__).resolve().parent.parent


class Answer(NamedTuple):
    """A row of the map: a question, and the file and the name that answer it."""

    question: str
    file: str
    name: str


_MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
ANSWERS = [Answer(**row.groupdict()) for row in _ROW.finditer(_MAP)]


def _names_in(body: list[ast.stmt]) -> set[str]:
    """The names that statements define."""
    found = set()
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def defined_names(file: Path) -> set[str]:
    """What a file defines: the keys of a table, or functions, classes, their methods and constants."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        return set(tomllib.loads(text))
    body = ast.parse(text).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    return _names_in(body) | {f"{one.name}.{name}" for one in classes for name in _names_in(one.body)}


def test_the_map_answers_thirty_questions() -> None:
    """Every row of the map is tested, and no question stands twice."""
    rows = [line for line in _MAP.splitlines() if line.startswith("| ") and not line.startswith("| question")]
    assert len(rows) == len(ANSWERS) >= 30
    assert len({answer.question for answer in ANSWERS}) == len(ANSWERS)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_an_answer_of_the_map_is_there(answer: Answer) -> None:
    """The file that the map names for a question exists and defines the name that the map gives."""
    assert answer.name in defined_names(ROOT / answer.file)
