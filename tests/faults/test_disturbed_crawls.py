"""A crawl that is disturbed from outside loses nothing, says what happened, and is completed by the next."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.test_kills import harm, held
from tests.guard.hostile import Answer, Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing
from tests.processes import wait_until
from tests.spiders.tls_servers import sound, tls_server, write_certificate

SITE = "disturbed"
ARTICLES = range(1, 13)
HALF_WAY = "/20250301/6.html"
_LOGIN = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>无线网络认证</title></head><body>"
    "<h1>欢迎使用本楼无线网络</h1><div class='content'><p>请输入手机号码和短信验证码登录，登录后即可上网。"
    "未经认证的用户不能访问互联网，请先阅读用户协议并同意。</p><p>如有疑问请与前台联系，感谢您的理解。"
    "认证时间：2025-03-02</p></div></body></html>"
)


@dataclass(frozen=True)
class Fault:
    """What disturbs a crawl, how the crawl may end, and what it must say."""

    disturb: Callable[[Place, Hostile], None]
    codes: tuple[int, ...] = (0,)
    says: str = ""
    # The days by which the clock is ahead at the start, and by which it jumps half way.
    ahead: float = 0
    jump: float = 0


def _serve(server: Hostile) -> None:
    """A site that nothing is wrong with."""
    server.pages.clear()
    server.made.clear()
    server.pages["/list.html"] = page(listing([f"/20250301/{n}.html" for n in ARTICLES]))
    server.pages.update({f"/20250301/{n}.html": page(article(n, "扰")) for n in ARTICLES})


def _nothing(_place: Place, _server: Hostile) -> None:
    """The clock alone disturbs."""


def _set_the_clock(place: Place, server: Hostile) -> None:
    def set_it() -> None:
        if place.process is not None:
            place.process.send_signal(signal.SIGUSR1)

    server.before[HALF_WAY] = set_it


def _log_in_everywhere(_place: Place, server: Hostile) -> None:
    server.pages.clear()
    server.made.append(lambda _: page(_LOGIN))


def _log_in_for_articles(_place: Place, server: Hostile) -> None:
    server.pages = {"/list.html": server.pages["/list.html"]}
    server.made.append(lambda _: page(_LOGIN))


def _every_other_503(_place: Place, server: Hostile) -> None:
    for target, given in list(server.pages.items()):
        assert isinstance(given, Answer)
        server.pages[target] = [answer for _ in range(6) for answer in (page("<p>503</p>", 503), given)]


def _one_503_for_good(_place: Place, server: Hostile) -> None:
    _every_other_503(_place, server)
    server.pages[HALF_WAY] = page("<p>503</p>", 503)


def _forget_the_name(place: Place, _server: Hostile) -> None:
    """The name of the site's host leads nowhere (RFC 2606, 2)."""
    place.site(SITE, "www.linxi-gh.invalid", ["http://www.linxi-gh.invalid/list.html"])


