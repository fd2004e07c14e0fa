"""No page chooses what the machine opens: each way in, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.guard.attacks import Ground, Way
from tests.guard.hostile import CANARY_WORDS, Answer, Canary, Hostile, moved, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing
from tests.guard.ways_in import FAMILIES, TABLE, serve

SECRET = "机密文件内容-9c1f77"  # noqa: S105 - what a local file holds
# The canary's answer and its hits, which no article may bear.
CANARY_HITS = 77777
_NOWHERE = Ground("127.0.0.1:1", 2, "/nowhere")
NAMES = [(site, way.name) for site, make in TABLE.items() for way in make(_NOWHERE)]
NAMES_ONLY = [name for _, name in NAMES]


@dataclass(frozen=True)
class Attacked:
    """All ways in tried by two runs of one command."""

    place: Place
    canary: Canary
    hostile: Hostile
    ways: dict[str, Way]
    first: Ended
    second: Ended
    rejections: dict[str, list[str]]
    stored: dict[str, list[str]]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """Crawl every hostile site twice: what a run recorded must not lead the next one astray."""
    folder = tmp_path_factory.mktemp("addresses")
    with Hostile() as hostile, Canary() as canary:
        place = Place(folder / "work")
        place.folder.mkdir()
        ground = Ground(hostile.host, canary.port, str(folder / "secrets"))
        ways: dict[str, Way] = {}
        for site, make in TABLE.items():
            tried = make(ground)
            serve(hostile, tried)
            ways.update({way.name: way for way in tried})
            _write_site(place, hostile, site, tried)
        _write_secrets(folder / "secrets", list(ways))
        first, second = (place.unioncrawl("crawl", *TABLE) for _ in range(2))
        yield Attacked(
            place,
            canary,
            hostile,
            ways,
            first,
            second,
            {site: place.rejections(site) for site in TABLE},
            {site: place.stored(site) for site in TABLE},
        )


def _write_site(place: Place, hostile: Hostile, site: str, ways: list[Way]) -> None:
    columns = [f"{hostile.url}/{way.name}/list.html" for way in ways]
    if site == "articles":
        links = [path for way in ways for path in way.pages if "/20250301/" in path]
        hostile.pages["/articles/list.html"] = page(listing(links))
        columns = [f"{hostile.url}/articles/list.html"]
    place.site(site, hostile.host, columns, family=FAMILIES.get(site, site))


def _write_secrets(folder: Path, names: list[str]) -> None:
    """A file that reads like an article, wherever an attack points."""
    text = article(1, SECRET) + f"<p>{SECRET}</p>"
    for name in names:
        (folder / name / "20250301").mkdir(parents=True)
        for file in ("20250301/1.html", "20250301/1_2.html", "hits"):
            (folder / name / file).write_text(text, encoding="utf-8")
        (folder / name / "list.html").write_text(text, encoding="utf-8")
        (folder / name / "1.png").write_text(SECRET, encoding="utf-8")


@pytest.mark.parametrize("name", NAMES_ONLY)
def test_no_way_in_reaches_another_host(attacked: Attacked, name: str) -> None:
    """Whatever a page says, no host is asked but the site's own."""
    assert attacked.canary.reached(f"/{name}/") == []


def test_no_connection_is_made_elsewhere(attacked: Attacked) -> None:
    """Not even a connection is opened to a host that is not the site's."""
    assert attacked.canary.connections == []


def test_no_secret_file_reaches_the_data(attacked: Attacked) -> None:
    """No byte of a local file lies in captures, archive or feeds, nor was it printed."""
    assert attacked.place.files_with(SECRET.encode()) == []
    assert SECRET not in attacked.first.said + attacked.second.said


def test_nothing_of_another_host_reaches_the_data(attacked: Attacked) -> None:
    """Nothing that another host answered is stored."""
    assert attacked.place.files_with(CANARY_WORDS.encode()) == []
    assert attacked.place.rows("select url from article where hits = ?", CANARY_HITS) == []


@pytest.mark.parametrize(("site", "name"), NAMES)
def test_each_refusal_is_a_rejection_with_its_reason(attacked: Attacked, site: str, name: str) -> None:
    """What was refused stands among the rejections with a reason, or a counter in its article's hits."""
    if attacked.ways[name].is_rejected:
        rejected = [line for line in attacked.rejections[site] if f"/{name}/" in line]
        own = f"%/{name}/20250301/1.html"
        query = "select hits_raw from article where url like ? and hits_raw like 'address-%'"
        assert rejected or attacked.place.rows(query, own)


