"""The gate: which addresses may be asked for a site, and why another may not.

A crawler reads what strangers write, and every address that it asks for came from a
page. So the site file decides, not the page: an address goes out when its host is one
that the file names, and when it leads to the public internet.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

from unioncrawl import outcomes
from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.guard.web_address import (
    MAX_ADDRESS_CHARACTERS,
    Refusal,
    WebAddress,
    read_host,
    read_web_address,
)
from unioncrawl.sites.profile import SiteProfile

_ORDINARY_PORTS = frozenset({80, 443})
_PORTS = {"http": 80, "https": 443}
_LOCALHOST = "localhost"


class Purpose(StrEnum):
    """The purpose of a request; a page by default."""

    PAGE = "page"
    PART = "part"
    COUNTER = "counter"


class AddressGate:
    """The gate of one site; without a site file every public host is allowed.

    ``typed`` are hosts that a person typed for this very request: they may be asked,
    also where they are IP addresses of a private network. ``private`` are names that lead to one on purpose.
    """

    def __init__(
        self, profile: SiteProfile | None = None, typed: Iterable[str] = (), private: Iterable[str] = ()
    ) -> None:
        self._any_public_host = profile is None
        typed = tuple(typed)
        own = (*profile.hosts, *typed) if profile else typed
        parts = (*own, *profile.part_hosts) if profile else own
        counters = (*own, *profile.counter_hosts) if profile else own
        self._listed = {
            Purpose.PAGE: _endpoints(own),
            Purpose.PART: _endpoints(parts),
            Purpose.COUNTER: _endpoints(counters),
        }
        self._domains = {registrable_domain(host) for host, _ in _endpoints(own)} - {""}
        private = (*(profile.private_hosts if profile else ()), *private)
        self._private_names = {host for host, _ in _endpoints(private)} | {_LOCALHOST}

    def refuse(self, url: str, purpose: Purpose = Purpose.PAGE) -> Refusal | None:
        """Return why this address may not be asked; None when it may.

        What the host's name leads to is checked when it is known: `refuse_resolved`.
        """
        if len(url) > MAX_ADDRESS_CHARACTERS:
            detail = f"it has {len(url)} characters; {MAX_ADDRESS_CHARACTERS} are allowed"
            return Refusal(outcomes.ADDRESS_TOO_LONG, detail)
        address = read_web_address(url)
        if isinstance(address, Refusal):
            return address
        if self._is_listed(address, url, purpose):
            return None
        if address.is_literal and (kind := special_kind(address.host)):
            return Refusal(outcomes.ADDRESS_PRIVATE, f"{address.host} is a {kind} address")
        if address.host == _LOCALHOST or address.host.endswith(f".{_LOCALHOST}"):
            return Refusal(outcomes.ADDRESS_PRIVATE, f"{address.host} is this machine")
        if self._any_public_host:
            return None
        where = f"{address.host}:{address.port}" if address.port else address.host
        return Refusal(
            outcomes.ADDRESS_HOST, f"{where} is not a host that the site file names for a {purpose.value}"
        )

    def refuse_resolved(self, host: str, ip: str) -> Refusal | None:
        """Return why a connection to this IP address is not made for this host; None when it is.

        ``host`` has passed `refuse`. A special address is reached by its number alone, or
        by a name that the site file lists in ``private_hosts``.
        """
        kind = special_kind(ip)
        if not kind or host.strip("[]") == ip or host in self._private_names:
            return None
        return Refusal(outcomes.ADDRESS_PRIVATE, f"{host} leads to {ip}, a {kind} address")

    def _is_listed(self, address: WebAddress, url: str, purpose: Purpose) -> bool:
        port = address.port or _PORTS[address.scheme]
        # robots.txt is asked of every host that something else is asked of.
        asks_robots = urlsplit(url).path == "/robots.txt"
        purposes = tuple(Purpose) if asks_robots else (purpose,)
        if any((address.host, port) in self._listed[one] for one in purposes):
            return True
        if Purpose.COUNTER not in purposes or port not in _ORDINARY_PORTS or address.is_literal:
            return False
        return registrable_domain(address.host) in self._domains


def site_file_faults(profile: SiteProfile) -> dict[str, str]:
    """What a site file says of addresses that no crawl could follow, by key; empty when all is well."""
    gate = AddressGate(profile)
    named = _endpoints((*profile.hosts, *profile.part_hosts, *profile.counter_hosts))
    columns = {f"columns.{n}.url": gate.refuse(column.url) for n, column in enumerate(profile.columns)}
    faults = {key: refusal.detail for key, refusal in columns.items() if refusal is not None}
    unused = {host for host, _ in _endpoints(profile.private_hosts)} - {host for host, _ in named}
    if unused:
        faults["private_hosts"] = f"{', '.join(sorted(unused))} stands under no other key of hosts"
    return faults


def _endpoints(hosts: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Host and port of each entry; an entry without a port means ports 80 and 443."""
    read = [address for entry in hosts if (address := read_host(entry)) is not None]
    return frozenset(
        (address.host, port)
        for address in read
        for port in ([address.port] if address.port else _ORDINARY_PORTS)
    )


@cache
def _suffixes() -> TLDExtract:
    # The list that comes with the library; it asks nobody and writes nothing.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registrable_domain(host: str) -> str:
    """The domain that somebody registered, by the Public Suffix List; empty for IP addresses.

    >>> registrable_domain("counter.xian.gov.cn"), registrable_domain("127.0.0.1")
    ('xian.gov.cn', '')
    """
    return _suffixes()(host).top_domain_under_public_suffix
