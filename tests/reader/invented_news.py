"""A small archive of invented union news, in which every page of the reader has something to show.

Sites of four levels and three regions; an article with two revisions; one that came
damaged and was repaired; a story, its reprint and a reprint of a part; one that was withdrawn and
one that its site deleted; hit counts of several days; pictures and attachments; a rejection.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from sqlalchemy import update

from unioncrawl import outcomes
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.database import writing
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.schema import article as article_table
from unioncrawl.archive.store import Archive
from unioncrawl.line import read_page
from unioncrawl.model import Article, HitsStatus, RawPage, Rejection
from unioncrawl.sites.profile import SiteProfile

BEGIN = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)


def _site(key: str, name: str, level: str, region: str, host: str) -> SiteProfile:
    columns = [{"name": "工会要闻", "url": f"http://{host}/yw/"}] if key == "linxi" else []
    fields = {"id": key, "name": name, "level": level, "region": region, "family": "generic"}
    return SiteProfile.model_validate({**fields, "hosts": [host], "scheme": "http", "columns": columns})


SITES = (
    _site("quanguo", "全国职工之声", "national", "", "news.quanguo.example"),
    _site("linxi", "临溪市总工会", "city", "610100", "gh.linxi.example"),
    _site("donghe", "东河县总工会", "county", "610122", "gh.donghe.example"),
    _site("yunling", "云岭省总工会", "province", "530000", "www.yunling.example"),
)
COOLING = (
    "七月的临溪，骄阳似火。市总工会慰问组来到城南环卫站，为两百名一线职工送去清凉饮料和防暑药品。",
    "慰问组详细了解高温补贴的发放情况，叮嘱大家合理安排作息时间，注意防暑降温。",
    "据悉，今年全市各级工会计划走访企业三百家，惠及职工五万人次。",
)
SKILLS = (
    "东河县第九届职工技能竞赛日前落幕，来自四十家企业的三百名选手参加了焊接、钳工、电工三个工种的比拼。",
    "经过理论考试和实际操作两轮角逐，九名选手获得县五一劳动奖章。",
)
MODEL_WORKERS = (
    "云岭省劳模工匠宣讲团走进校园，八位全国劳动模范为学生讲述自己的成长故事。",
    "宣讲团将在全省开展五十场活动，覆盖职业院校和技工学校。",
)
CONGRESS = (
    "职工代表大会审议通过集体合同草案，对工资增长、休息休假作出约定。",
    "大会应到代表一百二十人，实到一百一十八人。",
)
DAMAGED = (
    "临溪市总工会召开第七次代表大会，选举产生新一届委员会，并审议经费审查委员会工作报告。",
    "会议要求各级工会深化产业工人队伍建设改革，维护职工合法权益。",
)
# How many more articles there are, so that a query has a second page.
MORE = 26


@dataclass(frozen=True)
class News:
    """The archive: its address, the folder of its captures, and the articles that tests ask for by name."""

    address: str
    captures: Path
    numbers: dict[str, int]


@dataclass(frozen=True)
class _Page:
    """A page as its site serves it: where, when, what stands on it."""

    name: str
    site: str
    path: str
    title: str
    lines: tuple[str, ...]
    day: int = 0
    hits: int | None = None
    source: str = ""
    extra: str = ""
    misread: bool = False

    @property
    def url(self) -> str:
        host = next(profile.hosts[0] for profile in SITES if profile.id == self.site)
        return f"http://{host}{self.path}"

    def html(self) -> bytes:
        """The page in UTF-8; a misread one was taken for Windows-1252 before it was saved."""
        shown = [_misread(line) if self.misread else line for line in (self.title, *self.lines)]
        date = (BEGIN + timedelta(days=self.day)).strftime("%Y-%m-%d 09:30")
        about = f"发布时间：{date} 来源：{self.source}" if self.source else f"发布时间：{date}"
        body = "".join(f"<p>{escape(line)}</p>" for line in shown[1:])
        return (
            f'<html><head><meta charset="utf-8"><title>{escape(shown[0])}</title></head><body>'
            f'<h1>{escape(shown[0])}</h1><div class="info">{about}</div>'
            f'<div class="content">{body}{self.extra}</div></body></html>'
        ).encode()


def _misread(text: str) -> str:
    """What Latin readers make of UTF-8: each byte a character."""
    return text.encode().decode("latin-1")


_PICTURE = (
    '<p><img src="/img/1.jpg" alt=""></p><p>图为慰问现场。</p>'
    '<p><a href="/files/notice.pdf">附件：关于做好防暑降温工作的通知.pdf</a></p>'
)
_TITLE = "临溪市总工会为环卫职工送清凉"
_TAKEN = ("通报写有当事人的姓名和住址，后来应其要求撤下。",)
_LOST = ("云岭省总工会发布的消息，几天后在原站上找不到了。",)
PAGES = (
    _Page("cooling", "linxi", "/yw/1.html", _TITLE, COOLING, 0, 120, "临溪工人报", _PICTURE),
    _Page("reprint", "quanguo", "/local/77.html", _TITLE, COOLING, 1, 4_321, "临溪市总工会"),
    _Page("skills", "donghe", "/a/2.html", "东河县职工技能竞赛落幕", SKILLS, 2, 45),
    _Page("models", "yunling", "/lm/3.html", "劳模工匠进校园", MODEL_WORKERS, 3, 900, "云岭日报"),
    _Page("congress", "donghe", "/a/4.html", "职代会通过集体合同草案", CONGRESS, 4),
    _Page("damaged", "linxi", "/yw/5.html", "临溪市工会代表大会闭幕", DAMAGED, 5, misread=True),
    _Page("withdrawn", "linxi", "/yw/6.html", "一篇后来撤下的通报", _TAKEN, 6),
    _Page("vanished", "yunling", "/lm/7.html", "一篇原站已删除的消息", _LOST, 7),
    *(
        _Page(
            f"more{number}", "quanguo", f"/more/{number}.html", f"职工书屋第{number}期书讯",
            (f"第{number}期职工书屋推荐图书{number + 3}种，读者可在各级工会服务站借阅。",), 10 + number,
        )
        for number in range(1, MORE + 1)
    ),
)  # fmt: skip


def build_news(address: str, captures: Path) -> News:
    """Fill an archive with the invented news."""
    with Archive.open(address) as archive:
        for profile in SITES:
            archive.ensure_site(profile)
        run = archive.begin_run("linxi", {"since": "2024-04"})
        numbers = _store_pages(archive, captures, run)
        _visit_again(archive, numbers, run)
        untitled = "http://gh.donghe.example/a/9.html"
        archive.reject(
            Rejection(url=untitled, site="donghe", stage="validate", reason=outcomes.NO_TITLE), run
        )
        archive.finish_run(run, {"unioncrawl/archive/new": len(PAGES)}, "finished")
        take_down(archive.engine, captures, str(numbers["withdrawn"]), "当事人要求")
    return News(address, captures, numbers)


def _store_pages(archive: Archive, captures: Path, run: int) -> dict[str, int]:
    profiles = {profile.id: profile for profile in SITES}
    with CaptureWriter(captures, "linxi-1", find_original=archive.original_capture) as writer:
        for page in PAGES:
            seen = BEGIN + timedelta(days=page.day, hours=5)
            raw = RawPage(url=page.url, body=page.html(), fetched_at=seen)
            article = read_page(raw, profiles[page.site]).article
            assert article is not None, page.name
            status = HitsStatus.PAGE if page.hits is not None else article.hits_status
            column = "工会要闻" if page.site == "linxi" else ""
            reference = writer.write(raw, metadata={"title": article.title})
            archive.store(
                replace(article, hits=page.hits, hits_status=status, column=column, captures=(reference,)),
                run,
            )
    archive.flush()
    known = {page.name: archive.known(page.site, [page.url]) for page in PAGES}
    return {name: next(iter(found.values())).article_id for name, found in known.items()}


def _visit_again(archive: Archive, numbers: dict[str, int], run: int) -> None:
    """Later visits: more hits each day, an edit of the text, a deletion."""
    first = _stored(archive, numbers["cooling"])
    for day in range(1, 6):
        seen = BEGIN + timedelta(days=day, hours=6)
        edited = first.body_text.replace("两百名", "两百一十名") if day > 2 else first.body_text
        archive.store(
            replace(first, body_text=edited, hits=120 + 35 * day, fetched_at=seen, captures=()), run
        )
        archive.flush()
    _delete(archive, numbers["vanished"])


def _stored(archive: Archive, number: int) -> Article:
    with archive.engine.connect() as connection:
        return load_articles(connection, [number])[0].record


def _delete(archive: Archive, number: int) -> None:
    with writing(archive.engine) as connection:
        gone = BEGIN + timedelta(days=20)
        connection.execute(update(article_table).where(article_table.c.id == number).values(vanished_at=gone))
