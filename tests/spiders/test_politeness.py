"""The pause between two requests to a host, and the copies of robots.txt, over HTTP and processes."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.spiders.canned import article, listing
from tests.spiders.conftest import Workplace
from tests.spiders.test_bounds import Answer, _Handler, _page, _reasons, _served, _stored
from unioncrawl.archive.captures.read_diary import DiaryReader, Wanted

DELAY_SECONDS = 0.2
# A request arrives later than it went out, by what a busy machine makes of it: pauses count together.
SHARE = 0.95
_TEXT = ("Content-Type", "text/plain")
_DAY_SECONDS = 24 * 3600
Site = Callable[[_Handler], Answer | None]


def _site(rules: bytes = b"User-agent: *\nDisallow: /a/3\n", status: int = 200) -> Site:
    """A list of three articles; the first address redirects, the second is asked for twice."""
    failed: list[str] = []

    def answer(asked: _Handler) -> Answer | None:
        if asked.path == "/robots.txt":
            return status, [_TEXT], rules
        if asked.path == "/list.html":
            return _page(listing(["/a/1.html", "/a/2.html", "/a/3.html"]))
        if asked.path == "/a/1.html":
            return 302, [("Location", "/a/11.html")], b""
        if asked.path == "/a/2.html" and not failed:
            failed.append(asked.path)
            return 503, [], b"<html>busy</html>"
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(article(int(number))) if number.isdigit() else None

    return answer


@contextmanager
def _polite(
    folder: Path, site: Site, delay_seconds: float = 0
) -> Iterator[tuple[Any, Workplace, list[float]]]:
    """A server, a workplace with a state of its own, and the moments of the server's requests."""
    moments: list[float] = []

    def noted(asked: _Handler) -> Answer | None:
        moments.append(time.monotonic())
        return site(asked)

    with _served(folder, noted) as (server, workplace):
        workplace.environment["UNIONCRAWL_STATE"] = str(folder / "state")
        file = workplace.site_file("hostile")
        text = file.read_text("utf-8").replace("delay_seconds = 0", f"delay_seconds = {delay_seconds}")
        file.write_text(text, "utf-8")
        yield server, workplace, moments


def _kept(moments: list[float]) -> bool:
    return moments[-1] - moments[0] > SHARE * DELAY_SECONDS * (len(moments) - 1)


def test_every_request_of_a_crawl_counts(tmp_path: Path) -> None:
    """robots.txt, the list, articles, a redirect and a retry keep the site's delay."""
    with _polite(tmp_path, _site(), DELAY_SECONDS) as (server, workplace, moments):
        done = workplace.run("unioncrawl", "crawl", "hostile", "--json")
        assert sorted(server.asked) == [
            *("/a/1.html", "/a/11.html", "/a/2.html", "/a/2.html", "/list.html", "/robots.txt")
        ], done.stderr
        assert _kept(moments)
        noted = list(DiaryReader(tmp_path / "data" / "captures").requests(Wanted()))
        assert [urlsplit(one.url).path for one in noted] == server.asked
        assert Counter((one.purpose, one.cause, one.status) for one in noted) == {
            ("robots.txt", "", 200): 1,
            ("page", "", 200): 1,
            ("page", "", 302): 1,
            ("page", "redirect", 200): 1,
            ("page", "", 503): 1,
            ("page", "retry", 200): 1,
        }
        assert noted[0].pause_seconds is None
        assert all((one.pause_seconds or 0) >= DELAY_SECONDS for one in noted[1:])
        assert {one.site for one in noted} == {"hostile"}


def test_the_pause_is_counted_from_the_answer(tmp_path: Path) -> None:
    """No request comes sooner than a pause after the last answer, however late the one before came."""
    moments: list[float] = []
    answered: list[float] = []

    def slow(asked: _Handler) -> Answer | None:
        moments.append(time.monotonic())
        # What a busy process or a slow connection does to every second request.
        time.sleep(DELAY_SECONDS / 2 * (len(moments) % 2))
        answered.append(time.monotonic())
        return _site()(asked)

    with _polite(tmp_path, slow, DELAY_SECONDS) as (_, workplace, _):
        workplace.run("unioncrawl", "crawl", "hostile")
    assert len(moments) >= 4
    pauses = [asked - last for last, asked in zip(answered, moments[1:], strict=False)]
    assert min(pauses) >= DELAY_SECONDS


