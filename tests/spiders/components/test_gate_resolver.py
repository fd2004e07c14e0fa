"""The resolver that hands on only addresses which the gate lets pass, in front of a real handler."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spiders.components.gate_resolver import GateResolver
from tests.spiders.canned import Canned
from tests.spiders.conftest import ROOT
from unioncrawl.sites.address_gate import AddressGate


class Found:
    """A resolver that found these addresses for every name, and a receiver of what is handed on."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.given: list[str] = []
        self.complete = 0

    def resolveHostName(self, receiver: Any, *_: Any) -> Any:  # noqa: N802 - Twisted's own name
        """Hand on the addresses as Twisted's resolvers do."""
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(type("Address", (), {"host": address})())
        receiver.resolutionComplete()
        return self

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802 - the same
        """Nothing to do."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - the same
        """Keep what is handed on."""
        self.given.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - the same
        """Count the ends."""
        self.complete += 1


@pytest.mark.parametrize(
    ("found", "given"),
    [
        (["93.184.215.14", "10.0.0.1"], ["93.184.215.14"]),
        (["127.0.0.1", "::1", "169.254.169.254"], []),
        ([], []),
    ],
)
def test_forbidden_addresses_are_left_out(found: list[str], given: list[str]) -> None:
    """Only public addresses of a name are handed on; a name without one stays refused."""
    inner = Found(*found)
    resolver = GateResolver(inner)
    resolver.judges["www.linxi.example"] = AddressGate().refuse_resolved
    resolver.resolveHostName(inner, "www.linxi.example")
    assert (inner.given, inner.complete) == (given, 1)
    assert ("www.linxi.example" in resolver.refusals) == bool(found and not given)


def test_a_name_that_nobody_registered_is_judged_too() -> None:
    """A name that did not come through the handler gets public addresses alone."""
    inner = Found("127.0.0.1", "8.8.8.8")
    GateResolver(inner).resolveHostName(inner, "unknown.example")
    assert inner.given == ["8.8.8.8"]


# Without a process of its own a test would leave its reactor to all others. The name's
# lookup is the only thing put in: no name server of ours is on the machine.
_CRAWL = """
import json, sys
from scrapy import Request
from scrapy.crawler import CrawlerProcess
from scrapy.resolver import dnscache
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address
from spiders.crawl.failures import failure_reason
from spiders.crawl.site_spider import SiteSpider
from unioncrawl.sites.profile import Level, SiteProfile

port, proxy, *private = sys.argv[1:]
seen = []

class Site(SiteSpider):
    name = "linxi"
    profile = SiteProfile(
        id="linxi", name="x", level=Level.CITY, family="generic",
        hosts=(f"www.linxi.example:{port}",), private_hosts=tuple(private),
    )
    async def start(self):
        dnscache["www.linxi.example"] = [IPv4Address("TCP", "127.0.0.1", 0)]
        meta = {"proxy": proxy} if proxy else {}
        yield Request(f"http://www.linxi.example:{port}/x", self.came, errback=self.failed, meta=meta)
    def came(self, response):
        seen.append(response.text)
    def failed(self, failure):
        seen.append(failure_reason(failure))

settings = Settings()
settings.setmodule("unioncrawl.settings", priority="project")
settings.update({"ROBOTSTXT_OBEY": False, "ITEM_PIPELINES": {}, "FEEDS": {}, "LOG_ENABLED": False,
                 "UNIONCRAWL_CAPTURES": "", "RETRY_TIMES": 0, "DOWNLOAD_DELAY": 0})
process = CrawlerProcess(settings)
process.crawl(Site)
process.start()
print(json.dumps(seen))
"""


def _crawl(server: Canned, proxy: str, *private: str) -> list[str]:
    port = server.host.partition(":")[2]
    done = subprocess.run(
        [sys.executable, "-c", _CRAWL, port, proxy, *private],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("proxied", "private", "expected"),
    [
        (False, (), ["address-private"]),
        (False, ("www.linxi.example",), ["内网"]),
        (True, (), ["内网"]),
    ],
)
def test_a_sites_name_that_leads_inside_is_not_connected_to(
    proxied: bool,  # noqa: FBT001 - a parameter of a test
    private: tuple[str, ...],
    expected: list[str],
) -> None:
    """A listed host whose name leads to this machine is refused before anything is sent.

    It is asked when ``private_hosts`` names it, and through the operator's own proxy.
    """
    server = Canned({"/x": "内网", "http://www.linxi.example": ""})
    server.pages[f"http://www.linxi.example:{server.host.partition(':')[2]}/x"] = "内网"
    try:
        assert _crawl(server, f"http://{server.host}" if proxied else "", *private) == expected
        assert bool(server.asked) == (expected == ["内网"])
    finally:
        server.shutdown()
        server.server_close()


def test_handlers_of_other_schemes_are_off(tmp_path: Path) -> None:
    """Nothing but http and https has a handler."""
    script = (
        "from scrapy.settings import Settings; s = Settings(); s.setmodule('unioncrawl.settings');"
        "print(sorted(k for k, v in s.getwithbase('DOWNLOAD_HANDLERS').items() if v))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['http', 'https']"
