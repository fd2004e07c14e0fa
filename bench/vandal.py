"""Change an archive without its store, one thing at a time, and count what `verify` does not name.

Usage: python -m bench.vandal FOLDER [--changes 200] [--seed 1]

FOLDER holds an ``archive.db`` and its ``captures``, as ``unioncrawl demo`` leaves
them in ``data``; it is copied for each change and never touched. A change is a
value of any column of any table, two values swapped, a row deleted, a word of the
full-text index, bytes of its pages, or bytes of a WARC file.
"""

# ruff: noqa: S608 - the names of tables and columns are the schema's
from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from unioncrawl.archive import service_tables
from unioncrawl.archive.schema import metadata
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import UnioncrawlError

# The tables of the service are among those of the schema once their module is read.
_TABLES = sorted({service_tables.notice.name, *metadata.tables})
_MARKS = str.maketrans("，。、：（）,.:", ",.,:()，。：")
Change = Callable[[Path, random.Random], str]


def _pick(connection: sqlite3.Connection, chance: random.Random, table: str) -> int | None:
    rows = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return chance.randrange(rows) if rows else None


def _keys(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].primary_key.columns]


def _other(value: object, chance: random.Random) -> object:
    """Return another value of the same kind, as near as possible."""
    match value:
        case None:
            return chance.choice([1, "2024-05-01 00:00:00", "[]"])
        case bool() | int():
            return value + chance.choice([1, -1, 7])
        case float():
            return value / 2 + 0.01
        case str() if len(value) == 19 and value[4] == "-":
            return value[:8] + ("11" if value[8:10] != "11" else "12") + value[10:]
        case str():
            return _other_text(value, chance)
    return None


def _other_text(value: str, chance: random.Random) -> str:
    kind = chance.choice(["marks", "sign", "cut", "empty"])
    marked = value.translate(_MARKS)
    if kind == "marks" and marked != value:
        return marked
    if kind == "empty" and value:
        return ""
    if kind == "cut" and len(value) > 1:
        return value[:-1]
    at = chance.randrange(len(value) + 1)
    return value[:at] + chance.choice("，工a1 ") + value[at:]


def change_value(folder: Path, chance: random.Random) -> str:
    """Put another value into one column of one row."""
    connection = sqlite3.connect(folder / "archive.db")
    while True:
        table = chance.choice(_TABLES)
        column = chance.choice([one.name for one in metadata.tables[table].columns])
        at = _pick(connection, chance, table)
        if at is None:
            continue
        keys = _keys(table)
        named = ", ".join(f'"{key}"' for key in keys)
        row = connection.execute(f'SELECT {named}, "{column}" FROM "{table}" LIMIT 1 OFFSET {at}').fetchone()
        other = _other(row[-1], chance)
        where = " AND ".join(f'"{key}" = ?' for key in keys)
        try:
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', (other, *row[:-1]))
        except sqlite3.IntegrityError:
            continue
        connection.commit()
        connection.close()
        return f"{table}.{column}: {str(row[-1])[:30]!r} -> {str(other)[:30]!r}"


def swap_values(folder: Path, chance: random.Random) -> str:
    """Exchange the values of one column of two rows."""
    connection = sqlite3.connect(folder / "archive.db")
    while True:
        table = chance.choice(_TABLES)
        column = chance.choice([one.name for one in metadata.tables[table].columns])
        if column in _keys(table):
            continue
        named = ", ".join(f'"{key}"' for key in _keys(table))
        rows = connection.execute(
            f'SELECT {named}, "{column}" FROM "{table}" ORDER BY random() LIMIT 2'
        ).fetchall()
        if len(rows) < 2 or rows[0][-1] == rows[1][-1]:
            continue
        where = " AND ".join(f'"{key}" = ?' for key in _keys(table))
        update = f'UPDATE "{table}" SET "{column}" = ? WHERE {where}'
        try:
            connection.execute(update, (rows[1][-1], *rows[0][:-1]))
            connection.execute(update, (rows[0][-1], *rows[1][:-1]))
        except sqlite3.IntegrityError:
            connection.rollback()
            continue
        connection.commit()
        connection.close()
        return f"{table}.{column}: swapped {str(rows[0][-1])[:30]!r} and {str(rows[1][-1])[:30]!r}"


