"""The commands and statements that docs/archive.md gives for PostgreSQL, as they stand there."""

from __future__ import annotations

import re

from tests.processes import ROOT


def section() -> str:
    """The section of docs/archive.md."""
    text = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    return text.split("\n## On PostgreSQL\n", 1)[1].split("\n## ", 1)[0]


def blocks(language: str) -> list[str]:
    """The blocks of code of a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", section(), re.DOTALL)


def role_statements(database: str) -> list[str]:
    """The statements that make a role that reads, for a database of this name."""
    (block,) = blocks("sql")
    return [
        one.strip().replace("DATABASE news ", f"DATABASE {database} ")
        for one in block.split(";")
        if one.strip()
    ]
