"""One archive of invented articles with captures that the tests of exports share; nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unioncrawl import outcomes
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.exports.codebook import Exported
from unioncrawl.archive.exports.export import ExportRequest, Form, export_file
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Attachment, HitsStatus, Image, Precision, RawPage, Rejection

# Six in the evening in UTC is two in the morning of the next day in China.
EVENING = datetime(2024, 5, 1, 18, 30, tzinfo=UTC)
WITHDRAWN = "要撤回的劳模名单"
STORY = (
    "临溪市总工会日前举行劳模座谈会，十二名劳模讲述了自己在一线的经历，青年职工代表提问交流。"
    "座谈会上，来自钢铁、纺织、环卫等行业的劳模分别介绍了技术攻关和带徒传艺的做法。"
    "市总工会表示，将继续完善劳模创新工作室，让更多职工在岗位上成长成才。"
)
# An address with a query, one in Chinese, and one whose body was captured before at another address.
ADDRESSES = (
    "http://www.linxi.cn/show.php?id=1&cat=2",
    "http://www.linxi.cn/要闻/2.html",
    "http://donghe.cn/3.html",
    "http://www.linxi.cn/4.html",
)


@dataclass
class Shared:
    """An archive, its address and the folder of its captures."""

    archive: Archive
    address: str
    captures: Path

    def export(self, path: Path, form: Form, **more: Any) -> Exported:
        """Export into a file."""
        request = ExportRequest(captures=self.captures, **more)
        with self.archive.engine.connect() as connection:
            return export_file(connection, request, form, path)


def page_of(number: int) -> bytes:
    """The captured page of an article; the third one has the body of the second."""
    which = 2 if number == 3 else number
    title = WITHDRAWN if number == 4 else f"劳模座谈会第{which}场"
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{STORY}</body></html>".encode()
    )


def _article(number: int) -> Article:
    return Article(
        url=ADDRESSES[number - 1],
        site="donghe" if number == 3 else "linxi",
        title=WITHDRAWN if number == 4 else f"劳模座谈会第{number}场",
        # The third one is a copy of the first.
        body_text=STORY + f"第{1 if number == 3 else number}场的电话是13912345678。",
        author="李方" if number == 4 else "",
        images=(Image("http://linxi.cn/1.jpg", "会场"),) if number == 1 else (),
        attachments=(Attachment("http://linxi.cn/1.doc", "名单.doc"),) if number == 1 else (),
        published_at=EVENING + timedelta(days=number - 1),
        published_precision=Precision.MONTH if number == 2 else Precision.MINUTE,
        hits=100 * number,
        hits_raw=str(100 * number),
        hits_status=HitsStatus.PAGE,
        fetched_at=EVENING + timedelta(days=7),
    )


def fill(archive: Archive, captures: Path) -> None:
    """Store four articles with captures, visit the first one again, and withdraw the last one."""
    run = archive.begin_run("linxi", {})
    headers = (("content-type", "text/html; charset=utf-8"),)
    with CaptureWriter(captures, "linxi", find_original=archive.original_capture) as writer:
        for number, url in enumerate(ADDRESSES, 1):
            page = RawPage(
                url=url, body=page_of(number), headers=headers, fetched_at=EVENING + timedelta(days=7)
            )
            archive.store(replace(_article(number), captures=(writer.write(page),)), run)
    for day, hits in ((8, None), (9, 95), (10, 3)):
        status = HitsStatus.PAGE if hits is not None else HitsStatus.EMPTY
        seen: dict[str, Any] = {"hits": hits, "hits_raw": str(hits or "")}
        seen["fetched_at"] = EVENING + timedelta(days=day)
        archive.store(replace(_article(1), hits_status=status, **seen), run)
    reason = outcomes.reason_of_status(500)
    archive.reject(
        Rejection(url="http://linxi.cn/9", site="linxi", stage="fetch", reason=reason, at=EVENING), run
    )
    archive.flush()
    take_down(archive.engine, captures, ADDRESSES[3], "asked by the site")
