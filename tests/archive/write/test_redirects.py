"""How the archive keeps the addresses that redirected to an article."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.databases import archive_at
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.database import reading
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Evidence
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
        run = archive.begin_run("linxi", {})
        for _ in range(2):
            archive.store(FOUND, run)
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
        assert archive.counts == Counter(new=2, observation=2)


def test_what_was_withdrawn_does_not_come_back_by_a_redirect(tmp_path: Path) -> None:
    """The site says itself that the page behind the new address is the one that was taken down."""
    moved = replace(FOUND, canonical_url=MOVED, redirected_from=(FOUND.canonical_url,))
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        _store(archive, FOUND)
        take_down(archive.engine, tmp_path / "captures", FOUND.canonical_url, "本人要求")
        archive.counts.clear()
        _store(archive, moved)
        assert archive.counts == Counter(withdrawn=1)


def _store(archive: Archive, *articles: Article) -> None:
    """Store these articles of one site, each by a run of its own."""
    archive.ensure_site(PROFILE)
    for article in articles:
        archive.store(article, archive.begin_run("linxi", {}))
        archive.flush()
