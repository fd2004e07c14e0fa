from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from unioncrawl.archive.imports import text_blocks
from unioncrawl.archive.imports.table_rows import read_rows

ROWS = [
    {"title": f"市总工会送清凉之{number}", "body_text": f'第{number}篇，慰问一线职工。\r\n"叮嘱"大家注意安全'}
    for number in range(60)
]


def _table(suffix: str) -> str:
    if suffix == ".jsonl":
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    if suffix == ".json":
        return json.dumps(ROWS, ensure_ascii=False, indent=1)
    lines = ",".join(ROWS[0]) + "\r\n"
    for row in ROWS:
        quoted = (value.replace('"', '""') for value in row.values())
        lines += ",".join(f'"{value}"' for value in quoted) + "\r\n"
    return lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json"])
@pytest.mark.parametrize("packing", ["", ".gz"])
def test_a_table_reads_alike_in_whatever_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, suffix: str, packing: str
) -> None:
    """Rows come out whole wherever a piece is cut: in a character, a quoted line, a line end, an object."""
    data = _table(suffix).encode(encoding)
    path = tmp_path / f"old{suffix}{packing}"
    path.write_bytes(gzip.compress(data) if packing else data)
    for size in (7, 64, 1 << 20):
        monkeypatch.setattr(text_blocks, "_BLOCK_BYTES", size)
        shares: list[float] = []
        assert [row.values for row in read_rows(path, reach=shares.append)] == ROWS
        assert shares == sorted(shares)
        assert 0 < shares[-1] <= 1


def test_lines_in_another_encoding_than_the_file_are_read(tmp_path: Path) -> None:
    """A table that two programs filled, one in UTF-8 and one in GBK, reads right in every line."""
    lines = [
        json.dumps(row, ensure_ascii=False).encode("gbk" if n % 3 else "utf-8") for n, row in enumerate(ROWS)
    ]
    (tmp_path / "old.jsonl").write_bytes(b"\n".join(lines))
    assert [row.values for row in read_rows(tmp_path / "old.jsonl")] == ROWS


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json"])
def test_memory_does_not_grow_with_the_table(tmp_path: Path, suffix: str) -> None:
    """A table of thirty megabytes is read in a few."""
    path = tmp_path / f"large{suffix}"
    body = "慰问一线职工，送去清凉。" * 400
    with path.open("w", encoding="gb18030") as file:
        file.write({".csv": "title,body_text\n", ".json": "[", ".jsonl": ""}[suffix])
        for number in range(3_000):
            row = json.dumps({"title": str(number), "body_text": body}, ensure_ascii=False)
            comma = "," if number and suffix == ".json" else ""
            file.write(f'{number},"{body}"\n' if suffix == ".csv" else f"{comma}{row}\n")
        file.write("]" if suffix == ".json" else "")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_rows(path)) == 3_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 28_000_000
    assert peak < 12_000_000