def test_two_processes_together_keep_the_delay_of_one(tmp_path: Path) -> None:
    """Two sites on one host, crawled at once into two archives, ask it no faster than one."""
    with _polite(tmp_path, _site(), DELAY_SECONDS) as (_, workplace, moments):
        other = workplace.site_file("hostile").read_text("utf-8").replace('id = "hostile"', 'id = "second"')
        workplace.site_file("second").write_text(other, "utf-8")
        crawls = [
            workplace.start("unioncrawl", "crawl", site, "--archive", str(tmp_path / f"{site}.db"))
            for site in ("hostile", "second")
        ]
        said = [crawl.communicate() for crawl in crawls]
        assert [crawl.returncode for crawl in crawls] == [0, 0], said
        # Both, but for the robots.txt of the second, which may use the copy of the first.
        assert len(moments) >= 10
        assert _kept(sorted(moments))


def test_a_read_only_state_is_said_and_the_crawl_goes_on(tmp_path: Path) -> None:
    """Where the pause can't be shared, a line says so and what to do, and the stats keep the reason."""
    with _polite(tmp_path, _site()) as (_, workplace, _moments):
        (tmp_path / "state").write_text("no folder")
        done = workplace.run("unioncrawl", "crawl", "hostile")
        assert "within this process alone" in done.stderr
        assert "UNIONCRAWL_STATE" in done.stderr
        ((stats,),) = workplace.rows("select stats from run")
        assert "Not a directory" in json.loads(stats)["unioncrawl/politeness/unshared"]
        assert _stored(workplace) == ["11.html", "2.html"]


def _copy(folder: Path) -> Path:
    (found,) = (folder / "state" / "robots").iterdir()
    return found


def _edit(folder: Path, **changed: float) -> None:
    head, _, body = _copy(folder).read_bytes().partition(b"\n")
    _copy(folder).write_bytes(json.dumps({**json.loads(head), **changed}).encode() + b"\n" + body)


def _crawl_again(workplace: Workplace, server: Any) -> list[str]:
    """Crawl into another archive, so that all is new; what was asked."""
    server.asked.clear()
    archive = workplace.folder / f"{time.time_ns()}.db"
    workplace.run("unioncrawl", "crawl", "hostile", "--archive", str(archive))
    return list(server.asked)


def test_a_robots_txt_is_asked_for_once_a_day(tmp_path: Path) -> None:
    """A second run obeys the copy of the first; an old one only when no other came for thirty days."""
    with _polite(tmp_path, _site()) as (server, workplace, _):
        assert "/robots.txt" in _crawl_again(workplace, server)
        again = _crawl_again(workplace, server)
        assert not {"/robots.txt", "/a/3.html"} & set(again)
        assert "/a/2.html" in again
        _edit(tmp_path, fetched_at=time.time() - _DAY_SECONDS - 1)
        server.site = _site(b"", 503)
        assert set(_crawl_again(workplace, server)) == {"/robots.txt"}
        since = json.loads(_copy(tmp_path).read_bytes().partition(b"\n")[0])["unreachable_since"]
        assert abs(time.time() - since) < _DAY_SECONDS
        _edit(tmp_path, unreachable_since=since - 31 * _DAY_SECONDS)
        asked = _crawl_again(workplace, server)
        assert "/a/2.html" in asked
        assert "/a/3.html" not in asked


def test_five_redirects_lead_to_the_rules(tmp_path: Path) -> None:
    """A robots.txt after five redirects is obeyed for the host that was asked (RFC 9309, 2.3.1.2)."""

    def hopping(asked: _Handler) -> Answer | None:
        hop = 0 if asked.path == "/robots.txt" else int(asked.path.removeprefix("/hop") or 0)
        if hop < 5:
            return 301, [("Location", f"/hop{hop + 1}")], b""
        return 200, [_TEXT], b"User-agent: *\nDisallow: /list\n"

    def site(asked: _Handler) -> Answer | None:
        is_robots = asked.path == "/robots.txt" or asked.path.startswith("/hop")
        return hopping(asked) if is_robots else _site()(asked)

    with _polite(tmp_path, site) as (server, workplace, _):
        workplace.run("unioncrawl", "crawl", "hostile")
        assert server.asked == ["/robots.txt", *(f"/hop{number}" for number in range(1, 6))]
        assert _reasons(workplace) == {"list.html": "robots"}


def test_who_may_be_written_to_is_asked_for_once(tmp_path: Path) -> None:
    """A crawl of a host elsewhere warns, in one line, that the User-Agent names nobody."""
    with _polite(tmp_path, _site()) as (_, workplace, _moments):
        file = workplace.site_file("hostile")
        text = file.read_text("utf-8")
        own = text.split('hosts = ["')[1].split('"')[0]
        file.write_text(text.replace(own, "www.linxi-gh.invalid"), "utf-8")
        workplace.environment["RETRY_TIMES"] = "0"
        said = workplace.run("unioncrawl", "crawl", "hostile").stderr
        assert said.count("Webmasters can't reach you") == 1
        assert "UNIONCRAWL_CONTACT" in said
