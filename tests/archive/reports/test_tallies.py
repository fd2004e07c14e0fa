from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from unioncrawl import outcomes
from unioncrawl.archive.reports.coverage import report_coverage
from unioncrawl.archive.reports.report_files import as_csv, as_html, as_xlsx
from unioncrawl.archive.reports.tallies import (
    AdoptionRequest,
    Report,
    credited_units,
    report_adoption,
    report_fields,
)
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article, Rejection
from unioncrawl.sites.profile import Column, Level, SiteProfile

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """A national and a city site; daily news of one column that stopped, and one column without any."""
    with Archive.open(any_archive) as opened:
        for key, level in (("acftu", Level.NATIONAL), ("xian", Level.CITY)):
            columns = (Column(name="要闻", url=f"http://{key}/1"), Column(name="公告", url=f"http://{key}/2"))
            opened.ensure_site(
                SiteProfile(id=key, name=key, level=level, family="x", hosts=(key,), columns=columns)
            )
        number = opened.begin_run("x", {})
        for day in range(10):
            for site in ("acftu", "xian"):
                article = Article(
                    url=f"http://{site}/{day}",
                    site=site,
                    title=f"第{day}篇",
                    body_text=f"第{day}天的正文。\n中间一段。\n(西安市總工會供稿)" if day < 3 else "别的正文",
                    source="" if day % 2 else "工人日报",
                    column="要聞",
                    published_at=TIME + day * DAY - timedelta(days=31) * (day == 0),
                    fetched_at=TIME + day * DAY,
                )
                opened.store(article, number)
        opened.flush()
        yield opened


def test_adoption_keeps_months_and_units_with_nothing(archive: Archive) -> None:
    """By month and unit, counted by outlet level and weighed; nothing found is a row of zeros."""
    request = AdoptionRequest(
        units=("西安市总工会", "宝鸡市总工会"), first_month="2024-02", last_month="2024-04"
    )
    with archive.engine.connect() as connection:
        report = report_adoption(connection, request)
    assert report.columns == ("month", "unit", "national", "city", "articles", "score")
    assert report.head == ("月份", "单位", "全国", "市级", "采用篇数", "得分")
    assert "<th scope=col>月份</th>" in as_html(report).decode()
    assert report.rows == (
        ("2024-02", "西安市总工会", 0, 0, 0, 0),
        ("2024-02", "宝鸡市总工会", 0, 0, 0, 0),
        ("2024-03", "西安市总工会", 1, 1, 2, 7.0),
        ("2024-03", "宝鸡市总工会", 0, 0, 0, 0),
        ("2024-04", "西安市总工会", 2, 2, 4, 14.0),
        ("2024-04", "宝鸡市总工会", 0, 0, 0, 0),
    )


def test_adoption_lists_what_it_counts(archive: Archive) -> None:
    """Each counted article is listed with title, outlet, day and link, and the notes say what counts."""
    request = AdoptionRequest(units=("西安市总工会",), first_month="2024-03", last_month="2024-04")
    with archive.engine.connect() as connection:
        report = report_adoption(connection, request)
    assert report.details is not None
    assert len(report.details.rows) == sum(int(str(row[-2])) for row in report.rows)
    listed = ("2024-03", "西安市总工会", "第0篇", "acftu", "national", "2024-03-08", "http://acftu/0")
    assert report.details.rows[0] == listed
    assert any("首行或末行" in note for note in report.notes)
    for written in (as_html(report).decode(), as_csv(report).decode("utf-8-sig")):
        assert "http://acftu/0" in written
        assert "首行或末行" in written
    with zipfile.ZipFile(io.BytesIO(as_xlsx(report))) as book:
        assert "采用篇目" in book.read("xl/workbook.xml").decode()


def test_units_are_known_by_what_credits_them(archive: Archive) -> None:
    """A unit without a site is known when an article credits it, in whichever script."""
    with archive.engine.connect() as connection:
        assert credited_units(connection, ["西安市总工会", "西安市总公会"]) == {"西安市总工会"}


def test_coverage_has_each_site_that_never_answered(archive: Archive) -> None:
    """A site without articles has a row with what came instead; so have sites of the catalogue alone."""
    archive.ensure_site(SiteProfile(id="linxi", name="临溪", level=Level.CITY, family="x", hosts=("l.cn",)))
    number = archive.begin_run("linxi", {})
    timeout = Rejection(url="http://l.cn/", site="linxi", stage="fetch", reason=outcomes.TIMEOUT)
    archive.reject(timeout, number)
    archive.finish_run(number, {}, "finished")
    with archive.engine.connect() as connection:
        report = report_coverage(connection, TIME, {"linxi": "", "donghe": "", "yanchuan": "waf: 412"})
    notes = {row[0]: row[-1] for row in report.rows if row[2] == 0}
    assert ("linxi", "", 0, None, None, None, "no article ever; 1 runs, 1 × timeout") in report.rows
    assert (notes["donghe"], notes["yanchuan"]) == ("never crawled", "closed: waf: 412")


