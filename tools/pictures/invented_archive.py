"""The archive of which the pictures of the documents are taken: invented sites, always the same.

The stories of the practice sites, each page as its site serves it, under names and addresses of
their own; short bulletins by the season, so that a trend has a shape; reprints of one story; and
a fortnight of visits, in which hits grow and a text changes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.line import read_page
from unioncrawl.model import Article, HitsStatus, Precision, RawPage
from unioncrawl.practice.listener import Request, Site
from unioncrawl.practice.server import LIST_PATHS, SITE_TYPES
from unioncrawl.practice.state import State
from unioncrawl.sites.catalogue import bundled_folder, read_site_file
from unioncrawl.sites.profile import Level, SiteProfile

MATERIAL = Path(__file__).with_name("material.toml")
FIRST_VISIT = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)
_VISITS = 14
_EDITED_ON = 5
_LINK = re.compile(r'href="([^"]+)"')
# The lists of the largest practice site have ten pages.
_MOST_LISTS = 40


@dataclass(frozen=True)
class Shown:
    """The archive, and the articles that the pictures show, by name."""

    address: str
    captures: Path
    numbers: dict[str, int]


def build_archive(folder: Path) -> Shown:
    """Make the archive in an empty folder."""
    material = tomllib.loads(MATERIAL.read_text(encoding="utf-8"))
    address, captures = str(folder / "archive.db"), folder / "captures"
    with Archive.open(address) as archive:
        for kind in SITE_TYPES:
            profile = _practice_profile(kind.site_id, kind.name, material["sites"][kind.site_id])
            _store_practice_site(archive, captures, profile, kind(State(None)))
        for named in material["papers"]:
            archive.ensure_site(_paper(named))
        run = archive.begin_run("bulletins", {})
        for article in _bulletins(material):
            archive.store(article, run)
        archive.flush()
        story = _number(archive, "linxi", material["story"]["url"])
        _reprint(archive, material["story"], story, run)
        _visit_again(archive, material["story"], story, run)
        archive.finish_run(run, {}, "finished")
        damaged = _number(archive, "fengxing", material["damaged"])
    return Shown(address, captures, {"story": story, "damaged": damaged})


def _paper(named: dict[str, str]) -> SiteProfile:
    fields = {**named, "hosts": [named["host"]], "scheme": "http", "family": "generic", "columns": []}
    del fields["host"]
    return SiteProfile.model_validate(fields)


def _practice_profile(key: str, name: str, named: dict[str, str]) -> SiteProfile:
    """Return the file of a practice site, its name and address those of an invented union."""
    bundled = read_site_file(bundled_folder() / f"{key}.toml")
    paths = dict(LIST_PATHS[key])
    columns = tuple(
        column.model_copy(update={"url": f"http://{named['host']}/{paths[column.name]}"})
        for column in bundled.columns
    )
    changed = {key: value for key, value in named.items() if key != "host"}
    changes = {**changed, "name": name, "level": Level(named["level"]), "hosts": (named["host"],)}
    return bundled.model_copy(update={**changes, "columns": columns})


def _store_practice_site(archive: Archive, captures: Path, profile: SiteProfile, site: Site) -> None:
    """Walk the lists of a practice site under its invented address, and store each article."""
    archive.ensure_site(profile)
    run = archive.begin_run(profile.id, {})
    with CaptureWriter(captures, profile.id, find_original=archive.original_capture) as writer:
        for column, page, article in _walk(site, profile):
            reference = writer.write(page, metadata={"title": article.title})
            counted = _counted(article, article.hits or 80 + Random(article.title).randrange(1500))
            archive.store(replace(counted, column=article.column or column, captures=(reference,)), run)
    archive.flush()
    archive.finish_run(run, {}, "finished")


def _counted(article: Article, hits: int) -> Article:
    return replace(article, hits=hits, hits_raw=str(hits), hits_status=HitsStatus.PAGE)


def _walk(site: Site, profile: SiteProfile) -> Iterator[tuple[str, RawPage, Article]]:
    """Ask for the lists of a site and what they link to: each article with its column and its page."""
    seen: set[str] = set()
    for column in profile.columns:
        lists = [column.url]
        for _ in range(_MOST_LISTS):
            if not lists:
                break
            for link in _links(_answered(site, lists.pop(0))):
                if link in seen:
                    continue
                seen.add(link)
                page = _answered(site, link)
                article = read_page(page, profile).article if page.status == HTTPStatus.OK else None
                if article is not None:
                    yield column.name, page, article
                elif page.status == HTTPStatus.OK:
                    lists.append(link)


def _links(page: RawPage) -> Iterator[str]:
    """Return the addresses of the same site that a page links to."""
    for link in _LINK.findall(page.body.decode("latin-1")):
        absolute = urljoin(page.url, unescape(link))
        if urlsplit(absolute).netloc == urlsplit(page.url).netloc:
            yield absolute


def _answered(site: Site, address: str) -> RawPage:
    parts = urlsplit(address)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = Request(
        target=target, path=parts.path, query=dict(parse_qsl(parts.query)),
        base_url=f"{parts.scheme}://{parts.netloc}",
    )  # fmt: skip
    answer = site.answer(request)
    headers = tuple((name.lower(), value) for name, value in answer.headers)
    return RawPage(
        url=address, body=answer.body, status=answer.status, headers=headers, fetched_at=FIRST_VISIT
    )


def _bulletins(material: dict[str, Any]) -> Iterator[Article]:
    """Short news of two years: what is told depends on the month."""
    chance = Random("bulletins")
    places = material["places"]
    for month in range(24):
        for kind in material["bulletins"]:
            wanted = kind["months"][(month + 11) % 12]
            for _ in range(wanted + chance.randrange(2)):
                yield _bulletin(chance, kind, chance.choice(places), month)


def _bulletin(chance: Random, kind: dict[str, Any], place: dict[str, Any], month: int) -> Article:
    day = datetime(2024 + (month + 11) // 12, (month + 11) % 12 + 1, chance.randint(1, 28), 1, tzinfo=UTC)
    at = min(day + timedelta(minutes=chance.randrange(600)), FIRST_VISIT - timedelta(hours=2))
    words = {
        "place": place["name"], "street": chance.choice(place["streets"]),
        "firm": chance.choice(place["firms"]), "number": chance.randint(30, 900),
        "days": chance.randint(2, 9),
    }  # fmt: skip
    lines = [line.format(**words) for line in chance.sample(kind["lines"], 3)]
    number = chance.randrange(10**6)
    return Article(
        url=f"http://{place['host']}/jc/{at:%Y%m}/{number}.html", site=place["site"], source=place["source"],
        title=chance.choice(kind["titles"]).format(**words), body_text="\n".join(lines), published_at=at,
        published_precision=Precision.MINUTE, published_raw=f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}",
        column="基层动态", hits=int(20 * chance.paretovariate(1)), hits_status=HitsStatus.PAGE,
        fetched_at=FIRST_VISIT,
    )  # fmt: skip


def _number(archive: Archive, site: str, address: str) -> int:
    """Return the number of the article at this address."""
    return next(iter(archive.known(site, [address]).values())).article_id


def _loaded(archive: Archive, number: int) -> Article:
    with archive.engine.connect() as connection:
        return load_articles(connection, [number])[0].record


def _reprint(archive: Archive, story: dict[str, Any], number: int, run: int) -> None:
    """Others carry the story: whole, with a lead, or its first part."""
    first = _loaded(archive, number)
    lines = first.body_text.split("\n")
    for one in story["reprints"]:
        at = (first.published_at or FIRST_VISIT) + timedelta(hours=one["hours"])
        text = "\n".join(lines[: len(lines) - one["leave_out"]])
        reprint = Article(
            url=one["url"], site=one["site"], source=one["source"], title=one["title"],
            body_text=one["lead"] + text, published_at=at, published_precision=Precision.MINUTE,
            fetched_at=FIRST_VISIT,
        )  # fmt: skip
        archive.store(_counted(reprint, 900 - 9 * one["hours"]), run)
    archive.flush()


def _visit_again(archive: Archive, story: dict[str, Any], number: int, run: int) -> None:
    """A fortnight of visits to the story: its hits grow more slowly each day, a number is corrected."""
    first = _loaded(archive, number)
    before, after = story["edited"]
    hits = first.hits or 0
    for day in range(1, _VISITS):
        hits += 400 // (day + 1) + 7 * (day % 3)
        text = first.body_text.replace(before, after) if day >= _EDITED_ON else first.body_text
        seen = FIRST_VISIT + timedelta(days=day)
        visited = replace(_counted(first, hits), body_text=text, fetched_at=seen, captures=())
        archive.store(visited, run)
        archive.flush()