def delete_row(folder: Path, chance: random.Random) -> str:
    """Delete one row of any table."""
    connection = sqlite3.connect(folder / "archive.db")
    while True:
        table = chance.choice(_TABLES)
        at = _pick(connection, chance, table)
        if at is None:
            continue
        keys = _keys(table)
        named = ", ".join(f'"{key}"' for key in keys)
        row = connection.execute(f'SELECT {named} FROM "{table}" LIMIT 1 OFFSET {at}').fetchone()
        where = " AND ".join(f'"{key}" = ?' for key in keys)
        connection.execute(f'DELETE FROM "{table}" WHERE {where}', row)
        connection.commit()
        connection.close()
        return f"{table}: deleted row {row}"


def change_index(folder: Path, chance: random.Random) -> str:
    """Move a word to another article, or change a byte of the index's own pages."""
    connection = sqlite3.connect(folder / "archive.db")
    chosen = connection.execute("SELECT id FROM search_document ORDER BY random() LIMIT 2")
    documents = [row[0] for row in chosen]
    if chance.random() < 0.5:
        connection.execute(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_index', 'instance')"
        )
        word = connection.execute(
            "SELECT term FROM temp.words WHERE doc = ? LIMIT 1 OFFSET 9", documents[:1]
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', ?, ?)",
            (documents[0], word),
        )
        connection.execute("INSERT INTO search_index(rowid, tokens) VALUES (?, ?)", (documents[1], word))
        change = f"index: {word} moved from {documents[0]} to {documents[1]}"
    else:
        rows = connection.execute("SELECT id, block FROM search_index_data WHERE id > 10").fetchall()
        number, block = chance.choice(rows)
        at = chance.randrange(len(block))
        changed = block[:at] + bytes([block[at] ^ (1 << chance.randrange(8))]) + block[at + 1 :]
        connection.execute("UPDATE search_index_data SET block = ? WHERE id = ?", (changed, number))
        change = f"index: byte {at} of block {number}"
    connection.commit()
    connection.close()
    return change


def change_file(folder: Path, chance: random.Random) -> str:
    """Flip or cut off bytes of a WARC file, or delete the file."""
    path = chance.choice(sorted((folder / "captures").iterdir()))
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    match chance.choice(["flip", "flip", "flip", "cut", "gone"]):
        case "flip":
            data[at] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(data))
            return f"{path.name}: byte {at} of {len(data)} flipped"
        case "cut":
            path.write_bytes(bytes(data[:at]))
            return f"{path.name}: cut at {at} of {len(data)}"
    path.unlink()
    return f"{path.name}: gone"


CHANGES: tuple[tuple[Change, int], ...] = (
    (change_value, 10),
    (swap_values, 4),
    (delete_row, 3),
    (change_index, 1),
    (change_file, 2),
)


def found(folder: Path) -> list[str]:
    """Return what `verify` reports as harm."""
    try:
        with Archive.open(str(folder / "archive.db"), create=False) as archive:
            findings = verify(archive.engine, folder / "captures")
            return [f"{one.check}: {one.detail}. {one.next_step}" for one in findings if one.is_harm]
    except UnioncrawlError as error:
        return [str(error)]


def main() -> None:
    """Make the changes, print each one that `verify` does not report, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="Print the changes that are named too.")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    makers, weights = zip(*CHANGES, strict=True)
    seen: Counter[str] = Counter()
    for _ in range(given.changes):
        (maker,) = chance.choices(makers, weights)
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "data"
            shutil.copytree(given.folder, copy)
            change = maker(copy, chance)
            named = found(copy)
        seen["named" if named else "missed"] += 1
        if not named or given.all:
            print(f"{'named ' if named else 'MISSED'} {change}{f'  =>  {named[0]}' if named else ''}")
    print(dict(seen))


if __name__ == "__main__":
    main()