def test_coverage_shows_rhythm_and_silence(archive: Archive) -> None:
    """A daily column is silent after some days without news; a column that never had any is listed."""
    with archive.engine.connect() as connection:
        soon = report_coverage(connection, TIME + 12 * DAY).rows
        late = report_coverage(connection, TIME + 30 * DAY).rows
    assert soon[0] == ("acftu", "公告", 0, None, None, None, None)
    assert soon[1] == ("acftu", "要闻", 10, "2024-04-17", 1.0, None, None)
    assert late[1][-2] == "2024-04-17"


def test_field_report_gives_percentages(archive: Archive) -> None:
    """By day of arrival and site: how many percent have each field."""
    with archive.engine.connect() as connection:
        report = report_fields(connection, TIME + 8 * DAY)
    rows = [dict(zip(report.columns, row, strict=True)) for row in report.rows]
    assert [(row["day"], row["site"], row["source"], row["title"]) for row in rows] == [
        ("2024-04-16", "acftu", 100.0, 100.0),
        ("2024-04-16", "xian", 100.0, 100.0),
        ("2024-04-17", "acftu", 0.0, 100.0),
        ("2024-04-17", "xian", 0.0, 100.0),
    ]


REPORT = Report("信息<采用>", ("unit", "n"), (("=cmd()", 3), ("西安&宝鸡\x0b", None)), ("note",))


def test_page_escapes_and_stands_alone() -> None:
    """The page has all cells, escaped, and asks for nothing from elsewhere."""
    page = as_html(REPORT).decode()
    assert "西安&amp;宝鸡" in page
    assert "信息&lt;采用&gt;" in page
    assert "http" not in page


def test_csv_runs_nothing() -> None:
    """A formula is text in CSV."""
    rows = list(csv.reader(io.StringIO(as_csv(REPORT).decode("utf-8-sig"))))
    assert rows[:2] == [["unit", "n"], ["'=cmd()", "3"]]


def test_workbook_is_sound() -> None:
    """Every part parses; texts are texts, numbers numbers."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx(REPORT))) as book:
        assert book.testzip() is None
        parts = {name: etree.fromstring(book.read(name)) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    spaces = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    texts = parts["xl/sharedStrings.xml"].xpath("//s:t/text()", namespaces=spaces)
    assert texts == ["unit", "n", "=cmd()", "西安&宝鸡_x000B_", "note"]
    assert sheet.xpath("//s:c[not(@t)]/s:v/text()", namespaces=spaces) == ["3"]
    guarded = sheet.xpath("//s:c[@s='1']/s:v/text()", namespaces=spaces)
    assert [texts[int(number)] for number in guarded] == ["=cmd()"]
    styles = parts["xl/styles.xml"].xpath("//s:cellXfs/s:xf/@quotePrefix", namespaces=spaces)
    assert styles == ["1"]
    assert not sheet.xpath("//s:f", namespaces=spaces)
    assert sheet.xpath("//s:pane/@ySplit", namespaces=spaces) == ["1"]


def test_a_workbook_says_what_the_report_says() -> None:
    """A text that looks like the workbook's own escape stays, and half a character costs no report."""
    report = Report("题", ("_x0041_",), (("\ud83d工会",),), ())
    with zipfile.ZipFile(io.BytesIO(as_xlsx(report))) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "_x005F_x0041_" in texts
    assert "?工会" in texts
    assert "?工会" in as_csv(report).decode("utf-8-sig")
    assert "?工会" in as_html(report).decode()


def test_a_workbook_is_the_same_every_time() -> None:
    """Two writings of a report are equal byte for byte."""
    assert as_xlsx(REPORT) == as_xlsx(REPORT)


@pytest.mark.parametrize("title", ["", "'引号'", "[通报]:*?/\\", "信息采用通报" * 9, "\ud83d"])
def test_any_title_names_a_sheet(title: str) -> None:
    """Signs that a sheet's name may not have, and a title too long for one, cost no report."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx(replace(REPORT, title=title)))) as book:
        sheets = etree.fromstring(book.read("xl/workbook.xml")).xpath("//@name")
    assert len(sheets) == 1
    assert 0 < len(sheets[0]) <= 31


def test_a_text_too_long_for_a_cell_is_reported() -> None:
    """A workbook cuts no text in silence: what no cell can hold raises with another format."""
    long = Report("题", ("n",), (("工" * 32_768,),), ())
    with pytest.raises(ArchiveError, match=r"32,768 characters .*\.csv"):
        as_xlsx(long)
    assert "工" * 32_768 in as_csv(long).decode("utf-8-sig")