FAULTS = {
    "a name that leads nowhere": Fault(
        _forget_the_name, (1,), r"a host did not answer, after retries|rejected: .*dns"
    ),
    "a clock a year ahead": Fault(_nothing, ahead=365),
    "a clock that jumps a year ahead": Fault(_set_the_clock, jump=365),
    "a clock that is set back by a day": Fault(_set_the_clock, jump=-1),
    "a login page for every address": Fault(
        _log_in_everywhere, (1,), r"disturbed: rejected: 1 × fetch/waf-page"
    ),
    "a login page for every article": Fault(_log_in_for_articles, (1,), r"refused again and again"),
    "200 and 503 in turn, and one 503 that stays": Fault(
        _one_503_for_good, (0,), r"Gave up .*6\.html.* 503|rejected: 1 × extract/503"
    ),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[set[str]]:
    """The articles of a crawl that nothing disturbed."""
    with Hostile() as server:
        place = _place(tmp_path_factory.mktemp("undisturbed"), server)
        assert place.unioncrawl("crawl", SITE).code == 0
        return _texts(place)


def _place(folder: Path, server: Hostile) -> Place:
    _serve(server)
    place = Place(folder)
    place.site(SITE, server.host, [f"{server.url}/list.html"])
    return place


def _texts(place: Place) -> list[set[str]]:
    """Path, title and text of every revision, however often its address was asked."""
    rows = held(place.folder / "data" / "archive.db")[0]
    return [{str((re.sub(r"^\w+://[^/]+", "", row[0]), *row[1:3])) for row in rows}]


def _crawl(place: Place, ahead: float = 0, jump: float = 0) -> Ended:
    if not ahead and not jump:
        return place.unioncrawl("crawl", SITE)
    return place.run("tests.faults.other_clock", str(ahead), str(jump), "unioncrawl", "crawl", SITE)


@pytest.mark.parametrize("name", FAULTS)
def test_a_disturbed_crawl_is_completed_by_the_next(
    tmp_path: Path, hostile: Hostile, undisturbed: list[set[str]], name: str
) -> None:
    """It ends by itself and says what happened; the archive verifies, and the next run makes it whole."""
    fault, place = FAULTS[name], _place(tmp_path, hostile)
    fault.disturb(place, hostile)
    ended = _crawl(place, fault.ahead, fault.jump)
    assert ended.code in fault.codes, ended.said
    assert re.search(fault.says, ended.out + ended.err), ended.said
    assert not ended.has_traceback, ended.said
    assert harm(place) == []
    _serve(hostile)
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    again = _crawl(place)
    assert again.code == 0, again.said
    assert harm(place) == []
    assert _texts(place) == undisturbed


def test_a_certificate_that_has_ended_costs_no_article_and_is_told(tmp_path: Path) -> None:
    """Pages are taken as before, and the log says so; the second run opens an alert with the day."""
    place = Place(tmp_path)
    with tls_server(tmp_path, write_certificate(tmp_path, (-40, -10)), sound) as port:
        host, pattern = f"127.0.0.1:{port}", "article_url = '/a/\\d+\\.html'\n"
        place.site(SITE, host, [f"https://{host}/list.html"], more=pattern)
        file = place.folder / "sites" / f"{SITE}.toml"
        file.write_text(file.read_text("utf-8").replace('scheme = "http"', 'scheme = "https"'), "utf-8")
        first, second = _crawl(place), _crawl(place)
    assert (first.code, second.code) == (0, 0), second.said
    assert place.stored(SITE) == [f"https://{host}/a/1.html"]
    assert "has expired; its pages are taken all the same" in first.err
    told = r"The certificate of the site's host ended on \d{4}-\d\d-\d\d"
    assert not re.search(told, first.err)
    assert re.search(told, second.err), second.said


def test_two_runs_at_once_share_the_work(
    tmp_path: Path, hostile: Hostile, undisturbed: list[set[str]]
) -> None:
    """A second run of a site at work leaves it to the first; one of another site writes beside it."""
    place = _place(tmp_path, hostile)
    hostile.pages["/other.html"] = page(listing(["/20250302/1.html"]))
    hostile.pages["/20250302/1.html"] = page(article(99, "另"))
    place.site("other", hostile.host, [f"{hostile.url}/other.html"])
    (tmp_path / "second").mkdir()
    second, may_go_on, ends = Place(tmp_path / "second"), threading.Event(), dict[str, Ended]()
    second.variables["UNIONCRAWL_SITES_DIRS"] = str(tmp_path / "sites")
    second.variables["UNIONCRAWL_ARCHIVE"] = str(tmp_path / "data" / "archive.db")
    hostile.before[HALF_WAY] = may_go_on.wait
    first = threading.Thread(target=lambda: ends.update(first=_crawl(place)))
    first.start()
    wait_until(lambda: HALF_WAY not in hostile.before)
    try:
        ends["same"] = _crawl(second)
        ends["other"] = second.unioncrawl("crawl", "other")
    finally:
        may_go_on.set()
        first.join()
    assert {name: ended.code for name, ended in ends.items()} == {"first": 0, "same": 0, "other": 0}, ends
    assert "another run is at work on it" in ends["same"].out + ends["same"].err
    assert harm(place) == []
    assert undisturbed[0] < _texts(place)[0]
    assert len(_texts(place)[0]) == len(ARTICLES) + 1