@pytest.mark.parametrize(("site", "name"), NAMES)
def test_the_attackers_article_is_stored_all_the_same(attacked: Attacked, site: str, name: str) -> None:
    """An address that is refused costs neither its article nor the others of its list."""
    if attacked.ways[name].keeps:
        assert [url for url in attacked.stored[site] if f"/{name}/20250301/1.html" in url]


def test_the_crawl_ends_in_order(attacked: Attacked) -> None:
    """A site that attacks ends its run in order, with a summary and no traceback."""
    for ended in (attacked.first, attacked.second):
        assert not ended.has_traceback, ended.said
        assert "ended" in ended.out


def test_a_post_carries_nothing_that_the_page_made_up(attacked: Attacked) -> None:
    """No field that a page invents is posted anywhere but to a form of its own site."""
    assert not [line for line in attacked.canary.asked if "cmd" in line]


@pytest.mark.parametrize("to", ["canary", "file"])
def test_robots_txt_leads_nowhere_else(place: Place, hostile: Hostile, canary: Canary, to: str) -> None:
    """A robots.txt that redirects elsewhere is not followed there, and the articles come all the same."""
    secret = place.folder / "robots.html"
    secret.write_text(SECRET, encoding="utf-8")
    target = f"http://127.0.0.1:{canary.port}/robots.txt" if to == "canary" else f"file://{secret}"
    hostile.pages.update(
        {
            "/robots.txt": Answer(b"", 302, (("Location", target),)),
            "/list.html": page(listing(["/20250301/1.html"])),
            "/20250301/1.html": page(article(1, "robots")),
        }
    )
    place.site("robots", hostile.host, [f"{hostile.url}/list.html"])
    ended = place.unioncrawl("crawl", "robots")
    assert canary.connections == []
    assert place.files_with(SECRET.encode()) == []
    assert place.stored("robots") == [f"{hostile.url}/20250301/1.html"], ended.said


@pytest.mark.parametrize("status", [302, 307])
def test_sites_new_follows_no_redirect_elsewhere(
    place: Place, hostile: Hostile, canary: Canary, status: int
) -> None:
    """``sites new`` refuses a redirect to another private host in one sentence, exit code 1."""
    hostile.pages["/"] = Answer(b"", status, (("Location", f"http://127.0.0.1:{canary.port}/"),))
    ended = place.unioncrawl("sites", "new", f"{hostile.url}/", "-o", "new.toml")
    assert canary.connections == []
    assert ended.code == 1, ended.said
    assert ended.err.startswith("unioncrawl: ")
    assert not ended.has_traceback
    assert not (place.folder / "new.toml").exists()


def test_sites_new_follows_robots_txt_nowhere_else(place: Place, hostile: Hostile, canary: Canary) -> None:
    """``sites new`` does not follow a robots.txt to another host."""
    hostile.pages["/robots.txt"] = Answer(b"", 301, (("Location", f"http://127.0.0.1:{canary.port}/r"),))
    hostile.pages["/"] = page(listing([f"/20250301/{n}.html" for n in range(9)]))
    place.unioncrawl("sites", "new", f"{hostile.url}/")
    assert canary.connections == []


def test_a_revisit_is_led_nowhere_else(place: Place, hostile: Hostile, canary: Canary) -> None:
    """A known article that answers its next visit by a redirect elsewhere is not followed there."""
    hostile.pages["/list.html"] = page(listing(["/20250301/1.html", "/20250301/2.html"]))
    hostile.pages["/20250301/1.html"] = [
        page(article(1, "revisit"), headers=(("ETag", '"1"'),)),
        moved(f"http://127.0.0.2:{canary.port}/20250301/1.html"),
    ]
    hostile.pages["/20250301/2.html"] = page(article(2, "revisit"))
    more = "[revisit]\nminimum_hours = 0\nshare_of_age = 0\nuntil_days = 9000\n"
    place.site("revisit", hostile.host, [f"{hostile.url}/list.html"], more=more)
    for _ in range(3):
        place.unioncrawl("crawl", "revisit")
    assert hostile.asked["/20250301/1.html"] > 1
    assert canary.connections == []
    assert len(place.stored("revisit")) == 2
