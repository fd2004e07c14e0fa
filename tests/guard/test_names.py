"""Names that lead to private networks, at once or at the second look-up, on a small internet of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.guard.hostile import Canary, Hostile, moved, page
from tests.guard.place import ROOT, Place
from tests.guard.stories import article, listing
from tests.spiders.tls_servers import ipv6_server

# Addresses of the real internet, which this one leads back to loopback.
UNION, OTHER = "93.184.216.34", "93.184.216.35"
PRIVATE = (
    "127.0.0.1",
    "127.0.0.2",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - what a name may resolve to
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "240.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
)


def internet(place: Place, names: dict[str, list[str]], routes: dict[str, int]) -> Path:
    """Give the commands run at a place a small internet; the file that it writes to."""
    log = place.folder / "internet.log"
    settings = {"log": str(log), "names": names, "routes": routes}
    folder = Path(__file__).resolve().parent / "internet"
    place.variables.update({"GUARD_INTERNET": json.dumps(settings), "PYTHONPATH": f"{folder}:{ROOT}"})
    return log


def connected(log: Path) -> set[str]:
    """The hosts that connections were made to."""
    return {
        line.split()[1] for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("connect")
    }


def _site(place: Place, hostile: Hostile, name: str = "www.union.test", *, more: str = "") -> None:
    hostile.pages.setdefault("/list.html", page(listing([f"/20250301/{n}.html" for n in (1, 2)])))
    for number in (1, 2):
        hostile.pages.setdefault(f"/20250301/{number}.html", page(article(number, "名")))
    place.site("union", name, [f"http://{name}/list.html"], more=more)


def test_a_public_site_is_crawled_by_its_name(place: Place, hostile: Hostile) -> None:
    """A name that leads to a public address is crawled: this internet works."""
    log = internet(place, {"www.union.test": [UNION]}, {f"{UNION}:80": hostile.port})
    _site(place, hostile)
    ended = place.unioncrawl("crawl", "union")
    assert ended.code == 0, ended.said
    assert len(place.stored("union")) == 2
    assert connected(log) == {UNION}


@pytest.mark.parametrize("named", [False, True])
def test_names_that_lead_to_private_networks_are_refused(
    place: Place, hostile: Hostile, canary: Canary, *, named: bool
) -> None:
    """A name that resolves to a private address is refused, even one that the site file names."""
    names = {f"p{number}.union.test": [address] for number, address in enumerate(PRIVATE)}
    log = internet(place, {"www.union.test": [UNION], **names}, {f"{UNION}:80": hostile.port})
    hosts = [f"{name}:{canary.port}" for name in names]
    for number, host in enumerate(hosts):
        hostile.pages[f"/l{number}.html"] = moved(f"http://{host}/p{number}/x.html")
        script = f'点击：<script src="http://{host}/p{number}/hits?id={number}"></script>'
        line = "发布时间：2025-03-02 09:30"
        hostile.pages[f"/20250301/{100 + number}.html"] = page(
            article(100 + number, "名", after=script, line=line)
        )
    hostile.pages["/all.html"] = page(
        listing([f"/20250301/{100 + number}.html" for number in range(len(hosts))])
    )
    columns = [
        f"http://www.union.test/{path}" for path in ("all.html", *(f"l{n}.html" for n in range(len(hosts))))
    ]
    more = f"counter_hosts = {json.dumps(hosts)}\npart_hosts = {json.dumps(hosts)}\n" if named else ""
    place.site("union", "www.union.test", columns, more=more)
    ended = place.unioncrawl("crawl", "union")
    assert canary.connections == [], ended.said
    assert connected(log) == {UNION}
    assert len(place.stored("union")) == len(PRIVATE), ended.said
    assert place.rows("select url from article where hits is not null") == []


def test_a_name_that_turns_private_is_not_followed(place: Place, hostile: Hostile, canary: Canary) -> None:
    """A name that resolves to a public address first and to loopback then is never connected to privately."""
    for turns in (1, 2, 3):
        names = {"www.union.test": [*([UNION] * turns), "127.0.0.1"]}
        log = internet(place, names, {f"{UNION}:{canary.port}": hostile.port})
        name = f"www.union.test:{canary.port}"
        _site(place, hostile, name)
        ended = place.unioncrawl("crawl", "union", "--full")
        assert canary.connections == [], ended.said
        assert connected(log) <= {UNION}


def test_a_site_file_may_name_a_private_host(place: Place, hostile: Hostile) -> None:
    """A host that the site file names as private is crawled."""
    name = f"news.union.test:{hostile.port}"
    internet(place, {"news.union.test": ["127.0.0.1"]}, {})
    _site(place, hostile, name, more=f'private_hosts = ["{name}"]\n')
    ended = place.unioncrawl("crawl", "union")
    assert len(place.stored("union")) == 2, ended.said


def test_a_host_of_ipv6_alone_is_crawled(place: Place) -> None:
    """A name that has IPv6 addresses and no other is resolved and crawled."""
    with ipv6_server() as port:
        name = f"news.union.test:{port}"
        log = internet(place, {"news.union.test": ["::1"]}, {})
        more = f"private_hosts = [\"{name}\"]\narticle_url = '/a/\\d+\\.html'\n"
        place.site("union", name, [f"http://{name}/list.html"], more=more)
        ended = place.unioncrawl("crawl", "union")
        assert len(place.stored("union")) == 1, ended.said
        assert connected(log) == {"::1"}


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1"])
def test_sites_new_follows_no_name_into_a_private_network(
    place: Place, hostile: Hostile, canary: Canary, address: str
) -> None:
    """``sites new`` of a public address that redirects to a private name is refused."""
    names = {"www.union.test": [UNION], "inner.union.test": [address]}
    log = internet(place, names, {f"{UNION}:80": hostile.port})
    hostile.pages["/"] = moved(f"http://inner.union.test:{canary.port}/")
    ended = place.unioncrawl("sites", "new", "http://www.union.test/")
    assert canary.connections == []
    assert connected(log) == {UNION}
    assert ended.code == 1
    assert not ended.has_traceback, ended.said


def test_sites_new_connects_to_what_it_checked(place: Place, hostile: Hostile, canary: Canary) -> None:
    """``sites new`` of a name that turns private between check and connection never connects privately."""
    names = {"www.union.test": [UNION, "127.0.0.1"]}
    log = internet(place, names, {f"{UNION}:{canary.port}": hostile.port})
    hostile.pages["/"] = page(listing([f"/20250301/{n}.html" for n in range(9)]))
    place.unioncrawl("sites", "new", f"http://www.union.test:{canary.port}/")
    assert canary.connections == []
    assert connected(log) <= {UNION}
