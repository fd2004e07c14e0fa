"""Nothing that a list shows is lost in silence: each entry is an article, an alias or a rejection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.guard.hostile import Answer, Hostile, moved, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing

SITE = "silence"
_COOKIE = (("Set-Cookie", "seen=1; path=/"),)


def _own(name: str) -> str:
    return f"/20250301/{name}.html"


def _itself(name: str, status: int = 302) -> Answer:
    return Answer(b"", status, (("Location", _own(name)), *_COOKIE))


# Name -> what the entry answers, request by request.
ENTRIES: dict[str, Answer | list[Answer]] = {
    "plain": page(article(1, "plain")),
    "cookie-then-itself": [_itself("cookie-then-itself"), page(article(2, "cookie"))],
    "cookie-then-itself-307": [_itself("cookie-then-itself-307", 307), page(article(3, "cookie307"))],
    "refresh-then-itself": [
        page(f"<meta http-equiv=refresh content='0;url={_own('refresh-then-itself')}'>", headers=_COOKIE),
        page(article(4, "refresh")),
    ],
    "itself-for-ever": _itself("itself-for-ever"),
    "to-the-list": moved("/list.html"),
    "to-plain": moved(_own("plain")),
    "ping": moved(_own("pong")),
    "pong": moved(_own("ping")),
    "no-location": Answer(b"", 302),
    "empty-location": moved(""),
    "status-204": Answer(b"", 204),
    "status-205": Answer(b"", 205),
    "status-206": page(article(5, "206"), 206),
    "status-300": page(article(6, "300"), 300),
    "status-304": Answer(b"", 304),
    "status-418": page(article(7, "418"), 418),
    "status-500": page(article(8, "500"), 500),
    "status-522": page("<p>522</p>", 522),
    "later": [page("<p>503</p>", 503), page(article(9, "later"))],
    "no-type": Answer(article(10, "no-type").encode(), content_type=""),
    "as-picture": Answer(article(11, "picture").encode(), content_type="image/png"),
    "as-binary": Answer(article(12, "binary").encode(), content_type="application/octet-stream"),
    "cut-off": page(article(13, "cut"), headers=(("Content-Length", "99999"),)),
    "false-coding": page(article(14, "coding"), headers=(("Content-Encoding", "br"),)),
    "script-only": page("<html><script>location.href=location.href</script></html>"),
}
# These come at the second request, as a browser gets them.
COME = ("plain", "cookie-then-itself", "cookie-then-itself-307", "refresh-then-itself", "later", "no-type")


@dataclass(frozen=True)
class Listed:
    """What became of each entry."""

    place: Place
    ended: Ended
    stored: str
    rejections_and_aliases: str


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    """One run over one list of all entries."""
    with Hostile() as hostile:
        place = Place(tmp_path_factory.mktemp("silence"))
        hostile.pages["/list.html"] = page(listing([_own(name) for name in ENTRIES]))
        hostile.pages.update({_own(name): answer for name, answer in ENTRIES.items()})
        place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
        options = ("-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_TIMES=1")
        ended = place.run("scrapy", "crawl", SITE, *options)
        aliases = [url for (url,) in place.rows("select url from url_alias")]
        yield Listed(
            place, ended, " ".join(place.stored(SITE)), " ".join([*aliases, *place.rejections(SITE)])
        )


@pytest.mark.parametrize("name", ENTRIES)
def test_no_entry_is_lost_in_silence(listed: Listed, name: str) -> None:
    """Whatever an entry answers, the archive says what became of it."""
    assert f"/{name}.html" in f"{listed.stored} {listed.rejections_and_aliases}", listed.ended.said


@pytest.mark.parametrize("name", COME)
def test_what_a_browser_would_get_is_stored(listed: Listed, name: str) -> None:
    """An article that comes after a cookie, a refresh or a second try is stored."""
    assert f"/{name}.html" in listed.stored, listed.ended.said
