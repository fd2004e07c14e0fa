"""How the archive keeps the addresses that redirected to an article."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.crawl_state.due_visits import young_articles
from unioncrawl.archive.crawl_state.vanished import mark_vanished
from unioncrawl.archive.database import reading
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, Evidence
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings
from unioncrawl.sites.profile import Level, SiteProfile

PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="empirecms", hosts=("a.cn",))
TWIN = "http://a.cn/e/action/ShowInfo.php?classid=3&id=9"
MOVED = "http://a.cn/xinwen/9.html"
FOUND = Article(
    url="http://a.cn/x/2025-03-14/9.html",
    canonical_url="http://a.cn/x/2025-03-14/9.html",
    site="linxi",
    title="送清凉",
    body_text="送清凉到一线。",
    redirected_from=(TWIN,),
)


def test_an_address_that_redirected_is_known(tmp_path: Path) -> None:
    """An address that led to an article by a redirect is known afterwards, and is kept once."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        number = archive.begin_run("linxi", {})
        for _ in range(2):
            archive.store(FOUND, number)
            archive.flush()
        assert set(archive.known("linxi", [TWIN, FOUND.canonical_url])) == {TWIN, FOUND.canonical_url}
        assert archive.counts["duplicate"] == 0


def test_evidence_alone_makes_no_alias(tmp_path: Path) -> None:
    """What the evidence says of a redirect is for people; no address becomes an alias by it."""
    redirected = replace(FOUND, redirected_from=(), evidence=(Evidence("url", "redirect", TWIN),))
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        archive.store(redirected, archive.begin_run("linxi", {}))
        archive.flush()
        assert set(archive.known("linxi", [TWIN, FOUND.canonical_url])) == {FOUND.canonical_url}


def test_a_story_that_moved_and_was_edited_is_one_article(tmp_path: Path) -> None:
    """Its old address leads to the new one, which shows the same headline: an edit, and an alias."""
    edited = replace(
        FOUND, canonical_url=MOVED, redirected_from=(FOUND.canonical_url,), body_text="改写。" * 30
    )
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND, edited, replace(edited, redirected_from=()))
        assert archive.counts == Counter(new=1, revised=1, unchanged=1, observation=3)
        assert archive.known("linxi", [MOVED]).keys() == {MOVED}
        with reading(archive.engine) as connection:
            (article,) = load_articles(connection, [1])
        assert article.record.body_text == edited.body_text


def test_an_old_address_that_is_asked_after_the_new_one_has_moved(tmp_path: Path) -> None:
    """The list names the edited story at its new address first; the old one, asked later, leads there."""
    new = replace(FOUND, canonical_url=MOVED, redirected_from=(), body_text="改写。" * 30)
    led = replace(new, redirected_from=(FOUND.canonical_url,))
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        _store(archive, FOUND, new, led)
        assert archive.counts == Counter(new=2, unchanged=1, observation=3)
        with reading(archive.engine) as connection:
            assert [one.moved_to for one in load_articles(connection, [1, 2])] == [2, None]
            assert not young_articles(archive.engine, "linxi", datetime(2020, 1, 1, tzinfo=UTC))[1:]


def test_an_old_visit_moves_nothing(tmp_path: Path) -> None:
    """What an import saw in the past leads an article neither to itself nor away from where it was since."""
    led = replace(
        FOUND,
        canonical_url=MOVED,
        body_text="旧稿。" * 30,
        fetched_at=datetime(2020, 1, 1, tzinfo=UTC),
        redirected_from=(FOUND.canonical_url,),
    )
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND, led)
        with reading(archive.engine) as connection:
            assert load_articles(connection, [1])[0].moved_to is None


def test_another_story_behind_an_old_address_is_another_article(tmp_path: Path) -> None:
    """A site may lead the readers of what it deleted to something else; nothing is merged then."""
    other = replace(
        FOUND,
        canonical_url=MOVED,
        redirected_from=(FOUND.canonical_url,),
        title="公告",
        body_text="暂停服务。" * 30,
    )
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND, other)
        assert archive.counts == Counter(new=2, observation=2, rejection=1)


def test_what_was_withdrawn_does_not_come_back_by_a_redirect(tmp_path: Path) -> None:
    """The site says itself that the page behind the new address is the one that was taken down."""
    moved = replace(FOUND, canonical_url=MOVED, redirected_from=(FOUND.canonical_url,))
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND)
        take_down(archive.engine, tmp_path / "captures", FOUND.canonical_url, "本人要求")
        archive.counts.clear()
        _store(archive, moved)
        assert archive.counts == Counter(withdrawn=1)


