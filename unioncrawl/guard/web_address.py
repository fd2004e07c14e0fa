r"""What is an address of the web: http or https, a plain host, nothing hidden in it.

Clients read odd addresses in different ways (``http://good@evil/``, ``http://127.1/``,
``http://a.cn\@evil/``). An address with more than one reading is refused. The rules
follow RFC 3986 (3.1, 3.2) and, for what browsers make of odd hosts, the URL Standard
of WHATWG (host parsing, "ends in a number").
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from unioncrawl import outcomes
from unioncrawl.outcomes import Reason

SCHEMES = ("http", "https")
# The longest address that servers and archives take without cutting it; also Scrapy's limit.
MAX_ADDRESS_CHARACTERS = 2083
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY = re.compile(r"//([^/?#]*)")
_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
# Controls of C0 and C1, halves of surrogate pairs, line and paragraph separators.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_LAST_PORT = 65535


class Refusal(NamedTuple):
    """Why an address is refused: a name for the archive, and what was found, in words."""

    reason: Reason
    detail: str


class WebAddress(NamedTuple):
    """Scheme, host in its plain ASCII form (IPv6 without brackets), and port (0: the scheme's own)."""

    scheme: str
    host: str
    port: int

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address and no name."""
        return ":" in self.host or _ENDS_IN_NUMBER.search(self.host) is not None


def read_web_address(url: str) -> WebAddress | Refusal:
    r"""The parts of an address that decide where it leads, or why it is not an address of the web.

    The path and what follows it may be anything but control characters: pages write
    Chinese and spaces there.

    >>> read_web_address("https://www.Xian.example/工会 要闻.html")
    WebAddress(scheme='https', host='www.xian.example', port=0)
    >>> read_web_address("file:///etc/passwd").reason
    'address-scheme'
    >>> read_web_address("http://good.example@evil.example/").reason
    'address-userinfo'
    >>> [read_web_address(f"http://{host}/").reason for host in ("2130706433", "0x7f.1", "127.1", "a。b")]
    ['address-invalid', 'address-invalid', 'address-invalid', 'address-invalid']
    """
    scheme = _SCHEME.match(url)
    hidden = _UNPRINTABLE.search(url)
    if hidden is not None:
        return Refusal(outcomes.ADDRESS_INVALID, f"it holds the control character U+{ord(hidden[0]):04X}")
    if scheme is None or scheme[1].lower() not in SCHEMES:
        named = f"its scheme is {scheme[1][:20].lower()}" if scheme else "it has no scheme"
        return Refusal(outcomes.ADDRESS_SCHEME, f"{named}; http and https alone are allowed")
    authority = _AUTHORITY.match(url, scheme.end())
    if authority is None or not authority[1]:
        return Refusal(outcomes.ADDRESS_INVALID, "it has no host")
    if "\\" in authority[1]:
        return Refusal(outcomes.ADDRESS_INVALID, "its host holds a backslash")
    if "@" in authority[1]:
        return Refusal(outcomes.ADDRESS_USERINFO, "it holds a user name before its host")
    return _with_host(scheme[1].lower(), authority[1])


def is_web_link(url: str) -> bool:
    r"""Whether an address may be given out as a link; any other is given out as text.

    >>> [is_web_link(url) for url in ("http://a.cn/新闻.html", "javascript:alert(1)", "\tjavascript:x", "")]
    [True, False, False, False]
    >>> is_web_link("java\nscript:alert(1)"), is_web_link("//a.cn/"), is_web_link("DATA:text/html,x")
    (False, False, False)
    """
    return isinstance(read_web_address(url), WebAddress)


def web_link(url: str) -> str | None:
    """The address where it may be a link, or None.

    >>> web_link("http://a.cn/"), web_link("JavaScript:alert(1)")
    ('http://a.cn/', None)
    """
    return url if is_web_link(url) else None


def read_host(entry: str) -> WebAddress | None:
    """A host with or without a port, as site files name it; None when it is not a host.

    >>> read_host("127.0.0.1:8801").port, read_host("www.xian.example").port, read_host("a.cn/x")
    (8801, 0, None)
    """
    read = _with_host("http", entry)
    return read if isinstance(read, WebAddress) and not re.search(r"[/?#\\@]", entry) else None


def _with_host(scheme: str, authority: str) -> WebAddress | Refusal:
    parts = _HOST_PORT.fullmatch(authority)
    if parts is None:
        return Refusal(outcomes.ADDRESS_INVALID, "its host and port cannot be read")
    port = int(parts[2]) if parts[2] else 0
    if parts[2] and not 0 < port <= _LAST_PORT:
        return Refusal(outcomes.ADDRESS_INVALID, f"its port {parts[2]} does not exist")
    host = _ipv6(parts[1][1:-1]) if parts[1].startswith("[") else _name(parts[1])
    if not host:
        return Refusal(outcomes.ADDRESS_INVALID, "its host has no plain form")
    return WebAddress(scheme, host, port)


def _ipv6(text: str) -> str:
    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError:
        return ""


def _name(text: str) -> str:
    """The host in ASCII; empty for forms that only look like another host."""
    name = text.lower()
    if not name.isascii():
        # Full-width letters and dots fold into plain ones and invisible signs into nothing, so
        # that several spellings reach one host: only the one that comes back is read.
        try:
            plain = name.encode("idna")
            if plain.decode("idna") != name:
                return ""
        except UnicodeError:
            return ""
        name = plain.decode("ascii")
    if _NAME.fullmatch(name) is None:
        return ""
    return _ipv4(name) if _ENDS_IN_NUMBER.search(name) else name


def _ipv4(text: str) -> str:
    """Four decimal numbers; 127.1, 0x7f.1 and 2130706433 are readings of libraries, not of the RFC."""
    try:
        return ipaddress.IPv4Address(text).compressed
    except ValueError:
        return ""
