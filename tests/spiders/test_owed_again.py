"""Every reason of the table in a crawl of two list pages: what is owed is asked again by the next run."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import archive_at
from tests.guard.hostile import Answer, Hostile, page
from tests.spiders.canned import article, environment, listing
from tests.spiders.conftest import Workplace
from tests.spiders.first_answers import MAX_BODY_BYTES, first_answers
from unioncrawl.archive.store import Archive
from unioncrawl.model import Rejection
from unioncrawl.outcomes import Owed, Reason, outcome_of, outcomes
from unioncrawl.practice.server import PracticeServer

FIRST_PAGE = range(1, 7)


def path(number: int) -> str:
    """The address of an article on an EmpireCMS."""
    return f"/xwdt/2025-03-05/{number}.html"


def sound(number: int) -> Answer:
    """An article's page."""
    return page(article(number).replace(f"2025-03-{number:02d}", "2025-03-05"))


class Site:
    """A site whose second list page names one address for each reason."""

    def __init__(self, folder: Path, server: Hostile, closed: str) -> None:
        self.folder, self.server = folder, server
        answers = first_answers(closed)
        table = {outcome.reason: None for outcome in outcomes()}
        self.reasons = tuple(table | dict.fromkeys(answers))
        self.numbers = {reason: 100 + 2 * at for at, reason in enumerate(self.reasons)}
        self.seeded = [reason for reason in self.reasons if reason not in answers and reason != "robots"]
        second = [path(n) for number in self.numbers.values() for n in (number, number + 1)]
        server.pages["/xwdt/"] = page(
            listing(
                [path(n) for n in FIRST_PAGE],
                "<div class='epages'><a href='/xwdt/index_2.html'>下一页</a></div>",
            )
        )
        server.pages["/xwdt/index_2.html"] = page(listing(second))
        # Between two failures stands a sound article, so that no six walls in a row end the run.
        server.pages |= {
            path(n): sound(n) for n in (*FIRST_PAGE, *(number + 1 for number in self.numbers.values()))
        }
        gone = page("<p>此信息不存在</p>")
        server.pages |= {path(self.numbers[reason]): answers.get(reason, gone) for reason in self.reasons}
        server.pages["/robots.txt"] = page(
            f"User-agent: *\nDisallow: {path(self.numbers[Reason('robots')])}\n"
        )
        self._write_file(closed)
        self.workplace = Workplace(folder, PracticeServer(0), environment(folder))
        self.workplace.environment |= {
            "UNIONCRAWL_MAX_BODY_BYTES": str(MAX_BODY_BYTES),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
        }

    def _write_file(self, closed: str) -> None:
        (self.folder / "sites").mkdir()
        (self.folder / "sites" / "gh.toml").write_text(
            'id = "gh"\nname = "某市总工会"\nlevel = "practice"\nfamily = "empirecms"\nscheme = "http"\n'
            f'hosts = ["{self.server.host}", "{closed}"]\n'
            f'columns = [{{ name = "要闻", url = "{self.server.url}/xwdt/" }}]\n'
            "[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
            encoding="utf-8",
        )

    def crawl(self) -> dict[str, int]:
        """Crawl; the stats of the run. Without retries, which would put all refusals in a row, at the end."""
        self.server.asked.clear()
        return self.workplace.crawl("gh", "-s", "RETRY_ENABLED=0")

    def seed(self) -> None:
        """Record, as a run would, the reasons that no answer of a site can give."""
        with Archive.open(archive_at(self.folder / "data" / "archive.db")) as archive:
            run = archive.begin_run("gh", {})
            for reason in self.seeded:
                url = f"{self.server.url}{path(self.numbers[reason])}"
                stage = outcome_of(reason).stages[0]
                archive.reject(Rejection(url=url, site="gh", stage=stage, reason=reason), run)

    def mend(self) -> None:
        """Let every address answer with its article."""
        self.server.pages |= {path(number): sound(number) for number in self.numbers.values()}
        self.server.pages["/robots.txt"] = page("")
        # As after a day, when the copy of robots.txt is not used any longer.
        self.workplace.environment["UNIONCRAWL_STATE"] = str(self.folder / "state of tomorrow")

    def recorded(self) -> dict[str, tuple[str, str]]:
        """The last stage and reason of each address that was rejected, by path."""
        rows = self.workplace.rows("select url, stage, reason from rejection order by id")
        return {url.removeprefix(self.server.url): (stage, reason) for url, stage, reason in rows}

    def stored(self) -> set[str]:
        """The paths of all articles that are stored."""
        rows = self.workplace.rows("select canonical_url from article")
        return {url.removeprefix(self.server.url) for (url,) in rows}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The site, and a port of its own on which nobody listens."""
    with Hostile() as server, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield Site(tmp_path, server, f"127.0.0.1:{held.getsockname()[1]}")


def test_each_owed_failure_is_asked_again_and_stored(site: Site) -> None:
    """Whatever failed on page two for a reason that passes is stored by a run that reads page one alone.

    What the site itself says is not an article, or what our rules forbid, is not asked.
    """
    assert site.crawl()["unioncrawl/walk/complete"] == 1
    recorded = site.recorded()
    answered = [reason for reason in site.reasons if reason not in site.seeded]
    found = {reason: recorded.get(path(site.numbers[reason]), ("", "")) for reason in answered}
    assert {reason: got for reason, (_, got) in found.items() if got != reason} == {}
    assert all(stage in outcome_of(reason).stages for reason, (stage, _) in found.items())
    site.seed()
    site.mend()
    before = site.stored()
    stats = site.crawl()
    assert stats["unioncrawl/list/pages"] == 1
    owed = {path(n) for reason, n in site.numbers.items() if outcome_of(reason).owed is not Owed.NEVER}
    never = {path(n) for n in site.numbers.values()} - owed
    assert not before & (owed | never)
    assert owed - site.stored() == set()
    assert {address for address in never if site.server.asked[address]} == set()
    assert site.stored() == before | owed