def test_a_story_that_moved_to_another_host_and_was_edited_is_one_article(tmp_path: Path) -> None:
    """Its list names it on the new host; nobody asked for the old address, which would lead there."""
    profile = replace_hosts(PROFILE, ("gh.example", "a.cn"))
    moved = FOUND.canonical_url.replace("http://a.cn", "https://gh.example")
    edited = replace(FOUND, canonical_url=moved, redirected_from=(), body_text="改写。" * 30)
    other = replace(edited, canonical_url=moved.replace("/9", "/8"), body_text="另写。" * 30)
    same_number = replace(
        edited, canonical_url=moved.replace("/9", "/7"), title="另一件事", body_text="另事。" * 30
    )
    at_old = replace(FOUND, canonical_url=FOUND.canonical_url.replace("/9", "/7"), redirected_from=())
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND, at_old, edited, other, same_number, profile=profile)
        assert archive.counts == Counter(new=4, revised=1, observation=5)


def test_an_edit_is_taken_back_at_the_address_that_showed_it(tmp_path: Path) -> None:
    """Where a story lives at an alias, an earlier text there is an edit; where the alias lags, it is none."""
    moved = replace(
        FOUND, canonical_url=MOVED, redirected_from=(FOUND.canonical_url,), body_text="改写。" * 30
    )
    back = replace(moved, body_text=FOUND.body_text)
    mobile = replace(FOUND, canonical_url="http://m.a.cn/9", redirected_from=(), body_text="改写。" * 30)
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND, moved, moved, mobile)
        assert archive.counts == Counter(new=1, revised=1, unchanged=1, duplicate=1, observation=4)
        archive.counts.clear()
        _store(archive, back, mobile, back, mobile)
        assert archive.counts == Counter(revised=1, unchanged=3, observation=4)


def replace_hosts(profile: SiteProfile, hosts: tuple[str, ...]) -> SiteProfile:
    """The profile with other hosts."""
    return profile.model_copy(update={"hosts": hosts})


def _store(archive: Archive, *articles: Article, profile: SiteProfile = PROFILE) -> None:
    """Store these articles of one site, each by a run of its own."""
    archive.ensure_site(profile)
    for article in articles:
        archive.store(article, archive.begin_run("linxi", {}))
        archive.flush()


SEEN = datetime(2026, 3, 1, tzinfo=UTC)


def test_an_address_that_leads_to_another_article_is_a_visit_in_vain(tmp_path: Path) -> None:
    """Whether the archive knows the other article or not: it is seen, the known one is not."""
    first = replace(FOUND, redirected_from=(), fetched_at=SEEN)
    other = replace(first, canonical_url=MOVED, url=MOVED, title="公告", body_text="暂停服务。" * 30)
    led = [
        replace(other, fetched_at=SEEN + timedelta(days=day), redirected_from=(FOUND.canonical_url,))
        for day in (1, 2, 3)
    ]
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        _store(archive, first, *led)
        assert archive.counts == Counter(new=2, unchanged=2, observation=4, rejection=3)
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=3)) == 1
        assert list(verify(archive.engine, tmp_path / "captures")) == []
    record = json.loads(run(address, "show", "1", "--json").stdout)
    assert (record["shown_instead"], record["moved_to"], record["revision"]) == (MOVED, None, 1)
    assert [one["reason"] for one in record["failures"]] == ["other-article"] * 3
    shown = run(address, "show", "1").stdout
    assert f"原网址已换成另一篇文章: its address shows another article, {MOVED}" in shown
    assert "原站已删除" not in shown
    with served(ReaderSettings(archive=address, captures=tmp_path)) as reader:
        page = httpx.get(f"{reader}/articles/1", timeout=60).text
        assert "本文原网址现在显示另一篇文章（2026-03-04 发现）" in page
        assert page.count(MOVED) >= 1
        assert httpx.get(f"{reader}/api/v1/articles/1/history", timeout=60).json()["shown_instead"] == MOVED
    with Archive.open(address) as archive:
        _store(archive, replace(first, fetched_at=SEEN + timedelta(days=4)))
    back = json.loads(run(address, "show", "1", "--json").stdout)
    assert (back["shown_instead"], back["vanished_at"]) == (None, None)


def test_a_single_visit_that_is_led_to_another_article_marks_nothing(tmp_path: Path) -> None:
    """Nor do three of before the article was seen last, as an import brings them."""
    first = replace(FOUND, redirected_from=(), fetched_at=SEEN)
    other = replace(first, canonical_url=MOVED, title="公告", redirected_from=(FOUND.canonical_url,))
    led = [replace(other, fetched_at=SEEN + timedelta(days=day)) for day in (-3, -2, -1, 1)]
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, first, *led)
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=3)) == 0
