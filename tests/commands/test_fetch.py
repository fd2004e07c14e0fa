"""Fetching one page for a command: what a person typed, and what the page leads to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.spiders.canned import Canned
from unioncrawl.commands import _fetch
from unioncrawl.commands._fetch import fetch_page
from unioncrawl.commands._pinned import opener
from unioncrawl.errors import FetchFailed
from unioncrawl.sites.address_gate import AddressGate

PAGE = "<html><body>临溪市总工会</body></html>"


@contextmanager
def serving(**redirects: str) -> Iterator[Canned]:
    """A server with one page, and addresses that lead elsewhere."""
    server = Canned({"/page": PAGE})
    server.redirects = {f"/{name}": target for name, target in redirects.items()}
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_a_typed_private_address_is_fetched() -> None:
    """A host that a person typed may be this machine, and may redirect within itself."""
    with serving(moved="/page") as server:
        assert fetch_page(f"http://{server.host}/page").body == PAGE.encode()
        assert fetch_page(f"http://{server.host}/moved").url == f"http://{server.host}/page"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://INNER/page", "127.0.0.1 is a loopback address"),
        ("http://169.254.169.254/latest/", "169.254.169.254 is a link-local address"),
        ("http://localhost:INNERPORT/page", "localhost is this machine"),
        ("file:///etc/hostname", "its scheme is file"),
        ("http://user@a.example/", "it holds a user name"),
        ("http://127.1/", "its host has no plain form"),
    ],
)
def test_a_redirect_passes_the_gate(target: str, expected: str) -> None:
    """What was not typed may not lead to a private address, nor to another scheme."""
    with serving() as inner:
        port = inner.host.partition(":")[2]
        goal = target.replace("INNERPORT", port).replace("INNER", inner.host)
        with serving(moved=goal) as server, pytest.raises(FetchFailed, match=expected) as raised:
            fetch_page(f"http://{server.host}/moved")
        assert raised.value.url == goal
        assert inner.asked == {}


def test_a_redirect_of_robots_txt_passes_the_gate() -> None:
    """robots.txt cannot lead inside either."""
    with serving() as inner, serving(**{"robots.txt": f"http://{inner.host}/page"}) as server:
        with pytest.raises(FetchFailed, match="address-private"):
            fetch_page(f"http://{server.host}/page")
        assert inner.asked == {}


@pytest.mark.parametrize("status", [429, 503])
def test_rules_that_are_not_known_forbid_the_page(status: int) -> None:
    """A robots.txt that the server could not give is no leave to ask."""
    with serving() as server:
        server.statuses = {"/robots.txt": status}
        server.pages["/robots.txt"] = "busy"
        with pytest.raises(FetchFailed, match=f"its robots.txt answered {status}"):
            fetch_page(f"http://{server.host}/page")
        assert server.asked["/page"] == 0


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that the look-up gave is checked and connected to, no other."""
    with serving() as server:
        port = int(server.host.partition(":")[2])
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(FetchFailed, match=r"www\.linxi\.example leads to 127\.0\.0\.1"):
            fetch_page(f"http://www.linxi.example:{port}/page")
        assert server.asked == {}


def test_a_circle_of_redirects_ends() -> None:
    """Redirects have an end."""
    with serving(a="/b", b="/a") as server, pytest.raises(FetchFailed, match="redirect"):
        fetch_page(f"http://{server.host}/a")


def test_a_page_over_the_limit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is too long is reported, not cut."""
    monkeypatch.setattr(_fetch, "_MAX_BODY_BYTES", len(PAGE.encode()))
    with serving() as server:
        server.pages["/long"] = PAGE + "。"
        assert fetch_page(f"http://{server.host}/page").body == PAGE.encode()
        with pytest.raises(FetchFailed, match="more than"):
            fetch_page(f"http://{server.host}/long")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "data:text/html,x", "ftp://a.example/"])
def test_other_schemes_have_no_handler(url: str) -> None:
    """Even past the gate nothing but http and https would be opened."""
    with pytest.raises(OSError, match="unknown url type"):
        opener(AddressGate()).open(url)


def test_the_operators_proxy_may_be_private(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a proxy the page is asked from it; the proxy resolves the name."""
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        proxy.pages["http://www.linxi.example/page"] = PAGE
        assert fetch_page("http://www.linxi.example/page").body == PAGE.encode()
