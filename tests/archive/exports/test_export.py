from __future__ import annotations

import csv
import gc
import io
import json
import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.vanished import mark_vanished
from unioncrawl.archive.exports.codebook import NAMES
from unioncrawl.archive.exports.export import ExportRequest, Form, Sample, export_file, export_rows
from unioncrawl.archive.exports.workbook import write_xlsx
from unioncrawl.archive.schema import article
from unioncrawl.archive.store import Archive
from unioncrawl.errors import QueryError, StreamError
from unioncrawl.line import read_page
from unioncrawl.model import Article, Attachment, Image, RawPage, Rejection
from unioncrawl.rows import FIELDS, extraction_row

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)


def _articles() -> list[Article]:
    values: dict[str, Any] = {"fetched_at": TIME, "images": (Image("http://x/a.jpg", "图"),)}
    return [
        Article(
            url=f"http://x{number % 2}/{number}",
            site=f"x{number % 2}",
            title=f'=第{number}篇,"工会"',
            body_text=f"第{number}段\n联系电话13912345678。",
            published_at=TIME + timedelta(days=20 * number),
            **values,
        )
        for number in range(1, 7)
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Six articles of two sites."""
    with Archive.open(archive_at(tmp_path / "archive.db")) as opened:
        number = opened.begin_run("x", {})
        for article in _articles():
            opened.store(article, number)
        opened.flush()
        yield opened


def _export(archive: Archive, path: Path, form: Form, **more: Any) -> Any:
    with archive.engine.connect() as connection:
        return export_file(connection, ExportRequest(**more), form, path)


def test_cursor_gives_what_vanished_and_what_came_back(archive: Archive, tmp_path: Path) -> None:
    """A vanished article is given once, with the day, and once more without it when its site shows it."""
    cursor = _export(archive, tmp_path / "a.jsonl", "jsonl").cursor

    def later() -> list[tuple[int, str | None]]:
        nonlocal cursor
        cursor = _export(archive, tmp_path / "b.jsonl", "jsonl", since_cursor=cursor).cursor
        rows = map(json.loads, (tmp_path / "b.jsonl").read_text().splitlines())
        return [(row["id"], row["vanished_at"]) for row in rows]

    gone = next(one for one in _articles() if one.url == "http://x1/3")
    run = archive.begin_run("x1", {})
    for day in (1, 2, 3):
        at = TIME + timedelta(days=day)
        archive.reject(
            Rejection(url=gone.url, site="x1", stage="fetch", reason=outcomes.reason_of_status(404), at=at),
            run,
        )
    archive.flush()
    assert later() == []
    assert mark_vanished(archive.engine, "x1", TIME + timedelta(days=3)) == 1
    assert later() == [(3, "2024-04-11T09:00:00+08:00")]
    assert later() == []
    archive.store(replace(gone, fetched_at=TIME + timedelta(days=5)), run)
    archive.flush()
    assert later() == [(3, None)]
    archive.store(replace(gone, fetched_at=TIME + timedelta(days=6)), run)
    archive.flush()
    assert later() == []


def test_what_vanishes_while_an_export_looks_is_given_by_the_next(archive: Archive, tmp_path: Path) -> None:
    """Two articles vanish in the second of an export; the one that is written later is not passed by."""
    now = datetime.now(UTC)
    for number in (2, 4):
        with archive.engine.begin() as connection:
            connection.execute(update(article).where(article.c.id == number).values(vanished_at=now))
        if number == 2:
            cursor = _export(archive, tmp_path / "a.jsonl", "jsonl").cursor
    assert _export(archive, tmp_path / "b.jsonl", "jsonl", since_cursor=cursor).rows == 2


def test_cursors_of_earlier_versions_name_what_vanished(archive: Archive, tmp_path: Path) -> None:
    """A cursor without a day of vanishing gives every vanished article."""
    with archive.engine.begin() as connection:
        connection.execute(update(article).where(article.c.id == 2).values(vanished_at=TIME))
    assert _export(archive, tmp_path / "a.jsonl", "jsonl", since_cursor="r6").rows == 1


def test_rows_carry_the_codebook(archive: Archive) -> None:
    """Each row has exactly the codebook's fields, in any format."""
    with archive.engine.connect() as connection:
        rows = list(export_rows(connection, ExportRequest()))
    assert [row["id"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(set(row) == set(NAMES) for row in rows)


PAGE = """<html><head><title>雁川市总工会建起暖心驿站-雁川市总工会</title></head><body>
<h1>雁川市总工会建起暖心驿站</h1>
<div>发布时间：2024-03-05 10:20 来源：雁川发布（转自工人日报） 浏览量：560</div>
<div class="content"><h3>建起来</h3>
<p>本报讯（记者 李方 通讯员 王小丫 文/图）雁川市总工会日前建起暖心驿站，电话13912345678，欢迎来坐。</p>
<p><img src="1.jpg"></p><p align="center">图为驿站外景，电话13912345678</p>
<p>司机们都说，驿站让他们累了能歇脚、渴了能喝水。</p>
<p>编辑：赵敏 校对：吴江 一审：郑重 二审：冯远</p></div></body></html>"""


def test_a_row_carries_what_extract_prints(tmp_path: Path) -> None:
    """A page stored and exported has the fields of ``unioncrawl extract``, all but its counter."""
    page = RawPage(url="http://e.org/xw/3.html", body=PAGE.encode(), fetched_at=TIME)
    extraction = read_page(page)
    assert extraction.article is not None
    printed = extraction_row(extraction)
    for name in ("photographer", "correspondent", "reviewer", "proofreader", "original_source", "dateline"):
        assert printed[name], name
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        archive.store(replace(extraction.article, site="yanchuan"), archive.begin_run("x", {}))
        archive.flush()
        with archive.engine.connect() as connection:
            (row,) = export_rows(connection, ExportRequest(unmasked=True))
            (masked,) = export_rows(connection, ExportRequest())
    assert {name: row[name] for name in FIELDS if name != "counter"} == {
        name: value for name, value in printed.items() if name != "counter"
    }
    exported = json.dumps(masked, ensure_ascii=False)
    assert "13912345678" not in exported
    assert masked["body_html"] == row["body_html"].replace("13912345678", "139****5678")
    assert masked["body_html"].count("139****5678") == 2


def test_jsonl_and_json_agree(archive: Archive, tmp_path: Path) -> None:
    """A line each, or one array: the same rows; Chinese stays readable."""
    _export(archive, tmp_path / "a.jsonl", "jsonl")
    _export(archive, tmp_path / "a.json", "json")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert lines == json.loads((tmp_path / "a.json").read_text())
    assert "工会" in (tmp_path / "a.jsonl").read_text()


def test_csv_is_for_excel_and_runs_nothing(archive: Archive, tmp_path: Path) -> None:
    """A byte order mark, quoted line ends, and no cell that is a formula."""
    _export(archive, tmp_path / "a.csv", "csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0]["title"] == '\'=第1篇,"工会"'
    assert rows[0]["body_text"].startswith("第1段\n")
    assert json.loads(rows[0]["images"]) == [{"url": "http://x/a.jpg", "caption": "图"}]


def test_sqlite_slice_opens_anywhere(archive: Archive, tmp_path: Path) -> None:
    """A plain table of articles and one of the fields' meanings."""
    _export(archive, tmp_path / "a.db", "sqlite", query="site:x1")
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("SELECT count(*), min(site) FROM articles").fetchone() == (3, "x1")
    assert connection.execute("SELECT count(*) FROM fields").fetchone() == (len(NAMES),)
    connection.close()


def test_parquet_reads_back(archive: Archive, tmp_path: Path) -> None:
    """The Parquet table has typed columns and all rows."""
    parquet = pytest.importorskip("pyarrow.parquet")
    _export(archive, tmp_path / "a.parquet", "parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.num_rows == 6
    assert table.column("id").to_pylist() == [1, 2, 3, 4, 5, 6]


def test_numbers_are_masked_unless_asked(archive: Archive) -> None:
    """Phone numbers are masked by default and whole with unmasked."""
    with archive.engine.connect() as connection:
        masked = next(export_rows(connection, ExportRequest()))
        whole = next(export_rows(connection, ExportRequest(unmasked=True)))
    assert "139****5678" in masked["body_text"]
    assert "13912345678" in whole["body_text"]


def test_cursor_gives_what_changed(archive: Archive, tmp_path: Path) -> None:
    """After an export, its cursor gives the new and the edited articles alone."""
    cursor = _export(archive, tmp_path / "a.jsonl", "jsonl").cursor
    number = archive.begin_run("x", {})
    archive.store(Article(url="http://x1/1", site="x1", title="改了", body_text="第1段改了"), number)
    archive.store(Article(url="http://x1/99", site="x1", title="新的"), number)
    archive.flush()
    assert _export(archive, tmp_path / "b.jsonl", "jsonl", since_cursor=cursor).rows == 2
    later = json.loads((tmp_path / "datapackage.json").read_text())["resources"][0]["cursor"]
    assert _export(archive, tmp_path / "c.jsonl", "jsonl", since_cursor=later).rows == 0
    with pytest.raises(QueryError, match="is not a cursor"):
        _export(archive, tmp_path / "d.jsonl", "jsonl", since_cursor="x")


def test_failed_export_leaves_the_last_one(archive: Archive, tmp_path: Path) -> None:
    """An export that fails on the way leaves the file as it was and nothing half-made."""
    path = tmp_path / "out" / "a.jsonl"
    _export(archive, path, "jsonl")
    before = path.read_bytes()
    with pytest.raises(QueryError):
        _export(archive, path, "jsonl", sample=Sample(2, by=("nothing",)))
    assert path.read_bytes() == before
    kept = ["a.jsonl", "datapackage.json", "ro-crate-metadata.json"]
    assert sorted(p.name for p in path.parent.iterdir()) == kept


def test_package_describes_each_file(archive: Archive, tmp_path: Path) -> None:
    """The data package lists all exports of the folder with digest, rows and codebook."""
    _export(archive, tmp_path / "a.jsonl", "jsonl")
    _export(archive, tmp_path / "a.csv", "csv")
    _export(archive, tmp_path / "a.csv", "csv")
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert sorted(resource["path"] for resource in package["resources"]) == ["a.csv", "a.jsonl"]
    assert all(resource["articles"] == 6 for resource in package["resources"])
    assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == list(NAMES)


def test_resources_have_names_of_their_own(archive: Archive, tmp_path: Path) -> None:
    """A data package needs a name a resource: one name in two formats and Chinese names stay apart."""
    _export(archive, tmp_path / "a.jsonl", "jsonl")
    for name in ("a.csv", "工会.csv", "劳模.csv"):
        _export(archive, tmp_path / name, "csv")
    names = [one["name"] for one in json.loads((tmp_path / "datapackage.json").read_text())["resources"]]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name) for name in names)


def test_captions_are_masked_too(archive: Archive) -> None:
    """What stands under a picture and the name of a file are text as well."""
    picture, file = (
        Image("http://x/1.jpg", "张三 13912345678"),
        Attachment("http://x/1.doc", "名单13812345678.doc"),
    )
    article = Article(url="http://x1/p", site="x1", title="图", images=(picture,), attachments=(file,))
    archive.store(article, archive.begin_run("x", {}))
    archive.flush()
    with archive.engine.connect() as connection:
        row = list(export_rows(connection, ExportRequest()))[-1]
    assert row["images"][0]["caption"] == "张三 139****5678"
    assert row["attachments"][0]["name"] == "名单138****5678.doc"


def test_a_sample_says_that_it_is_one(archive: Archive, tmp_path: Path) -> None:
    """Size, seed, strata and population stand in the data package and in the file's codebook; no cursor."""
    path = tmp_path / "sample.db"
    _export(archive, path, "sqlite", sample=Sample(3, 7, ("site",)))
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    facts = resource["sample"]
    assert "cursor" not in resource
    assert (facts["size"], facts["drawn"], facts["seed"], facts["by"]) == (3, 3, 7, ["site"])
    assert facts["population"] == sum(one["population"] for one in facts["strata"]) == 6
    assert sum(one["drawn"] for one in facts["strata"]) == 3
    assert "3 of 6" in resource["description"]
    with closing(sqlite3.connect(path)) as table:
        noted = dict(table.execute("SELECT name, value FROM sample"))
    assert (noted["seed"], json.loads(noted["strata"])) == ("7", facts["strata"])
    _export(archive, path, "sqlite")
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    assert "sample" not in resource
    assert resource["cursor"]


def test_sample_is_repeatable_and_spread(archive: Archive) -> None:
    """The same seed draws the same articles, evenly over the strata."""
    with archive.engine.connect() as connection:
        draws = [
            [row["id"] for row in export_rows(connection, ExportRequest(sample=Sample(4, seed, ("site",))))]
            for seed in (5, 5, 6)
        ]
    assert draws[0] == draws[1]
    assert sorted(number % 2 for number in draws[0]) == [0, 0, 1, 1]


@pytest.mark.parametrize("form", ["sqlite", "jsonl"])
def test_a_full_disk_is_said_and_leaves_no_file(archive: Archive, tmp_path: Path, form: Form) -> None:
    """What the disk refuses ends an export with a sentence and no half file, whoever writes the file."""
    name = tmp_path / "full" / f"a.{form}"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(StreamError, match="can't be written"):
            _export(archive, name, form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(name.parent.iterdir()) == []


def test_a_workbook_says_once_that_the_disk_is_full(archive: Archive) -> None:
    """The error is the disk's own; the ZIP archive of a workbook does not repeat it when it goes."""
    with (
        archive.engine.connect() as connection,
        Path("/dev/full").open("wb", buffering=0) as file,
        pytest.raises(OSError, match="No space left"),
    ):
        write_xlsx(export_rows(connection, ExportRequest()), file)
    gc.collect()
