from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import archive_at
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.reprocess import Outcome, Plan, Report, Stage, reprocess, write_outcomes
from unioncrawl.archive.read.stored_articles import count_all, load_articles
from unioncrawl.archive.search.query import And
from unioncrawl.archive.store import Archive
from unioncrawl.extract.article_parts import join_parts
from unioncrawl.line import read_page
from unioncrawl.model import HitsStatus, RawPage

TIME = datetime(2024, 5, 1, 1, 0, tzinfo=UTC)
LINE = "市總工會(huì)領導到一線慰問環衛職工，送去清涼飲料和防暑藥品，叮囑大家注意安全。"


def _page(number: int) -> RawPage:
    body = (
        f"<html><head><title>第{number}篇總工會(huì)送清涼</title></head><body><h1>第{number}篇總工會(huì)送清涼</h1>"
        "<div class='info'>发布时间：2024-04-08 09:32 来源：工人日报</div>"
        f"<div class='content'>{''.join(f'<p>{LINE}{sign}</p>' for sign in '甲乙丙丁')}</div></body></html>"
    )
    headers = (("content-type", "text/html; charset=utf-8"),)
    return RawPage(url=f"http://x/{number}.html", body=body.encode(), headers=headers, fetched_at=TIME)


@dataclass
class _Kept:
    archive: Archive
    captures: Path

    def run(self, stage: Stage, *, workers: int = 1, apply: bool = False) -> tuple[Report, list[Outcome]]:
        report, seen = Report(), list[Outcome]()
        plan = Plan(node=And(()), stage=stage, captures=self.captures, workers=workers)
        with self.archive.engine.connect() as connection:
            for outcome in reprocess(connection, plan, report):
                seen.append(outcome)
        if apply:
            write_outcomes(self.archive, iter(seen), self.archive.begin_run("reprocess", {}))
        return report, seen


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[_Kept]:
    """Three articles as a crawl stores them; the first page fetched again, as a revisit."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        for run, numbers in (("a", (1, 2, 3)), ("b", (1,))):
            run_id = archive.begin_run(run, {})
            with CaptureWriter(tmp_path / "c", run, find_original=archive.original_capture) as writer:
                for number in numbers:
                    article = read_page(_page(number)).article
                    assert article is not None
                    stored = replace(
                        article,
                        site="x",
                        fetched_at=TIME,
                        captures=(writer.write(_page(number)),),
                        column="要闻",
                        hits=7,
                        hits_status=HitsStatus.COUNTER,
                    )
                    archive.store(stored, run_id)
            archive.flush()
        yield _Kept(archive, tmp_path / "c")


@pytest.mark.parametrize("stage", ["extract", "repair", "normalize"])
def test_the_same_code_makes_the_same(kept: _Kept, stage: Stage) -> None:
    """Derived again by the same version nothing differs, from a revisit too."""
    report, _ = kept.run(stage)
    assert (report.seen, report.same, report.changed, report.problems) == (3, 3, 0, {})


@pytest.mark.parametrize("workers", [1, 2])
def test_what_an_older_version_made_is_made_right(kept: _Kept, workers: int) -> None:
    """A dry run reports the fields and writes nothing; applied it is a re-derivation, not an edit."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE revision SET title = '旧题', source = '' WHERE article_id = 2"))
    report, _ = kept.run("extract", workers=workers)
    assert (report.changed, report.fields) == (1, {"title": 1, "source": 1})
    with kept.archive.engine.connect() as connection:
        assert load_articles(connection, [2])[0].record.title == "旧题"
    kept.run("extract", apply=True)
    with kept.archive.engine.connect() as connection:
        stored = load_articles(connection, [2])[0]
        kinds = connection.execute(
            text("SELECT kind FROM revision WHERE article_id = 2 ORDER BY number")
        ).scalars()
        assert list(kinds) == ["first", "rederived"]
        assert connection.execute(text("SELECT count(*) FROM observation WHERE article_id = 2")).scalar() == 1
    assert stored.record.title == "第2篇总工会送清凉"
    assert (stored.record.hits, stored.record.column) == (7, "要闻")
    assert kept.run("extract")[0].changed == 0
    with kept.archive.engine.connect() as connection:
        counted = count_all(connection)
    assert (counted["revisions"], counted["edits"], counted["rederived"]) == (3, 0, 1)


def test_missing_captures_are_problems_not_losses(kept: _Kept) -> None:
    """Articles whose file is gone stay as they are and are counted with the reason."""
    (kept.captures / "a-00000.warc.gz").unlink()
    report, outcomes = kept.run("extract", apply=True)
    assert outcomes == []
    assert sum(report.problems.values()) == 3
    assert kept.run("repair")[0].same == 3


def test_a_part_that_was_not_captured_again_stays(kept: _Kept, tmp_path: Path) -> None:
    """A visit that brought one part alone does not cost the others; the order is that of the links."""
    pages = [_part("http://x/9.html", "一", "9_2.html"), _part("http://x/9_2.html", "二", "")]
    extracted = [read_page(page).article for page in pages]
    assert all(extracted)
    whole = join_parts([one for one in extracted if one])
    with CaptureWriter(tmp_path / "c", "p") as writer:
        references = tuple(writer.write(page) for page in reversed(pages))
        article = replace(whole, site="x", fetched_at=TIME, captures=references)
        kept.archive.store(article, kept.archive.begin_run("p", {}))
        kept.archive.store(
            replace(article, captures=(writer.write(pages[1]),)), kept.archive.begin_run("q", {})
        )
        kept.archive.flush()
    report, _ = kept.run("extract")
    assert (report.seen, report.changed) == (4, 0)


def _part(url: str, mark: str, following: str) -> RawPage:
    paragraphs = "".join(
        f"<p>第{mark}部分：市总工会领导慰问一线环卫职工，送去清凉饮料{sign}。</p>" for sign in "甲乙丙丁"
    )
    link = f"<div class='page'><a href='{following}'>下一页</a></div>" if following else ""
    body = (
        f"<html><head><title>市总工会送清凉</title></head><body><h1>市总工会送清凉</h1>"
        "<div class='info'>发布时间：2024-04-08 09:32 来源：工人日报</div>"
        f"<div class='content'>{paragraphs}{link}</div>"
        "</body></html>"
    )
    headers = (("content-type", "text/html; charset=utf-8"),)
    return RawPage(url=url, body=body.encode(), headers=headers, fetched_at=TIME)


def test_the_script_of_a_column_is_no_difference(kept: _Kept) -> None:
    """The archive keeps the name that a column had first; the other script's is the same column."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE site_column SET name = '要聞'"))
    assert kept.run("normalize")[0].changed == 0
