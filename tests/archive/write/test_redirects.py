"""How the archive keeps the addresses that redirected to an article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Evidence
from unioncrawl.sites.profile import Level, SiteProfile

PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="empirecms", hosts=("a.cn",))
TWIN = "http://a.cn/e/action/ShowInfo.php?classid=3&id=9"
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
