"""Stories whose first publisher is known, among sites that copy, mirror and name their sources."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench.figures import print_figure
from bench.material.edits import EDITS, Lines
from bench.material.lookalikes import Prose
from unioncrawl.archive.reprints.lineage import Group, Member, load_groups
from unioncrawl.archive.reprints.reprint_changes import Change
from unioncrawl.archive.schema import reprint_group
from unioncrawl.archive.store import Archive
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Article, Precision
from unioncrawl.repair.article import repair_article
from unioncrawl.sites.profile import Level, SiteProfile

_START = datetime(2024, 1, 1, tzinfo=UTC)
# A site, its name, and the source that others print for a story that they took from it.
_OUTLETS = {
    "paper": ("工人日报", ("工人日报", "《工人日报》", "工人日报客户端", "中工网-工人日报")),
    "portal": ("中工网", ("中工网", "来源：中工网", "中工网微信公众号")),
    "province": ("陕西省总工会", ("陕西省总工会", "陕西工会网", "陕西省总", "陕西工会")),
    "city": ("宝鸡市总工会", ("宝鸡市总工会", "宝鸡工会微信公众号", "宝鸡市总工会网站")),
    "local": ("浙江工人日报（数字报）", ("浙江工人日报", "浙江工人日报客户端")),
    "county": ("杭州市临安区总工会", ("临安区总工会", "杭州市临安区总工会")),
}
_ELSEWHERE = ("新华社", "人民网", "市总工会", "", "", "")
_EDITS = {
    "copy under another title": {Change.TITLE},
    "本报讯 added": {Change.LEAD_ADDED},
    "a paragraph dropped": {Change.PARAGRAPHS_DROPPED},
    "width and punctuation": {Change.SIGNS},
    "我市 and a paragraph added": {Change.PARAGRAPHS_ADDED, Change.WORDS},
}
_BY_NAME = {edit.name: edit.make for edit in EDITS}


@dataclass(frozen=True, slots=True)
class Copy:
    """The truth about one member: its lag, in days when a date has no time, and its changes."""

    lag: timedelta | None
    changes: frozenset[Change]


@dataclass(slots=True)
class Published:
    """All articles in the order in which they are crawled, each story's first, each copy's truth."""

    articles: list[Article] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    copies: dict[str, Copy] = field(default_factory=dict)


def publish(prose: Prose, chance: Random, published: Published, number: int) -> None:
    """Publish a story on its site and on up to four others, crawled in any order."""
    lines = [line for line in prose.story(chance) if len(line) > 20]
    sites = chance.sample(sorted(_OUTLETS), 4)
    at = _START + timedelta(days=number, minutes=chance.randint(0, 700))
    own = chance.choice(("", "本站", "本网讯", _OUTLETS[sites[0]][0]))
    original = _dated(_article(sites[0], number, lines, own), at, chance)
    made = [original]
    published.first.append(original.url)
    made += [_copied(site, original, lines, chance, published) for site in sites[1 : chance.randint(2, 4)]]
    if chance.random() < 0.3:
        mirrored = _article("mirror", number, _BY_NAME["damaged by a mirror"](lines, chance), own)
        made.append(_dated(mirrored, at, chance))
    chance.shuffle(made)
    published.articles += [repair_article(one) for one in made]


def _copied(site: str, original: Article, lines: Lines, chance: Random, published: Published) -> Article:
    """Return a copy: it names its source, or is dated a later day."""
    number = int(original.url.rsplit("/", 1)[1])
    kind, names_it = chance.choice(list(_EDITS)), chance.random() < 0.6
    later = timedelta(minutes=chance.randint(-200, 900)) if names_it else timedelta(days=chance.randint(1, 9))
    source = chance.choice(_OUTLETS[original.site][1] if names_it else _ELSEWHERE)
    copy = _article(site, number, _BY_NAME[kind](lines, chance), source)
    copy = _dated(copy, _START + timedelta(days=number, minutes=700) + later, chance)
    if Change.TITLE in _EDITS[kind]:
        copy = replace(copy, title=f"另题第{number}号")
    published.copies[copy.url] = Copy(_lag(copy, original), frozenset(_EDITS[kind]))
    return copy


def _article(site: str, number: int, lines: Lines, source: str) -> Article:
    return Article(
        url=f"http://www.{site}.example.cn/{number}",
        site=site,
        title=f"题第{number}号",
        body_text="\n".join(lines),
        source=source,
        fetched_at=_START + timedelta(days=9_999),
    )


def _dated(article: Article, at: datetime, chance: Random) -> Article:
    """Return the article with a label that has the minute, or the day alone."""
    if chance.random() < 0.7:
        return replace(article, published_at=at, published_precision=Precision.MINUTE)
    day = at.astimezone(CHINA).replace(hour=0, minute=0)
    return replace(article, published_at=day, published_precision=Precision.DAY)


def _lag(copy: Article, original: Article) -> timedelta | None:
    if copy.published_at is None or original.published_at is None:
        return None
    if Precision.DAY in {copy.published_precision, original.published_precision}:
        days = [one.astimezone(CHINA).date() for one in (copy.published_at, original.published_at)]
        return days[0] - days[1]
    return copy.published_at - original.published_at


def measure_lineage(prose: Prose, stories: int) -> None:
    """Print how often the first publisher, the lag and the list of changes are right."""
    published, chance = Published(), Random(11)
    for number in range(stories):
        publish(prose, chance, published, number)
    groups = _stored(published)
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for group in groups:
        first = group.members[0].article.record.url
        count["groups"] += 1
        right["groups"] += first in published.first
        for member in group.members if first in published.first else ():
            _score(member, published, right, count)
    print_figure("stories whose copies were found", count["groups"] / stories, f"of {stories}", ">= 0.99")
    for what in count:
        print_figure(f"  {what} right", right[what] / count[what], f"of {count[what]}", ">= 0.99")


def _score(member: Member, published: Published, right: Counter[str], count: Counter[str]) -> None:
    truth = published.copies.get(member.article.record.url)
    if truth is None:
        return
    count.update(("lags", "lists of changes"))
    right["lags"] += member.lag == truth.lag
    right["lists of changes"] += set(member.changes) == truth.changes


def _stored(published: Published) -> list[Group]:
    with tempfile.TemporaryDirectory() as folder, Archive.open(f"{folder}/archive.db") as archive:
        for site, (name, _) in _OUTLETS.items():
            hosts = (f"www.{site}.example.cn",)
            archive.ensure_site(SiteProfile(id=site, name=name, level=Level.PAPER, family="x", hosts=hosts))
        archive.ensure_site(
            SiteProfile(
                id="mirror", name="镜像", level=Level.MIRROR, family="x", hosts=("www.mirror.example.cn",)
            )
        )
        run = archive.begin_run("bench", {})
        for article in published.articles:
            archive.store(article, run)
        archive.flush()
        with archive.engine.connect() as connection:
            ids = connection.execute(reprint_group.select()).scalars().all()
            return load_groups(connection, list(ids))
