"""Exports have real types, are described for machines and people, and say where they are cut."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.archive.exports.shared_archive import EVENING, WITHDRAWN, Shared
from unioncrawl.archive.exports import workbook
from unioncrawl.archive.exports.codebook import NAMES, described_fields
from unioncrawl.archive.exports.export import Form
from unioncrawl.archive.exports.meanings import field_meanings
from unioncrawl.archive.exports.ro_crate import NAME as CRATE
from unioncrawl.archive.exports.table_files import _KEYS, _KINDS
from unioncrawl.errors import ArchiveError, QueryError

_TABLES: tuple[Form, ...] = ("jsonl", "json", "csv", "parquet", "sqlite", "xlsx")


@pytest.fixture(scope="module")
def folder(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shared archive in every format, with what describes them."""
    made = tmp_path_factory.mktemp("all")
    for form in (*_TABLES, "wacz"):
        assert shared.export(made / f"news.{form}", form).rows >= 3
    return made


def _package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_the_data_package_validates_with_its_rows(folder: Path) -> None:
    """Frictionless finds no fault in descriptor, digests, types or rows of any format."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["fieldName", "rowNumber", "type", "note"])
    assert report.stats["tasks"] == 7
    (table,) = [one for one in _package(folder)["resources"] if one["format"] == "csv"]
    rows = frictionless.Resource.from_descriptor(table, basepath=str(folder)).read_rows()
    assert rows[0]["published_at"] == EVENING
    assert rows[0]["published_at"].utcoffset() == timedelta(hours=8)


def test_parquet_has_times_lists_and_structs(folder: Path) -> None:
    """Times have China's zone, pictures are lists of structs, and nothing is JSON in a text."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(folder / "news.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert types["published_at"] == "timestamp[ms, tz=Asia/Shanghai]"
    assert types["images"] == "list<element: struct<url: string, caption: string>>"
    row = table.to_pylist()[0]
    assert row["published_at"] == EVENING
    assert row["images"] == [{"url": "http://linxi.cn/1.jpg", "caption": "会场"}]
    assert "标题" in table.schema.field("title").metadata[b"descriptionZh"].decode()


def test_lists_and_objects_have_their_keys() -> None:
    """Each field that is a list or an object is declared with what it holds."""
    assert {name for name, kind in _KINDS.items() if kind in {"array", "object"}} == set(_KEYS)


def test_the_codebook_is_in_both_languages() -> None:
    """Every field has a meaning in English and one in Chinese."""
    meanings = field_meanings()
    assert list(meanings) == list(NAMES)
    for one in described_fields(NAMES, "csv"):
        assert not one["descriptionZh"].isascii(), one["name"]
        assert one["description"].endswith("."), one["name"]


def test_the_crate_describes_every_file(folder: Path) -> None:
    """Descriptor, root and files are as RO-Crate wants them, and the digests are those of the package."""
    graph = {one["@id"]: one for one in json.loads((folder / CRATE).read_text(encoding="utf-8"))["@graph"]}
    assert graph[CRATE]["about"] == {"@id": "./"}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert {one["@id"] for one in root["hasPart"]} == {path.name for path in folder.iterdir()} - {CRATE}
    for resource in _package(folder)["resources"]:
        assert graph[resource["path"]]["sha256"] == resource["hash"].removeprefix("sha256:")
    pointed = re.findall(r'\{"@id": "([^"]+)"\}', json.dumps(list(graph.values())))
    assert [one for one in pointed if one not in graph and not one.startswith("https:")] == []


@pytest.mark.parametrize("form", _TABLES)
def test_columns_are_those_that_were_asked_for(shared: Shared, tmp_path: Path, form: Form) -> None:
    """Each format has the columns in the order given, and the description names these alone."""
    shared.export(tmp_path / f"a.{form}", form, columns=("title", "hits", "published_at"))
    (resource,) = _package(tmp_path)["resources"]
    fields = [field["name"] for field in resource["schema"]["fields"]]
    assert fields == ["title", "hits", "published_at"]
    assert "primaryKey" not in resource["schema"]
    if form == "csv":
        assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("title,hits,published_at\n")


def test_an_unknown_column_is_refused_with_those_that_there_are(shared: Shared, tmp_path: Path) -> None:
    """The error names the wrong column, then all that can be chosen."""
    with pytest.raises(QueryError, match="no column titel") as raised:
        shared.export(tmp_path / "a.csv", "csv", columns=("id", "titel"))
    assert "canonical_url" in raised.value.next_step
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_has_times_and_a_codebook(folder: Path) -> None:
    """Times are times of China, texts are no formulas, and a second sheet says what columns mean."""
    with zipfile.ZipFile(folder / "news.xlsx") as book:
        sheet, fields = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    # Days since 30 December 1899: half past two on 2 May 2024 in China.
    assert re.search(r"<v>45414\.1041\d+</v>", sheet)
    assert "时间均为中国时间" in fields
    assert "<f>" not in sheet


def test_what_a_workbook_cannot_hold_is_told(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut cells are counted in the description and marked in the cell; too many rows are refused."""
    assert (workbook.MOST_ROWS, workbook.MOST_CHARACTERS) == (1_048_576, 32_767)
    monkeypatch.setattr(workbook, "MOST_CHARACTERS", 100)
    shared.export(tmp_path / "a.xlsx", "xlsx", columns=("id", "body_text"))
    (note,) = _package(tmp_path)["resources"][0]["notes"]
    assert note.startswith("3 cells are cut")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert "已截断]" in book.read("xl/worksheets/sheet1.xml").decode()
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(ArchiveError, match="and the query finds more"):
        shared.export(tmp_path / "b.xlsx", "xlsx")
    assert not (tmp_path / "b.xlsx").exists()


def test_a_withdrawn_text_is_in_no_file(folder: Path) -> None:
    """Neither title nor author of a withdrawn article is in any format."""
    for path in folder.iterdir():
        data = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as bundle:
                data = b"".join(bundle.read(name) for name in bundle.namelist())
        for word in (WITHDRAWN, "李方", "第4场的电话"):
            assert word.encode() not in data, (path.name, word)


def test_files_of_others_in_the_folder_stay_described(shared: Shared, tmp_path: Path) -> None:
    """An entry that somebody else put into the data package stays, in it and in the crate."""
    other, inline = {"path": "notes 1.txt"}, {"name": "x", "data": [1]}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [other, "torn", inline]}))
    shared.export(tmp_path / "a.csv", "csv")
    assert _package(tmp_path)["resources"][1:] == [other, inline]
    names = [one["@id"] for one in json.loads((tmp_path / CRATE).read_text(encoding="utf-8"))["@graph"]]
    assert "notes%201.txt" in names
