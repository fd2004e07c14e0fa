"""Other people's tools open what the archive is and what it exports."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from tests.archive.exports.shared_archive import Shared
from tests.processes import start, wait_until
from unioncrawl.archive.exports.datasette_metadata import datasette_metadata
from unioncrawl.archive.exports.meanings import about_table, example_queries
from unioncrawl.archive.schema import VIEWS

_DOCS = Path(__file__).resolve().parents[3] / "docs"
_LINK = re.compile(r'href="(/archive/[^"?]*)"')


class Served:
    """A Datasette on a free port."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text of a page."""
        try:
            with urllib.request.urlopen(self.address + path) as answer:  # noqa: S310 - loopback
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return self.get("/-/versions.json")[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def served(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shared archive in a real Datasette, with the metadata that we write for it."""
    pytest.importorskip("datasette")
    path = tmp_path_factory.mktemp("datasette") / "metadata.json"
    with shared.archive.engine.connect() as connection:
        path.write_text(json.dumps(datasette_metadata(connection, "archive")))
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    command = [sys.executable, "-m", "datasette", shared.address, "-m", str(path), "-p", str(port)]
    process = start(command)
    server = Served(port)
    wait_until(server.is_up, process)
    yield server
    process.terminate()
    process.wait()


def _tables(shared: Shared) -> list[str]:
    with closing(sqlite3.connect(shared.address)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        return sorted(name for (name,) in names)


def test_datasette_opens_every_table_view_and_row(served: Served, shared: Shared) -> None:
    """No page of a table, a view, a row or an example query is an error.

    Rows of FTS5's own tables have keys of bytes, which Datasette does not link rightly.
    """
    pages = [f"/archive/{name}" for name in _tables(shared)]
    pages += [f"/archive/{query.name}" for query in example_queries()]
    rows: set[str] = set()
    wrong = []
    for page in pages:
        status, text = served.get(page)
        wrong += [] if status == 200 else [(page, status)]
        found = {link for link in _LINK.findall(text) if link.count("/") == 3}
        rows |= {link for link in found if "/search_index_" not in link}
    assert len(rows) > 20
    for page in sorted(rows)[::8]:
        status, _ = served.get(page)
        wrong += [] if status == 200 else [(page, status)]
    assert wrong == []


def test_datasette_shows_what_columns_mean(served: Served) -> None:
    """A view's page has the meaning of its columns in both languages."""
    _, text = served.get("/archive/site_days")
    assert "Articles published on that day" in text
    assert "当天发布的文章数" in text


def test_every_table_is_described(shared: Shared) -> None:
    """Each table of the archive has a description; the index's own parts have the index's."""
    tables = {name for name in _tables(shared) if not name.startswith("search_index_")}
    assert tables - {*VIEWS} == {*about_table()}


def _example(language: str) -> str:
    found = re.search(
        rf"```{language}\n(.*?)```", (_DOCS / "tools.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found, language
    return found[1]


def test_the_example_for_duckdb_runs(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What docs/tools.md shows for DuckDB and pandas answers as it stands, over an export and the archive."""
    pytest.importorskip("duckdb")
    pytest.importorskip("pandas")
    shared.export(tmp_path / "articles.parquet", "parquet")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive.db").symlink_to(shared.address)
    monkeypatch.chdir(tmp_path)
    for number, block in enumerate(
        re.findall(r"```python\n(.*?)```", (_DOCS / "tools.md").read_text(), re.DOTALL)
    ):
        values: dict[str, Any] = {}
        exec(compile(block, f"tools.md {number}", "exec"), values)  # noqa: S102 - our own example
    assert "linxi" in capsys.readouterr().out


def test_r_reads_the_columns_that_the_example_names(shared: Shared) -> None:
    """The columns in the example for R are columns of the view."""
    query = re.search(r"SELECT (.*?) FROM articles", _example("r"), re.DOTALL)
    assert query
    with closing(sqlite3.connect(shared.address)) as connection:
        assert connection.execute(f"SELECT {query[1]} FROM articles").fetchall()  # noqa: S608 - our own example


def test_addresses_of_rows_are_quoted(served: Served) -> None:
    """A row whose key is a Chinese address opens."""
    status, text = served.get("/archive/article.json?_shape=array&canonical_url__contains=" + quote("要闻"))
    assert (status, len(json.loads(text))) == (200, 1)
